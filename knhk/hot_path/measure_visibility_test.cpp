#include "knhk/hot_path/measure_visibility.hpp"

#include <gtest/gtest.h>

namespace knhk::hot_path {
namespace {

// No figure is asserted, only that each was measured: how fast a machine is, is not for a test.
TEST(MeasureVisibility, gives_a_figure_for_the_line_the_word_and_the_pin) {
  const VisibilityCost cost = measure_visibility();
  EXPECT_GT(cost.line_ticks, 0);
  EXPECT_GT(cost.word_ticks, 0);
  EXPECT_GT(cost.pin_ticks, 0);
}

/// A side that can't go on after some rounds.
struct TiringSide {
  std::atomic<std::uint64_t> line{0};
  const TiringSide* other = nullptr;
  std::uint64_t last_round = 0;
  std::uint64_t round = 0;

  bool prepare(std::uint64_t next) {
    round = next;
    return next <= last_round;
  }
  void send() { line.store(round, std::memory_order_release); }
  bool sees(std::uint64_t wanted) const {
    return other->line.load(std::memory_order_acquire) == wanted;
  }
};

TEST(MeasureVisibility, ends_when_either_side_cannot_go_on) {
  for (const bool ping_tires : {true, false}) {
    TiringSide ping;
    TiringSide pong;
    ping.other = &pong;
    pong.other = &ping;
    ping.last_round = ping_tires ? 5 : 1'000'000;
    pong.last_round = ping_tires ? 1'000'000 : 5;
    EXPECT_THROW(static_cast<void>(detail::measure_there_and_back(ping, pong)), std::bad_alloc);
    EXPECT_EQ(pong.line.load(), 5U);
  }
}

}  // namespace
}  // namespace knhk::hot_path
