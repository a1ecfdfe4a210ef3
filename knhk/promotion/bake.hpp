#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include "knhk/promotion/health_figures.hpp"
#include "knhk/promotion/slo_policy.hpp"

namespace knhk::promotion {

/// The time in which a new snapshot is on trial, as the policy has it: what was recorded goes in,
/// a decision comes out. It knows no clock and does nothing.
///
/// Threads: one at a time.
class Bake {
 public:
  using Time = std::chrono::steady_clock::time_point;
  enum class State : std::uint8_t {
    baking,        ///< not decided yet
    rejected,      ///< the policy forbids the snapshot: roll back
    graduated,     ///< it kept to the objectives: the channel's last known good one
    inconclusive,  ///< the time is over and nobody can tell: it stays, and isn't known to be good
  };

  /// `before`: what the epoch before had recorded. Requires: `check(policy)`.
  Bake(const SloPolicy& policy, Time start, HealthFigures before)
      : policy_(policy),
        start_(start),
        window_end_(start + policy.window),
        before_(std::move(before)) {}

  /// Looks at all that was recorded for the new epoch until `now`. A window is closed by the first
  /// look at or after its end; a look that comes late makes the window longer by as much, and the
  /// next one shorter.
  /// Returns: the verdict on the window that this look closed; nothing when none was.
  std::optional<SloVerdict> look(Time now, const HealthFigures& so_far);

  [[nodiscard]] State state() const noexcept { return state_; }
  /// Windows in breach since the last one that met the objectives.
  [[nodiscard]] unsigned breaches() const noexcept { return breaches_; }

 private:
  [[nodiscard]] State decide(bool is_last) const noexcept;

  SloPolicy policy_;
  Time start_;
  Time window_end_;
  HealthFigures before_;
  HealthFigures last_;  // as of the last window's end
  unsigned breaches_ = 0;
  std::optional<SloVerdict::Kind> conclusion_;  // of the last window that had one
  State state_ = State::baking;
};

/// `baking`, `rejected`, `graduated` or `inconclusive`.
[[nodiscard]] std::string_view name(Bake::State state) noexcept;

}  // namespace knhk::promotion
