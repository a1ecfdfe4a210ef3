#include <gtest/gtest.h>

#include <functional>
#include <stop_token>
#include <string>

#include "knhk/promotion/promotion_pipeline.hpp"
#include "knhk/promotion/testing/pipeline_fixture.hpp"
#include "knhk/promotion/testing/threads.hpp"

namespace knhk::promotion {
namespace {

using namespace std::chrono_literals;
using telemetry::Progress;
using testing::id_of;
using testing::must;
using testing::PipelineTest;

/// Calls attempts off at every moment that they can be seen to come to: whenever a phase is told to
/// begin or to have ended, and whenever the clock is asked. How many moments there are is found out
/// by going on until an attempt is over before its last.
class Cancellation : public PipelineTest {
 protected:
  /// An attempt. With the options given, or with some of their own if nothing depends on them.
  using Attempt =
      std::function<Status(Pipeline&, std::stop_token stop, telemetry::ProgressCallback told)>;

  struct Counts {
    int cancelled = 0;
    int completed = 0;
    int unheeded = 0;  // completed although nothing had changed at that moment
  };

  void expect_as_before(const std::map<std::string, std::string>& files_before,
                        const hot_path::Published& published,
                        const hot_path::ReclamationStats& stats) {
    EXPECT_EQ(files(), files_before);
    EXPECT_EQ(path.published(), published);
    EXPECT_EQ(path.stats().retired_slots, stats.retired_slots);
    EXPECT_EQ(path.stats().living_snapshots, stats.living_snapshots);
    EXPECT_TRUE(store.lock()) << "the store's lock is not free";
    EXPECT_TRUE(path.prepare(id_of("x"), maker.note("x"), 1)) << "the writer token is not free";
  }

  Counts call_off_at_each_moment(bool by_clock, const std::function<void()>& set_up,
                                 const Attempt& attempt) {
    Counts counts;
    bool is_set_up = false;
    for (int moment = 0;; ++moment) {
      if (!is_set_up) set_up();
      is_set_up = true;  // it stays so: a moment that is called off changes nothing
      const auto files_before = files();
      const hot_path::Published published = path.published();
      const hot_path::ReclamationStats stats = path.stats();
      const testing::Threads threads;
      std::stop_source stop;
      int seen = 0;
      bool had_changed = false;
      const auto come_by = [&] {
        if (seen++ != moment) return;
        had_changed = path.published() != published || files() != files_before;
        stop.request_stop();
      };
      Status status;
      {
        const auto asked = [&] {
          if (by_clock) come_by();
        };
        const testing::CallingClock clock(asked, asked);
        PipelineOptions with = options();
        with.clock = &clock;
        Pipeline called_off = pipeline(with);
        status = attempt(called_off, stop.get_token(), [&](const Progress&) {
          if (!by_clock) come_by();
        });
      }
      threads.wait_for_the_end_of_new_ones();
      if (seen <= moment) {
        EXPECT_TRUE(status) << to_string(status.error());
        return counts;
      }
      if (status) {
        ++counts.completed;
        if (!had_changed) ++counts.unheeded;
        is_set_up = false;
        continue;
      }
      EXPECT_FALSE(had_changed) << "at moment " << moment << " it had happened already";
      EXPECT_EQ(name(status.error().code), name(Errc::cancelled)) << to_string(status.error());
      expect_as_before(files_before, published, stats);
      ++counts.cancelled;
    }
  }

  template <class T>
  static Status status_of(const Result<T>& result) {
    return result ? Status() : Status(tl::unexpected(result.error()));
  }

  /// Once for each kind of moment, called off at the time and in its turn. Gives all counts.
  /// `after_last_check`: how often the clock is asked between that and the change.
  Counts call_off(const std::function<void()>& set_up, const Attempt& at_once,
                  const Attempt& in_turn, int after_last_check = 0) {
    Counts all;
    for (const bool by_clock : {false, true}) {
      for (const Attempt& attempt : {at_once, in_turn}) {
        const Counts counts = call_off_at_each_moment(by_clock, set_up, attempt);
        EXPECT_GT(counts.cancelled, 2);
        EXPECT_EQ(counts.unheeded, by_clock ? after_last_check : 0);
        all.cancelled += counts.cancelled;
        all.completed += counts.completed;
      }
    }
    RecordProperty("cancelled", all.cancelled);
    RecordProperty("completed", all.completed);
    return all;
  }

  static RollbackOptions stoppable(RollbackOptions options, std::stop_token stop,
                                   telemetry::ProgressCallback told) {
    options.stop = std::move(stop);
    options.on_progress = std::move(told);
    return options;
  }
  Counts call_off_rollback(const RollbackOptions& options) {
    const auto set_up = [&] {
      for (const char* text : {"one", "two", "three"}) admit_and_promote(text);
    };
    const bool is_shown_first = !options.to && !options.record_first;
    return call_off(
        set_up,
        [&](Pipeline& pipeline, auto stop, auto told) {
          return status_of(pipeline.roll_back(stoppable(options, stop, told)));
        },
        [&](Pipeline& pipeline, auto stop, auto told) {
          return status_of(pipeline.roll_back_async(stoppable(options, stop, told)).get());
        },
        is_shown_first ? kClockOfAtomicPromotion : 0);
  }

  // The phase is told to begin, and timed from when it began.
  static constexpr int kClockOfAtomicPromotion = 2;
};

TEST_F(Cancellation, of_an_admission_at_every_moment_leaves_nothing_or_comes_too_late) {
  int round = 0;
  std::string text;
  const auto with = [](std::stop_token stop, telemetry::ProgressCallback told) {
    AdmitOptions options;
    options.stop = std::move(stop);
    options.on_progress = std::move(told);
    return options;
  };
  const Counts counts =
      call_off([&] { text = "text " + std::to_string(++round); },
               [&](Pipeline& pipeline, auto stop, auto told) {
                 return status_of(pipeline.admit(note(text), with(stop, told)));
               },
               [&](Pipeline& pipeline, auto stop, auto told) {
                 return status_of(pipeline.admit_async(note(text), with(stop, told)).get());
               });
  EXPECT_GT(counts.completed, 0) << "nothing came too late";
}

TEST_F(Cancellation, of_a_promotion_at_every_moment_leaves_nothing_or_comes_too_late) {
  const auto with = [](std::stop_token stop, telemetry::ProgressCallback told) {
    PromoteOptions options;
    options.stop = std::move(stop);
    options.on_progress = std::move(told);
    return options;
  };
  admit("hello");
  const Counts counts = call_off(
      [&] { admit_and_promote("before"); },
      [&](Pipeline& pipeline, auto stop, auto told) {
        return status_of(pipeline.promote_snapshot(id_of("hello"), with(stop, told)));
      },
      [&](Pipeline& pipeline, auto stop, auto told) {
        return status_of(pipeline.promote_snapshot_async(id_of("hello"), with(stop, told)).get());
      });
  EXPECT_GT(counts.completed, 0) << "nothing came too late";
}

TEST_F(Cancellation, of_a_rollback_at_every_moment_leaves_nothing_or_comes_too_late) {
  EXPECT_GT(call_off_rollback({}).completed, 0) << "nothing came too late";
}

TEST_F(Cancellation, of_a_rollback_that_is_recorded_first_leaves_nothing_or_comes_too_late) {
  EXPECT_GT(call_off_rollback({std::nullopt, "", true}).completed, 0) << "nothing came too late";
}

TEST_F(Cancellation, of_a_rollback_to_an_older_epoch_leaves_nothing_or_comes_too_late) {
  EXPECT_GT(call_off_rollback({std::uint64_t{1}, ""}).completed, 0) << "nothing came too late";
}

TEST_F(Cancellation, of_a_rollback_to_nothing_leaves_nothing_or_comes_too_late) {
  for (const bool record_first : {false, true}) {
    const RollbackOptions options{std::nullopt, "", record_first};
    const auto back_to_nothing = [&](Pipeline& pipeline, auto stop, auto told) {
      return status_of(pipeline.roll_back(stoppable(options, stop, told)));
    };
    const auto set_up = [&] {
      while (!log().heads().empty() && !log().head("main")->snapshot.is_zero()) {
        must(pipeline().roll_back());
      }
      admit_and_promote("one");
    };
    for (const bool by_clock : {false, true}) {
      const Counts counts = call_off_at_each_moment(by_clock, set_up, back_to_nothing);
      EXPECT_GT(counts.cancelled, 0);
      EXPECT_EQ(counts.unheeded, by_clock && !record_first ? kClockOfAtomicPromotion : 0);
      EXPECT_GT(counts.completed, 0);
    }
  }
}

TEST_F(Cancellation, when_all_was_ready_gives_back_its_slots_however_often_it_happens) {
  admit_and_promote("before");
  admit("hello");
  std::stop_source stop;
  bool is_locked = false;
  // The log entry gets its time when the store is locked and the hot path about to be prepared.
  const auto asked = [&] {
    is_locked = !store.lock();
    if (is_locked) stop.request_stop();
  };
  const testing::CallingClock clock(asked, asked);
  PipelineOptions with = options();
  with.clock = &clock;
  const hot_path::ReclamationStats before = path.stats();
  for (std::size_t i = 0; i <= hot_path::DefaultTraits::kSlots; ++i) {
    stop = {};
    PromoteOptions stoppable;
    stoppable.stop = stop.get_token();
    const auto report = pipeline(with).promote_snapshot(id_of("hello"), stoppable);
    ASSERT_FALSE(report);
    ASSERT_EQ(report.error().code, Errc::cancelled) << to_string(report.error());
  }
  EXPECT_EQ(path.stats().retired_slots, before.retired_slots);
  EXPECT_TRUE(pipeline().promote_snapshot(id_of("hello")));
}

TEST_F(Cancellation, before_the_call_does_not_even_begin) {
  std::stop_source stop;
  stop.request_stop();
  bool was_told = false;
  const auto told = [&](const Progress&) { was_told = true; };
  AdmitOptions admission;
  admission.stop = stop.get_token();
  admission.on_progress = told;
  expect_failure(Errc::cancelled, [&] { return pipeline().admit(note("a"), admission); });
  PromoteOptions promotion;
  promotion.stop = stop.get_token();
  promotion.on_progress = told;
  expect_failure(Errc::cancelled,
                 [&] { return pipeline().promote_snapshot(id_of("unknown"), promotion); });
  EXPECT_FALSE(was_told);
}

TEST_F(Cancellation, is_counted_and_traced_as_a_failure_of_that_name) {
  telemetry::BoundedQueue<telemetry::Record> traces(8);
  PipelineOptions with = options();
  with.traces = &traces;
  admit("hello");
  std::stop_source stop;
  PromoteOptions stoppable;
  stoppable.stop = stop.get_token();
  stoppable.on_progress = [&](const Progress&) { stop.request_stop(); };
  EXPECT_FALSE(pipeline(with).promote_snapshot_async(id_of("hello"), stoppable).get());
  const telemetry::TelemetrySnapshot counted = telemetry.snapshot();
  EXPECT_EQ(counted[telemetry::Action::promotion].failed, 1U);
  ASSERT_EQ(counted.failures.size(), 1U);
  EXPECT_EQ(counted.failures[0].first, Errc::cancelled);
  const auto records = traces.pop(8, 0s);
  ASSERT_EQ(records.size(), 1U);
  ASSERT_EQ(records[0].events.size(), 1U);
  EXPECT_EQ(records[0].events[0].name, "knhk.promotion.failed");
  EXPECT_NE(records[0].events[0].body.find("cancelled"), std::string::npos);
}

std::string in_words(const Progress& progress) {
  return std::string(name(progress.action)) + " " + std::string(name(progress.phase)) +
         (progress.step == Progress::Step::begun ? " begun" : " ended");
}

TEST_F(Cancellation, is_helped_by_being_told_of_every_phase_in_order) {
  std::vector<std::string> told;
  std::chrono::nanoseconds latest{0};
  const auto listen = [&](const Progress& progress) {
    told.push_back(in_words(progress));
    EXPECT_GE(progress.elapsed, latest);
    latest = progress.elapsed;
    maker.clock.advance(1s);
  };
  AdmitOptions admission;
  admission.on_progress = listen;
  must(pipeline().admit(note("a"), admission));
  EXPECT_EQ(told,
            (std::vector<std::string>{"admission compilation begun", "admission compilation ended",
                                      "admission validation begun", "admission validation ended"}));
  told.clear();
  latest = {};
  PromoteOptions promotion;
  promotion.on_progress = listen;
  const PromotionReport report = must(pipeline().promote_snapshot(id_of("a"), promotion));
  EXPECT_EQ(told, (std::vector<std::string>{
                      "promotion guard_creation begun", "promotion guard_creation ended",
                      "promotion ready begun", "promotion ready ended",
                      "promotion atomic_promotion begun", "promotion atomic_promotion ended",
                      "promotion verification begun", "promotion verification ended"}));
  EXPECT_EQ(report.phases[telemetry::Phase::ready], 0ns) << "a callback counts for no phase";
}

TEST_F(Cancellation, callbacks_never_stand_between_the_commit_and_the_readers) {
  admit("one");
  int told = 0;
  const auto listen = [&](const Progress&) {
    ++told;
    const bool is_committed = log().size() != 0;
    EXPECT_EQ(is_committed, path.current_id() == id_of("one"));
  };
  PromoteOptions promotion;
  promotion.on_progress = listen;
  must(pipeline().promote_snapshot(id_of("one"), promotion));
  EXPECT_EQ(told, 8);
}

TEST_F(Cancellation, when_a_phase_begins_does_nothing_of_that_phase) {
  std::stop_source stop;
  AdmitOptions how;
  how.stop = stop.get_token();
  how.on_progress = [&](const telemetry::Progress& progress) {
    if (progress.phase == telemetry::Phase::compilation) stop.request_stop();
  };
  const auto admission = pipeline().admit(note("unreadable"), how);
  ASSERT_FALSE(admission);
  EXPECT_EQ(name(admission.error().code), name(Errc::cancelled)) << "it was read all the same";
}

}  // namespace
}  // namespace knhk::promotion
