#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "knhk/rdf/detail/blank_quads.hpp"

namespace knhk::rdf::detail {

/// Gives nodes numbers in the order of asking (RDFC-1.0 section 4.5), and takes them back.
///
/// The specification copies issuers wherever it tries something out. Since what is tried out is
/// tried to its end before anything else, a copy is a mark to go back to, and what was issued since
/// is all that has to be kept.
class IdentifierIssuer {
 public:
  explicit IdentifierIssuer(std::size_t node_count) : numbers_(node_count, kNone) {}

  [[nodiscard]] bool has(Node node) const noexcept { return numbers_[node] != kNone; }
  /// Requires: `has(node)`.
  [[nodiscard]] std::uint32_t number(Node node) const noexcept { return numbers_[node]; }
  /// The number of `node`, given to it now if it has none.
  std::uint32_t issue(Node node) {
    if (numbers_[node] == kNone) {
      numbers_[node] = static_cast<std::uint32_t>(issued_.size());
      issued_.push_back(node);
    }
    return numbers_[node];
  }
  /// The nodes that have a number, in the order in which they got it.
  [[nodiscard]] std::span<const Node> issued() const noexcept { return issued_; }
  /// Takes back all numbers from `count` on.
  void go_back(std::size_t count) noexcept {
    for (std::size_t i = count; i < issued_.size(); ++i) numbers_[issued_[i]] = kNone;
    issued_.resize(count);
  }

 private:
  static constexpr std::uint32_t kNone = 0xFFFFFFFFU;

  std::vector<std::uint32_t> numbers_;  // by node
  std::vector<Node> issued_;
};

}  // namespace knhk::rdf::detail
