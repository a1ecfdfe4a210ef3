#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace knhk::promotion {

/// What a promotion consists of, once `ready()` has done all that can fail.
enum class PromotionStep : std::uint8_t {
  take_record,  ///< the guard's pointer to the prepared record goes from `Ready` to `Promoted`
  publish,      ///< one release store of the prepared word to where the record says
};

/// All of them, in order: `PromotionGuard::promote()` runs this list and nothing else, and
/// `estimate_promotion_cost` sums it.
inline constexpr std::array kPromotionSteps{PromotionStep::take_record, PromotionStep::publish};

/// The budget of a promotion in ticks.
inline constexpr unsigned kPromotionBudgetTicks = 10;

/// What the model charges for `step`: a tick for each instruction that touches memory, since every
/// line is in the nearest cache (`ready()` wrote the record, `prefetch()` fetched the word's line).
[[nodiscard]] constexpr unsigned model_ticks(PromotionStep step) noexcept {
  switch (step) {
    case PromotionStep::take_record:
      return 2;  // load the pointer, clear it
    case PromotionStep::publish:
      return 3;  // load where, load what, store
  }
  return 0;
}

/// The ticks that the model expects of promoting a snapshot whose descriptor has `DescriptorSize`
/// bytes. The size doesn't enter the sum: the descriptor is filled before and stays where it is.
/// That holds only for a descriptor that is read as whole 8-byte words of one cache line; any other
/// is refused at compile time.
template <std::size_t DescriptorSize>
[[nodiscard]] consteval unsigned estimate_promotion_cost() {
  static_assert(DescriptorSize > 0 && DescriptorSize <= 64,
                "knhk: a snapshot descriptor must fit one cache line of 64 bytes");
  static_assert(DescriptorSize % 8 == 0,
                "knhk: a snapshot descriptor must consist of whole 8-byte words");
  unsigned ticks = 0;
  for (const PromotionStep step : kPromotionSteps) ticks += model_ticks(step);
  return ticks;
}

static_assert(estimate_promotion_cost<64>() <= kPromotionBudgetTicks);

}  // namespace knhk::promotion
