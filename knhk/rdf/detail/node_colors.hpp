#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "knhk/rdf/detail/n_degree_hash.hpp"

namespace knhk::rdf::detail {

/// Colors of nodes that no symmetry changes: nodes start with the class of their first degree hash
/// and are told apart by the colors around them until nothing more splits (color refinement).
///
/// What is told apart is told by 64-bit sums, so colors are good guesses and no proof.
/// Threads: immutable. Complexity: O(links * log nodes).
class NodeColors {
 public:
  /// One way in which a quad relates a node to another one of its component.
  struct Link {
    std::uint64_t label;  // both positions and the terms that no symmetry moves
    Node other;
  };

  /// Colors `nodes`: whole components.
  NodeColors(const CanonicalizationState& state, std::vector<Node> nodes);

  /// Requires of all: the node was given to the constructor.
  [[nodiscard]] std::uint32_t color(Node node) const noexcept { return colors_[node]; }
  /// By label, color of the other node, and number of the other node.
  [[nodiscard]] std::span<const Link> links(Node node) const noexcept {
    return {links_.data() + starts_[node], links_.data() + starts_[node + 1]};
  }
  [[nodiscard]] std::size_t link_count() const noexcept { return links_.size(); }

 private:
  void find_links(const CanonicalizationState& state, const std::vector<Node>& nodes);
  void color_first(const CanonicalizationState& state, const std::vector<Node>& nodes);
  void refine(std::vector<Node> changed);
  void split(std::uint32_t color, std::span<const Node> touched, std::vector<Node>& moved);
  void move(std::span<const Node> nodes, std::vector<Node>& moved);
  void remove(Node node);

  std::vector<std::uint32_t> colors_;  // by node
  std::vector<std::size_t> starts_;    // by node
  std::vector<Link> links_;
  std::vector<std::uint64_t> sums_;         // by node: of what is around it
  std::vector<std::vector<Node>> members_;  // by color
  std::vector<std::uint32_t> places_;       // by node: where it is in its color's members
};

}  // namespace knhk::rdf::detail
