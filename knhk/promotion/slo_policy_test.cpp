#include "knhk/promotion/slo_policy.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "knhk/promotion/bake.hpp"

namespace knhk::promotion {
namespace {

using namespace std::chrono_literals;
using Kind = SloVerdict::Kind;

HealthFigures figures(std::uint64_t good, std::uint64_t bad, std::uint64_t latency_ns = 1000) {
  HealthFigures made;
  made.add(HealthFigures::cell_of(Outcome::succeeded, latency_ns), good);
  made.add(HealthFigures::cell_of(Outcome::failed, latency_ns), bad);
  return made;
}

TEST(SloPolicy, judges_the_error_rate_against_the_objective_and_allows_the_limit_itself) {
  SloPolicy policy;
  policy.max_error_rate = 0.01;
  EXPECT_EQ(judge(policy, figures(9900, 100), {}).kind, Kind::met);
  const SloVerdict over = judge(policy, figures(9899, 101), {});
  EXPECT_EQ(over.kind, Kind::breached);
  EXPECT_EQ(over.detail, "10000 outcomes: error rate 1.01 % exceeds the objective of 1 %");
  EXPECT_EQ(over.samples, 10'000U);
  EXPECT_EQ(over.failed, 101U);
}

TEST(SloPolicy, finds_a_window_with_too_few_samples_inconclusive_however_bad_it_is) {
  SloPolicy policy;
  policy.min_samples = 100;
  const SloVerdict verdict = judge(policy, figures(0, 99), {});
  EXPECT_EQ(verdict.kind, Kind::inconclusive);
  EXPECT_EQ(verdict.detail, "99 outcomes, 100 are needed");
  EXPECT_EQ(judge(policy, figures(0, 100), {}).kind, Kind::breached);
}

TEST(SloPolicy, compares_the_error_rate_with_the_epoch_before_where_that_has_samples_enough) {
  SloPolicy policy;
  policy.max_error_rate = 0.5;
  policy.max_error_rate_increase = 0.005;
  EXPECT_EQ(judge(policy, figures(988, 12), figures(993, 7)).kind, Kind::met);
  const SloVerdict worse = judge(policy, figures(980, 20), figures(993, 7));
  EXPECT_EQ(worse.kind, Kind::breached);
  EXPECT_NE(worse.detail.find("the same exceeds 1.2 % (0.7 % in the epoch before)"),
            std::string::npos)
      << worse.detail;
  EXPECT_EQ(judge(policy, figures(980, 20), figures(99, 0)).kind, Kind::met);
}

TEST(SloPolicy, judges_a_percentile_of_the_latency_against_objective_and_epoch_before) {
  SloPolicy policy;
  policy.max_latency = 100us;
  HealthFigures slow = figures(985, 0, 1000);
  slow.add(HealthFigures::cell_of(Outcome::succeeded, 1'000'000), 15);
  const SloVerdict over = judge(policy, slow, {});
  EXPECT_EQ(over.kind, Kind::breached);
  EXPECT_NE(over.detail.find("p99 1.02 ms exceeds the objective of 100 us"), std::string::npos)
      << over.detail;
  policy.latency_percentile = 98;
  EXPECT_EQ(judge(policy, slow, {}).kind, Kind::met);
  const HealthFigures all_equal = figures(1000, 0, 1000);
  policy.max_latency = std::chrono::nanoseconds(all_equal.latency_ns(99));
  EXPECT_EQ(judge(policy, all_equal, {}).kind, Kind::met);
  *policy.max_latency -= 1ns;
  EXPECT_EQ(judge(policy, all_equal, {}).kind, Kind::breached);
  policy.max_latency.reset();
  policy.max_latency_ratio = 1.5;
  EXPECT_EQ(judge(policy, figures(1000, 0, 1400), figures(1000, 0, 1000)).kind, Kind::met);
  EXPECT_EQ(judge(policy, figures(1000, 0, 1600), figures(1000, 0, 1000)).kind, Kind::breached);
  EXPECT_EQ(judge(policy, figures(1000, 0, 1600), figures(99, 0, 1000)).kind, Kind::met);
}

TEST(SloPolicy, takes_nothing_for_exceeded_that_only_rounding_puts_above_a_limit) {
  SloPolicy policy;
  policy.max_error_rate = 1;
  policy.max_error_rate_increase = 0.01;
  EXPECT_EQ(judge(policy, figures(93, 7), figures(94, 6)).kind, Kind::met);
  EXPECT_EQ(judge(policy, figures(92, 8), figures(94, 6)).kind, Kind::breached);
  policy = {};
  policy.latency_percentile = 99.9;
  policy.max_latency = 1ms;
  HealthFigures one_slow = figures(999, 0, 1000);
  one_slow.add(HealthFigures::cell_of(Outcome::succeeded, 1'000'000'000), 1);
  EXPECT_EQ(judge(policy, one_slow, {}).kind, Kind::met);
  one_slow.add(HealthFigures::cell_of(Outcome::succeeded, 1'000'000'000), 1);
  EXPECT_EQ(judge(policy, one_slow, {}).kind, Kind::breached);
}

TEST(SloPolicy, judges_no_latency_that_too_few_outcomes_have) {
  SloPolicy policy;
  policy.max_latency = 1us;
  HealthFigures window = figures(99, 0, 1'000'000);
  window.add(HealthFigures::cell_of(Outcome::succeeded), 1000);
  EXPECT_EQ(judge(policy, window, {}).kind, Kind::met);
  window.add(HealthFigures::cell_of(Outcome::succeeded, 1'000'000), 1);
  EXPECT_EQ(judge(policy, window, {}).kind, Kind::breached);
}

TEST(SloPolicy, is_refused_where_it_makes_no_sense) {
  EXPECT_TRUE(check(SloPolicy{}));
  const auto refused = [](auto member, auto value) {
    SloPolicy policy;
    policy.*member = value;
    const Status status = check(policy);
    return !status && status.error().code == Errc::usage;
  };
  const double no_number = std::numeric_limits<double>::quiet_NaN();
  for (const double wrong : {-0.1, 1.1, no_number}) {
    EXPECT_TRUE(refused(&SloPolicy::max_error_rate, wrong)) << wrong;
    EXPECT_TRUE(refused(&SloPolicy::max_error_rate_increase, std::optional(wrong))) << wrong;
  }
  for (const double wrong : {0.0, 100.1, no_number}) {
    EXPECT_TRUE(refused(&SloPolicy::latency_percentile, wrong)) << wrong;
  }
  for (const double wrong : {0.0, -1.0, no_number, std::numeric_limits<double>::infinity()}) {
    EXPECT_TRUE(refused(&SloPolicy::max_latency_ratio, std::optional(wrong))) << wrong;
  }
  EXPECT_TRUE(refused(&SloPolicy::max_latency, std::optional<std::chrono::nanoseconds>(0ns)));
  EXPECT_TRUE(refused(&SloPolicy::window, 0ns));
  EXPECT_TRUE(refused(&SloPolicy::bake_time, std::chrono::nanoseconds(9s)));
  EXPECT_TRUE(refused(&SloPolicy::bake_time, std::chrono::nanoseconds(24h * 400)));
  EXPECT_TRUE(refused(&SloPolicy::min_samples, std::uint64_t{0}));
  EXPECT_TRUE(refused(&SloPolicy::consecutive_breaches, 0U));
  EXPECT_TRUE(refused(&SloPolicy::consecutive_breaches, 31U)) << "30 windows of 10 s fit in 5 min";
  EXPECT_FALSE(refused(&SloPolicy::consecutive_breaches, 30U));
}

class BakeTest : public testing::Test {
 protected:
  BakeTest() {
    policy_.window = 10s;
    policy_.bake_time = 30s;
    policy_.consecutive_breaches = 2;
    policy_.min_samples = 10;
  }
  /// Looks at `second` seconds after the start, after so many outcomes more.
  std::optional<Kind> look(Bake& bake, int second, std::uint64_t good, std::uint64_t bad) {
    so_far_ += figures(good, bad);
    const auto verdict = bake.look(Bake::Time(std::chrono::seconds(second)), so_far_);
    if (!verdict) return std::nullopt;
    return verdict->kind;
  }
  [[nodiscard]] Bake bake() const { return {policy_, Bake::Time(), {}}; }

  SloPolicy policy_;
  HealthFigures so_far_;
};

TEST_F(BakeTest, rejects_after_so_many_breaches_in_a_row) {
  Bake baked = bake();
  EXPECT_EQ(look(baked, 5, 50, 50), std::nullopt);
  EXPECT_EQ(look(baked, 10, 0, 0), Kind::breached);
  EXPECT_EQ(baked.state(), Bake::State::baking);
  EXPECT_EQ(look(baked, 20, 50, 50), Kind::breached);
  EXPECT_EQ(baked.state(), Bake::State::rejected);
  EXPECT_EQ(look(baked, 30, 50, 0), std::nullopt) << "it is decided";
  EXPECT_EQ(baked.state(), Bake::State::rejected);
}

TEST_F(BakeTest, starts_to_count_anew_after_a_window_that_met_the_objectives) {
  Bake baked = bake();
  EXPECT_EQ(look(baked, 10, 0, 50), Kind::breached);
  EXPECT_EQ(look(baked, 20, 50, 0), Kind::met);
  EXPECT_EQ(look(baked, 30, 0, 50), Kind::breached);
  EXPECT_EQ(baked.state(), Bake::State::inconclusive) << "it ended in the middle of a breach";
}

TEST_F(BakeTest, lets_no_silent_window_speak_for_or_against) {
  Bake baked = bake();
  EXPECT_EQ(look(baked, 10, 0, 50), Kind::breached);
  EXPECT_EQ(look(baked, 20, 9, 0), Kind::inconclusive);
  EXPECT_EQ(look(baked, 30, 0, 50), Kind::breached);
  EXPECT_EQ(baked.state(), Bake::State::rejected);
  so_far_ = {};
  Bake silent = bake();
  for (const int second : {10, 20, 30}) EXPECT_EQ(look(silent, second, 9, 0), Kind::inconclusive);
  EXPECT_EQ(silent.state(), Bake::State::inconclusive);
}

TEST_F(BakeTest, graduates_what_met_the_objectives_to_the_end) {
  Bake baked = bake();
  EXPECT_EQ(look(baked, 10, 50, 0), Kind::met);
  EXPECT_EQ(look(baked, 20, 3, 0), Kind::inconclusive);
  EXPECT_EQ(baked.state(), Bake::State::baking);
  EXPECT_EQ(look(baked, 30, 3, 0), Kind::inconclusive);
  EXPECT_EQ(baked.state(), Bake::State::graduated);
}

TEST_F(BakeTest, makes_the_window_longer_when_a_look_comes_late) {
  Bake baked = bake();
  EXPECT_EQ(look(baked, 17, 0, 50), Kind::breached);
  EXPECT_EQ(look(baked, 19, 50, 0), std::nullopt);
  EXPECT_EQ(look(baked, 20, 0, 0), Kind::met);
  EXPECT_EQ(look(baked, 1000, 0, 50), Kind::breached);
  EXPECT_EQ(baked.state(), Bake::State::inconclusive);
}

}  // namespace
}  // namespace knhk::promotion
