// In which order operations are carried out, on one pipeline and on several.

#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <optional>
#include <random>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "knhk/promotion/promotion_pipeline.hpp"
#include "knhk/promotion/testing/async_fixture.hpp"

namespace knhk::promotion {
namespace {

using namespace std::chrono_literals;
using telemetry::Phase;
using telemetry::Progress;
using testing::AsyncTest;
using testing::Door;
using testing::id_of;
using testing::must;

class Order : public AsyncTest {};

TEST_F(Order, promotions_of_one_channel_are_carried_out_in_the_order_of_their_calls) {
  const std::vector<std::string> texts{"one", "two", "three"};
  for (const std::string& text : texts) admit(text);
  Pipeline shared = pipeline();
  std::vector<Operation<PromotionReport>> operations;
  std::vector<int> begun;
  constexpr int kCount = 30;
  for (int i = 0; i < kCount; ++i) {
    PromoteOptions with;
    with.on_progress = [&begun, i](const Progress& progress) {
      if (progress.phase == Phase::guard_creation && progress.step == Progress::Step::begun) {
        begun.push_back(i);
      }
    };
    const SnapshotId id = id_of(texts[static_cast<std::size_t>(i) % texts.size()]);
    operations.push_back(shared.promote_snapshot_async(id, with));
  }
  std::vector<int> in_order;
  for (int i = 0; i < kCount; ++i) {
    const PromotionReport report = must(operations[static_cast<std::size_t>(i)].get());
    EXPECT_EQ(report.epoch, static_cast<std::uint64_t>(i) + 1);
    in_order.push_back(i);
  }
  EXPECT_EQ(begun, in_order);
  EXPECT_EQ(log().size(), static_cast<std::size_t>(kCount));
  EXPECT_EQ(path.published().epoch, static_cast<std::uint64_t>(kCount));
}

TEST_F(Order, promotions_to_different_channels_run_side_by_side) {
  Door door;
  domain.while_compiling = [&](const std::string&, const std::stop_token&) {
    door.pass();  // opened only when both are here
  };
  Path other_path;
  Pipeline one = pipeline();
  Pipeline two(store, domain, other_path, maker.keys, &maker.key, on_channel("staging"));
  auto first = one.admit_async(note("one"));
  auto second = two.admit_async(note("two"));
  door.wait_for_arrivals(2);
  EXPECT_FALSE(first.is_ready() || second.is_ready());
  door.open();
  must(first.get());
  must(second.get());
  // The log is one for all channels: each promotion waits for the other's entry.
  std::vector<Operation<PromotionReport>> operations;
  for (int i = 0; i < 10; ++i) {
    operations.push_back(one.promote_snapshot_async(id_of("one")));
    operations.push_back(two.promote_snapshot_async(id_of("two")));
  }
  for (auto& operation : operations) {
    const auto report = operation.get();
    EXPECT_TRUE(report) << to_string(report.error());
  }
  EXPECT_EQ(path.published().epoch, 10U);
  EXPECT_EQ(other_path.published().epoch, 10U);
  EXPECT_EQ(log().size(), 20U);
}

class Turn : public AsyncTest {
 protected:
  /// Promotes while `obstacle()` lives: refused at once without patience, cancelled while it waits,
  /// and carried out when the obstacle is gone.
  template <class Obstacle>
  void expect_to_wait(Errc refusal, const Obstacle& obstacle) {
    admit("hello");
    Pipeline shared = pipeline();
    {
      auto held = must(obstacle());
      const auto promote = [&](std::optional<std::chrono::milliseconds> patience) {
        PromoteOptions with;
        with.lock_patience = patience;
        return shared.promote_snapshot_async(id_of("hello"), with).get();
      };
      EXPECT_EQ(promote(0ms).error().code, refusal);
      EXPECT_EQ(promote(3ms).error().code, refusal);
      EXPECT_EQ(shared.promote_snapshot(id_of("hello")).error().code, refusal);
      PromoteOptions with;
      with.lock_patience = 1h;
      std::stop_source stop;
      with.stop = stop.get_token();
      with.on_progress = [&](const Progress& progress) {
        if (progress.phase == Phase::ready) stop.request_stop();
      };
      EXPECT_EQ(shared.promote_snapshot(id_of("hello"), with).error().code, Errc::cancelled);
    }
    EXPECT_EQ(log().size(), 0U);
    auto held = std::make_optional(must(obstacle()));
    Door waits;
    PromoteOptions with;
    with.lock_patience = 1h;
    with.on_progress = [&](const Progress& progress) {
      if (progress.phase == Phase::ready && progress.step == Progress::Step::begun) waits.pass();
    };
    auto operation = shared.promote_snapshot_async(id_of("hello"), with);
    waits.wait_for_arrivals(1);
    waits.open();
    EXPECT_FALSE(operation.wait_for(5ms));
    held.reset();
    EXPECT_EQ(must(operation.get()).epoch, 1U);
  }
};

TEST_F(Turn, is_waited_for_where_another_writes_to_the_store) {
  expect_to_wait(Errc::store_locked, [&] { return store.lock(); });
}

TEST_F(Turn, is_waited_for_where_another_prepares_the_hot_path) {
  expect_to_wait(Errc::writer_busy, [&] { return path.prepare(id_of("x"), maker.note("x"), 1); });
}

TEST_F(Turn, is_waited_for_without_holding_what_others_wait_for) {
  admit("hello");
  Path other_path;
  Pipeline waiting = pipeline();
  Pipeline other(store, domain, other_path, maker.keys, &maker.key, on_channel("staging"));
  auto held = std::make_optional(must(path.prepare(id_of("x"), maker.note("x"), 1)));
  auto operation = waiting.promote_snapshot_async(id_of("hello"));
  for (std::uint64_t epoch = 1; epoch < 4; ++epoch) {
    EXPECT_EQ(must(other.promote_snapshot_async(id_of("hello")).get()).epoch, epoch);
  }
  EXPECT_FALSE(operation.is_ready());
  held.reset();
  EXPECT_EQ(must(operation.get()).epoch, 1U);
}

TEST_F(Turn, is_waited_for_by_the_record_of_a_rollback_that_readers_see_already) {
  admit_and_promote("one");
  admit_and_promote("two");
  Pipeline shared = pipeline();
  auto held = std::make_optional(must(store.lock()));
  auto operation = shared.roll_back_async();
  while (!must(store::Quarantine(store).find(id_of("two")))) std::this_thread::yield();
  operation.cancel();  // too late
  EXPECT_FALSE(operation.wait_for(50ms));
  held.reset();
  const PromotionReport report = must(operation.get());
  EXPECT_FALSE(report.not_recorded);
  EXPECT_EQ(log().head("main")->snapshot, id_of("one"));
}

TEST_F(Order, leaves_what_is_cancelled_at_any_time_by_any_thread_done_or_undone) {
  const std::vector<std::string> texts{"one", "two", "three"};
  for (const std::string& text : texts) admit(text);
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::size_t happened = 0;
  std::size_t cancelled = 0;
  {
    Path other_path;
    Pipeline one = pipeline();
    Pipeline two(store, domain, other_path, maker.keys, &maker.key, on_channel("staging"));
    std::mutex mutex;
    std::vector<std::thread> threads;
    threads.reserve(3);
    for (unsigned t = 0; t < 3; ++t) {
      threads.emplace_back([&, t] {
        std::mt19937 random(seed + t);
        for (int i = 0; i < 15; ++i) {
          Pipeline& chosen = random() % 2 == 0 ? one : two;
          auto operation = chosen.promote_snapshot_async(id_of(texts[random() % texts.size()]));
          if (random() % 4 == 0) {
            operation.cancel();
          } else if (random() % 2 == 0) {
            static_cast<void>(operation.wait_for(std::chrono::microseconds(random() % 4000)));
            operation.cancel();
          }
          const auto report = operation.get();
          const std::lock_guard lock(mutex);
          if (report) {
            ++happened;
            EXPECT_EQ(log().at_epoch(report->channel, report->epoch)->snapshot, report->snapshot);
          } else {
            ++cancelled;
            EXPECT_EQ(report.error().code, Errc::cancelled) << to_string(report.error());
          }
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    const store::VerifiedLog history = log();
    for (const auto& [channel, shown] :
         {std::pair("main", path.published()), std::pair("staging", other_path.published())}) {
      const store::LogEntry* const head = history.head(channel);
      EXPECT_EQ(shown.epoch, head == nullptr ? 0 : head->epoch);
      EXPECT_EQ(shown.id, head == nullptr ? SnapshotId{} : head->snapshot);
    }
  }
  EXPECT_EQ(log().size(), happened);
  EXPECT_EQ(happened + cancelled, 45U);
  EXPECT_TRUE(store.lock());
  EXPECT_TRUE(path.prepare(id_of("x"), maker.note("x"), 1));
}

}  // namespace
}  // namespace knhk::promotion
