#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "knhk/base/result.hpp"
#include "knhk/promotion/health_figures.hpp"

namespace knhk::promotion {

/// What a newly promoted snapshot must keep to while it bakes, and how it is watched.
///
/// A bake is a row of windows of equal length, from the promotion to the end of the window in which
/// the bake time is over. Each window is judged by itself when it is over: what was recorded in it
/// for the new epoch, beside the objectives and beside all that the epoch before had recorded when
/// the bake began.
struct SloPolicy {
  /// Failed outcomes among all, at most. Always judged.
  double max_error_rate = 0.01;
  /// How much more of them than before, at most: 0.005 allows 1.2 % after 0.7 %. Nothing: any.
  std::optional<double> max_error_rate_increase;

  /// Which percentile of the latencies the two limits below are about.
  double latency_percentile = 99;
  std::optional<std::chrono::nanoseconds> max_latency;
  /// The percentile over that of the epoch before, at most. Nothing: any.
  std::optional<double> max_latency_ratio;

  std::chrono::nanoseconds window = std::chrono::seconds(10);
  std::chrono::nanoseconds bake_time = std::chrono::minutes(5);
  /// A window with fewer outcomes is inconclusive: it counts neither for the snapshot nor against
  /// it. The same goes for latencies, and for the epoch before: with fewer, nothing is compared.
  std::uint64_t min_samples = 100;
  /// So many windows in breach, with no window between them that met the objectives, make a
  /// rollback.
  unsigned consecutive_breaches = 2;
};

/// Errors: usage, naming the member that makes no sense.
[[nodiscard]] Status check(const SloPolicy& policy);

/// What a window showed.
struct SloVerdict {
  enum class Kind : std::uint8_t { met, breached, inconclusive };

  Kind kind = Kind::inconclusive;
  std::uint64_t samples = 0;
  std::uint64_t failed = 0;
  std::string detail;  ///< the figures beside their limits, as a sentence for people
};

/// `met`, `breached` or `inconclusive`.
[[nodiscard]] std::string_view name(SloVerdict::Kind kind) noexcept;

/// Judges what one window recorded; `before`: all that the epoch before had recorded.
/// A window is in breach as soon as one limit is exceeded; at the limit it is met. Latencies are
/// held against limits as their buckets' middles, so to within `HealthFigures::kRelativeError`.
[[nodiscard]] SloVerdict judge(const SloPolicy& policy, const HealthFigures& window,
                               const HealthFigures& before);

}  // namespace knhk::promotion
