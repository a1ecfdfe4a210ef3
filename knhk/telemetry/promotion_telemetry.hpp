#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "knhk/base/error.hpp"
#include "knhk/telemetry/attempt.hpp"
#include "knhk/telemetry/histogram.hpp"
#include "knhk/telemetry/metric.hpp"
#include "knhk/telemetry/phase.hpp"

namespace knhk::telemetry {

/// Attempts of one kind.
struct ActionCounts {
  std::uint64_t total = 0;
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
};

/// Durations in nanoseconds. Percentiles are within `Histogram::kRelativeError`.
struct DurationSummary {
  std::uint64_t count = 0;
  double average_ns = 0;
  std::uint64_t p50_ns = 0;
  std::uint64_t p90_ns = 0;
  std::uint64_t p99_ns = 0;
  std::uint64_t max_ns = 0;
};

/// What `PromotionTelemetry` had counted at one moment.
struct TelemetrySnapshot {
  std::array<ActionCounts, kActionCount> actions{};
  std::array<DurationSummary, kPhaseCount> phases{};
  DurationSummary promotion_total;  ///< of promotions and rollbacks that succeeded
  std::vector<std::pair<Errc, std::uint64_t>> failures;  ///< by code, only those that happened

  [[nodiscard]] const ActionCounts& operator[](Action action) const noexcept {
    return actions[static_cast<std::size_t>(action)];
  }
  [[nodiscard]] const DurationSummary& operator[](Phase phase) const noexcept {
    return phases[static_cast<std::size_t>(phase)];
  }
};

/// Counts admissions, promotions and rollbacks within the process.
///
/// Threads: every function may be called at once from any thread.
/// Progress: `record` takes no lock, makes no system call and allocates nothing, so that no reader
/// or exporter can hold up a promotion. `snapshot` allocates.
/// Lifetime: memory is fixed at construction, whatever is recorded.
class PromotionTelemetry {
 public:
  PromotionTelemetry() = default;
  PromotionTelemetry(const PromotionTelemetry&) = delete;
  PromotionTelemetry& operator=(const PromotionTelemetry&) = delete;

  void record(const Attempt& attempt) noexcept;

  /// Counts and durations so far. Beside writers: each figure is one that held at some moment, but
  /// not all at the same.
  [[nodiscard]] TelemetrySnapshot snapshot() const;

  /// Appends `knhk.attempts`, `knhk.failures`, `knhk.phase.duration` and `knhk.promotion.duration`:
  /// a `MetricSource`'s work.
  void collect(std::vector<Metric>& metrics) const;

 private:
#define KNHK_ERRC_ONE(enumerator, text, blame) +1
  static constexpr std::size_t kErrcCount = 0 KNHK_ERRC_LIST(KNHK_ERRC_ONE);
#undef KNHK_ERRC_ONE

  std::array<std::atomic<std::uint64_t>, kActionCount> succeeded_{};
  std::array<std::atomic<std::uint64_t>, kActionCount> failed_{};
  std::array<std::atomic<std::uint64_t>, kErrcCount> failures_{};
  std::array<Histogram, kPhaseCount> phases_{};
  Histogram promotion_total_;
};

}  // namespace knhk::telemetry
