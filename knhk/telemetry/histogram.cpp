#include "knhk/telemetry/histogram.hpp"

#include <algorithm>
#include <cmath>

namespace knhk::telemetry {

std::uint64_t Histogram::percentile(double percent) const noexcept {
  // One pass copies the counts, so that the rank is of the same values that are then walked.
  std::array<std::uint64_t, Buckets::kBucketCount> counts{};
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < Buckets::kBucketCount; ++i) {
    counts[i] = buckets_[i].load(std::memory_order_relaxed);
    total += counts[i];
  }
  if (total == 0) return 0;
  const auto wanted = static_cast<std::uint64_t>(
      std::ceil(std::clamp(percent, 0.0, 100.0) * static_cast<double>(total) / 100.0));
  const std::uint64_t rank = std::clamp<std::uint64_t>(wanted, 1, total);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < Buckets::kBucketCount; ++i) {
    seen += counts[i];
    // `max_` may lag behind a bucket that a writer has just raised: then the middle stands.
    if (seen >= rank) return std::min(Buckets::middle_of(i), std::max(max(), Buckets::low_of(i)));
  }
  return max();
}

std::vector<std::uint64_t> Histogram::counts_below(std::span<const std::uint64_t> bounds) const {
  std::vector<std::uint64_t> counts(bounds.size() + 1, 0);
  std::size_t part = 0;
  for (std::size_t i = 0; i < Buckets::kBucketCount; ++i) {
    while (part < bounds.size() && Buckets::low_of(i) >= bounds[part]) ++part;
    counts[part] += buckets_[i].load(std::memory_order_relaxed);
  }
  return counts;
}

}  // namespace knhk::telemetry
