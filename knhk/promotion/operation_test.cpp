#include "knhk/promotion/operation.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "knhk/promotion/promotion_pipeline.hpp"
#include "knhk/promotion/testing/async_fixture.hpp"
#include "knhk/promotion/testing/detached.hpp"

namespace knhk::promotion {
namespace {

using namespace std::chrono_literals;
using testing::AsyncTest;
using testing::Detached;
using testing::Door;
using testing::id_of;
using testing::must;

class Async : public AsyncTest {};

TEST_F(Async, takes_a_snapshot_the_whole_way_as_the_other_calls_do) {
  Pipeline shared = pipeline();
  const Admission admission = must(shared.admit_async(note("one")).get());
  EXPECT_EQ(admission.snapshot, id_of("one"));
  must(shared.admit_async(note("two")).get());
  EXPECT_EQ(must(shared.promote_snapshot_async(id_of("one"), {std::nullopt, "why"}).get()).epoch,
            1U);
  EXPECT_EQ(must(shared.promote_snapshot_async(id_of("two")).get()).previous, id_of("one"));
  EXPECT_EQ(must(shared.roll_back_async({std::nullopt, "too slow"}).get()).snapshot, id_of("one"));
  const auto unknown = shared.promote_snapshot_async(id_of("unknown")).get();
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, Errc::unknown_id);
  EXPECT_EQ(log().entries()[0].reason, "why");
  EXPECT_EQ(log().size(), 3U);
}

TEST_F(Async, memory_that_runs_out_is_an_error_as_in_the_other_calls) {
  const auto admission = pipeline().admit_async(note("enormous")).get();
  ASSERT_FALSE(admission);
  EXPECT_EQ(admission.error().code, Errc::out_of_memory);
}

TEST_F(Async, cancelled_in_the_middle_of_compilation_leaves_nothing_behind) {
  const testing::Threads threads;
  Door door;
  wait_in_compilation_of("hello", door);
  int arrivals = 0;
  const auto cancelled_by = [&](const auto& cancel) {
    ++arrivals;
    expect_failure(Errc::cancelled, [&] {
      Pipeline shared = pipeline();
      std::stop_source stop;
      AdmitOptions with;
      with.stop = stop.get_token();
      auto operation = shared.admit_async(note("hello"), with);
      door.wait_for_arrivals(arrivals);
      EXPECT_EQ(threads.new_count(), 1U);
      EXPECT_FALSE(operation.is_ready());
      cancel(operation, stop);
      return operation.get();
    });
    threads.wait_for_the_end_of_new_ones();
  };
  cancelled_by([](auto& operation, auto&) { operation.cancel(); });
  cancelled_by([](auto&, auto& stop) { stop.request_stop(); });
  cancelled_by([](auto& operation, auto&) { std::thread([&] { operation.cancel(); }).join(); });
}

TEST_F(Async, work_has_a_thread_only_while_there_is_work) {
  const testing::Threads threads;
  admit("one");
  Pipeline shared = pipeline();
  EXPECT_EQ(threads.new_count(), 0U);
  for (int i = 0; i < 20; ++i) {
    must(shared.promote_snapshot_async(id_of("one")).get());
    if (i % 2 == 0) threads.wait_for_the_end_of_new_ones();
  }
  threads.wait_for_the_end_of_new_ones();
}

TEST_F(Async, the_end_of_the_pipeline_calls_off_what_runs_and_what_waits) {
  admit("one");
  const testing::Threads threads;
  const auto files_before = files();
  Door door;
  wait_in_compilation_of("hello", door);
  std::vector<Operation<PromotionReport>> promotions;
  std::optional<Operation<Admission>> admission;
  {
    Pipeline shared = pipeline();
    admission = shared.admit_async(note("hello"));
    for (int i = 0; i < 3; ++i) promotions.push_back(shared.promote_snapshot_async(id_of("one")));
    door.wait_for_arrivals(1);
  }
  threads.wait_for_the_end_of_new_ones();
  ASSERT_TRUE(admission->is_ready());
  EXPECT_EQ(admission->get().error().code, Errc::cancelled);
  for (auto& promotion : promotions) {
    ASSERT_TRUE(promotion.is_ready());
    EXPECT_EQ(promotion.get().error().code, Errc::cancelled);
  }
  EXPECT_EQ(files(), files_before);
  EXPECT_EQ(telemetry.snapshot()[telemetry::Action::promotion].failed, 3U);
}

TEST_F(Async, an_operation_that_is_cancelled_while_it_waits_lets_the_next_one_through) {
  admit("one");
  Door door;
  wait_in_compilation_of("hello", door);
  Pipeline shared = pipeline();
  auto admission = shared.admit_async(note("hello"));
  auto unwanted = shared.promote_snapshot_async(id_of("one"));
  auto wanted = shared.promote_snapshot_async(id_of("one"));
  unwanted.cancel();
  door.open();
  EXPECT_EQ(must(admission.get()).snapshot, id_of("hello"));
  EXPECT_EQ(unwanted.get().error().code, Errc::cancelled);
  EXPECT_EQ(must(wanted.get()).epoch, 1U);
}

TEST_F(Async, an_operation_that_is_dropped_is_carried_out_all_the_same) {
  Pipeline shared = pipeline();
  static_cast<void>(shared.admit_async(note("one")));
  static_cast<void>(shared.promote_snapshot_async(id_of("one")));
  EXPECT_EQ(must(shared.promote_snapshot_async(id_of("one")).get()).epoch, 2U);
}

TEST_F(Async, a_result_can_be_waited_for_and_is_taken_once) {
  Door door;
  wait_in_compilation_of("hello", door);
  Pipeline shared = pipeline();
  auto operation = shared.admit_async(note("hello"));
  EXPECT_FALSE(operation.wait_for(1ms));
  EXPECT_FALSE(operation.is_ready());
  door.open();
  operation.wait();
  EXPECT_TRUE(operation.is_ready());
  EXPECT_TRUE(operation.get());
  EXPECT_FALSE(operation.is_valid());
  operation.cancel();  // too late, and harmless
  std::future<Result<PromotionReport>> future =
      shared.promote_snapshot_async(id_of("hello")).to_future();
  EXPECT_EQ(must(future.get()).epoch, 1U);
}

TEST_F(Async, what_a_domain_throws_against_its_contract_is_thrown_by_get) {
  domain.while_compiling = [](const std::string&, const std::stop_token&) {
    throw std::runtime_error("against the contract");
  };
  Pipeline shared = pipeline();
  auto operation = shared.admit_async(note("hello"));
  EXPECT_THROW(static_cast<void>(operation.get()), std::runtime_error);
}

class Coroutine : public AsyncTest {};

TEST_F(Coroutine, goes_on_at_once_where_the_operation_is_over) {
  admit("one");
  Pipeline shared = pipeline();
  auto operation = shared.promote_snapshot_async(id_of("one"));
  operation.wait();
  std::uint64_t epoch = 0;
  std::thread::id thread;
  [](auto over, std::uint64_t& into, std::thread::id& where) -> Detached {
    into = must(co_await std::move(over)).epoch;
    where = std::this_thread::get_id();
  }(std::move(operation), epoch, thread);
  EXPECT_EQ(epoch, 1U);
  EXPECT_EQ(thread, std::this_thread::get_id());
}

/// Admits and promotes; says on which thread it went on after each.
Detached admit_and_promote(PromotionPipeline<testing::NoteDomain>& pipeline,
                           std::vector<Source> sources, std::vector<std::thread::id>& threads,
                           std::promise<PromotionReport>& done) {
  const auto admission = co_await pipeline.admit_async(std::move(sources));
  threads.push_back(std::this_thread::get_id());
  const auto report = co_await pipeline.promote_snapshot_async(must(admission).snapshot);
  threads.push_back(std::this_thread::get_id());
  done.set_value(must(report));
}

TEST_F(Coroutine, goes_on_on_the_pipelines_thread_where_it_had_to_wait) {
  Door door;
  std::thread::id worker;
  domain.while_compiling = [&](const std::string&, const std::stop_token&) {
    worker = std::this_thread::get_id();
    door.pass();
  };
  Pipeline shared = pipeline();
  std::vector<std::thread::id> threads;
  std::promise<PromotionReport> done;
  knhk::promotion::admit_and_promote(shared, note("hello"), threads, done);
  EXPECT_TRUE(threads.empty());
  door.open();
  EXPECT_EQ(done.get_future().get().epoch, 1U);
  EXPECT_EQ(threads, (std::vector<std::thread::id>{worker, worker}));
  EXPECT_NE(worker, std::this_thread::get_id());
}

/// A coroutine that somebody may destroy while it waits.
struct Owned {
  struct promise_type {
    Owned get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
  std::coroutine_handle<promise_type> handle;
};

TEST_F(Coroutine, that_is_destroyed_while_it_waits_is_not_resumed) {
  Door door;
  wait_in_compilation_of("hello", door);
  bool was_resumed = false;
  {
    Pipeline shared = pipeline();
    const Owned waiting = [](Operation<Admission> operation, bool& resumed) -> Owned {
      static_cast<void>(co_await std::move(operation));
      resumed = true;
    }(shared.admit_async(note("hello")), was_resumed);
    waiting.handle.destroy();
  }
  EXPECT_FALSE(was_resumed);
}

TEST_F(Coroutine, learns_that_the_pipeline_ends) {
  Door door;
  wait_in_compilation_of("hello", door);
  std::atomic<int> cancelled{0};
  {
    Pipeline shared = pipeline();
    for (const char* text : {"hello", "one", "two"}) {
      [](Operation<Admission> operation, std::atomic<int>& count) -> Detached {
        const auto admission = co_await std::move(operation);
        if (!admission && admission.error().code == Errc::cancelled) count.fetch_add(1);
      }(shared.admit_async(note(text)), cancelled);
    }
    door.wait_for_arrivals(1);
  }
  EXPECT_EQ(cancelled.load(), 3);
}

}  // namespace
}  // namespace knhk::promotion
