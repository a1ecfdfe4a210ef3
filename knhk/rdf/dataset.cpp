#include "knhk/rdf/dataset.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace knhk::rdf {

std::size_t Dataset::size() const noexcept {
  std::size_t count = default_graph_.size();
  for (const Graph& graph : graphs_) count += graph.size();
  return count;
}

const Graph& Dataset::graph(TermId name) const noexcept {
  if (name == kNoTerm) return default_graph_;
  const auto found = std::lower_bound(graph_names_.begin(), graph_names_.end(), name);
  if (found == graph_names_.end() || *found != name) return empty_graph_;
  return graphs_[static_cast<std::size_t>(found - graph_names_.begin())];
}

std::size_t Dataset::size_bytes() const noexcept {
  std::size_t bytes = sizeof(Dataset) + terms_.size_bytes() + default_graph_.size_bytes() +
                      graph_names_.capacity() * sizeof(TermId) + graphs_.capacity() * sizeof(Graph);
  for (const Graph& graph : graphs_) bytes += graph.size_bytes();
  return bytes;
}

TermId DatasetBuilder::intern(const Term& term) {
  const TermId id = terms_.intern(term, max_terms_);
  if (id == kNoTerm) overflowed_ = true;
  return id;
}

void DatasetBuilder::add(TermId subject, TermId predicate, TermId object, TermId graph) {
  if (subject == kNoTerm || predicate == kNoTerm || object == kNoTerm) return;
  quads_.push_back({subject, predicate, object, graph});
}

void DatasetBuilder::add(const Term& subject, const Term& predicate, const Term& object) {
  const TermId s = intern(subject);
  const TermId p = intern(predicate);
  add(s, p, intern(object));
}

void DatasetBuilder::add(const Term& subject, const Term& predicate, const Term& object,
                         const Term& graph) {
  const TermId name = intern(graph);
  if (name == kNoTerm) return;  // not into the default graph instead
  const TermId s = intern(subject);
  const TermId p = intern(predicate);
  add(s, p, intern(object), name);
}

void DatasetBuilder::truncate(std::size_t count) {
  if (count < quads_.size()) quads_.resize(count);
}

Status DatasetBuilder::status() const {
  if (!overflowed_) return {};
  return fail(Errc::limit_exceeded, "",
              "more terms than a dataset can number (" + std::to_string(max_terms_) + ")");
}

Dataset DatasetBuilder::build() && {
  std::stable_sort(quads_.begin(), quads_.end(),
                   [](const Quad& a, const Quad& b) { return a.graph < b.graph; });
  Dataset dataset;
  for (auto first = quads_.begin(); first != quads_.end();) {
    const TermId name = first->graph;
    const auto last =
        std::find_if(first, quads_.end(), [name](const Quad& quad) { return quad.graph != name; });
    std::vector<Triple> triples;
    triples.reserve(static_cast<std::size_t>(last - first));
    for (; first != last; ++first) {
      triples.push_back({first->subject, first->predicate, first->object});
    }
    if (name == kNoTerm) {
      dataset.default_graph_ = Graph(std::move(triples));
    } else {
      dataset.graph_names_.push_back(name);
      dataset.graphs_.emplace_back(std::move(triples));
    }
  }
  quads_ = {};
  dataset.terms_ = std::exchange(terms_, {});
  return dataset;
}

}  // namespace knhk::rdf
