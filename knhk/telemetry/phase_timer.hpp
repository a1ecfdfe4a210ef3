#pragma once

#include <chrono>
#include <utility>

#include "knhk/base/clock.hpp"
#include "knhk/telemetry/phase.hpp"

namespace knhk::telemetry {

/// Times the phases of one attempt, and the attempt as a whole from its construction on.
/// Threads: one at a time. Lifetime: the clock must outlive it.
class PhaseTimer {
 public:
  explicit PhaseTimer(const Clock& clock) : clock_(clock), start_(clock.steady_now()) {}

  /// Calls `body` and returns what it returns; how long it took becomes the time of `phase`.
  template <class Body>
  auto time(Phase phase, Body&& body) {
    const auto begin = clock_.steady_now();
    auto result = std::forward<Body>(body)();
    times_.set(phase, clock_.steady_now() - begin, begin - start_);
    return result;
  }

  [[nodiscard]] const PhaseTimes& times() const noexcept { return times_; }
  [[nodiscard]] std::chrono::nanoseconds total() const { return clock_.steady_now() - start_; }

 private:
  const Clock& clock_;
  std::chrono::steady_clock::time_point start_;
  PhaseTimes times_;
};

}  // namespace knhk::telemetry
