#include "cli/reader_crowd.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>

#include "knhk/hot_path/traits.hpp"

namespace knhk::cli {
namespace {

/// Artifacts in memory that outlives them, so that a reader may look at destroyed ones: they say
/// so. `kPoison` stands where the id's first byte was.
struct Stone {
  static constexpr int kPoison = -1;
  std::atomic<int> mark{0};
};

SnapshotId id_of(int mark) {
  SnapshotId id;
  id.bytes[0] = static_cast<std::uint8_t>(mark);
  return id;
}

std::shared_ptr<const Stone> hand_out(Stone& stone, int mark) {
  stone.mark = mark;
  return {&stone, [](Stone* freed) { freed->mark = Stone::kPoison; }};
}

Sight look_at(const Stone& stone, const SnapshotId& id) {
  const int mark = stone.mark;
  if (mark == Stone::kPoison) return Sight::freed;
  return mark == id.bytes[0] ? Sight::intact : Sight::torn;
}

/// Traits whose scans free what readers hold.
struct HazardsIgnored : hot_path::DefaultTraits {
  static constexpr bool kHonourHazards = false;
};

template <class Traits>
void promote(hot_path::HotPath<Stone, Traits>& path, Stone& stone, int mark, std::uint64_t epoch) {
  auto publication = path.prepare(id_of(mark), hand_out(stone, mark), epoch);
  ASSERT_TRUE(publication) << to_string(publication.error());
  publication->publish();
  publication->settle();
  path.reclaim();
}

/// A reader stops while it holds the first snapshot; meanwhile a second one is promoted and the
/// first is freed, if the path lets it. Then the reader looks. Returns what it saw.
template <class Traits>
ReadTally tally_of_a_reader_that_is_overtaken() {
  enum Step : int { kReading, kHolding, kOvertaken };
  std::atomic<int> step{kReading};
  Stone first;
  Stone second;
  hot_path::HotPath<Stone, Traits> path;
  const auto inspect = [&](const Stone& stone, const SnapshotId& id) {
    if (step == kReading) {
      step = kHolding;
      step.notify_all();
      step.wait(kHolding);
    }
    return look_at(stone, id);
  };
  ReaderCrowd<Stone, Traits, decltype(inspect)> crowd(path, 1, inspect);
  crowd.announce(id_of(1));
  crowd.announce(id_of(2));
  promote(path, first, 1, 1);
  step.wait(kReading);
  promote(path, second, 2, 2);
  step = kOvertaken;
  step.notify_all();
  crowd.wait_for_a_round();
  return crowd.tally();
}

TEST(ReaderCrowd, counts_nothing_wrong_when_a_reader_is_overtaken) {
  const ReadTally tally = tally_of_a_reader_that_is_overtaken<hot_path::DefaultTraits>();
  EXPECT_TRUE(tally.is_clean());
  EXPECT_GT(tally.reads, 0U);
}

TEST(ReaderCrowd, counts_a_freed_read_when_hazards_are_ignored) {
  const ReadTally tally = tally_of_a_reader_that_is_overtaken<HazardsIgnored>();
  EXPECT_GT(tally.freed, 0U);
  EXPECT_FALSE(tally.is_clean());
}

TEST(ReaderCrowd, counts_an_id_that_nobody_announced_as_torn) {
  Stone stone;
  hot_path::HotPath<Stone> path;
  promote(path, stone, 1, 1);
  ReaderCrowd<Stone, hot_path::DefaultTraits, decltype(&look_at)> crowd(path, 1, &look_at);
  crowd.wait_for_a_round();
  EXPECT_GT(crowd.tally().torn, 0U);
}

TEST(ReaderCrowd, counts_artifacts_of_another_id_as_torn) {
  Stone stone;
  hot_path::HotPath<Stone> path;
  promote(path, stone, 1, 1);
  stone.mark = 7;
  ReaderCrowd<Stone, hot_path::DefaultTraits, decltype(&look_at)> crowd(path, 1, &look_at);
  crowd.announce(id_of(1));
  crowd.wait_for_a_round();
  EXPECT_GT(crowd.tally().torn, 0U);
}

}  // namespace
}  // namespace knhk::cli
