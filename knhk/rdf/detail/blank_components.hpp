#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "knhk/rdf/detail/blank_quads.hpp"
#include "knhk/rdf/detail/identifier_issuer.hpp"

namespace knhk::rdf::detail {

/// The nodes without a canonical number, in connected parts: two are connected when a quad has
/// both. What hashing from a node meets, and so all that its hash depends on, is the node's
/// component and the nodes numbered already; and it gives a number to each node of the component.
///
/// Threads: immutable.
class BlankComponents {
 public:
  BlankComponents(const BlankQuads& quads, const IdentifierIssuer& canonical);

  [[nodiscard]] std::size_t size() const noexcept { return starts_.size() - 1; }
  /// In ascending order.
  [[nodiscard]] std::span<const Node> nodes(std::size_t component) const noexcept {
    return {nodes_.data() + starts_[component], nodes_.data() + starts_[component + 1]};
  }
  /// Requires: `node` had no canonical number.
  [[nodiscard]] std::uint32_t component(Node node) const noexcept { return components_[node]; }

 private:
  std::vector<std::uint32_t> components_;  // by node
  std::vector<std::size_t> starts_;
  std::vector<Node> nodes_;
};

}  // namespace knhk::rdf::detail
