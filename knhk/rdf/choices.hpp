#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>

namespace knhk::rdf {

/// Decisions taken from bytes, for tests that make things up: one byte each, and 0 when there are
/// no more, so that fewer and smaller bytes make a simpler thing. A fuzzer or a property test that
/// varies the bytes varies the thing, and shrinks it.
class Choices {
 public:
  explicit Choices(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  /// A number below `bound`. Requires: `bound` from 1 to 256.
  std::size_t below(std::size_t bound) {
    if (at_ == bytes_.size()) return 0;
    return bytes_[at_++] % bound;
  }
  /// True for about one byte in `bound`, never without bytes.
  bool rarely(std::size_t bound) { return below(bound) == bound - 1; }
  template <class Container>
  const auto& one_of(const Container& container) {
    return *std::next(std::begin(container),
                      static_cast<std::ptrdiff_t>(below(std::size(container))));
  }
  [[nodiscard]] bool used_up() const noexcept { return at_ == bytes_.size(); }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

}  // namespace knhk::rdf
