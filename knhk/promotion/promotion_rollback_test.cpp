#include <gtest/gtest.h>

#include "knhk/hot_path/reader.hpp"
#include "knhk/promotion/promotion_pipeline.hpp"
#include "knhk/promotion/testing/pipeline_fixture.hpp"

namespace knhk::promotion {
namespace {

using namespace std::chrono_literals;
using testing::id_of;
using testing::must;
using testing::PipelineTest;

class Rollback : public PipelineTest {
 protected:
  PromotionReport roll_back() { return must(pipeline().roll_back({std::nullopt, "too slow"})); }
  PromotionReport roll_back_to(const RollbackTarget& target) {
    return must(pipeline().roll_back({target, "older was better"}));
  }
};
class Restore : public Rollback {};

TEST_F(Rollback, brings_back_what_the_channel_had_before) {
  const PromotionReport first = admit_and_promote("one");
  admit_and_promote("two");
  const PromotionReport report = roll_back();
  EXPECT_EQ(report.action, store::Action::roll_back);
  EXPECT_EQ(report.snapshot, id_of("one"));
  EXPECT_EQ(report.manifest, first.manifest);
  EXPECT_EQ(report.previous, id_of("two"));
  EXPECT_EQ(report.epoch, 3U);
  EXPECT_FALSE(report.not_recorded);
  EXPECT_EQ(path.published().id, id_of("one"));
  EXPECT_EQ(path.published().epoch, 3U);
  const store::VerifiedLog history = log();
  EXPECT_EQ(history.entries()[2].action, store::Action::roll_back);
  EXPECT_EQ(history.entries()[2].reason, "too slow");
  EXPECT_EQ(telemetry.snapshot()[telemetry::Action::rollback].succeeded, 1U);
  EXPECT_FALSE(must(store::Quarantine(store).find(id_of("two")))) << "the log says it now";
}

TEST_F(Rollback, twice_goes_back_two_steps_and_never_forward_again) {
  for (const char* text : {"one", "two", "three"}) admit_and_promote(text);
  EXPECT_EQ(roll_back().snapshot, id_of("two"));
  EXPECT_EQ(roll_back().snapshot, id_of("one"));
  promote("three");
  EXPECT_EQ(roll_back().snapshot, id_of("one"));
}

TEST_F(Rollback, of_the_first_promotion_publishes_that_there_is_no_snapshot) {
  admit_and_promote("one");
  const std::uint64_t generation = path.generation();
  const PromotionReport report = roll_back();
  EXPECT_TRUE(report.snapshot.is_zero());
  EXPECT_EQ(path.published().id, SnapshotId{});
  EXPECT_EQ(path.published().epoch, 0U);
  EXPECT_GT(path.generation(), generation);
  hot_path::Reader reader(path);
  {
    const auto pin = reader.pin();
    EXPECT_FALSE(pin);
  }
  EXPECT_TRUE(log().head("main")->snapshot.is_zero());
  expect_failure(Errc::nothing_to_roll_back, [&] { return pipeline().roll_back(); });
  EXPECT_EQ(promote("one").epoch, 3U);
  EXPECT_EQ(path.current_id(), id_of("one"));
}

TEST_F(Rollback, of_a_channel_without_history_is_refused) {
  expect_failure(Errc::unknown_channel, [&] { return pipeline().roll_back(); });
}

TEST_F(Rollback, to_an_older_epoch_or_snapshot_promotes_that_admission_again) {
  for (const char* text : {"one", "two", "three"}) admit_and_promote(text);
  EXPECT_EQ(roll_back_to(std::uint64_t{1}).snapshot, id_of("one"));
  EXPECT_EQ(log().entries()[3].action, store::Action::roll_back);
  const PromotionReport report = roll_back_to(id_of("two"));
  EXPECT_EQ(report.snapshot, id_of("two"));
  EXPECT_EQ(report.epoch, 5U);
  EXPECT_EQ(path.published().id, id_of("two"));
  expect_failure(Errc::unknown_epoch, [&] { return pipeline().roll_back({std::uint64_t{9}, ""}); });
  admit("never promoted");
  expect_failure(Errc::unknown_id,
                 [&] { return pipeline().roll_back({id_of("never promoted"), ""}); });
}

TEST_F(Rollback, brings_back_an_expired_receipt_only_where_it_was_current_a_moment_ago_P45) {
  AdmitOptions short_lived;
  short_lived.valid_for = 60s;
  admit("short", short_lived);
  promote("short");
  admit_and_promote("next");
  maker.clock.advance(61s);
  expect_failure(Errc::receipt_stale, [&] { return pipeline().roll_back({id_of("short"), ""}); });
  EXPECT_EQ(roll_back().snapshot, id_of("short"));
  // A process that starts after that finds it, too.
  Path restarted;
  Pipeline after(store, domain, restarted, maker.keys, nullptr, options());
  ASSERT_TRUE(must(after.restore()));
  EXPECT_EQ(restarted.current_id(), id_of("short"));
}

TEST_F(Rollback, that_cannot_load_what_was_before_changes_nothing) {
  const PromotionReport first = admit_and_promote("one");
  admit_and_promote("two");
  std::filesystem::remove(blob_file(must(store.manifest(first.manifest)).layers[0].digest));
  expect_failure(Errc::blob_missing, [&] { return pipeline().roll_back(); });
}

TEST_F(Rollback, reaches_readers_even_when_the_log_cannot_be_written) {
  admit_and_promote("good");
  admit_and_promote("bad");
  const auto stranger = must(crypto::PrivateKey::generate_ed25519());
  const auto report = pipeline_signing_with(&stranger).roll_back({std::nullopt, "it is bad"});
  ASSERT_TRUE(report);
  ASSERT_TRUE(report->not_recorded);
  EXPECT_EQ(report->not_recorded->code, Errc::rollback_not_recorded);
  EXPECT_EQ(path.published().id, id_of("good"));
  EXPECT_EQ(log().size(), 2U);
  EXPECT_EQ(must(store::Quarantine(store).find(id_of("bad"))), "it is bad");
  // Neither a promotion nor a restart brings it back.
  expect_failure(Errc::quarantined, [&] { return pipeline().promote_snapshot(id_of("bad")); });
  Path restarted;
  Pipeline after(store, domain, restarted, maker.keys, nullptr, options());
  const auto restored = must(after.restore());
  ASSERT_TRUE(restored);
  EXPECT_EQ(restarted.current_id(), id_of("good"));
  // As soon as the log takes the rollback, the quarantine is over.
  EXPECT_FALSE(roll_back().not_recorded);
  EXPECT_FALSE(must(store::Quarantine(store).find(id_of("bad"))));
  EXPECT_EQ(log().head("main")->snapshot, id_of("good"));
}

TEST_F(Rollback, that_no_log_could_ever_record_is_refused_before_readers_see_it) {
  admit_and_promote("one");
  admit_and_promote("two");
  expect_failure(Errc::key_missing, [&] { return pipeline_signing_with(nullptr).roll_back(); });
  expect_failure(Errc::invalid_encoding,
                 [&] { return pipeline().roll_back({std::nullopt, "\xff"}); });
  expect_failure(Errc::limit_exceeded, [&] {
    return pipeline().roll_back({std::nullopt, std::string(store::kMaxEntryBytes, 'x')});
  });
}

TEST_F(Rollback, that_is_to_be_recorded_first_is_not_while_readers_could_not_see_it) {
  admit_and_promote("one");
  const RollbackOptions recorded_first{std::nullopt, "too slow", true};
  const auto busy = must(path.prepare(id_of("x"), maker.note("x"), 1));
  const auto report = pipeline().roll_back(recorded_first);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Errc::writer_busy);
  EXPECT_EQ(log().size(), 1U);
}

TEST_F(Rollback, to_a_snapshot_in_quarantine_is_refused) {
  admit_and_promote("good");
  admit_and_promote("bad");
  const auto stranger = must(crypto::PrivateKey::generate_ed25519());
  ASSERT_TRUE(must(pipeline_signing_with(&stranger).roll_back()).not_recorded);
  expect_failure(Errc::quarantined, [&] { return pipeline().roll_back({id_of("bad"), ""}); });
}

TEST_F(Rollback, that_is_to_be_recorded_first_and_cannot_be_changes_nothing) {
  const RollbackOptions recorded_first{std::nullopt, "too slow", true};
  const PromotionReport first = admit_and_promote("one");
  admit_and_promote("two");
  EXPECT_EQ(must(pipeline().roll_back(recorded_first)).snapshot, first.snapshot);
  promote("two");
  const std::uint64_t generation = path.generation();
  {
    const auto held = must(store.lock());
    expect_failure(Errc::store_locked, [&] { return pipeline().roll_back(recorded_first); });
  }
  EXPECT_EQ(path.generation(), generation);
  EXPECT_TRUE(must(store::Quarantine(store).items()).empty());
  EXPECT_EQ(must(pipeline().roll_back(recorded_first)).snapshot, first.snapshot);
  EXPECT_TRUE(must(pipeline().roll_back(recorded_first)).snapshot.is_zero());
  EXPECT_TRUE(log().head("main")->snapshot.is_zero());
  EXPECT_EQ(path.current_id(), SnapshotId{});
}

TEST_F(Rollback, that_is_meant_for_one_epoch_leaves_others_alone) {
  admit_and_promote("one");
  admit_and_promote("two");
  RollbackOptions only;
  only.only_from = 1;
  expect_failure(Errc::superseded, [&] { return pipeline().roll_back(only); });
  Path elsewhere;
  Pipeline other(store, domain, elsewhere, maker.keys, &maker.key, options());
  only.only_from = 2;  // the log ends with it, but readers of this path see nothing
  const auto unseen = other.roll_back(only);
  ASSERT_FALSE(unseen);
  EXPECT_EQ(unseen.error().code, Errc::superseded);
  EXPECT_EQ(log().size(), 2U);
  EXPECT_EQ(must(pipeline().roll_back(only)).snapshot, id_of("one"));
}

TEST_F(Rollback, passes_over_what_is_in_quarantine) {
  admit_and_promote("good");
  admit_and_promote("bad");
  const auto stranger = must(crypto::PrivateKey::generate_ed25519());
  ASSERT_TRUE(must(pipeline_signing_with(&stranger).roll_back()).not_recorded);
  admit_and_promote("next");  // to the log, what was before is still the bad one
  EXPECT_EQ(roll_back().snapshot, id_of("good"));
}

TEST_F(Restore, publishes_the_head_of_the_channel_without_a_new_entry) {
  admit_and_promote("one");
  admit_and_promote("two");
  const auto files_before = files();
  Path restarted;
  Pipeline after(store, domain, restarted, maker.keys, nullptr, options());
  const auto report = must(after.restore());
  ASSERT_TRUE(report);
  EXPECT_EQ(report->snapshot, id_of("two"));
  EXPECT_EQ(report->epoch, 2U);
  EXPECT_EQ(restarted.published().id, id_of("two"));
  EXPECT_EQ(restarted.published().epoch, 2U);
  EXPECT_EQ(files(), files_before);
}

TEST_F(Restore, after_a_rollback_publishes_what_came_back) {
  admit_and_promote("one");
  admit_and_promote("two");
  roll_back();
  Path restarted;
  Pipeline after(store, domain, restarted, maker.keys, nullptr, options());
  ASSERT_TRUE(must(after.restore()));
  EXPECT_EQ(restarted.current_id(), id_of("one"));
}

TEST_F(Restore, of_a_channel_without_a_snapshot_leaves_the_hot_path_alone_P37) {
  admit_and_promote("one");
  PipelineOptions other = options();
  other.channel = "other";
  EXPECT_FALSE(must(pipeline(other).restore()));
  EXPECT_EQ(path.current_id(), id_of("one"));
  roll_back();
  EXPECT_FALSE(must(pipeline().restore()));
}

TEST_F(Restore, refuses_a_log_that_was_tampered_with) {
  admit_and_promote("one");
  const testing::EvidenceMaker stranger;
  Path restarted;
  Pipeline after(store, domain, restarted, stranger.keys, nullptr, options());
  EXPECT_FALSE(after.restore());
  EXPECT_TRUE(restarted.current_id().is_zero());
}

TEST_F(Rollback, is_traced_with_a_link_to_what_caused_it_as_promotions_and_failures_are) {
  telemetry::BoundedQueue<telemetry::Record> traces(8);
  PipelineOptions with = options();
  with.traces = &traces;
  Pipeline traced = pipeline(with);
  must(traced.admit(note("one")));
  const PromotionReport promoted = must(traced.promote_snapshot(id_of("one")));
  EXPECT_FALSE(traced.promote_snapshot(id_of("nobody has it")));
  RollbackOptions back;
  back.reason = "it was wrong";
  back.cause = promoted.trace;
  must(traced.roll_back(back));
  const auto records = traces.pop(8, 0s);
  ASSERT_EQ(records.size(), 4U);
  EXPECT_EQ(records[0].spans[0].name, "knhk.admission");
  EXPECT_EQ(records[0].spans.size(), 3U);
  EXPECT_EQ(records[1].spans[0].context, promoted.trace);
  EXPECT_TRUE(promoted.trace.is_valid());
  EXPECT_EQ(records[1].spans.size(), 5U);
  ASSERT_EQ(records[2].events.size(), 1U);
  EXPECT_EQ(records[2].events[0].name, "knhk.promotion.failed");
  EXPECT_TRUE(records[2].spans[0].error);
  EXPECT_EQ(records[3].spans[0].name, "knhk.rollback");
  EXPECT_EQ(records[3].spans[0].links, std::vector{promoted.trace});
  const telemetry::Attribute why{"knhk.reason", "it was wrong"};
  const auto& attributes = records[3].spans[0].attributes;
  EXPECT_NE(std::find(attributes.begin(), attributes.end(), why), attributes.end());
}

}  // namespace
}  // namespace knhk::promotion
