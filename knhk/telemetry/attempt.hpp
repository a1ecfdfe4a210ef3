#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "knhk/base/error.hpp"
#include "knhk/telemetry/attribute.hpp"
#include "knhk/telemetry/phase.hpp"
#include "knhk/telemetry/trace.hpp"

namespace knhk::telemetry {

/// What was attempted.
enum class Action : std::uint8_t { admission, promotion, rollback };

inline constexpr std::size_t kActionCount = 3;

/// Every action, for loops.
inline constexpr std::array<Action, kActionCount> kActions{Action::admission, Action::promotion,
                                                           Action::rollback};

/// The name of `action` as in metrics and traces: `promotion`.
[[nodiscard]] constexpr std::string_view name(Action action) noexcept {
  constexpr std::array<std::string_view, kActionCount> kNames{"admission", "promotion", "rollback"};
  return kNames[static_cast<std::size_t>(action)];
}

/// One finished attempt.
struct Attempt {
  Action action = Action::promotion;
  std::optional<Errc> error;  ///< nothing: it succeeded
  PhaseTimes phases;
  std::chrono::nanoseconds total{0};
  // What only a trace tells:
  SpanContext context = {};
  std::chrono::system_clock::time_point start = {};
  std::string error_text = {};          ///< the error as a sentence
  Attributes attributes = {};           ///< `knhk.channel`, `knhk.snapshot.id`, `knhk.epoch`, ...
  std::vector<SpanContext> links = {};  ///< what it was made for: a rollback's promotion
};

/// `attempt` as a trace: a span for it, one in that for each phase it reached, and for a failure an
/// event with the error's code.
[[nodiscard]] Record trace_of(const Attempt& attempt);

}  // namespace knhk::telemetry
