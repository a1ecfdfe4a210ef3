#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "knhk/rdf/detail/blank_components.hpp"
#include "knhk/rdf/detail/n_degree_hash.hpp"
#include "knhk/rdf/detail/node_colors.hpp"

namespace knhk::rdf::detail {

/// Looks for maps of one component onto another or onto itself that change nothing but blank
/// nodes: each quad with a node of the one is mapped to a quad that there is, and all quads of the
/// other are reached so. Such a map, and its inverse on the other component, is a symmetry of the
/// dataset that moves no node with a canonical number.
///
/// Every map is proved quad by quad. Not every map that there is gets found.
/// Threads: one at a time.
class Symmetry {
 public:
  /// `steps`: how much may be looked at in all, before nothing is found any more.
  Symmetry(const CanonicalizationState& state, const NodeColors& colors, std::uint64_t steps)
      : state_(state),
        colors_(colors),
        steps_left_(steps),
        images_(state.quads.node_count(), kNoNode),
        is_image_(state.quads.node_count()) {}

  /// Whether there is a map that takes `from` to `to`. Afterwards `image` tells it.
  [[nodiscard]] bool find(Node from, Node to);
  /// Requires: `find` gave true, and `node` is in the component of its `from`.
  [[nodiscard]] Node image(Node node) const noexcept { return images_[node]; }

 private:
  void forget();
  void match(Node node, Node image);
  [[nodiscard]] bool match_links(Node node, Node image);
  [[nodiscard]] bool keeps_quads(Node node) const;
  [[nodiscard]] TermId image(TermId id) const noexcept;

  const CanonicalizationState& state_;
  const NodeColors& colors_;
  std::uint64_t steps_left_;
  std::vector<Node> images_;    // by node
  std::vector<bool> is_image_;  // by node
  std::vector<Node> matched_;   // the nodes that have an image
};

}  // namespace knhk::rdf::detail
