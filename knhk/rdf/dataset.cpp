#include "knhk/rdf/dataset.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>
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

bool DatasetBuilder::absorb(const detail::TermTable& terms, std::span<Quad> quads) {
  const std::vector<TermId> numbers = terms_.absorb(terms, max_terms_);
  const auto here = [&numbers](TermId id) { return id == kNoTerm ? id : numbers[index_of(id)]; };
  for (Quad& quad : quads) {
    const bool has_name = quad.graph != kNoTerm;
    quad = {here(quad.subject), here(quad.predicate), here(quad.object), here(quad.graph)};
    if (has_name && quad.graph == kNoTerm) continue;  // not into the default graph instead
    add(quad);
  }
  const bool all = std::find(numbers.begin(), numbers.end(), kNoTerm) == numbers.end();
  overflowed_ |= !all;
  return all;
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

Status DatasetBuilder::status() const {
  if (!overflowed_) return {};
  return fail(Errc::limit_exceeded, "",
              "more terms than a dataset can number (" + std::to_string(max_terms_) + ")");
}

// Sorted by name. Counted first, so that each quad is moved once and to where it stays.
std::vector<DatasetBuilder::GraphTriples> DatasetBuilder::take_triples() {
  std::vector<GraphTriples> graphs;
  std::unordered_map<std::uint32_t, std::size_t> places;  // by number of the name
  std::size_t last = 0;                                   // neighbors are mostly of one graph
  const auto place = [&](TermId name) {
    if (last >= graphs.size() || graphs[last].name != name) last = places.at(index_of(name));
    return last;
  };
  quads_.for_each([&](const Quad& quad) {
    const bool is_like_last = last < graphs.size() && graphs[last].name == quad.graph;
    if (!is_like_last && places.try_emplace(index_of(quad.graph), graphs.size()).second) {
      graphs.push_back({quad.graph, 0, {}});
    }
    ++graphs[place(quad.graph)].count;
  });
  std::sort(graphs.begin(), graphs.end(),
            [](const GraphTriples& a, const GraphTriples& b) { return a.name < b.name; });
  for (std::size_t i = 0; i < graphs.size(); ++i) {
    places[index_of(graphs[i].name)] = i;
    graphs[i].triples.reserve(graphs[i].count);
  }
  quads_.drain([&](const Quad& quad) {
    graphs[place(quad.graph)].triples.push_back({quad.subject, quad.predicate, quad.object});
  });
  return graphs;
}

Dataset DatasetBuilder::build() && {
  Dataset dataset;
  terms_.shrink_to_fit();
  for (GraphTriples& graph : take_triples()) {
    if (graph.name == kNoTerm) {
      dataset.default_graph_ = Graph(std::move(graph.triples));
    } else {
      dataset.graph_names_.push_back(graph.name);
      dataset.graphs_.emplace_back(std::move(graph.triples));
    }
  }
  dataset.terms_ = std::exchange(terms_, {});
  return dataset;
}

}  // namespace knhk::rdf
