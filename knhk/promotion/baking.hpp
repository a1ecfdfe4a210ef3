#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "knhk/base/clock.hpp"
#include "knhk/hot_path/hot_path.hpp"
#include "knhk/promotion/bake.hpp"
#include "knhk/promotion/channel_ledger.hpp"
#include "knhk/promotion/health.hpp"
#include "knhk/promotion/promotion_report.hpp"
#include "knhk/telemetry/metric.hpp"
#include "knhk/telemetry/trace.hpp"

namespace knhk::promotion {

/// Which snapshot of a channel is on trial, and what its readers' health says about it. A pipeline
/// that has one puts on trial what it makes current; `PromotionPipeline::tend_bake` looks and acts.
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
    std::uint64_t generation = 0;
    telemetry::SpanContext promotion;  ///< the span of what is on trial; not valid without traces
    Bake::State state = Bake::State::baking;
    std::optional<SloVerdict> verdict;       ///< on the window that this look closed
    std::optional<SloVerdict> last_verdict;  ///< that, or the one before it
    std::uint64_t outcomes = 0;              ///< all that were recorded for it
    std::uint64_t failed = 0;
  };

  /// What a rejection still lacks, since it couldn't be written.
  struct Unfinished {
    std::optional<store::Quarantine::Item> quarantine;
    std::optional<ChannelLedger::SeenRollback> record;

    [[nodiscard]] bool is_done() const noexcept { return !quarantine && !record; }
  };

  /// Errors: those of `check(policy)`; the policy is refused then.
  [[nodiscard]] static Result<std::unique_ptr<Baking>> make(
      const Health& health, const SloPolicy& policy, const Clock& clock = SystemClock::instance());

  /// Follows a change of what is current: it is on trial unless it has proved itself, or is
  /// nothing; what was on trial before is so no longer. A report that comes after a later one's
  /// changes nothing.
  void follow(const PromotionReport& report, bool has_proved_itself);
  /// What was current under `generation` is so again, as `back` says: another was taken back. Its
  /// trial, if it was on trial, begins anew.
  void resume(std::uint64_t generation, const hot_path::Published& back);
  /// Ends the trial of `generation`: it is decided, or something else is current. Nothing when
  /// another is on trial.
  void end(std::uint64_t generation);
  /// Looks at what was recorded. Returns: nothing when nothing is on trial. A decision is given at
  /// each look until the trial is ended.
  [[nodiscard]] std::optional<Look> look();

  /// Keeps what is to be tried again, or takes it to try; nothing: there is nothing.
  void keep(Unfinished unfinished);
  [[nodiscard]] std::optional<Unfinished> take_unfinished();

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
  std::uint64_t newest_ = 0;  // generation of the last change that was followed
  std::optional<Unfinished> unfinished_;
  std::array<std::uint64_t, 3> verdicts_{};  // by kind
  std::array<std::uint64_t, 2> outcomes_{};  // of trials that are over, by outcome
};

}  // namespace knhk::promotion
