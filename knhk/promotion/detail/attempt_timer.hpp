#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <type_traits>
#include <utility>

#include "knhk/base/clock.hpp"
#include "knhk/base/result.hpp"
#include "knhk/telemetry/phase_timer.hpp"

namespace knhk::promotion::detail {

/// Whether an attempt failed for what passes by itself or by another's doing, and not for what it
/// was to make current.
[[nodiscard]] bool is_of_the_moment(Errc code) noexcept;

template <class T>
inline constexpr bool kIsResult = false;
template <class T>
inline constexpr bool kIsResult<Result<T>> = true;

/// Times an attempt's phases, and knows what its caller wants of it meanwhile: to be told, to stop,
/// to wait for its turn.
///
/// The attempt can be called off until `begin_commit`. From then on nothing stops it any more.
class AttemptTimer : public telemetry::PhaseTimer {
 public:
  /// Nobody is told, nobody calls it off, and it waits for nobody.
  explicit AttemptTimer(const Clock& clock) : PhaseTimer(clock) {}
  /// `patience`: how long `in_turn` may take. `what`: the attempt, for messages.
  AttemptTimer(const Clock& clock, telemetry::Action action, telemetry::ProgressCallback callback,
               std::stop_token stop, std::chrono::milliseconds patience, std::string what)
      : PhaseTimer(clock, action, std::move(callback)),
        stop_(std::move(stop)),
        patience_(patience),
        what_(std::move(what)) {}

  /// As `PhaseTimer::time`. A phase that can fail fails at once when the attempt was called off.
  template <class Body>
  auto time(telemetry::Phase phase, Body&& body) {
    using Outcome = std::invoke_result_t<Body>;
    if constexpr (kIsResult<Outcome>) {
      return PhaseTimer::time(phase, [&]() -> Outcome {
        if (Status go = check(); !go) return forward_error(std::move(go));
        return std::forward<Body>(body)();
      });
    } else {
      return PhaseTimer::time(phase, std::forward<Body>(body));
    }
  }

  /// What the steps within a phase may ask by themselves.
  [[nodiscard]] const std::stop_token& stop() const noexcept { return stop_; }

  /// To be asked between steps. Errors: cancelled.
  [[nodiscard]] Status check() const;

  /// The last time that the attempt can be called off; nobody is told anything then before
  /// `release`, so that no callback stands between a commit and the readers.
  /// Errors: cancelled.
  [[nodiscard]] Status begin_commit();

  /// Calls `attempt` until it gives something else than that another is in the way (store-locked,
  /// writer-busy, promotion-unsettled), or until patience is over. Who only looks for garbage, as
  /// metrics do, is waited for in any case. `attempt` must hold nothing that another may wait for
  /// when it returns such an error. Errors: cancelled.
  template <class Attempt>
  [[nodiscard]] auto in_turn(const Attempt& attempt) const -> std::invoke_result_t<const Attempt&> {
    for (Wait wait;;) {
      auto outcome = attempt();
      if (outcome || !pause(outcome.error().code, wait)) return outcome;
      if (Status go = check(); !go) return forward_error(std::move(go));
    }
  }

 private:
  struct Wait {
    std::chrono::steady_clock::time_point give_up{};  // set by the first pause
    std::chrono::milliseconds next{1};
  };
  // Waits a little if `code` says that another is in the way; false when there is no use in that.
  [[nodiscard]] bool pause(Errc code, Wait& wait) const;

  std::stop_token stop_;
  std::chrono::milliseconds patience_{0};
  std::string what_;
};

}  // namespace knhk::promotion::detail
