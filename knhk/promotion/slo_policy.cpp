#include "knhk/promotion/slo_policy.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace knhk::promotion {
namespace {

std::string percent(double share) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3g %%", share * 100);
  return text.data();
}

std::string duration(double nanoseconds) {
  constexpr std::array<std::string_view, 4> kUnits{"ns", "us", "ms", "s"};
  double value = nanoseconds;
  std::size_t unit = 0;
  for (; value >= 1000 && unit + 1 < kUnits.size(); ++unit) value /= 1000;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3g ", value);
  return text.data() + std::string(kUnits[unit]);
}

/// Above the limit by more than what adding shares up may be off.
bool exceeds(double value, double limit) { return value - limit > 1e-9 * std::max(1.0, limit); }

/// Says each limit as it is judged, and remembers whether one was exceeded.
class Sentence {
 public:
  void add(bool is_exceeded, const std::string& figure, const std::string& limit) {
    if (!text_.empty()) text_ += ", ";
    text_ += figure + (is_exceeded ? " exceeds " : " is within ") + limit;
    is_breached_ = is_breached_ || is_exceeded;
  }
  [[nodiscard]] bool is_breached() const noexcept { return is_breached_; }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
  bool is_breached_ = false;
};

void judge_errors(const SloPolicy& policy, const HealthFigures& window, const HealthFigures& before,
                  Sentence& sentence) {
  const double rate = window.error_rate();
  sentence.add(exceeds(rate, policy.max_error_rate), "error rate " + percent(rate),
               "the objective of " + percent(policy.max_error_rate));
  if (!policy.max_error_rate_increase || before.count() < policy.min_samples) return;
  const double limit = before.error_rate() + *policy.max_error_rate_increase;
  sentence.add(exceeds(rate, limit), "the same",
               percent(limit) + " (" + percent(before.error_rate()) + " in the epoch before)");
}

void judge_latency(const SloPolicy& policy, const HealthFigures& window,
                   const HealthFigures& before, Sentence& sentence) {
  if (window.timed() < policy.min_samples) return;
  const std::uint64_t latency = window.latency_ns(policy.latency_percentile);
  std::array<char, 32> name{};
  std::snprintf(name.data(), name.size(), "p%.4g ", policy.latency_percentile);
  const std::string figure = name.data() + duration(static_cast<double>(latency));
  if (policy.max_latency) {
    const auto limit = static_cast<std::uint64_t>(policy.max_latency->count());
    sentence.add(latency > limit, figure,
                 "the objective of " + duration(static_cast<double>(limit)));
  }
  if (!policy.max_latency_ratio || before.timed() < policy.min_samples) return;
  const std::uint64_t earlier = before.latency_ns(policy.latency_percentile);
  const double limit = static_cast<double>(earlier) * *policy.max_latency_ratio;
  sentence.add(
      exceeds(static_cast<double>(latency), limit), figure,
      duration(limit) + " (" + duration(static_cast<double>(earlier)) + " in the epoch before)");
}

tl::unexpected<Error> senseless(std::string member, std::string detail) {
  return fail(Errc::usage, "SLO policy, " + std::move(member), std::move(detail));
}

bool is_share(double value) { return std::isfinite(value) && value >= 0 && value <= 1; }

}  // namespace

std::string_view name(SloVerdict::Kind kind) noexcept {
  constexpr std::array<std::string_view, 3> kNames{"met", "breached", "inconclusive"};
  return kNames[static_cast<std::size_t>(kind)];
}

Status check(const SloPolicy& policy) {
  using std::chrono::nanoseconds;
  if (!is_share(policy.max_error_rate)) {
    return senseless("max_error_rate", "must be a share from 0 to 1");
  }
  if (policy.max_error_rate_increase && !is_share(*policy.max_error_rate_increase)) {
    return senseless("max_error_rate_increase", "must be a share from 0 to 1");
  }
  if (!(policy.latency_percentile > 0 && policy.latency_percentile <= 100)) {
    return senseless("latency_percentile", "must be above 0 and at most 100");
  }
  if (policy.max_latency && *policy.max_latency <= nanoseconds(0)) {
    return senseless("max_latency", "must be longer than nothing");
  }
  if (policy.max_latency_ratio &&
      !(std::isfinite(*policy.max_latency_ratio) && *policy.max_latency_ratio > 0)) {
    return senseless("max_latency_ratio", "must be above 0");
  }
  if (policy.window <= nanoseconds(0)) return senseless("window", "must be longer than nothing");
  if (policy.bake_time < policy.window) {
    return senseless("bake_time", "must hold a window at least");
  }
  if (policy.bake_time > std::chrono::years(1)) {
    return senseless("bake_time", "must be a year at most");
  }
  if (policy.min_samples == 0) return senseless("min_samples", "must be 1 at least");
  if (policy.consecutive_breaches == 0) {
    return senseless("consecutive_breaches", "must be 1 at least");
  }
  const auto windows = (policy.bake_time - nanoseconds(1)) / policy.window + 1;
  if (policy.consecutive_breaches > windows) {
    return senseless("consecutive_breaches",
                     "are more than the windows that fit into the bake time");
  }
  return {};
}

SloVerdict judge(const SloPolicy& policy, const HealthFigures& window,
                 const HealthFigures& before) {
  SloVerdict verdict;
  verdict.samples = window.count();
  verdict.failed = window.failed();
  if (verdict.samples < policy.min_samples) {
    verdict.detail = std::to_string(verdict.samples) + " outcomes, " +
                     std::to_string(policy.min_samples) + " are needed";
    return verdict;
  }
  Sentence sentence;
  judge_errors(policy, window, before, sentence);
  judge_latency(policy, window, before, sentence);
  verdict.kind = sentence.is_breached() ? SloVerdict::Kind::breached : SloVerdict::Kind::met;
  verdict.detail = std::to_string(verdict.samples) + " outcomes: " + sentence.text();
  return verdict;
}

}  // namespace knhk::promotion
