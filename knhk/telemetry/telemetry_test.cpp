#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "knhk/telemetry/promotion_telemetry.hpp"

namespace knhk::telemetry {
namespace {

std::uint64_t exact_percentile(const std::vector<std::uint64_t>& sorted, double percent) {
  const auto rank =
      static_cast<std::size_t>(std::ceil(percent / 100.0 * static_cast<double>(sorted.size())));
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

void expect_close_to_sort(std::vector<std::uint64_t> values) {
  const auto histogram = std::make_unique<Histogram>();
  for (const std::uint64_t value : values) histogram->record(value);
  std::sort(values.begin(), values.end());
  for (const double percent : {0.1, 1.0, 10.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
    const auto exact = static_cast<double>(exact_percentile(values, percent));
    const auto found = static_cast<double>(histogram->percentile(percent));
    EXPECT_LE(std::abs(found - exact), exact * Histogram::kRelativeError)
        << "p" << percent << ": exact " << exact << ", found " << found;
  }
  EXPECT_EQ(histogram->count(), values.size());
  EXPECT_EQ(histogram->max(), values.back());
}

TEST(Histogram, gives_percentiles_within_its_relative_error_of_an_exact_sort) {
  constexpr std::uint64_t kSeed = 20261123;
  std::mt19937_64 random(kSeed);
  RecordProperty("seed", std::to_string(kSeed));
  for (const std::size_t count : {1U, 2U, 10U, 999U, 20000U}) {
    std::vector<std::uint64_t> uniform;
    std::vector<std::uint64_t> heavy_tailed;
    std::lognormal_distribution<double> tail(10.0, 3.0);
    for (std::size_t i = 0; i < count; ++i) {
      uniform.push_back(random() % 1'000'000);
      heavy_tailed.push_back(static_cast<std::uint64_t>(std::min(tail(random), 1e15)));
    }
    expect_close_to_sort(uniform);
    expect_close_to_sort(heavy_tailed);
  }
}

TEST(Histogram, counts_small_values_exactly_and_takes_the_largest_there_are) {
  expect_close_to_sort({0, 0, 1, 2, 3, 31});
  expect_close_to_sort({31, 32, 33, 63, 64, 65});
  expect_close_to_sort({std::numeric_limits<std::uint64_t>::max()});
  expect_close_to_sort({std::uint64_t{1} << 63, (std::uint64_t{1} << 63) - 1});
}

TEST(Histogram, without_values_says_zero) {
  const auto histogram = std::make_unique<Histogram>();
  EXPECT_EQ(histogram->count(), 0U);
  EXPECT_EQ(histogram->percentile(50), 0U);
  EXPECT_EQ(histogram->average(), 0.0);
}

Attempt attempt(Action action, std::optional<Errc> error, std::chrono::nanoseconds ready) {
  Attempt made;
  made.action = action;
  made.error = error;
  made.phases.set(Phase::ready, ready);
  made.total = ready * 2;
  return made;
}

TEST(PromotionTelemetry, keeps_totals_successes_failures_and_rollbacks_apart) {
  const auto telemetry = std::make_unique<PromotionTelemetry>();
  using namespace std::chrono_literals;
  telemetry->record(attempt(Action::promotion, std::nullopt, 10ns));
  telemetry->record(attempt(Action::promotion, std::nullopt, 20ns));
  telemetry->record(attempt(Action::promotion, Errc::store_locked, 30ns));
  telemetry->record(attempt(Action::rollback, std::nullopt, 12ns));
  telemetry->record(attempt(Action::admission, Errc::invariant_failed, 0ns));
  telemetry->record(attempt(Action::promotion, Errc::store_locked, 31ns));
  const TelemetrySnapshot snapshot = telemetry->snapshot();
  EXPECT_EQ(snapshot[Action::promotion].total, 4U);
  EXPECT_EQ(snapshot[Action::promotion].succeeded, 2U);
  EXPECT_EQ(snapshot[Action::promotion].failed, 2U);
  EXPECT_EQ(snapshot[Action::rollback].succeeded, 1U);
  EXPECT_EQ(snapshot[Action::admission].failed, 1U);
  const std::vector<std::pair<Errc, std::uint64_t>> expected{{Errc::invariant_failed, 1},
                                                             {Errc::store_locked, 2}};
  EXPECT_EQ(snapshot.failures, expected);
  EXPECT_EQ(snapshot.promotion_total.count, 3U);
}

TEST(PromotionTelemetry, gives_count_average_and_percentiles_of_each_phase) {
  const auto telemetry = std::make_unique<PromotionTelemetry>();
  for (int i = 1; i <= 100; ++i) {
    telemetry->record(attempt(Action::promotion, std::nullopt, std::chrono::nanoseconds(i * 1000)));
  }
  const TelemetrySnapshot snapshot = telemetry->snapshot();
  const DurationSummary& ready = snapshot[Phase::ready];
  EXPECT_EQ(ready.count, 100U);
  EXPECT_DOUBLE_EQ(ready.average_ns, 50'500.0);
  EXPECT_NEAR(static_cast<double>(ready.p50_ns), 50'000.0, 50'000 * Histogram::kRelativeError);
  EXPECT_NEAR(static_cast<double>(ready.p90_ns), 90'000.0, 90'000 * Histogram::kRelativeError);
  EXPECT_NEAR(static_cast<double>(ready.p99_ns), 99'000.0, 99'000 * Histogram::kRelativeError);
  EXPECT_EQ(ready.max_ns, 100'000U);
  EXPECT_EQ(snapshot[Phase::verification].count, 0U);
}

TEST(PromotionTelemetry, loses_nothing_when_several_threads_record_beside_a_reader) {
  const auto telemetry = std::make_unique<PromotionTelemetry>();
  constexpr int kThreads = 4;
  constexpr int kEach = 5000;
  std::atomic<bool> done{false};
  std::uint64_t went_back = 0;
  std::thread reader([&] {
    std::uint64_t last = 0;
    while (!done.load(std::memory_order_acquire)) {
      const std::uint64_t now = telemetry->snapshot()[Action::promotion].total;
      went_back += now < last ? 1U : 0U;
      last = now;
      std::this_thread::yield();
    }
  });
  std::vector<std::thread> writers;
  for (int t = 0; t < kThreads; ++t) {
    writers.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) {
        telemetry->record(attempt(Action::promotion, std::nullopt, std::chrono::nanoseconds(i)));
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  done.store(true, std::memory_order_release);
  reader.join();
  EXPECT_EQ(went_back, 0U);
  EXPECT_EQ(telemetry->snapshot()[Action::promotion].total, std::uint64_t{kThreads * kEach});
  EXPECT_EQ(telemetry->snapshot()[Phase::ready].count, std::uint64_t{kThreads * kEach});
}

TEST(PromotionTelemetry, shows_exact_counts_between_the_bounds_that_exporters_get) {
  const auto telemetry = std::make_unique<PromotionTelemetry>();
  using namespace std::chrono_literals;
  telemetry->record(attempt(Action::promotion, std::nullopt, 15ns));
  telemetry->record(attempt(Action::promotion, std::nullopt, 16ns));
  telemetry->record(attempt(Action::promotion, Errc::disk_full, 63ns));
  telemetry->record(attempt(Action::promotion, std::nullopt, 64ns));
  telemetry->record(attempt(Action::promotion, std::nullopt, 1000s));
  std::vector<Metric> metrics;
  telemetry->collect(metrics);
  const auto metric = [&](std::string_view name) {
    return *std::find_if(metrics.begin(), metrics.end(),
                         [&](const Metric& candidate) { return candidate.name == name; });
  };
  const Metric phases = metric("knhk.phase.duration");
  const auto ready = std::find_if(phases.points.begin(), phases.points.end(), [](const auto& p) {
    return p.attributes == Attributes{{"knhk.phase", "ready"}};
  });
  ASSERT_NE(ready, phases.points.end());
  const auto& shown = std::get<HistogramPoint>(ready->value);
  ASSERT_EQ(shown.counts.size(), shown.bounds.size() + 1);
  EXPECT_DOUBLE_EQ(shown.bounds[0], 15e-9);
  EXPECT_DOUBLE_EQ(shown.bounds[1], 63e-9);
  EXPECT_EQ(shown.counts[0], 1U);
  EXPECT_EQ(shown.counts[1], 2U);
  EXPECT_EQ(shown.counts[2], 1U);
  EXPECT_EQ(shown.counts.back(), 1U);
  EXPECT_DOUBLE_EQ(shown.sum, 1000 + 158e-9);
  const Metric failures = metric("knhk.failures");
  ASSERT_EQ(failures.points.size(), 1U);
  EXPECT_EQ(failures.points[0].attributes, (Attributes{{"error.type", "disk-full"}}));
  EXPECT_EQ(std::get<std::uint64_t>(failures.points[0].value), 1U);
}

}  // namespace
}  // namespace knhk::telemetry
