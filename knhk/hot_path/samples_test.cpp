#include "knhk/hot_path/samples.hpp"

#include <gtest/gtest.h>

namespace knhk::hot_path {
namespace {

Samples from_100_down_to_1() {
  Samples samples;
  for (int value = 100; value > 0; --value) samples.add(value);
  return samples;
}

TEST(Samples, gives_the_nearest_rank) {
  const Samples samples = from_100_down_to_1();
  EXPECT_EQ(samples.percentile(10), 10);
  EXPECT_EQ(samples.median(), 50);
  EXPECT_EQ(samples.percentile(99), 99);
  EXPECT_EQ(samples.percentile(99.9), 100);
  EXPECT_EQ(samples.percentile(100), 100);
  EXPECT_EQ(samples.percentile(0.001), 1);
}

TEST(Samples, leaves_the_largest_eighth_out_of_the_mean) {
  Samples samples;
  for (const double value : {1e9, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0}) samples.add(value);
  EXPECT_EQ(samples.mean_of_most(), 4);
}

TEST(Samples, has_one_value_or_none_for_every_rank) {
  Samples samples;
  EXPECT_EQ(samples.median(), 0);
  EXPECT_EQ(samples.mean_of_most(), 0);
  samples.add(7);
  EXPECT_EQ(samples.percentile(10), 7);
  EXPECT_EQ(samples.percentile(99.9), 7);
  EXPECT_EQ(samples.mean_of_most(), 7);
}

TEST(Samples, takes_over_those_of_others) {
  Samples samples;
  samples.add(1000);
  samples.add(from_100_down_to_1());
  EXPECT_EQ(samples.count(), 101U);
  EXPECT_EQ(samples.percentile(100), 1000);
}

}  // namespace
}  // namespace knhk::hot_path
