#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

#include "knhk/telemetry/attempt.hpp"
#include "knhk/telemetry/phase.hpp"

namespace knhk::telemetry {

/// How far an attempt is, told while it runs: a phase begins, or has ended (well or not).
struct Progress {
  enum class Step : std::uint8_t { begun, ended };

  Action action = Action::promotion;
  Phase phase = Phase::validation;
  Step step = Step::begun;
  std::chrono::nanoseconds elapsed{0};  ///< since the attempt's start
};

/// Called by the thread that does the work, which waits for it. Must not throw.
using ProgressCallback = std::function<void(const Progress&)>;

}  // namespace knhk::telemetry
