#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <utility>

#include "knhk/base/clock.hpp"
#include "knhk/telemetry/phase.hpp"
#include "knhk/telemetry/progress.hpp"

namespace knhk::telemetry {

/// Times the phases of one attempt, and the attempt as a whole from its construction on; tells who
/// wants to know. What a callback takes counts for the attempt, not for a phase.
/// Threads: one at a time. Lifetime: the clock must outlive it.
class PhaseTimer {
 public:
  explicit PhaseTimer(const Clock& clock, Action action = Action::promotion,
                      ProgressCallback on_progress = {})
      : clock_(clock),
        start_(clock.steady_now()),
        action_(action),
        on_progress_(std::move(on_progress)) {}

  /// Calls `body` and returns what it returns; how long it took becomes the time of `phase`.
  template <class Body>
  auto time(Phase phase, Body&& body) {
    if (on_progress_) tell(phase, Progress::Step::begun, clock_.steady_now());
    const auto begin = clock_.steady_now();
    auto result = std::forward<Body>(body)();
    const auto end = clock_.steady_now();
    times_.set(phase, end - begin, begin - start_);
    if (on_progress_) tell(phase, Progress::Step::ended, end);
    return result;
  }

  /// Nobody is told anything until `release`: for the moments that no callback may lengthen.
  void hold() noexcept { holds_ = true; }
  /// Tells what there was to tell meanwhile, in order.
  void release() {
    holds_ = false;
    const std::size_t count = std::exchange(held_count_, 0);
    for (std::size_t i = 0; i < count; ++i) on_progress_(held_[i]);
  }

  [[nodiscard]] const PhaseTimes& times() const noexcept { return times_; }
  [[nodiscard]] std::chrono::nanoseconds total() const { return clock_.steady_now() - start_; }

 private:
  void tell(Phase phase, Progress::Step step, std::chrono::steady_clock::time_point now) {
    const Progress progress{action_, phase, step, now - start_};
    if (!holds_) {
      on_progress_(progress);
    } else if (held_count_ < held_.size()) {
      held_[held_count_++] = progress;
    }
  }

  const Clock& clock_;
  std::chrono::steady_clock::time_point start_;
  PhaseTimes times_;
  Action action_;
  ProgressCallback on_progress_;
  bool holds_ = false;
  std::array<Progress, 2 * kPhaseCount> held_{};
  std::size_t held_count_ = 0;
};

}  // namespace knhk::telemetry
