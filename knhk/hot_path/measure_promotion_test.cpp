#include "knhk/hot_path/measure_promotion.hpp"

#include <gtest/gtest.h>

#include "knhk/hot_path/snapshots_for_tests.hpp"

namespace knhk::hot_path {
namespace {

// No figure is asserted, only that each was measured: how fast a machine is, is not for a test.
TEST(MeasurePromotion, gives_a_figure_alone_and_beside_readers) {
  for (const unsigned readers : {0U, 1U, 2U}) {
    EXPECT_GT(measure_promotion(readers), 0);
  }
}

TEST(SpinningReaders, are_all_registered_once_they_are_made_and_gone_afterwards) {
  HotPath<int> path;
  promote(path, 1, std::make_shared<const int>(1));
  {
    const SpinningReaders spinning(path, 3);
    EXPECT_EQ(path.stats().readers, 3U);
  }
  EXPECT_EQ(path.stats().readers, 0U);
}

}  // namespace
}  // namespace knhk::hot_path
