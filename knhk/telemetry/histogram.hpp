#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "knhk/telemetry/log_linear.hpp"

namespace knhk::telemetry {

/// Counts 64-bit values in buckets that grow with the values (log-linear): a percentile read from
/// it is off by at most `kRelativeError` of the exact one, in memory that never grows.
///
/// Threads: `record` and the readers may be called at once from any thread; a reader that runs
/// beside writers sees some of their values and not others.
/// Progress: `record` is wait-free and allocates nothing.
class Histogram {
 private:
  using Buckets = LogLinear<5>;

 public:
  /// Of the exact percentile: half a bucket's width, of which there are 32 for each power of two.
  static constexpr double kRelativeError = Buckets::kRelativeError;

  void record(std::uint64_t value) noexcept {
    // Relaxed throughout: the counts say nothing about any other memory.
    buckets_[Buckets::bucket_of(value)].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(value, std::memory_order_relaxed);
    raise(max_, value);
  }

  [[nodiscard]] std::uint64_t count() const noexcept {
    std::uint64_t count = 0;
    for (const auto& bucket : buckets_) count += bucket.load(std::memory_order_relaxed);
    return count;
  }

  /// Returns: the arithmetic mean, exact; 0 when nothing was recorded.
  [[nodiscard]] double average() const noexcept {
    const std::uint64_t n = count();
    return n == 0
               ? 0.0
               : static_cast<double>(sum_.load(std::memory_order_relaxed)) / static_cast<double>(n);
  }

  /// The sum of the values, exact as long as it fits.
  [[nodiscard]] std::uint64_t sum() const noexcept { return sum_.load(std::memory_order_relaxed); }

  /// How many values are below the first bound, from there to below the second and so on, and at
  /// last at or above the last. Requires: ascending powers of two, so that no bucket is cut.
  [[nodiscard]] std::vector<std::uint64_t> counts_below(
      std::span<const std::uint64_t> bounds) const;

  /// The largest value recorded, exact.
  [[nodiscard]] std::uint64_t max() const noexcept { return max_.load(std::memory_order_relaxed); }

  /// The smallest value that at least `percent` of the recorded ones don't exceed (nearest rank).
  /// Returns: 0 when nothing was recorded. Requires: 0 < `percent` <= 100.
  [[nodiscard]] std::uint64_t percentile(double percent) const noexcept;

 private:
  static void raise(std::atomic<std::uint64_t>& top, std::uint64_t value) noexcept {
    std::uint64_t seen = top.load(std::memory_order_relaxed);
    while (seen < value && !top.compare_exchange_weak(seen, value, std::memory_order_relaxed)) {
    }
  }

  std::array<std::atomic<std::uint64_t>, Buckets::kBucketCount> buckets_{};
  std::atomic<std::uint64_t> sum_{0};
  std::atomic<std::uint64_t> max_{0};
};

}  // namespace knhk::telemetry
