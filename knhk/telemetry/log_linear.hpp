#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace knhk::telemetry {

/// Numbers the buckets of a histogram whose widths grow with the values: each power of two is cut
/// into `2^kSubBits` equal ones, and small values have one each. In other words: a value is kept to
/// its `kSubBits + 1` leading binary digits.
template <unsigned kSubBits>
struct LogLinear {
  static constexpr std::size_t kSubCount = std::size_t{1} << kSubBits;
  static constexpr std::size_t kBucketCount = (64 - kSubBits + 1) * kSubCount;
  /// How far the middle of a bucket can be from a value in it, in parts of the value.
  static constexpr double kRelativeError = 0.5 / static_cast<double>(kSubCount);

  [[nodiscard, gnu::always_inline]] static constexpr std::size_t bucket_of(
      std::uint64_t value) noexcept {
    // The digit that is set makes small values fall into the first row: no branch.
    const unsigned shift = top_digit(value | kSubCount) - kSubBits;
    return shift * kSubCount + static_cast<std::size_t>(value >> shift);
  }
  /// The smallest value of the bucket.
  [[nodiscard]] static constexpr std::uint64_t low_of(std::size_t bucket) noexcept {
    if (bucket < kSubCount) return bucket;
    return std::uint64_t{kSubCount + bucket % kSubCount} << shift_of(bucket);
  }
  [[nodiscard]] static constexpr std::uint64_t middle_of(std::size_t bucket) noexcept {
    return low_of(bucket) + ((std::uint64_t{1} << shift_of(bucket)) >> 1U);
  }

 private:
  /// The place of the highest digit that is set. Requires: one is.
  [[gnu::always_inline]] static constexpr unsigned top_digit(std::uint64_t value) noexcept {
#if defined(__x86_64__)
    // What bsr writes depends on what was there before. Compilers that write elsewhere than they
    // read make each value wait for the one before: clang 19 does, which health_bench shows.
    if (!std::is_constant_evaluated()) {
      asm("bsrq %0, %0" : "+r"(value) : : "cc");
      return static_cast<unsigned>(value);
    }
#endif
    return static_cast<unsigned>(std::bit_width(value)) - 1;
  }
  static constexpr unsigned shift_of(std::size_t bucket) noexcept {
    return bucket < kSubCount ? 0 : static_cast<unsigned>(bucket / kSubCount) - 1;
  }
};

}  // namespace knhk::telemetry
