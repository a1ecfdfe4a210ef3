#pragma once

#include <cstddef>
#include <cstdint>

namespace knhk::hot_path::detail {

/// What a hot path publishes and what a hazard holds: a generation in the upper 48 bits, the byte
/// offset of a slot in the lower 16. A published word never repeats, so equal words mean that
/// nothing happened in between. Generation 0 is never published: its words are the signs below.
using Word = std::uint64_t;

inline constexpr unsigned kOffsetBits = 16;
inline constexpr Word kOffsetMask = (Word{1} << kOffsetBits) - 1;
inline constexpr std::size_t kSlotStride = 64;
inline constexpr std::size_t kMostSlots = (kOffsetMask + 1) / kSlotStride;
inline constexpr std::uint64_t kFirstGeneration = 1;

/// In a hazard: nothing is held.
inline constexpr Word kNoHazard = 0;
/// In a hazard: the reader is about to hold whatever is current. A scan that meets it puts the
/// current word there, so that the reader is never waited for and never has to try again.
inline constexpr Word kLoading = 1;
/// What a reader in portable mode loads first: equal to no published word, so that the check on the
/// fast path always fails, without a branch of its own.
inline constexpr Word kNeverMatches = 2;
/// What a sticky reader compares with while it holds nothing; also equal to no published word.
inline constexpr Word kHoldsNothing = 3;

[[nodiscard]] constexpr Word make_word(std::uint64_t generation, std::size_t slot) noexcept {
  return (generation << kOffsetBits) | (slot * kSlotStride);
}
[[nodiscard]] constexpr std::uint64_t generation_of(Word word) noexcept {
  return word >> kOffsetBits;
}
[[nodiscard]] constexpr std::size_t slot_of(Word word) noexcept {
  return (word & kOffsetMask) / kSlotStride;
}
/// False for the signs of generation 0.
[[nodiscard]] constexpr bool names_slot(Word word) noexcept { return generation_of(word) != 0; }

}  // namespace knhk::hot_path::detail
