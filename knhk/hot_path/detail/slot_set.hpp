#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace knhk::hot_path::detail {

/// A set of slot numbers below `kSlots`. Threads: one at a time.
template <std::size_t kSlots>
class SlotSet {
 public:
  constexpr void insert(std::size_t slot) noexcept { parts_[slot / 64] |= bit(slot); }
  constexpr void erase(std::size_t slot) noexcept { parts_[slot / 64] &= ~bit(slot); }
  [[nodiscard]] constexpr bool contains(std::size_t slot) const noexcept {
    return (parts_[slot / 64] & bit(slot)) != 0;
  }
  [[nodiscard]] constexpr std::size_t size() const noexcept {
    std::size_t total = 0;
    for (const std::uint64_t part : parts_) total += static_cast<std::size_t>(std::popcount(part));
    return total;
  }
  /// The lowest number that is not in the set; `kSlots` when all are.
  [[nodiscard]] constexpr std::size_t first_absent() const noexcept {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (parts_[i] != ~std::uint64_t{0}) {
        const std::size_t slot = i * 64 + static_cast<std::size_t>(std::countr_one(parts_[i]));
        return slot < kSlots ? slot : kSlots;
      }
    }
    return kSlots;
  }
  /// Calls `visit(slot)` in rising order; `visit` may erase the slot it is given.
  template <class Visit>
  constexpr void for_each(const Visit& visit) const {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      for (std::uint64_t left = parts_[i]; left != 0; left &= left - 1) {
        visit(i * 64 + static_cast<std::size_t>(std::countr_zero(left)));
      }
    }
  }

 private:
  [[nodiscard]] static constexpr std::uint64_t bit(std::size_t slot) noexcept {
    return std::uint64_t{1} << (slot % 64);
  }

  std::array<std::uint64_t, (kSlots + 63) / 64> parts_{};
};

}  // namespace knhk::hot_path::detail
