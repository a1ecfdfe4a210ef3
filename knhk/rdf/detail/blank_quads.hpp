#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "knhk/rdf/dataset.hpp"

namespace knhk::rdf::detail {

/// A blank node's number among those that are in a quad: dense, from 0, in the order of their
/// terms.
using Node = std::uint32_t;
inline constexpr Node kNoNode = 0xFFFFFFFFU;

/// The blank nodes of a dataset and, for each, the quads it is in (its mention set).
class BlankQuads {
 public:
  explicit BlankQuads(const Dataset& dataset);

  [[nodiscard]] std::size_t node_count() const noexcept { return terms_.size(); }
  [[nodiscard]] TermId term(Node node) const noexcept { return terms_[node]; }
  /// `kNoNode` when the term is no blank node, or is `kNoTerm`.
  [[nodiscard]] Node node(TermId id) const noexcept {
    return id == kNoTerm ? kNoNode : nodes_[index_of(id)];
  }
  /// Each quad once, also when it has the node twice.
  [[nodiscard]] std::span<const std::uint32_t> mentions(Node node) const noexcept {
    return {mentions_.data() + starts_[node], mentions_.data() + starts_[node + 1]};
  }
  [[nodiscard]] const Quad& quad(std::uint32_t index) const noexcept { return quads_[index]; }
  /// Whether a quad has a blank graph name and another blank node. What hashing says of such a quad
  /// is not all of it: see NDegreeHash.
  [[nodiscard]] bool has_entangled_graphs() const noexcept { return has_entangled_graphs_; }
  /// All quads with a blank node.
  [[nodiscard]] std::span<const Quad> quads() const noexcept { return quads_; }

 private:
  // Calls `visit` for each different node of `quad`.
  template <class Visit>
  void for_each_node(const Quad& quad, const Visit& visit) const {
    const Node s = node(quad.subject);
    const Node o = node(quad.object);
    const Node g = node(quad.graph);
    if (s != kNoNode) visit(s);
    if (o != kNoNode && o != s) visit(o);
    if (g != kNoNode && g != s && g != o) visit(g);
  }

  std::vector<Node> nodes_;    // by number of term
  std::vector<TermId> terms_;  // by node
  std::vector<Quad> quads_;    // those with a blank node
  std::vector<std::size_t> starts_;
  std::vector<std::uint32_t> mentions_;  // indexes into quads_, those of a node side by side
  bool has_entangled_graphs_ = false;
};

}  // namespace knhk::rdf::detail
