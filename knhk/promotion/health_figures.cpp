#include "knhk/promotion/health_figures.hpp"

#include <algorithm>
#include <cmath>

namespace knhk::promotion {

HealthFigures& HealthFigures::operator+=(const HealthFigures& other) {
  for (std::size_t i = 0; i < kCells; ++i) cells_[i] += other.cells_[i];
  return *this;
}

HealthFigures HealthFigures::since(const HealthFigures& earlier) const {
  HealthFigures later;
  for (std::size_t i = 0; i < kCells; ++i) {
    later.cells_[i] = cells_[i] - std::min(cells_[i], earlier.cells_[i]);
  }
  return later;
}

std::uint64_t HealthFigures::count() const noexcept {
  std::uint64_t sum = 0;
  for (const std::uint64_t outcomes : cells_) sum += outcomes;
  return sum;
}

std::uint64_t HealthFigures::failed() const noexcept {
  std::uint64_t sum = 0;
  for (std::size_t i = static_cast<std::size_t>(Outcome::failed); i < kCells; i += 2) {
    sum += cells_[i];
  }
  return sum;
}

std::uint64_t HealthFigures::timed() const noexcept {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kCells - kUntimedCells; ++i) sum += cells_[i];
  return sum;
}

double HealthFigures::error_rate() const noexcept {
  const std::uint64_t all = count();
  return all == 0 ? 0.0 : static_cast<double>(failed()) / static_cast<double>(all);
}

std::uint64_t HealthFigures::latency_ns(double percent) const noexcept {
  const std::uint64_t all = timed();
  if (all == 0) return 0;
  const auto wanted = static_cast<std::uint64_t>(
      std::ceil(std::clamp(percent, 0.0, 100.0) * static_cast<double>(all) / 100.0));
  const std::uint64_t rank = std::clamp<std::uint64_t>(wanted, 1, all);
  std::uint64_t seen = 0;
  std::size_t bucket = 0;
  for (; bucket < Buckets::kBucketCount; ++bucket) {
    seen += cells_[2 * bucket] + cells_[2 * bucket + 1];
    if (seen >= rank) break;
  }
  return Buckets::middle_of(bucket);
}

}  // namespace knhk::promotion
