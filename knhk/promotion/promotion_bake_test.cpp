#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "knhk/promotion/testing/pipeline_fixture.hpp"
#include "knhk/store/last_known_good.hpp"

namespace knhk::promotion {
namespace {

using namespace std::chrono_literals;
using testing::id_of;
using testing::must;
using testing::PipelineTest;

/// A pipeline whose promotions are on trial: two windows of 10 s, one breach is enough.
class Bakery : public PipelineTest {
 protected:
  static SloPolicy policy() {
    SloPolicy policy;
    policy.window = 10s;
    policy.bake_time = 20s;
    policy.min_samples = 10;
    policy.consecutive_breaches = 1;
    return policy;
  }
  [[nodiscard]] PipelineOptions watched() {
    PipelineOptions with = options();
    with.baking = baking.get();
    with.traces = &traces;
    with.lock_patience = 0ms;
    return with;
  }
  PromotionReport put_on_trial(std::string_view text) {
    admit(text);
    return must(pipeline(watched()).promote_snapshot(id_of(text)));
  }
  /// A window passes in which `count` readers' uses go well or don't.
  std::optional<BakeReport> after_a_window(Outcome outcome, int count = 10) {
    for (int i = 0; i < count; ++i) reader.record(path.published().epoch, outcome);
    maker.clock.advance(10s);
    return must(pipeline(watched()).tend_bake());
  }
  void graduate(std::string_view text) {
    put_on_trial(text);
    after_a_window(Outcome::succeeded);
    ASSERT_EQ(after_a_window(Outcome::succeeded)->look.state, Bake::State::graduated);
  }
  [[nodiscard]] std::optional<std::string> quarantine_of(std::string_view text) const {
    return must(store::Quarantine(store).find(id_of(text)));
  }

  Health health;
  HealthReader reader{health};
  telemetry::BoundedQueue<telemetry::Record> traces{256};
  std::unique_ptr<Baking> baking = must(Baking::make(health, policy(), maker.clock));
};

TEST_F(Bakery, rolls_back_by_itself_what_the_policy_forbids_and_says_why_with_the_figures) {
  admit_and_promote("good");
  const PromotionReport bad = put_on_trial("bad");
  const auto step = after_a_window(Outcome::failed, 25);
  ASSERT_TRUE(step && step->rollback);
  EXPECT_EQ(step->look.state, Bake::State::rejected);
  EXPECT_EQ(step->look.outcomes, 25U);
  EXPECT_EQ(step->rollback->snapshot, id_of("good"));
  EXPECT_EQ(path.current_id(), id_of("good"));
  const std::string why =
      "SLO violated in epoch 2: 25 outcomes: error rate 100 % exceeds the objective of 1 %; "
      "25 outcomes served, 25 failed";
  EXPECT_EQ(log().head("main")->reason, why);
  EXPECT_EQ(log().head("main")->action, store::Action::roll_back);
  EXPECT_EQ(quarantine_of("bad"), why);
  const auto next = must(pipeline(watched()).tend_bake());
  ASSERT_TRUE(next);
  EXPECT_EQ(next->look.snapshot, id_of("good")) << "it has not proved itself either";

  const auto records = traces.pop(256, 0s);
  ASSERT_EQ(records.size(), 3U);  // promotion, verdict, rollback
  ASSERT_EQ(records[1].events.size(), 2U);
  EXPECT_EQ(records[1].events[0].name, "knhk.slo.breached");
  EXPECT_EQ(records[1].events[0].span, bad.trace);
  EXPECT_EQ(records[1].events[1].name, "knhk.bake.rejected");
  EXPECT_EQ(records[1].events[1].body, why);
  EXPECT_EQ(records[2].spans[0].name, "knhk.rollback");
  EXPECT_EQ(records[2].spans[0].links, std::vector{bad.trace});
}

TEST_F(Bakery, keeps_a_rejected_snapshot_in_quarantine_until_a_person_clears_it) {
  admit_and_promote("good");
  put_on_trial("bad");
  ASSERT_TRUE(after_a_window(Outcome::failed)->rollback);
  expect_failure(Errc::quarantined, [&] { return pipeline().promote_snapshot(id_of("bad")); });
  expect_failure(Errc::quarantined, [&] { return pipeline().roll_back({2U, ""}); });
  // Neither another rollback nor a restart ends it.
  admit_and_promote("next");
  must(pipeline().roll_back());
  EXPECT_TRUE(quarantine_of("bad"));
  Path restarted;
  ASSERT_TRUE(must(Pipeline(store, domain, restarted, maker.keys, nullptr, options()).restore()));
  EXPECT_EQ(restarted.current_id(), id_of("good"));
  must(store::Quarantine(store).clear(id_of("bad")).map([] { return 0; }));
  EXPECT_TRUE(pipeline().promote_snapshot(id_of("bad")));
}

TEST_F(Bakery, goes_back_to_the_last_known_good_snapshot_and_passes_over_the_unproven_one) {
  graduate("proven");
  put_on_trial("unproven");
  EXPECT_EQ(after_a_window(Outcome::succeeded, 9)->look.state, Bake::State::baking);
  EXPECT_EQ(after_a_window(Outcome::succeeded, 9)->look.state, Bake::State::inconclusive);
  EXPECT_EQ(path.current_id(), id_of("unproven")) << "nobody can say that it is bad";
  const auto good = must(store::LastKnownGood(store).find("main"));
  EXPECT_EQ(good->snapshot, id_of("proven"));
  put_on_trial("bad");
  EXPECT_EQ(after_a_window(Outcome::failed)->rollback->snapshot, id_of("proven"));
}

TEST_F(Bakery, goes_back_to_what_was_before_when_nothing_has_proved_itself) {
  put_on_trial("bad");
  EXPECT_TRUE(after_a_window(Outcome::failed)->rollback->snapshot.is_zero());
  EXPECT_TRUE(path.current_id().is_zero());
  put_on_trial("unproven");
  put_on_trial("worse");
  EXPECT_EQ(after_a_window(Outcome::failed)->rollback->snapshot, id_of("unproven"));
}

TEST_F(Bakery, compares_with_what_the_epoch_before_recorded) {
  SloPolicy lenient = policy();
  lenient.max_error_rate = 1;
  lenient.max_error_rate_increase = 0.1;
  baking = must(Baking::make(health, lenient, maker.clock));
  put_on_trial("flaky");
  for (int i = 0; i < 10; ++i) reader.record(1, i < 4 ? Outcome::failed : Outcome::succeeded);
  put_on_trial("as flaky");
  for (int i = 0; i < 10; ++i) reader.record(2, i < 5 ? Outcome::failed : Outcome::succeeded);
  EXPECT_EQ(after_a_window(Outcome::succeeded, 0)->look.verdict->kind, SloVerdict::Kind::met);
  put_on_trial("flakier");
  for (int i = 0; i < 10; ++i) reader.record(3, i < 7 ? Outcome::failed : Outcome::succeeded);
  const auto step = after_a_window(Outcome::succeeded, 0);
  EXPECT_EQ(step->look.verdict->kind, SloVerdict::Kind::breached) << step->look.verdict->detail;
  EXPECT_TRUE(step->rollback);
}

TEST_F(Bakery, never_takes_back_what_came_after_the_snapshot_on_trial) {
  admit_and_promote("good");
  put_on_trial("bad");
  for (int i = 0; i < 10; ++i) reader.record(2, Outcome::failed);
  maker.clock.advance(10s);
  // Published by somebody whose pipeline watches nothing.
  admit_and_promote("newer");
  EXPECT_FALSE(must(pipeline(watched()).tend_bake()));
  EXPECT_EQ(path.current_id(), id_of("newer"));
  EXPECT_FALSE(quarantine_of("bad"));
}

TEST_F(Bakery, leaves_the_channel_alone_when_another_process_has_gone_on) {
  admit_and_promote("good");
  put_on_trial("bad");
  Path elsewhere;
  Pipeline other(store, domain, elsewhere, maker.keys, &maker.key, options());
  must(other.admit(note("newer")));
  must(other.promote_snapshot(id_of("newer")));
  const std::size_t entries = log().size();
  const auto step = after_a_window(Outcome::failed);
  ASSERT_TRUE(step);
  EXPECT_EQ(step->look.state, Bake::State::rejected);
  EXPECT_FALSE(step->rollback);
  EXPECT_EQ(log().size(), entries);
  EXPECT_EQ(path.current_id(), id_of("bad"));
  EXPECT_FALSE(must(pipeline(watched()).tend_bake()));
  // But it is known now: the other process won't go back to it.
  EXPECT_TRUE(quarantine_of("bad"));
  must(other.roll_back());
  EXPECT_EQ(elsewhere.current_id(), id_of("good"));
}

TEST_F(Bakery, is_ended_by_a_rollback_that_a_person_asks_for) {
  graduate("good");
  put_on_trial("bad");
  must(pipeline(watched()).roll_back());
  EXPECT_FALSE(after_a_window(Outcome::failed));
  EXPECT_EQ(path.current_id(), id_of("good"));
  EXPECT_FALSE(quarantine_of("bad"));
}

TEST_F(Bakery, puts_on_trial_what_a_rollback_brings_back_unless_it_has_proved_itself) {
  graduate("proven");
  put_on_trial("unproven");
  put_on_trial("withdrawn");
  must(pipeline(watched()).roll_back());
  EXPECT_EQ(path.current_id(), id_of("unproven"));
  EXPECT_EQ(after_a_window(Outcome::failed)->rollback->snapshot, id_of("proven"));
  EXPECT_FALSE(after_a_window(Outcome::failed)) << "it has proved itself";
}

TEST_F(Bakery, tries_a_rollback_again_that_could_not_be_made) {
  const PromotionReport good = admit_and_promote("good");
  put_on_trial("bad");
  const auto lost = blob_file(must(store.manifest(good.manifest)).layers[0].digest);
  const std::filesystem::path away = folder.path() / "away";
  std::filesystem::rename(lost, away);
  for (int i = 0; i < 10; ++i) reader.record(2, Outcome::failed);
  maker.clock.advance(10s);
  const auto failed = pipeline(watched()).tend_bake();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Errc::blob_missing);
  EXPECT_EQ(path.current_id(), id_of("bad"));
  std::filesystem::rename(away, lost);
  const auto step = must(pipeline(watched()).tend_bake());
  ASSERT_TRUE(step && step->rollback);
  EXPECT_EQ(path.current_id(), id_of("good"));
  EXPECT_NE(log().head("main")->reason.find("exceeds"), std::string::npos);
}

TEST_F(Bakery, reaches_readers_and_quarantine_at_once_and_the_log_as_soon_as_it_can_be_written) {
  graduate("good");
  put_on_trial("bad");
  {
    const auto held = must(store.lock());
    const auto step = after_a_window(Outcome::failed);
    ASSERT_TRUE(step && step->rollback);
    EXPECT_EQ(step->rollback->not_recorded->code, Errc::rollback_not_recorded);
    EXPECT_EQ(path.current_id(), id_of("good"));
    EXPECT_TRUE(quarantine_of("bad"));
    EXPECT_FALSE(must(pipeline(watched()).tend_bake()));
    EXPECT_EQ(log().head("main")->snapshot, id_of("bad"));
  }
  EXPECT_FALSE(must(pipeline(watched()).tend_bake()));
  EXPECT_EQ(log().head("main")->snapshot, id_of("good"));
  EXPECT_EQ(log().head("main")->epoch, path.published().epoch);
  EXPECT_NE(log().head("main")->reason.find("exceeds"), std::string::npos);
  const std::size_t entries = log().size();
  EXPECT_FALSE(must(pipeline(watched()).tend_bake()));
  EXPECT_EQ(log().size(), entries) << "once is enough";
  EXPECT_TRUE(quarantine_of("bad"));
}

TEST_F(Bakery, never_shows_readers_an_epoch_twice_although_the_log_lacks_one) {
  admit_and_promote("good");
  put_on_trial("bad");
  {
    const auto held = must(store.lock());
    ASSERT_TRUE(after_a_window(Outcome::failed)->rollback->not_recorded);
    EXPECT_EQ(path.published().epoch, 3U);
  }
  for (int i = 0; i < 7; ++i) reader.record(3, Outcome::succeeded);
  const PromotionReport next = put_on_trial("worse");
  EXPECT_EQ(next.epoch, 4U);
  EXPECT_EQ(health.figures(next.epoch).count(), 0U);
  EXPECT_TRUE(after_a_window(Outcome::failed)->rollback);
  EXPECT_EQ(path.current_id(), id_of("good"));
}

TEST_F(Bakery, takes_back_what_was_on_trial_and_not_what_the_log_ends_with) {
  admit_and_promote("older");
  admit_and_promote("good");
  put_on_trial("bad");
  {
    const auto held = must(store.lock());
    ASSERT_TRUE(after_a_window(Outcome::failed)->rollback->not_recorded);
  }
  // A restart passes over the bad one, with which the log still ends.
  Path restarted;
  baking = must(Baking::make(health, policy(), maker.clock));
  Pipeline again(store, domain, restarted, maker.keys, &maker.key, watched());
  ASSERT_TRUE(must(again.restore()));
  ASSERT_EQ(restarted.current_id(), id_of("good"));
  for (int i = 0; i < 100; ++i) reader.record(restarted.published().epoch, Outcome::failed);
  maker.clock.advance(10s);
  const auto step = must(again.tend_bake());
  ASSERT_TRUE(step && step->rollback);
  EXPECT_EQ(step->look.snapshot, id_of("good"));
  EXPECT_EQ(restarted.current_id(), id_of("older"));
  EXPECT_TRUE(quarantine_of("good"));
}

TEST_F(Bakery, goes_back_to_no_other_admission_of_the_same_snapshot) {
  admit_and_promote("good");
  admit_and_promote("bad");
  domain.version = "note/2";
  put_on_trial("bad");
  EXPECT_EQ(after_a_window(Outcome::failed)->rollback->snapshot, id_of("good"));
}

TEST_F(Bakery, goes_on_trial_again_when_a_promotion_after_it_was_taken_back) {
  admit_and_promote("good");
  put_on_trial("bad");
  admit("liar");
  std::shared_ptr<const testing::Note> loaded;
  domain.last_loaded = &loaded;
  const testing::CallingClock clock([&] {
    if (loaded && path.current_id() == id_of("liar")) loaded->lie();
  });
  PipelineOptions with = watched();
  with.clock = &clock;
  ASSERT_FALSE(pipeline(with).promote_snapshot(id_of("liar")));
  domain.last_loaded = nullptr;
  ASSERT_EQ(path.current_id(), id_of("bad"));
  const auto step = after_a_window(Outcome::failed);
  ASSERT_TRUE(step && step->rollback);
  EXPECT_EQ(path.current_id(), id_of("good"));
}

TEST_F(Bakery, goes_further_back_where_the_last_known_good_snapshot_cannot_be_loaded) {
  graduate("proven");
  const auto good = must(store::LastKnownGood(store).find("main"));
  put_on_trial("unproven");
  put_on_trial("bad");
  std::filesystem::remove(blob_file(must(store.manifest(good->manifest)).layers[0].digest));
  EXPECT_EQ(after_a_window(Outcome::failed)->rollback->snapshot, id_of("unproven"));
}

TEST_F(Bakery, says_that_the_quarantine_could_not_be_kept_and_keeps_it_as_soon_as_it_can) {
  graduate("good");
  put_on_trial("bad");
  std::ofstream(store.path() / "quarantine") << "a file where the folder should be";
  const auto step = after_a_window(Outcome::failed);
  ASSERT_TRUE(step && step->rollback);
  EXPECT_TRUE(step->not_quarantined);
  std::filesystem::remove(store.path() / "quarantine");
  EXPECT_FALSE(must(pipeline(watched()).tend_bake()));
  EXPECT_TRUE(quarantine_of("bad"));
  expect_failure(Errc::quarantined, [&] { return pipeline().promote_snapshot(id_of("bad")); });
}

TEST_F(Bakery, is_begun_by_no_pipeline_that_could_not_roll_back) {
  admit_and_promote("one");
  Path restarted;
  Pipeline reading(store, domain, restarted, maker.keys, nullptr, watched());
  ASSERT_TRUE(must(reading.restore()));
  EXPECT_FALSE(baking->look());
}

TEST_F(Bakery, follows_changes_in_the_order_in_which_readers_saw_them) {
  admit_and_promote("good");
  const PromotionReport first = put_on_trial("first");
  const PromotionReport second = put_on_trial("second");
  baking->follow(first, false);
  EXPECT_EQ(baking->look()->snapshot, id_of("second"));
  baking->end(first.generation);
  EXPECT_TRUE(baking->look());
  baking->end(second.generation);
  EXPECT_FALSE(baking->look());
}

TEST_F(Bakery, puts_on_trial_again_at_a_restart_what_had_not_proved_itself) {
  graduate("proven");
  {
    Path restarted;
    Pipeline after(store, domain, restarted, maker.keys, &maker.key, watched());
    baking = must(Baking::make(health, policy(), maker.clock));
    Pipeline again(store, domain, restarted, maker.keys, &maker.key, watched());
    ASSERT_TRUE(must(again.restore()));
    EXPECT_FALSE(baking->look()) << "it has proved itself";
  }
  put_on_trial("unproven");
  Path restarted;
  baking = must(Baking::make(health, policy(), maker.clock));
  Pipeline again(store, domain, restarted, maker.keys, &maker.key, watched());
  ASSERT_TRUE(must(again.restore()));
  for (int i = 0; i < 10; ++i) reader.record(2, Outcome::failed);
  maker.clock.advance(10s);
  EXPECT_EQ(must(again.tend_bake())->rollback->snapshot, id_of("proven"));
  EXPECT_EQ(restarted.current_id(), id_of("proven"));
}

TEST_F(Bakery, goes_back_to_no_last_known_good_snapshot_that_the_channel_has_left_behind) {
  admit_and_promote("older");
  graduate("proven");
  must(pipeline(watched()).roll_back());
  ASSERT_EQ(path.current_id(), id_of("older"));
  put_on_trial("bad");
  EXPECT_EQ(after_a_window(Outcome::failed)->rollback->snapshot, id_of("older"));
}

TEST_F(Bakery, goes_back_to_no_last_known_good_snapshot_in_quarantine) {
  admit_and_promote("older");
  graduate("proven");
  put_on_trial("bad");
  must(store::Quarantine(store).add(id_of("proven"), "a person says so").map([] { return 0; }));
  EXPECT_EQ(after_a_window(Outcome::failed)->rollback->snapshot, id_of("older"));
}

TEST_F(Bakery, is_over_when_it_is_decided) {
  put_on_trial("silent");
  after_a_window(Outcome::succeeded, 0);
  ASSERT_EQ(after_a_window(Outcome::succeeded, 0)->look.state, Bake::State::inconclusive);
  EXPECT_FALSE(after_a_window(Outcome::failed));
  graduate("proven");
  EXPECT_FALSE(after_a_window(Outcome::failed));
  EXPECT_EQ(path.current_id(), id_of("proven"));
}

TEST_F(Bakery, leaves_a_later_last_known_good_snapshot_of_another_process_in_its_place) {
  const store::LastKnownGood good(store);
  const store::LastKnownGood::Item later{id_of("later"), crypto::sha256("later"), 99};
  must(good.set("main", later).map([] { return 0; }));
  graduate("earlier");
  EXPECT_EQ(must(good.find("main")), later);
}

TEST_F(Bakery, tries_again_to_write_down_what_proved_itself) {
  put_on_trial("proven");
  after_a_window(Outcome::succeeded);
  std::ofstream(store.path() / "last-known-good") << "a file where the folder should be";
  for (int i = 0; i < 10; ++i) reader.record(1, Outcome::succeeded);
  maker.clock.advance(10s);
  EXPECT_FALSE(pipeline(watched()).tend_bake());
  std::filesystem::remove(store.path() / "last-known-good");
  EXPECT_EQ(must(pipeline(watched()).tend_bake())->look.state, Bake::State::graduated);
  EXPECT_EQ(must(store::LastKnownGood(store).find("main"))->snapshot, id_of("proven"));
}

TEST_F(Bakery, survives_a_damaged_note_of_what_was_good) {
  graduate("proven");
  put_on_trial("unproven");
  put_on_trial("bad");
  std::ofstream(store.path() / "last-known-good" / "main") << "rubbish";
  EXPECT_EQ(after_a_window(Outcome::failed)->rollback->snapshot, id_of("unproven"));
}

TEST_F(Bakery, counts_verdicts_and_outcomes_for_exporters) {
  admit_and_promote("good");
  put_on_trial("bad");
  after_a_window(Outcome::succeeded, 3);
  after_a_window(Outcome::failed, 12);
  std::vector<telemetry::Metric> metrics;
  baking->collect("main", metrics);
  ASSERT_EQ(metrics.size(), 2U);
  EXPECT_EQ(metrics[0].name, "knhk.health.outcomes");
  EXPECT_EQ(std::get<std::uint64_t>(metrics[0].points[0].value), 3U);
  EXPECT_EQ(std::get<std::uint64_t>(metrics[0].points[1].value), 12U);
  EXPECT_EQ(metrics[1].name, "knhk.slo.verdicts");
  for (const auto& [point, count] : {std::pair{0U, 0U}, {1U, 1U}, {2U, 1U}}) {
    EXPECT_EQ(std::get<std::uint64_t>(metrics[1].points[point].value), count);
  }
}

TEST_F(Bakery, is_tended_by_a_thread_until_that_is_told_to_stop) {
  admit_and_promote("good");
  put_on_trial("bad");
  for (int i = 0; i < 10; ++i) reader.record(2, Outcome::failed);
  maker.clock.advance(10s);
  std::mutex mutex;
  std::condition_variable told;
  std::optional<BakeReport> seen;
  Pipeline tended = pipeline(watched());
  std::jthread thread([&](const std::stop_token& stop) {
    tended.tend_bakes(stop, 1h, [&](const Result<std::optional<BakeReport>>& result) {
      const std::scoped_lock lock(mutex);
      seen = must(result);
      told.notify_all();
    });
  });
  {
    std::unique_lock lock(mutex);
    told.wait(lock, [&] { return seen.has_value(); });
  }
  thread.request_stop();
  thread.join();  // does not wait for the hour
  EXPECT_EQ(seen->rollback->snapshot, id_of("good"));
}

TEST(BakingTest, refuses_a_policy_that_makes_no_sense) {
  const Health health;
  SloPolicy policy;
  policy.window = 0s;
  const auto baking = Baking::make(health, policy);
  ASSERT_FALSE(baking);
  EXPECT_EQ(baking.error().code, Errc::usage);
}

}  // namespace
}  // namespace knhk::promotion
