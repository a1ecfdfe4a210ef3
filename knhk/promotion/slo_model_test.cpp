// Random histories of health against a model of the policy that is as simple as can be: it keeps
// every outcome, sorts what it needs sorted, and knows nothing of counters, banks or buckets but
// how latencies are rounded.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "knhk/promotion/baking.hpp"
#include "knhk/promotion/testing/pipeline_fixture.hpp"
#include "knhk/store/last_known_good.hpp"

namespace knhk::promotion {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using testing::id_of;
using testing::must;
using testing::PipelineTest;

struct Use {
  nanoseconds at{0};  ///< since the promotion
  bool failed = false;
  std::optional<std::uint64_t> latency_ns;
};

/// Four leading binary digits, and half of what they stand for.
std::uint64_t rounded(std::uint64_t latency) {
  std::uint64_t unit = 1;
  while (latency / unit >= 16) unit *= 2;
  return latency / unit * unit + unit / 2;
}

std::uint64_t percentile(const std::vector<Use>& uses, double percent) {
  std::vector<std::uint64_t> latencies;
  for (const Use& use : uses) {
    if (use.latency_ns) latencies.push_back(*use.latency_ns);
  }
  std::sort(latencies.begin(), latencies.end());
  const auto rank =
      (static_cast<std::size_t>(std::llround(percent * 10)) * latencies.size() + 999) / 1000;
  return rounded(latencies[std::max<std::size_t>(rank, 1) - 1]);
}

std::size_t timed(const std::vector<Use>& uses) {
  return static_cast<std::size_t>(std::count_if(
      uses.begin(), uses.end(), [](const Use& use) { return use.latency_ns.has_value(); }));
}

double error_rate(const std::vector<Use>& uses) {
  const auto failed =
      std::count_if(uses.begin(), uses.end(), [](const Use& use) { return use.failed; });
  return static_cast<double>(failed) / static_cast<double>(uses.size());
}

/// 'm'et, 'b'reached or 'i'nconclusive.
char model_of_judge(const SloPolicy& policy, const std::vector<Use>& window,
                    const std::vector<Use>& before) {
  if (window.size() < policy.min_samples) return 'i';
  if (error_rate(window) > policy.max_error_rate) return 'b';
  if (policy.max_error_rate_increase && before.size() >= policy.min_samples &&
      error_rate(window) - error_rate(before) - *policy.max_error_rate_increase > 1e-9) {
    return 'b';
  }
  if (timed(window) < policy.min_samples) return 'm';
  const std::uint64_t latency = percentile(window, policy.latency_percentile);
  if (policy.max_latency && latency > static_cast<std::uint64_t>(policy.max_latency->count())) {
    return 'b';
  }
  if (policy.max_latency_ratio && timed(before) >= policy.min_samples &&
      static_cast<double>(latency) >
          static_cast<double>(percentile(before, policy.latency_percentile)) *
              *policy.max_latency_ratio) {
    return 'b';
  }
  return 'm';
}

struct History {
  SloPolicy policy;
  std::vector<Use> before;
  std::vector<Use> uses;           ///< of the snapshot on trial, by time
  std::vector<nanoseconds> looks;  ///< ascending
};

struct Course {
  std::string windows;  ///< a letter each
  Bake::State state = Bake::State::baking;
};

Course model_of_bake(const History& history) {
  const SloPolicy& policy = history.policy;
  Course course;
  std::int64_t closed = 0;
  nanoseconds since{-1};
  for (const nanoseconds look : history.looks) {
    const std::int64_t over = look / policy.window;
    if (over == closed) continue;
    std::vector<Use> window;
    for (const Use& use : history.uses) {
      if (use.at > since && use.at <= look) window.push_back(use);
    }
    since = look;
    closed = over;
    course.windows += model_of_judge(policy, window, history.before);
    std::string conclusive = course.windows;
    std::erase(conclusive, 'i');
    const std::string wrong(policy.consecutive_breaches, 'b');
    if (conclusive.ends_with(wrong)) {
      course.state = Bake::State::rejected;
      return course;
    }
    if (look >= policy.bake_time) {
      course.state = conclusive.ends_with('m') ? Bake::State::graduated : Bake::State::inconclusive;
      return course;
    }
  }
  return course;
}

/// A policy and a history that comes near to its limits.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}

  History history() {
    History made;
    made.policy = policy();
    const double quality = real(0, 3);  // how near the error rate comes to the objective
    made.before = uses(made.policy, nanoseconds(0), below(200), real(0, 2));
    const auto end = made.policy.bake_time + made.policy.window * 2;
    // In stretches, so that windows differ.
    for (nanoseconds at{0}; at < end;) {
      const nanoseconds stretch(made.policy.window.count() / 2 + 1);
      const bool is_silent = below(4) == 0;
      const auto some = uses(made.policy, at, is_silent ? below(4) : below(80),
                             below(3) == 0 ? real(0, 3) : quality, stretch);
      made.uses.insert(made.uses.end(), some.begin(), some.end());
      at += stretch;
    }
    std::stable_sort(made.uses.begin(), made.uses.end(),
                     [](const Use& a, const Use& b) { return a.at < b.at; });
    for (nanoseconds at{0}; at < end;) {
      at += nanoseconds(1 + static_cast<std::int64_t>(below(
                                static_cast<std::uint64_t>(made.policy.window.count() * 5 / 4))));
      made.looks.push_back(at);
    }
    return made;
  }
  std::uint64_t below(std::uint64_t end) { return random_() % end; }

 private:
  double real(double from, double to) {
    return std::uniform_real_distribution<double>(from, to)(random_);
  }
  bool flips() { return below(2) == 0; }

  SloPolicy policy() {
    SloPolicy policy;
    policy.max_error_rate = std::array{0.0, 0.05, 0.2, 0.5}[below(4)];
    if (flips()) policy.max_error_rate_increase = std::array{0.0, 0.05, 0.3}[below(3)];
    policy.latency_percentile = std::array{50.0, 90.0, 99.0, 99.9, 100.0}[below(5)];
    if (flips()) policy.max_latency = nanoseconds(500 + below(2000));
    if (flips()) policy.max_latency_ratio = std::array{0.8, 1.0, 1.5, 3.0}[below(4)];
    policy.window = nanoseconds(1000 + static_cast<std::int64_t>(below(1000)));
    policy.bake_time = policy.window * (1 + static_cast<std::int64_t>(below(6))) +
                       nanoseconds(static_cast<std::int64_t>(below(500)));
    policy.min_samples = 1 + below(60);
    const auto windows = static_cast<std::uint64_t>((policy.bake_time - 1ns) / policy.window + 1);
    policy.consecutive_breaches =
        static_cast<unsigned>(1 + below(std::min<std::uint64_t>(windows, 3)));
    return policy;
  }

  std::vector<Use> uses(const SloPolicy& policy, nanoseconds from, std::uint64_t count,
                        double quality, nanoseconds within = 1us) {
    std::vector<Use> made;
    std::lognormal_distribution<double> latency(std::log(600.0 * (0.5 + quality / 2)), 0.6);
    for (std::uint64_t i = 0; i < count; ++i) {
      Use use;
      use.at = from + nanoseconds(1 + static_cast<std::int64_t>(
                                          below(static_cast<std::uint64_t>(within.count()))));
      use.failed = real(0, 1) < policy.max_error_rate * quality;
      if (below(5) != 0) use.latency_ns = static_cast<std::uint64_t>(latency(random_));
      made.push_back(use);
    }
    return made;
  }

  std::mt19937_64 random_;
};

void record(HealthReader& reader, std::uint64_t epoch, const Use& use) {
  const Outcome outcome = use.failed ? Outcome::failed : Outcome::succeeded;
  if (use.latency_ns) {
    reader.record(epoch, outcome, nanoseconds(*use.latency_ns));
  } else {
    reader.record(epoch, outcome);
  }
}

std::string describe(std::uint64_t seed, const Course& expected, const Course& found) {
  return "seed " + std::to_string(seed) + ": the model has " + expected.windows + " " +
         std::string(name(expected.state)) + ", it was " + found.windows + " " +
         std::string(name(found.state));
}

/// Plays `history`: `use_it` records a use, `tend` looks, and says what it saw.
template <class UseIt, class Tend>
Course play(const History& history, ManualClock& clock, const UseIt& use_it, const Tend& tend) {
  Course course;
  nanoseconds now{0};
  auto use = history.uses.begin();
  for (const nanoseconds look : history.looks) {
    for (; use != history.uses.end() && use->at <= look; ++use) use_it(*use);
    clock.advance(look - now);
    now = look;
    tend(course);
    if (course.state != Bake::State::baking) break;
  }
  return course;
}

std::uint64_t first_seed() { return std::random_device{}() % 1'000'000'000U; }

TEST(SloModel, agrees_on_every_window_and_every_decision_of_thousands_of_histories) {
  const std::uint64_t first = first_seed();
  RecordProperty("first_seed", std::to_string(first));
  std::array<std::size_t, 4> states{};
  constexpr std::uint64_t kHistories = 6000;
  for (std::uint64_t seed = first; seed < first + kHistories; ++seed) {
    const History history = Dice(seed).history();
    ASSERT_TRUE(check(history.policy)) << "seed " << seed;
    Health health;
    std::vector<HealthReader> readers;
    for (int i = 0; i < 3; ++i) readers.emplace_back(health);
    for (const Use& use : history.before) record(readers[0], 7, use);
    ManualClock clock;
    const auto baking = must(Baking::make(health, history.policy, clock));
    PromotionReport report;
    report.snapshot = id_of("new");
    report.epoch = 8;
    report.generation = 2;
    report.previous_epoch = 7;
    baking->follow(report, false);
    std::size_t turn = 0;
    const auto use_it = [&](const Use& use) { record(readers[turn++ % readers.size()], 8, use); };
    const Course found = play(history, clock, use_it, [&](Course& course) {
      const auto look = baking->look();
      if (!look) return;
      if (look->verdict) course.windows += name(look->verdict->kind)[0];
      course.state = look->state;
    });
    const Course expected = model_of_bake(history);
    ASSERT_EQ(found.windows, expected.windows) << describe(seed, expected, found);
    ASSERT_EQ(found.state, expected.state) << describe(seed, expected, found);
    ++states[static_cast<std::size_t>(expected.state)];
  }
  // A model that always says the same would agree with anything that does.
  EXPECT_GT(states[static_cast<std::size_t>(Bake::State::rejected)], kHistories / 20);
  EXPECT_GT(states[static_cast<std::size_t>(Bake::State::graduated)], kHistories / 20);
  EXPECT_GT(states[static_cast<std::size_t>(Bake::State::inconclusive)], kHistories / 20);
  EXPECT_EQ(states[static_cast<std::size_t>(Bake::State::baking)], 0U);
}

class SloPipeline : public PipelineTest {};

// No promotion stays that the policy forbids, none is rolled back that it allows.
TEST_F(SloPipeline, does_with_each_promotion_what_the_model_says) {
  const std::uint64_t first = first_seed();
  RecordProperty("first_seed", std::to_string(first));
  constexpr std::uint64_t kHistories = 60;
  std::optional<store::LastKnownGood::Item> known_good;
  std::array<std::size_t, 4> states{};
  Health health;
  std::vector<HealthReader> readers;
  for (int i = 0; i < 2; ++i) readers.emplace_back(health);
  std::map<std::uint64_t, std::vector<Use>> recorded;  // by epoch
  std::size_t turn = 0;
  const auto record_in = [&](std::uint64_t epoch, const Use& use) {
    record(readers[turn++ % readers.size()], epoch, use);
    recorded[epoch].push_back(use);
  };
  admit_and_promote("the first");
  for (std::uint64_t seed = first; seed < first + kHistories; ++seed) {
    History history = Dice(seed).history();
    const auto baking = must(Baking::make(health, history.policy, maker.clock));
    PipelineOptions with = options();
    with.baking = baking.get();
    Pipeline watched = pipeline(with);
    const hot_path::Published before = path.published();
    for (const Use& use : history.before) record_in(before.epoch, use);
    history.before = recorded[before.epoch];  // what it did on trial belongs to it
    const std::string text = "note " + std::to_string(seed);
    admit(text);
    const PromotionReport report = must(watched.promote_snapshot(id_of(text)));
    std::optional<PromotionReport> rollback;
    const auto use_it = [&](const Use& use) { record_in(report.epoch, use); };
    const Course found = play(history, maker.clock, use_it, [&](Course& course) {
      const auto step = must(watched.tend_bake());
      if (!step) return;
      if (step->look.verdict) course.windows += name(step->look.verdict->kind)[0];
      course.state = step->look.state;
      rollback = step->rollback;
    });
    const Course expected = model_of_bake(history);
    ASSERT_EQ(found.windows, expected.windows) << describe(seed, expected, found);
    ++states[static_cast<std::size_t>(expected.state)];
    const bool is_forbidden = expected.state == Bake::State::rejected;
    ASSERT_EQ(path.current_id() != id_of(text), is_forbidden) << describe(seed, expected, found);
    ASSERT_EQ(rollback.has_value(), is_forbidden);
    ASSERT_EQ(must(store::Quarantine(store).find(id_of(text))).has_value(), is_forbidden);
    const SnapshotId expected_after = !is_forbidden ? id_of(text)
                                      : known_good  ? known_good->snapshot
                                                    : before.id;
    ASSERT_EQ(path.current_id(), expected_after) << describe(seed, expected, found);
    if (expected.state == Bake::State::graduated) {
      known_good = {id_of(text), report.manifest, report.epoch};
    }
    ASSERT_EQ(must(store::LastKnownGood(store).find("main")), known_good);
  }
  EXPECT_GT(states[static_cast<std::size_t>(Bake::State::rejected)], 5U);
  EXPECT_GT(states[static_cast<std::size_t>(Bake::State::graduated)], 5U);
}

}  // namespace
}  // namespace knhk::promotion
