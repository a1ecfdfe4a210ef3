#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace knhk::telemetry {

/// The parts of a promotion's life that are timed, in their order. The first two belong to an
/// admission, the others to a promotion or a rollback.
enum class Phase : std::uint8_t {
  validation,
  compilation,
  guard_creation,
  ready,
  atomic_promotion,
  verification,
};

inline constexpr std::size_t kPhaseCount = 6;

/// Every phase, for loops.
inline constexpr std::array<Phase, kPhaseCount> kPhases{
    Phase::validation, Phase::compilation,      Phase::guard_creation,
    Phase::ready,      Phase::atomic_promotion, Phase::verification};

/// The name of `phase` as printed and as in JSON: `guard_creation`.
[[nodiscard]] constexpr std::string_view name(Phase phase) noexcept {
  constexpr std::array<std::string_view, kPhaseCount> kNames{
      "validation", "compilation", "guard_creation", "ready", "atomic_promotion", "verification"};
  return kNames[static_cast<std::size_t>(phase)];
}

/// How long each phase took, and when it began; nothing for a phase that wasn't reached or doesn't
/// belong to the action.
class PhaseTimes {
 public:
  using Duration = std::chrono::nanoseconds;

  /// `begin`: since the attempt's start.
  void set(Phase phase, Duration duration, Duration begin = Duration{0}) noexcept {
    times_[static_cast<std::size_t>(phase)] = duration;
    begins_[static_cast<std::size_t>(phase)] = begin;
  }
  [[nodiscard]] std::optional<Duration> operator[](Phase phase) const noexcept {
    return times_[static_cast<std::size_t>(phase)];
  }
  /// Since the attempt's start; zero for a phase that wasn't reached.
  [[nodiscard]] Duration begin(Phase phase) const noexcept {
    return begins_[static_cast<std::size_t>(phase)];
  }

 private:
  std::array<std::optional<Duration>, kPhaseCount> times_{};
  std::array<Duration, kPhaseCount> begins_{};
};

}  // namespace knhk::telemetry
