#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "knhk/base/clock.hpp"
#include "knhk/promotion/bake.hpp"
#include "knhk/promotion/health.hpp"
#include "knhk/promotion/promotion_report.hpp"
#include "knhk/telemetry/metric.hpp"
#include "knhk/telemetry/trace.hpp"

namespace knhk::promotion {

/// Which snapshot of a channel is on trial, and what its readers' health says about it. A pipeline
/// that has one begins a bake with each promotion; `PromotionPipeline::tend_bake` looks and acts.
///
/// Threads: every function may be called at once from any thread.
/// Lifetime: `health` and `clock` must outlive it; it must outlive the pipeline.
class Baking {
 public:
  /// What one look found.
  struct Look {
    SnapshotId snapshot;
    Digest manifest;
    std::uint64_t epoch = 0;
    telemetry::SpanContext promotion;  ///< the span of what is on trial; not valid without traces
    Bake::State state = Bake::State::baking;
    std::optional<SloVerdict> verdict;  ///< on the window that this look closed
    std::uint64_t outcomes = 0;         ///< all that were recorded for it
    std::uint64_t failed = 0;
  };

  /// Errors: those of `check(policy)`; the policy is refused then.
  [[nodiscard]] static Result<std::unique_ptr<Baking>> make(
      const Health& health, const SloPolicy& policy, const Clock& clock = SystemClock::instance());

  /// Follows a change of what is current: a promotion is put on trial, a rollback is not, and what
  /// was on trial before is so no longer. A report that comes after a later one's changes nothing.
  void follow(const PromotionReport& report);
  /// Ends the trial of `epoch`: it is decided, or something else is current. Nothing when another
  /// is on trial.
  void end(std::uint64_t epoch);
  /// Looks at what was recorded. Returns: nothing when nothing is on trial. A decision is given at
  /// each look until `end` or `follow` is called.
  [[nodiscard]] std::optional<Look> look();

  /// Appends `knhk.health.outcomes`, `knhk.slo.verdicts`: a `MetricSource`'s work. Outcomes are
  /// those of what was on trial, as of the last look.
  void collect(const std::string& channel, std::vector<telemetry::Metric>& metrics) const;

 private:
  struct Trial {
    Look now;
    Bake bake;
  };

  Baking(const Health& health, const SloPolicy& policy, const Clock& clock)
      : health_(health), policy_(policy), clock_(clock) {}

  void end_locked();

  const Health& health_;
  const SloPolicy policy_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::optional<Trial> trial_;
  std::uint64_t newest_ = 0;                 // epoch of the last report that was followed
  std::array<std::uint64_t, 3> verdicts_{};  // by kind
  std::array<std::uint64_t, 2> outcomes_{};  // of trials that are over, by outcome
};

}  // namespace knhk::promotion
