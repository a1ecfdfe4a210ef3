#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "knhk/telemetry/log_linear.hpp"

namespace knhk::promotion {

/// How the use of a snapshot went.
enum class Outcome : std::uint8_t { succeeded, failed };

/// How uses of one snapshot went, and how long they took, as counts: of one reader, of all, or of
/// what happened between two looks. Latencies are in nanoseconds and kept to four leading binary
/// digits.
class HealthFigures {
 public:
  using Buckets = telemetry::LogLinear<3>;
  /// Of the exact percentile.
  static constexpr double kRelativeError = Buckets::kRelativeError;
  /// Cells for outcomes whose latency nobody measured: eight for each, to be used in turn, since an
  /// add to a cell may have to wait for the one before.
  static constexpr std::size_t kUntimedCells = 2 * 8;
  /// Every bucket twice, then those.
  static constexpr std::size_t kCells = 2 * Buckets::kBucketCount + kUntimedCells;

  [[nodiscard, gnu::always_inline]] static constexpr std::size_t cell_of(
      Outcome outcome, std::uint64_t latency_ns) noexcept {
    return 2 * Buckets::bucket_of(latency_ns) + static_cast<std::size_t>(outcome);
  }
  /// The first of eight, each two cells on.
  [[nodiscard]] static constexpr std::size_t cell_of(Outcome outcome) noexcept {
    return 2 * Buckets::kBucketCount + static_cast<std::size_t>(outcome);
  }

  HealthFigures() : cells_(kCells) {}

  /// Counts `outcomes` more in a cell. Requires: `cell` < `kCells`.
  void add(std::size_t cell, std::uint64_t outcomes) { cells_[cell] += outcomes; }
  HealthFigures& operator+=(const HealthFigures& other);

  /// What came after `earlier`. A count that fell, since a reader had forgotten it, gives none.
  [[nodiscard]] HealthFigures since(const HealthFigures& earlier) const;

  [[nodiscard]] std::uint64_t count() const noexcept;
  [[nodiscard]] std::uint64_t failed() const noexcept;
  /// Outcomes with a latency.
  [[nodiscard]] std::uint64_t timed() const noexcept;
  /// Failed outcomes among all; 0 without any.
  [[nodiscard]] double error_rate() const noexcept;
  /// The smallest latency that at least `percent` of the timed outcomes don't exceed (nearest
  /// rank), as the middle of its bucket. Returns: 0 without any. Requires: 0 < `percent` <= 100.
  [[nodiscard]] std::uint64_t latency_ns(double percent) const noexcept;

 private:
  std::vector<std::uint64_t> cells_;
};

}  // namespace knhk::promotion
