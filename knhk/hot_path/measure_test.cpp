#include "knhk/hot_path/measure.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "knhk/hot_path/snapshots_for_tests.hpp"

namespace knhk::hot_path {
namespace {

// No figure is asserted, only that each was measured: how fast a machine is, is not for a test.
TEST(Measure, gives_a_figure_for_every_way_to_read) {
  HotPath<int> path;
  promote(path, 1, std::make_shared<const int>(1));
  for (const ReadCost& cost : measure_reads(path).rows()) {
    EXPECT_FALSE(cost.what.empty());
    EXPECT_TRUE(std::isfinite(cost.throughput_ticks) && cost.throughput_ticks > 0) << cost.what;
    EXPECT_TRUE(std::isfinite(cost.latency_ticks) && cost.latency_ticks > 0) << cost.what;
  }
  EXPECT_EQ(path.stats().readers, 0U);
  EXPECT_EQ(path.current_id(), id_of(1));
}

TEST(Measure, gives_a_figure_for_the_publish_step_and_the_bracket_around_it) {
  const PublishCost cost = measure_publish(calibrate());
  EXPECT_GT(cost.empty_bracket_ticks, 0);
  EXPECT_GT(cost.bracketed_ticks, 0);
  EXPECT_GT(cost.bracketed_beside_reader, 0);
  EXPECT_GT(cost.back_to_back_ticks, 0);
  EXPECT_GE(cost.step_ticks(), 0);
  EXPECT_GE(cost.step_ticks_beside_reader(), 0);
}

TEST(Measure, leaves_out_the_largest_eighth_of_what_was_bracketed) {
  std::array<std::uint64_t, 8> samples{1, 2, 1, 1000, 2, 1, 2, 5};
  EXPECT_EQ(detail::mean_of_most(samples), 2.0);
}

TEST(Measure, takes_the_middle_of_what_it_sampled) {
  std::array<int, 5> values{9, 1, 7, 3, 5};
  EXPECT_EQ(detail::median(values), 5);
}

}  // namespace
}  // namespace knhk::hot_path
