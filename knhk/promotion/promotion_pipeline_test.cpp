#include "knhk/promotion/promotion_pipeline.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <fstream>
#include <functional>
#include <optional>
#include <thread>

#include "knhk/hot_path/reader.hpp"
#include "knhk/promotion/testing/pipeline_fixture.hpp"
#include "knhk/store/durable_file.hpp"

namespace knhk::promotion {
namespace {

using namespace std::chrono_literals;
using receipts::Outcome;
using telemetry::Action;
using telemetry::Phase;
using testing::id_of;
using testing::must;
using testing::Note;
using testing::PipelineTest;

class Admit : public PipelineTest {};
class Promote : public PipelineTest {};

TEST_F(Admit, stores_a_manifest_whose_receipt_vouches_for_every_blob) {
  const Admission admission = admit("hello");
  EXPECT_EQ(admission.outcome, AdmissionOutcome::admitted);
  EXPECT_EQ(admission.snapshot, id_of("hello"));
  EXPECT_EQ(admission.artifacts.size(), 2U);
  EXPECT_TRUE(admission.phases[Phase::compilation] && admission.phases[Phase::validation]);
  const auto evidence =
      open_evidence(store, maker.keys, admission.manifest, "note", maker.options());
  ASSERT_TRUE(evidence) << to_string(evidence.error());
  EXPECT_EQ(evidence->receipt.artifacts, admission.artifacts);
  EXPECT_EQ(evidence->receipt.invariants, admission.invariants);
  EXPECT_EQ(must(store.blob(admission.artifacts[0].digest)), "hello");
}

TEST_F(Admit, of_the_same_content_again_finds_the_first_admission) {
  const Admission first = admit("hello");
  const auto files_before = files();
  maker.clock.advance(10s);
  const Admission again = admit("hello");
  EXPECT_EQ(again.outcome, AdmissionOutcome::already_admitted);
  EXPECT_EQ(again.manifest, first.manifest);
  EXPECT_EQ(files(), files_before);
}

TEST_F(Admit, again_brings_back_a_blob_that_the_store_had_lost) {
  const Admission first = admit("hello");
  std::filesystem::remove(blob_file(first.artifacts[0].digest));
  EXPECT_FALSE(pipeline().promote_snapshot(id_of("hello")));
  admit("hello");
  EXPECT_TRUE(pipeline().promote_snapshot(id_of("hello")));
}

TEST_F(Admit, makes_new_evidence_where_the_old_has_expired_or_the_compiler_is_another) {
  AdmitOptions short_lived;
  short_lived.valid_for = 60s;
  const Admission first = admit("hello", short_lived);
  maker.clock.advance(61s);
  const Admission second = admit("hello");
  EXPECT_EQ(second.outcome, AdmissionOutcome::admitted);
  EXPECT_NE(second.manifest, first.manifest);
  domain.version = "note/2";
  EXPECT_EQ(admit("hello").outcome, AdmissionOutcome::admitted);
}

TEST_F(Admit, with_a_failed_invariant_gives_the_report_and_stores_nothing) {
  const auto files_before = files();
  for (const std::string_view failing : {"Q1", "Q2", "Q3", "Q4"}) {
    const auto admission = pipeline().admit(note(failing));
    ASSERT_TRUE(admission);
    EXPECT_EQ(admission->outcome, AdmissionOutcome::refused);
    EXPECT_TRUE(admission->manifest.is_zero());
    for (const receipts::InvariantResult& invariant : admission->invariants) {
      EXPECT_EQ(invariant.outcome == Outcome::failed, invariant.name == failing) << failing;
    }
  }
  EXPECT_EQ(files(), files_before);
  EXPECT_EQ(telemetry.snapshot()[Action::admission].failed, 4U);
}

TEST_F(Admit, names_its_parent_if_that_has_evidence_and_is_refused_if_not) {
  AdmitOptions options;
  options.parent = admit("one").manifest;
  const Admission child = admit("two", options);
  EXPECT_EQ(child.invariants[4].outcome, Outcome::passed);
  EXPECT_EQ(must(store.manifest(child.manifest)).parent, options.parent);

  options.parent = crypto::sha256("no such manifest");
  const Admission orphan = must(pipeline().admit(note("three"), options));
  EXPECT_EQ(orphan.outcome, AdmissionOutcome::refused);
  EXPECT_EQ(orphan.invariants[4].outcome, Outcome::failed);

  const testing::EvidenceMaker stranger;
  Pipeline elsewhere(store, domain, path, stranger.keys, &stranger.key, this->options());
  options.parent = child.manifest;
  const Admission foreign = must(elsewhere.admit(note("four"), options));
  EXPECT_EQ(foreign.outcome, AdmissionOutcome::refused) << "the parent's key is not trusted here";
}

TEST_F(Admit, that_fails_leaves_the_store_as_it_was_whatever_step_it_fails_at) {
  const auto fails_with = [&](Errc code, std::string_view text) {
    expect_failure(code, [&] { return pipeline().admit(note(text)); });
  };
  fails_with(Errc::syntax_error, "unreadable");
  fails_with(Errc::out_of_memory, "enormous");
  fails_with(Errc::work_limit, "nameless");
  fails_with(Errc::unsupported_construct, "uncompilable");
  fails_with(Errc::limit_exceeded, "badname");
  fails_with(Errc::ill_formed_shapes, "unjudgeable");
  expect_failure(Errc::key_missing,
                 [&] { return pipeline_signing_with(nullptr).admit(note("a")); });
  const auto stranger = must(crypto::PrivateKey::generate_ed25519());
  expect_failure(Errc::untrusted_key,
                 [&] { return pipeline_signing_with(&stranger).admit(note("a")); });
  const auto lock = must(store.lock());
  fails_with(Errc::store_locked, "a");
}

TEST_F(Admit, takes_its_blobs_back_when_a_later_one_cannot_be_stored) {
  // A folder stands where the second blob should go.
  std::filesystem::create_directory(blob_file(crypto::sha256("5")));
  const auto files_before = files();
  EXPECT_FALSE(pipeline().admit(note("hello")));
  EXPECT_EQ(files(), files_before);
}

int operations_left = 0;

TEST_F(Admit, loses_no_blob_of_what_is_listed_whichever_operation_fails) {
  int n = 0;
  do {
    operations_left = ++n;
    store::detail::set_file_step(
        [](const char*, const char*) { return --operations_left == 0 ? EIO : 0; });
    static_cast<void>(pipeline().admit(note("text " + std::to_string(n))));
    store::detail::set_file_step(nullptr);
    for (const store::StoredManifest& stored : must(store.manifests())) {
      for (const store::Layer& layer : stored.manifest.layers) {
        EXPECT_TRUE(store.has_blob(layer.digest)) << layer.title << " after failure " << n;
      }
    }
  } while (operations_left <= 0 && n < 200);
  EXPECT_GT(n, 10);
  EXPECT_LT(n, 200);
}

TEST_F(Promote, makes_an_admitted_snapshot_current_and_records_it) {
  const Admission admission = admit("hello");
  const PromotionReport report = promote("hello");
  EXPECT_EQ(report.snapshot, id_of("hello"));
  EXPECT_EQ(report.manifest, admission.manifest);
  EXPECT_EQ(report.channel, "main");
  EXPECT_EQ(report.epoch, 1U);
  EXPECT_TRUE(report.previous.is_zero());
  EXPECT_FALSE(report.not_recorded);
  EXPECT_GT(report.publish_counter_units, 0U);
  for (const Phase phase :
       {Phase::guard_creation, Phase::ready, Phase::atomic_promotion, Phase::verification}) {
    EXPECT_TRUE(report.phases[phase]) << name(phase);
  }
  hot_path::Reader reader(path);
  const auto pin = reader.pin();
  ASSERT_TRUE(pin);
  EXPECT_EQ(pin->text(), "hello");
  EXPECT_EQ(pin.epoch(), 1U);
  EXPECT_EQ(pin.generation(), report.generation);
  const store::VerifiedLog history = log();
  ASSERT_EQ(history.size(), 1U);
  const store::LogEntry& entry = history.entries()[0];
  EXPECT_EQ(entry.snapshot, id_of("hello"));
  EXPECT_EQ(entry.manifest, admission.manifest);
  EXPECT_EQ(entry.actor, "tester");
  EXPECT_EQ(entry.reason, "because");
}

TEST_F(Promote, counts_epochs_for_each_channel_alone) {
  admit("one");
  admit("two");
  PipelineOptions staging = options();
  staging.channel = "staging";
  promote("one");
  Path staged;  // a path is one channel's
  Pipeline other(store, domain, staged, maker.keys, &maker.key, staging);
  EXPECT_EQ(must(other.promote_snapshot(id_of("two"))).epoch, 1U);
  const PromotionReport second = promote("two");
  EXPECT_EQ(second.epoch, 2U);
  EXPECT_EQ(second.previous, id_of("one"));
}

// Metrics look for garbage when they are scraped, which takes the writer token for a moment.
TEST_F(Promote, waits_a_moment_for_the_writer_token) {
  admit("one");
  std::optional<hot_path::Publication<Note>> busy(
      must(path.prepare(id_of("x"), maker.note("x"), 1)));
  bool is_getting_ready = false;
  int asked = 0;
  const testing::CallingClock clock([] {},
                                    [&] {
                                      // Twice by each try for the log's entry: the third time, the
                                      // first try was in vain.
                                      if (is_getting_ready && ++asked == 3) busy.reset();
                                    });
  PipelineOptions with = options();
  with.clock = &clock;
  PromoteOptions how;
  how.on_progress = [&](const telemetry::Progress& progress) {
    is_getting_ready = is_getting_ready || progress.phase == Phase::ready;
  };
  const auto report = pipeline(with).promote_snapshot(id_of("one"), how);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_FALSE(busy);
  EXPECT_EQ(path.current_id(), id_of("one"));
}

TEST_F(Promote, of_what_is_rejected_meanwhile_is_refused) {
  admit("one");
  PromoteOptions how;
  how.on_progress = [&](const telemetry::Progress& progress) {
    if (progress.phase != Phase::ready) return;
    must(
        store::Quarantine(store).add(id_of("one"), "it did badly elsewhere").map([] { return 0; }));
  };
  const auto report = pipeline().promote_snapshot(id_of("one"), how);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Errc::quarantined);
  EXPECT_EQ(log().size(), 0U);
  EXPECT_TRUE(path.current_id().is_zero());
}

TEST_F(Promote, takes_the_newest_admission_unless_another_is_named) {
  const Admission first = admit("hello");
  domain.version = "note/2";
  const Admission second = admit("hello");
  EXPECT_EQ(promote("hello").manifest, second.manifest);
  const auto report = pipeline().promote_snapshot(id_of("hello"), {first.manifest, ""});
  EXPECT_EQ(must(report).manifest, first.manifest);
  admit("other");
  expect_failure(Errc::member_mismatch,
                 [&] { return pipeline().promote_snapshot(id_of("other"), {first.manifest, ""}); });
}

TEST_F(Promote, that_fails_before_the_commit_changes_neither_store_nor_readers_P34) {
  admit_and_promote("before");
  admit("hello");
  admit("unloadable");
  const auto promote_hello = [&] { return pipeline().promote_snapshot(id_of("hello")); };
  expect_failure(Errc::unknown_id, [&] { return pipeline().promote_snapshot(id_of("unknown")); });
  expect_failure(Errc::index_damaged,
                 [&] { return pipeline().promote_snapshot(id_of("unloadable")); });
  expect_failure(Errc::key_missing,
                 [&] { return pipeline_signing_with(nullptr).promote_snapshot(id_of("hello")); });
  // The log doesn't take entries of this key: found out at the commit, when all else was ready.
  const auto stranger = must(crypto::PrivateKey::generate_ed25519());
  expect_failure(Errc::untrusted_key,
                 [&] { return pipeline_signing_with(&stranger).promote_snapshot(id_of("hello")); });
  const testing::EvidenceMaker other;
  expect_failure(Errc::untrusted_key, [&] {
    return Pipeline(store, domain, path, other.keys, &other.key, options())
        .promote_snapshot(id_of("hello"));
  });
  {
    const auto lock = must(store.lock());
    expect_failure(Errc::store_locked, promote_hello);
  }
  must(store::Quarantine(store).add(id_of("hello"), "it was bad").map([] { return 0; }));
  expect_failure(Errc::quarantined, promote_hello);
  must(store::Quarantine(store).clear(id_of("hello")).map([] { return 0; }));
  EXPECT_EQ(log().size(), 1U);
  EXPECT_TRUE(promote_hello());
}

TEST_F(Promote, is_refused_while_the_hot_path_has_another_promotion) {
  admit("hello");
  auto busy = must(path.prepare(id_of("x"), maker.note("x"), 1));
  auto refused = pipeline().promote_snapshot(id_of("hello"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::writer_busy);
  busy.publish();
  refused = pipeline().promote_snapshot(id_of("hello"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::promotion_unsettled);
  EXPECT_EQ(log().size(), 0U);
  busy.settle();
  EXPECT_TRUE(pipeline().promote_snapshot(id_of("hello")));
}

TEST_F(Promote, of_a_receipt_that_has_expired_or_is_too_old_is_refused_P42) {
  AdmitOptions short_lived;
  short_lived.valid_for = 60s;
  admit("short", short_lived);
  admit("old");
  maker.clock.advance(60s);
  expect_failure(Errc::receipt_stale, [&] { return pipeline().promote_snapshot(id_of("short")); });
  PipelineOptions impatient = options();
  impatient.max_receipt_age = 59s;
  expect_failure(Errc::receipt_stale,
                 [&] { return pipeline(impatient).promote_snapshot(id_of("old")); });
  EXPECT_TRUE(pipeline().promote_snapshot(id_of("old")));
}

TEST_F(Promote, loads_only_blobs_that_are_as_they_were_vouched_for) {
  const Admission admission = admit("hello");
  const std::filesystem::path blob = blob_file(admission.artifacts[0].digest);
  std::filesystem::permissions(blob, std::filesystem::perms::owner_all);
  std::ofstream(blob, std::ios::trunc) << "hallo";
  expect_failure(Errc::digest_mismatch,
                 [&] { return pipeline().promote_snapshot(id_of("hello")); });
  std::filesystem::remove(blob);
  expect_failure(Errc::blob_missing, [&] { return pipeline().promote_snapshot(id_of("hello")); });
}

TEST_F(Promote, refuses_a_manifest_with_a_layer_that_its_receipt_does_not_name) {
  const Admission admission = admit("hello");
  store::Manifest manifest = must(store.manifest(admission.manifest));
  const Digest smuggled = must(store.put_blob("smuggled"));
  manifest.layers.push_back({"text/plain", smuggled, 8, "smuggled.txt"});
  const Digest digest = must(store.put_manifest(manifest));
  expect_failure(Errc::receipt_mismatch,
                 [&] { return pipeline().promote_snapshot(id_of("hello"), {digest, ""}); });
  manifest.layers.pop_back();
  manifest.compiler = "note/2";
  const Digest renamed = must(store.put_manifest(manifest));
  expect_failure(Errc::receipt_mismatch,
                 [&] { return pipeline().promote_snapshot(id_of("hello"), {renamed, ""}); });
}

TEST_F(Promote, refuses_a_manifest_without_a_layer_that_its_receipt_names) {
  const Admission admission = admit("hello");
  store::Manifest manifest = must(store.manifest(admission.manifest));
  manifest.layers.erase(manifest.layers.begin() + 1);  // what a domain may do without
  const Digest digest = must(store.put_manifest(manifest));
  expect_failure(Errc::receipt_mismatch,
                 [&] { return pipeline().promote_snapshot(id_of("hello"), {digest, ""}); });
}

TEST_F(Promote, rolls_back_when_readers_would_see_something_else_than_was_promoted) {
  admit_and_promote("good");
  admit("liar");
  std::shared_ptr<const Note> loaded;
  domain.last_loaded = &loaded;
  const testing::CallingClock clock([&] {
    if (loaded && path.current_id() == id_of("liar")) loaded->lie();
  });
  PipelineOptions with_clock = options();
  with_clock.clock = &clock;
  const auto report = pipeline(with_clock).promote_snapshot(id_of("liar"));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Errc::verification_failed) << to_string(report.error());
  EXPECT_EQ(path.published().id, id_of("good"));
  const store::VerifiedLog history = log();
  ASSERT_EQ(history.size(), 3U);
  EXPECT_EQ(history.entries()[2].action, store::Action::roll_back);
  EXPECT_EQ(history.entries()[2].snapshot, id_of("good"));
  EXPECT_EQ(path.published().epoch, 3U);
  domain.last_loaded = nullptr;
  admit_and_promote("next");
}

TEST_F(Promote, rolls_back_when_the_log_does_not_prove_the_entry) {
  admit("hello");
  const testing::CallingClock clock([&] {
    if (path.current_id() != id_of("hello")) return;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(store.path() / "log")) {
      if (!entry.is_regular_file()) continue;
      std::filesystem::permissions(entry.path(), std::filesystem::perms::owner_all);
      std::ofstream(entry.path(), std::ios::trunc) << "damage";
    }
  });
  PipelineOptions with_clock = options();
  with_clock.clock = &clock;
  const auto report = pipeline(with_clock).promote_snapshot(id_of("hello"));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Errc::verification_failed);
  EXPECT_NE(report.error().detail.find("rollback-not-recorded"), std::string::npos);
  EXPECT_TRUE(path.current_id().is_zero());
  EXPECT_TRUE(must(store::Quarantine(store).find(id_of("hello"))));
}

TEST_F(Promote, is_counted_and_timed) {
  admit_and_promote("one");
  EXPECT_FALSE(pipeline().promote_snapshot(id_of("unknown")));
  const telemetry::TelemetrySnapshot counted = telemetry.snapshot();
  EXPECT_EQ(counted[Action::admission].succeeded, 1U);
  EXPECT_EQ(counted[Action::promotion].total, 2U);
  EXPECT_EQ(counted[Action::promotion].succeeded, 1U);
  ASSERT_EQ(counted.failures.size(), 1U);
  EXPECT_EQ(counted.failures[0].first, Errc::unknown_id);
  for (const Phase phase : telemetry::kPhases) EXPECT_EQ(counted[phase].count, 1U) << name(phase);
}

TEST_F(Promote, under_live_readers_gives_each_of_them_whole_snapshots_in_order) {
  const std::vector<std::string> texts{"one", "two", "three", "four"};
  for (const std::string& text : texts) admit(text);
  std::atomic<bool> done{false};
  std::atomic<std::uint64_t> wrong{0};
  std::atomic<std::uint64_t> reads{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      hot_path::Reader reader(path);
      std::uint64_t last = 0;
      while (!done.load(std::memory_order_acquire)) {
        const auto pin = reader.pin();
        if (pin && (id_of(pin->text()) != pin.id() || pin.generation() < last)) wrong.fetch_add(1);
        last = pin.generation();
        reads.fetch_add(1, std::memory_order_relaxed);
      }
    });
  }
  for (int round = 0; round < 5; ++round) {
    for (const std::string& text : texts) promote(text);
  }
  while (reads.load(std::memory_order_relaxed) < 1000) std::this_thread::yield();
  done.store(true, std::memory_order_release);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong.load(), 0U);
  EXPECT_EQ(log().size(), 20U);
}

TEST_F(Promote, from_several_threads_records_exactly_what_succeeded) {
  admit("one");
  admit("two");
  Pipeline shared = pipeline();
  std::atomic<std::uint64_t> succeeded{0};
  std::atomic<std::uint64_t> unexpected{0};
  std::vector<std::thread> threads;
  for (const std::string text : {"one", "two"}) {
    threads.emplace_back([&, text] {
      for (int i = 0; i < 20; ++i) {
        const auto report = shared.promote_snapshot(id_of(text));
        if (report) {
          succeeded.fetch_add(1);
        } else if (report.error().code != Errc::store_locked &&
                   report.error().code != Errc::writer_busy &&
                   report.error().code != Errc::promotion_unsettled) {
          unexpected.fetch_add(1);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(unexpected.load(), 0U);
  EXPECT_GT(succeeded.load(), 0U);
  const store::VerifiedLog history = log();
  EXPECT_EQ(history.size(), succeeded.load());
  EXPECT_EQ(path.published().id, history.entries().back().snapshot);
  EXPECT_EQ(path.published().epoch, history.entries().back().epoch);
}

}  // namespace
}  // namespace knhk::promotion
