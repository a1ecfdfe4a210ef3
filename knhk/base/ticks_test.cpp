#include "knhk/base/ticks.hpp"

#include <gtest/gtest.h>

namespace knhk {
namespace {

TEST(TickCounter, never_goes_back_on_one_thread) {
  std::uint64_t last = TickCounter::bracket();
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t now = TickCounter::bracket();
    ASSERT_GE(now, last);
    last = now;
  }
  EXPECT_GE(TickCounter::now(), last);
}

TEST(Ticks, calibration_runs_each_addition_of_its_chain) {
  EXPECT_EQ(detail::add_in_a_chain(1000, 1), 4000U);
  EXPECT_EQ(detail::add_in_a_chain(0, 1), 0U);
  EXPECT_EQ(detail::add_in_a_chain(2, 5), 40U);
}

TEST(Ticks, a_calibration_gives_a_positive_and_finite_rate) {
  const TickCalibration calibration = calibrate();
  EXPECT_GT(calibration.units_per_tick, 0.0);
  EXPECT_GT(calibration.units_per_second, 0.0);
  EXPECT_GT(calibration.ticks_per_second(), 1e6);   // no machine is slower than a megahertz
  EXPECT_LT(calibration.ticks_per_second(), 1e12);  // or faster than a terahertz
}

TEST(Ticks, converts_counter_units_by_the_rates_it_was_given) {
  const TickCalibration calibration{0.5, 2e9};
  EXPECT_DOUBLE_EQ(calibration.to_ticks(100), 200.0);
  EXPECT_DOUBLE_EQ(calibration.to_nanoseconds(100), 50.0);
  EXPECT_DOUBLE_EQ(calibration.ticks_per_second(), 4e9);
}

}  // namespace
}  // namespace knhk
