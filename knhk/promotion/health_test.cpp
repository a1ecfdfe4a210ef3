#include "knhk/promotion/health.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <random>
#include <thread>

namespace knhk::promotion {
namespace {

using namespace std::chrono_literals;

TEST(Health, adds_up_what_its_readers_recorded_for_an_epoch) {
  Health health;
  HealthReader first(health);
  HealthReader second(health);
  first.record(7, Outcome::succeeded, 100ns);
  first.record(7, Outcome::failed, 200ns);
  second.record(7, Outcome::succeeded);
  second.record(8, Outcome::failed);
  const HealthFigures seven = health.figures(7);
  EXPECT_EQ(seven.count(), 3U);
  EXPECT_EQ(seven.failed(), 1U);
  EXPECT_EQ(seven.timed(), 2U);
  EXPECT_DOUBLE_EQ(seven.error_rate(), 1.0 / 3);
  EXPECT_EQ(health.figures(8).failed(), 1U);
  EXPECT_EQ(health.figures(9).count(), 0U);
  EXPECT_EQ(health.readers(), 2U);
}

TEST(Health, keeps_the_two_newest_epochs_of_a_reader_and_counts_what_comes_too_late) {
  Health health;
  HealthReader reader(health);
  for (const std::uint64_t epoch : {1U, 1U, 2U, 1U, 2U, 5U, 2U}) {
    reader.record(epoch, Outcome::succeeded, 1ns);
  }
  EXPECT_EQ(health.figures(1).count(), 0U) << "its cells are those of epoch 5";
  EXPECT_EQ(health.figures(2).count(), 3U);
  EXPECT_EQ(health.figures(5).count(), 1U);
  reader.record(1, Outcome::failed, 1ns);
  EXPECT_EQ(health.late(), 1U);
  EXPECT_EQ(health.figures(2).count() + health.figures(5).count(), 4U);
  EXPECT_EQ(health.figures(5).failed(), 0U);
}

TEST(Health, counts_nothing_where_there_is_no_snapshot) {
  Health health;
  HealthReader reader(health);
  reader.record(0, Outcome::failed, 1ns);
  reader.record(0, Outcome::failed);
  EXPECT_EQ(health.figures(0).count(), 0U);
  reader.record(1, Outcome::failed);
  reader.record(0, Outcome::failed);
  EXPECT_EQ(health.figures(1).count(), 1U);
}

TEST(Health,
     keeps_what_a_reader_recorded_when_the_reader_is_gone_and_gives_its_memory_to_the_next) {
  Health health;
  {
    HealthReader gone(health);
    gone.record(1, Outcome::succeeded);
    HealthReader moved(std::move(gone));
    moved.record(1, Outcome::failed);
  }
  EXPECT_EQ(health.readers(), 0U);
  EXPECT_EQ(health.figures(1).count(), 2U);
  HealthReader next(health);
  next.record(1, Outcome::succeeded);
  next.record(2, Outcome::succeeded);
  EXPECT_EQ(health.readers(), 1U);
  EXPECT_EQ(health.figures(1).count(), 3U);
  EXPECT_EQ(health.figures(1).failed(), 1U);
}

TEST(Health, gives_percentiles_within_its_relative_error_of_an_exact_sort) {
  constexpr std::uint64_t kSeed = 20261129;
  RecordProperty("seed", std::to_string(kSeed));
  std::mt19937_64 random(kSeed);
  std::lognormal_distribution<double> tail(12.0, 2.5);
  Health health;
  HealthReader reader(health);
  std::vector<std::uint64_t> values;
  for (int i = 0; i < 20'000; ++i) {
    values.push_back(static_cast<std::uint64_t>(std::min(tail(random), 1e15)));
    reader.record(3, i % 7 == 0 ? Outcome::failed : Outcome::succeeded,
                  std::chrono::nanoseconds(values.back()));
    if (i % 5 == 0) reader.record(3, Outcome::failed);  // untimed: no part of the latencies
  }
  std::sort(values.begin(), values.end());
  const HealthFigures figures = health.figures(3);
  for (const double percent : {0.1, 1.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
    const auto rank = static_cast<std::size_t>(std::ceil(percent / 100 * 20'000));
    const auto exact = static_cast<double>(values[std::max<std::size_t>(rank, 1) - 1]);
    EXPECT_LE(std::abs(static_cast<double>(figures.latency_ns(percent)) - exact),
              exact * HealthFigures::kRelativeError)
        << "p" << percent;
  }
  EXPECT_EQ(HealthFigures().latency_ns(50), 0U);
}

TEST(Health, counts_outcomes_without_a_latency_wherever_they_lie) {
  Health health;
  HealthReader reader(health);
  for (int i = 0; i < 100; ++i) {
    reader.record(1, i % 10 == 0 ? Outcome::failed : Outcome::succeeded);
  }
  reader.record(1, Outcome::succeeded, 5ns);
  const HealthFigures figures = health.figures(1);
  EXPECT_EQ(figures.count(), 101U);
  EXPECT_EQ(figures.failed(), 10U);
  EXPECT_EQ(figures.timed(), 1U);
  EXPECT_EQ(figures.latency_ns(100), 5U);
}

TEST(Health, takes_every_latency_there_is) {
  Health health;
  HealthReader reader(health);
  for (const std::int64_t latency : {INT64_MIN, INT64_MAX, std::int64_t{0}, std::int64_t{-1}}) {
    reader.record(1, Outcome::succeeded, std::chrono::nanoseconds(latency));
  }
  EXPECT_EQ(health.figures(1).timed(), 4U);
}

TEST(Health, tells_what_came_between_two_looks) {
  Health health;
  HealthReader reader(health);
  reader.record(1, Outcome::failed, 1000ns);
  const HealthFigures before = health.figures(1);
  reader.record(1, Outcome::succeeded, 64ns);
  const HealthFigures between = health.figures(1).since(before);
  EXPECT_EQ(between.count(), 1U);
  EXPECT_EQ(between.failed(), 0U);
  EXPECT_EQ(between.latency_ns(100),
            HealthFigures::Buckets::middle_of(HealthFigures::Buckets::bucket_of(64)));
  EXPECT_EQ(before.since(health.figures(1)).count(), 0U);
}

// Under ThreadSanitizer this is also a proof that nothing is shared without need.
TEST(Health, loses_nothing_of_what_several_readers_record_beside_a_judge) {
  Health health;
  constexpr int kReaders = 3;
  constexpr std::uint64_t kEpochs = 40;
  constexpr std::uint64_t kEach = 500;
  std::atomic<bool> done{false};
  std::uint64_t wrong = 0;
  std::thread judge([&] {
    std::vector<std::uint64_t> seen(kEpochs + 1, 0);
    while (!done.load(std::memory_order_acquire)) {
      for (std::uint64_t epoch = 1; epoch <= kEpochs; ++epoch) {
        const HealthFigures figures = health.figures(epoch);
        // Each epoch has its own latency: counts of another epoch would show.
        if (figures.count() != 0 && figures.latency_ns(100) != figures.latency_ns(0.0001)) {
          ++wrong;
        }
        if (figures.count() > kReaders * kEach) ++wrong;
      }
    }
  });
  std::vector<std::thread> readers;
  // All at once, so that none gets the memory of one that is done with all epochs.
  std::vector<HealthReader> parts;
  for (int r = 0; r < kReaders; ++r) parts.emplace_back(health);
  for (HealthReader& reader : parts) {
    readers.emplace_back([&reader] {
      for (std::uint64_t epoch = 1; epoch <= kEpochs; ++epoch) {
        for (std::uint64_t i = 0; i < kEach; ++i) {
          reader.record(epoch, Outcome::succeeded, std::chrono::nanoseconds(1ULL << (epoch % 40)));
        }
      }
    });
  }
  for (std::thread& reader : readers) reader.join();
  done.store(true, std::memory_order_release);
  judge.join();
  EXPECT_EQ(wrong, 0U);
  EXPECT_EQ(health.figures(kEpochs).count(), kReaders * kEach);
  EXPECT_EQ(health.figures(kEpochs - 1).count(), kReaders * kEach);
  EXPECT_EQ(health.late(), 0U);
}

}  // namespace
}  // namespace knhk::promotion
