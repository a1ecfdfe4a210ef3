#include "knhk/telemetry/bounded_queue.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace knhk::telemetry {
namespace {

using namespace std::chrono_literals;

TEST(BoundedQueue, drops_the_oldest_when_it_is_full_and_counts_them) {
  BoundedQueue<int> queue(3);
  for (int i = 1; i <= 5; ++i) queue.push(i);
  EXPECT_EQ(queue.size(), 3U);
  EXPECT_EQ(queue.dropped(), 2U);
  EXPECT_EQ(queue.pop(2, 0s), (std::vector<int>{3, 4}));
  EXPECT_EQ(queue.pop(2, 0s), (std::vector<int>{5}));
  EXPECT_TRUE(queue.pop(2, 0s).empty());
}

TEST(BoundedQueue, wakes_who_waits_when_something_comes_and_when_it_is_closed) {
  BoundedQueue<int> queue(3);
  std::vector<int> got;
  std::thread consumer([&] {
    got = queue.pop(3, 1h);
    static_cast<void>(queue.pop(3, 1h));  // only close() ends this
  });
  queue.push(1);
  queue.close();
  consumer.join();
  EXPECT_EQ(got, (std::vector<int>{1}));
  EXPECT_TRUE(queue.pop(1, 1h).empty());
}

TEST(BoundedQueue, lets_its_consumer_wait_for_many_until_it_is_nudged) {
  BoundedQueue<int> queue(4);
  queue.nudge();  // before anybody waits: the next wait is over at once
  queue.wait_for(2, std::chrono::hours(1));
  queue.push(1);
  std::thread other([&] { queue.push(2); });
  queue.wait_for(2, std::chrono::hours(1));
  EXPECT_EQ(queue.size(), 2U);
  other.join();
  queue.wait_for(3, std::chrono::milliseconds(1));
  EXPECT_EQ(queue.size(), 2U);
  queue.close();
  queue.wait_for(3, std::chrono::hours(1));
  EXPECT_EQ(queue.pop(4, std::chrono::hours(1)), (std::vector<int>{1, 2}));
}

TEST(BoundedQueue, loses_nothing_but_what_it_counts_between_several_threads) {
  BoundedQueue<int> queue(16);
  constexpr int kThreads = 3;
  constexpr int kEach = 2000;
  std::atomic<int> running{kThreads};
  std::uint64_t taken = 0;
  std::vector<std::thread> producers;
  for (int t = 0; t < kThreads; ++t) {
    producers.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) queue.push(i);
      running.fetch_sub(1);
    });
  }
  while (running.load() != 0) taken += queue.pop(5, 1ms).size();
  for (std::thread& producer : producers) producer.join();
  taken += queue.pop(100, 0s).size();
  EXPECT_EQ(taken + queue.dropped(), std::uint64_t{kThreads * kEach});
}

}  // namespace
}  // namespace knhk::telemetry
