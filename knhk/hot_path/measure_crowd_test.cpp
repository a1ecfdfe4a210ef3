#include "knhk/hot_path/measure_crowd.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <mutex>
#include <set>

#include "knhk/hot_path/snapshots_for_tests.hpp"
#include "knhk/hot_path/steady_promoter.hpp"

namespace knhk::hot_path {
namespace {

// No figure is asserted, only that each was measured: how fast a machine is, is not for a test.
void expect_figures(const Samples& samples, std::size_t least) {
  EXPECT_GE(samples.count(), least);
  EXPECT_TRUE(std::isfinite(samples.median()) && samples.median() > 0);
}

TEST(MeasureCrowd, gives_figures_of_every_thread_and_leaves_no_reader) {
  HotPath<int> path;
  promote(path, 1, std::make_shared<const int>(1));
  constexpr unsigned kReaders = 3;
  const CrowdCost cost = measure_crowd(path, kReaders, std::chrono::milliseconds(1));
  for (const Samples* samples : {&cost.current_id, &cost.pin, &cost.sticky}) {
    expect_figures(*samples, kReaders);
  }
  EXPECT_EQ(path.stats().readers, 0U);
  EXPECT_GE(path.stats().reader_records, 1U);
  EXPECT_LE(path.stats().reader_records, kReaders);
}

TEST(MeasureCrowd, has_each_thread_measure_once) {
  std::mutex mutex;
  std::set<std::thread::id> seen;
  const Samples samples = detail::measure_on_threads(5, [&] {
    const std::lock_guard lock(mutex);
    seen.insert(std::this_thread::get_id());
    Samples one;
    one.add(1);
    return one;
  });
  EXPECT_EQ(samples.count(), 5U);
  EXPECT_EQ(seen.size(), 5U);
}

TEST(SteadyPromoter, promotes_and_frees_while_readers_are_measured) {
  HotPath<int> path;
  promote(path, 1, std::make_shared<const int>(1));
  std::uint64_t promotions = 0;
  {
    const SteadyPromoter promoter(path, std::chrono::microseconds(50));
    while ((promotions = promoter.promotions()) < 10) {
      const CrowdCost cost = measure_crowd(path, 1, std::chrono::milliseconds(1));
      expect_figures(cost.pin, 1);
    }
  }
  EXPECT_GE(path.generation(), promotions);
  EXPECT_TRUE(path.reclaim());
  EXPECT_EQ(path.stats().living_snapshots, 1U);
}

}  // namespace
}  // namespace knhk::hot_path
