#include "knhk/telemetry/promotion_telemetry.hpp"

#include <algorithm>
#include <string>

#include "knhk/telemetry/shown_histogram.hpp"

namespace knhk::telemetry {
namespace {

std::uint64_t nanoseconds_of(std::chrono::nanoseconds duration) noexcept {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count(), 0));
}

DurationSummary summarize(const Histogram& histogram) noexcept {
  return {histogram.count(),        histogram.average(),      histogram.percentile(50),
          histogram.percentile(90), histogram.percentile(99), histogram.max()};
}

}  // namespace

void PromotionTelemetry::record(const Attempt& attempt) noexcept {
  const auto action = static_cast<std::size_t>(attempt.action);
  // Relaxed: figures, read by nobody who concludes anything about other memory from them.
  if (attempt.error) {
    failed_[action].fetch_add(1, std::memory_order_relaxed);
    const auto code = static_cast<std::size_t>(*attempt.error);
    if (code < kErrcCount) failures_[code].fetch_add(1, std::memory_order_relaxed);
  } else {
    succeeded_[action].fetch_add(1, std::memory_order_relaxed);
    if (attempt.action != Action::admission) promotion_total_.record(nanoseconds_of(attempt.total));
  }
  for (const Phase phase : kPhases) {
    if (const auto duration = attempt.phases[phase]) {
      phases_[static_cast<std::size_t>(phase)].record(nanoseconds_of(*duration));
    }
  }
}

TelemetrySnapshot PromotionTelemetry::snapshot() const {
  TelemetrySnapshot snapshot;
  for (std::size_t i = 0; i < kActionCount; ++i) {
    ActionCounts& counts = snapshot.actions[i];
    counts.succeeded = succeeded_[i].load(std::memory_order_relaxed);
    counts.failed = failed_[i].load(std::memory_order_relaxed);
    counts.total = counts.succeeded + counts.failed;
  }
  for (std::size_t i = 0; i < kPhaseCount; ++i) snapshot.phases[i] = summarize(phases_[i]);
  snapshot.promotion_total = summarize(promotion_total_);
  for (std::size_t i = 0; i < kErrcCount; ++i) {
    const std::uint64_t count = failures_[i].load(std::memory_order_relaxed);
    if (count != 0) snapshot.failures.emplace_back(static_cast<Errc>(i), count);
  }
  return snapshot;
}

void PromotionTelemetry::collect(std::vector<Metric>& metrics) const {
  const TelemetrySnapshot now = snapshot();
  Metric attempts{"knhk.attempts",
                  "Admissions, promotions and rollbacks that ended",
                  "{attempt}",
                  MetricKind::counter,
                  {}};
  for (const Action action : kActions) {
    const std::string named(name(action));
    attempts.points.push_back(
        {{{"knhk.action", named}, {"knhk.outcome", "succeeded"}}, now[action].succeeded});
    attempts.points.push_back(
        {{{"knhk.action", named}, {"knhk.outcome", "failed"}}, now[action].failed});
  }
  Metric failures{
      "knhk.failures", "Attempts that failed, by error code", "{attempt}", MetricKind::counter, {}};
  for (const auto& [code, count] : now.failures) {
    failures.points.push_back({{{"error.type", std::string(name(code))}}, count});
  }
  Metric phases{"knhk.phase.duration",
                "Time that a phase of an attempt took",
                "s",
                MetricKind::histogram,
                {}};
  for (const Phase phase : kPhases) {
    phases.points.push_back({{{"knhk.phase", std::string(name(phase))}},
                             show_seconds(phases_[static_cast<std::size_t>(phase)])});
  }
  Metric total{"knhk.promotion.duration",
               "Time that promotions and rollbacks took as a whole",
               "s",
               MetricKind::histogram,
               {}};
  total.points.push_back({{}, show_seconds(promotion_total_)});
  metrics.push_back(std::move(attempts));
  if (!failures.points.empty()) metrics.push_back(std::move(failures));
  metrics.push_back(std::move(phases));
  metrics.push_back(std::move(total));
}

}  // namespace knhk::telemetry
