#include "knhk/promotion/bake.hpp"

#include <array>
#include <string_view>

namespace knhk::promotion {

std::string_view name(Bake::State state) noexcept {
  constexpr std::array<std::string_view, 4> kNames{"baking", "rejected", "graduated",
                                                   "inconclusive"};
  return kNames[static_cast<std::size_t>(state)];
}

std::optional<SloVerdict> Bake::look(Time now, const HealthFigures& so_far) {
  if (state_ != State::baking || now < window_end_) return std::nullopt;
  SloVerdict verdict = judge(policy_, so_far.since(last_), before_);
  last_ = so_far;
  const bool is_last = now >= start_ + policy_.bake_time;
  window_end_ = start_ + ((now - start_) / policy_.window + 1) * policy_.window;
  if (verdict.kind != SloVerdict::Kind::inconclusive) {
    conclusion_ = verdict.kind;
    breaches_ = verdict.kind == SloVerdict::Kind::breached ? breaches_ + 1 : 0;
  }
  state_ = decide(is_last);
  return verdict;
}

Bake::State Bake::decide(bool is_last) const noexcept {
  if (breaches_ >= policy_.consecutive_breaches) return State::rejected;
  if (!is_last) return State::baking;
  return conclusion_ == SloVerdict::Kind::met ? State::graduated : State::inconclusive;
}

}  // namespace knhk::promotion
