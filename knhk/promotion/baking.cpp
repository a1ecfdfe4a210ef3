#include "knhk/promotion/baking.hpp"

#include <memory>
#include <utility>

namespace knhk::promotion {

Result<std::unique_ptr<Baking>> Baking::make(const Health& health, const SloPolicy& policy,
                                             const Clock& clock) {
  if (Status sensible = check(policy); !sensible) return forward_error(std::move(sensible));
  return std::unique_ptr<Baking>(new Baking(health, policy, clock));
}

void Baking::follow(const PromotionReport& report, bool has_proved_itself) {
  const bool is_trial = !report.snapshot.is_zero() && !has_proved_itself;
  HealthFigures before;
  if (is_trial) before = health_.figures(report.previous_epoch);
  const std::scoped_lock lock(mutex_);
  if (newest_ >= report.generation) return;
  newest_ = report.generation;
  end_locked();
  if (!is_trial) return;
  Look now;
  now.snapshot = report.snapshot;
  now.manifest = report.manifest;
  now.epoch = report.epoch;
  now.generation = report.generation;
  now.promotion = report.trace;
  trial_.emplace(Trial{std::move(now), Bake(policy_, clock_.steady_now(), std::move(before))});
}

void Baking::resume(std::uint64_t generation, const hot_path::Published& back) {
  const std::scoped_lock lock(mutex_);
  if (!trial_ || trial_->now.generation != generation) return;
  Look now = trial_->now;
  end_locked();
  newest_ = back.generation;
  now.epoch = back.epoch;
  now.generation = back.generation;
  now.state = Bake::State::baking;
  now.outcomes = 0;
  now.failed = 0;
  trial_.emplace(Trial{std::move(now), Bake(policy_, clock_.steady_now(), {})});
}

void Baking::end(std::uint64_t generation) {
  const std::scoped_lock lock(mutex_);
  if (trial_ && trial_->now.generation == generation) end_locked();
}

void Baking::keep(Unfinished unfinished) {
  const std::scoped_lock lock(mutex_);
  unfinished_ = std::move(unfinished);
}

std::optional<Baking::Unfinished> Baking::take_unfinished() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(unfinished_, std::nullopt);
}

void Baking::end_locked() {
  if (!trial_) return;
  outcomes_[0] += trial_->now.outcomes - trial_->now.failed;
  outcomes_[1] += trial_->now.failed;
  trial_.reset();
}

std::optional<Baking::Look> Baking::look() {
  const std::scoped_lock lock(mutex_);
  if (!trial_) return std::nullopt;
  Look& now = trial_->now;
  const auto time = clock_.steady_now();
  const HealthFigures so_far = health_.figures(now.epoch);
  now.outcomes = so_far.count();
  now.failed = so_far.failed();
  now.verdict = trial_->bake.look(time, so_far);
  now.state = trial_->bake.state();
  if (now.verdict) {
    now.last_verdict = now.verdict;
    ++verdicts_[static_cast<std::size_t>(now.verdict->kind)];
  }
  return now;
}

void Baking::collect(const std::string& channel, std::vector<telemetry::Metric>& metrics) const {
  using telemetry::MetricKind;
  const std::scoped_lock lock(mutex_);
  std::array<std::uint64_t, 2> outcomes = outcomes_;
  if (trial_) {
    outcomes[0] += trial_->now.outcomes - trial_->now.failed;
    outcomes[1] += trial_->now.failed;
  }
  telemetry::Metric health{"knhk.health.outcomes",
                           "Uses of snapshots on trial, as readers recorded",
                           "{outcome}",
                           MetricKind::counter,
                           {}};
  constexpr std::array<const char*, 2> kOutcomes{"succeeded", "failed"};
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    health.points.push_back(
        {{{"knhk.channel", channel}, {"knhk.outcome", kOutcomes[i]}}, outcomes[i]});
  }
  telemetry::Metric verdicts{"knhk.slo.verdicts",
                             "Windows of bakes that were judged",
                             "{verdict}",
                             MetricKind::counter,
                             {}};
  for (const auto kind :
       {SloVerdict::Kind::met, SloVerdict::Kind::breached, SloVerdict::Kind::inconclusive}) {
    verdicts.points.push_back(
        {{{"knhk.channel", channel}, {"knhk.verdict", std::string(name(kind))}},
         verdicts_[static_cast<std::size_t>(kind)]});
  }
  metrics.push_back(std::move(health));
  metrics.push_back(std::move(verdicts));
}

}  // namespace knhk::promotion
