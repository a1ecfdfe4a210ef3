#include "knhk/rdf/detail/blank_quads.hpp"

#include "knhk/rdf/detail/quad_lines.hpp"

namespace knhk::rdf::detail {

BlankQuads::BlankQuads(const Dataset& dataset) : nodes_(dataset.term_count(), kNoNode) {
  const auto is_blank = [&dataset](TermId id) {
    return id != kNoTerm && dataset.kind(id) == TermKind::blank;
  };
  const auto mark = [this](TermId id) { nodes_[index_of(id)] = 0; };
  for_each_quad(dataset, [&](const Quad& quad) {
    bool has_blank = false;
    for (const TermId id : {quad.subject, quad.object, quad.graph}) {
      if (!is_blank(id)) continue;
      mark(id);
      has_blank = true;
    }
    if (has_blank) quads_.push_back(quad);
    has_entangled_graphs_ |=
        is_blank(quad.graph) && ((is_blank(quad.subject) && quad.subject != quad.graph) ||
                                 (is_blank(quad.object) && quad.object != quad.graph));
  });
  for (std::uint32_t id = 0; id < nodes_.size(); ++id) {
    if (nodes_[id] == kNoNode) continue;
    nodes_[id] = static_cast<Node>(terms_.size());
    terms_.push_back(TermId{id});
  }
  starts_.assign(terms_.size() + 1, 0);
  for (const Quad& quad : quads_) {
    for_each_node(quad, [this](Node n) { ++starts_[n + 1]; });
  }
  for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
  mentions_.resize(starts_.back());
  std::vector<std::size_t> next = starts_;
  for (std::uint32_t i = 0; i < quads_.size(); ++i) {
    for_each_node(quads_[i], [&](Node n) { mentions_[next[n]++] = i; });
  }
}

}  // namespace knhk::rdf::detail
