#include "knhk/hot_path/torture.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <optional>
#include <type_traits>
#include <vector>

namespace knhk::hot_path {
namespace {

struct PortableFences : detail::Membarrier {
  static bool is_forbidden() noexcept { return true; }
};
struct PortableTraits : EagerTraits {
  using Fences = PortableFences;
};
// Few slots, so that each is refilled all the time; scans whenever something is settled.
template <class Mode>
struct Tight : Mode {
  static constexpr std::size_t kSlots = 8;
};
using TightTraits = Tight<EagerTraits>;
// Many slots, and scans that find many of them retired.
template <class Mode>
struct Roomy : Mode {
  static constexpr std::size_t kSlots = 1024;
  static constexpr std::chrono::milliseconds kScanInterval{2};
};
template <class Mode>
struct Stalling : Mode {
  static constexpr std::size_t kSlots = 12;
  template <class U>
  using Atomic = StallingAtomic<U>;
};
template <unsigned kFirst>
struct Hoisted : TightTraits {
  template <class U>
  using Atomic = HoistedAtomic<U, kFirst>;
};
struct HazardsIgnored : TightTraits {
  static constexpr bool kHonourHazards = false;
};

using Plain = std::uint64_t;
using Counted = std::atomic<std::uint64_t>;

/// Runs a torture as `plan` says, with a seed and a time from the environment, and prints the ages
/// that the readers saw.
template <class Traits, class Cell, bool kReused>
void expect_nothing_wrong(TorturePlan plan) {
  plan.seed = torture_seed();
  plan.time = torture_time(0.4);
  Torture<Traits, Cell, kReused> torture;
  const TortureTally tally = torture.run(plan);
  std::cout << "seed " << plan.seed << ", generation " << torture.path().generation() << ", "
            << tally.to_string();
  EXPECT_GT(torture.path().generation(), 1U);
  EXPECT_GT(torture.path().stats().scans, 0U);
  EXPECT_GT(tally.reads, 0U);
  EXPECT_EQ(tally.torn, 0U) << "seed " << plan.seed;
  EXPECT_EQ(tally.freed, 0U) << "seed " << plan.seed;
  EXPECT_EQ(tally.backward, 0U) << "seed " << plan.seed;
  EXPECT_EQ(tally.crowded, 0U) << "seed " << plan.seed;
  EXPECT_EQ(tally.misplaced, 0U) << "seed " << plan.seed;
  for (const Way way :
       {Way::pin, Way::nested_pin, Way::sticky_fresh, Way::sticky_held, Way::id_only}) {
    EXPECT_GT(tally.ages.looks(way), 0U);
    EXPECT_EQ(tally.ages.beyond(way), 0U) << "seed " << plan.seed;
  }
}

template <class Mode>
class TortureTest : public testing::Test {};
using Modes = testing::Types<EagerTraits, PortableTraits>;
TYPED_TEST_SUITE(TortureTest, Modes);

// From the heap a use after free is AddressSanitizer's to see; from reused memory it is counted.
// P1, P2, P3, P11: with membarrier and in portable mode.
TYPED_TEST(TortureTest, readers_never_see_freed_torn_or_too_old_snapshots) {
  expect_nothing_wrong<Tight<TypeParam>, Plain, false>({});
}
TYPED_TEST(TortureTest, reused_memory_is_never_taken_for_the_snapshot_it_was) {
  expect_nothing_wrong<Tight<TypeParam>, Plain, true>({});
}
TYPED_TEST(TortureTest, promoters_back_to_back_leave_nothing_too_old) {
  expect_nothing_wrong<Tight<TypeParam>, Plain, true>({.promoters = 1, .is_back_to_back = true});
}
TYPED_TEST(TortureTest, many_slots_and_rare_scans_leave_nothing_too_old) {
  expect_nothing_wrong<Roomy<TypeParam>, Plain, true>({.is_back_to_back = true});
}
// P8, P28: records change hands all the time.
TYPED_TEST(TortureTest, threads_that_come_and_go_see_nothing_too_old) {
  expect_nothing_wrong<Tight<TypeParam>, Plain, true>({.pinning = 1, .has_churn = true});
}
// P4: each thread is held up between any two atomic operations while promotions pass by.
TYPED_TEST(TortureTest, stalled_threads_see_nothing_too_old) {
  expect_nothing_wrong<Stalling<TypeParam>, Plain, true>({.has_churn = true, .has_stalls = true});
}

// Mutants, so that a torture that sees nothing is known to mean something. The races of these two
// are real, so there are none under ThreadSanitizer; weakened_torture.cpp has what that must
// report.
#if !defined(__SANITIZE_THREAD__)
TEST(TortureOfAMutant, finds_ages_beyond_the_bound_when_a_pin_takes_the_last_pins_word) {
  // It doesn't stop at the first: that may be a slot that was refilled, and looks new.
  const TorturePlan plan{.seed = torture_seed(),
                         .time = std::chrono::milliseconds(500),
                         .following = 0,
                         .watching = 0};
  Torture<Hoisted<1>, Counted, true> torture;
  const TortureTally tally = torture.run(plan);
  EXPECT_GT(tally.ages.beyond(Way::pin), 0U) << "seed " << plan.seed;
  EXPECT_GT(tally.ages.beyond(Way::nested_pin), 0U) << "seed " << plan.seed;
}

TEST(TortureOfAMutant, counts_wrong_reads_when_hazards_are_ignored) {
  const TorturePlan plan{
      .seed = torture_seed(), .time = std::chrono::seconds(20), .stops_at_first = true};
  Torture<HazardsIgnored, Counted, true> torture;
  const TortureTally tally = torture.run(plan);
  EXPECT_GT(tally.wrong(), 0U) << "seed " << plan.seed;
}
#endif

// What is held stays held, so only the ages tell.
TEST(TortureOfAMutant, finds_ages_beyond_the_bound_when_the_word_is_loaded_too_seldom) {
  const TorturePlan plan{.seed = torture_seed(),
                         .time = std::chrono::seconds(20),
                         .pinning = 0,
                         .stops_at_first = true};
  Torture<Hoisted<0>, Counted, true> torture;
  const TortureTally tally = torture.run(plan);
  EXPECT_GT(tally.ages.beyond(), 0U) << "seed " << plan.seed;
  EXPECT_EQ(tally.freed, 0U) << "seed " << plan.seed;
}

/// True on a thread that makes a pause in the middle of a read, so that promotions come in between.
thread_local bool dawdles = false;
thread_local int loads_before_pause = 0;

/// An atomic for such threads. Where `kForgets`, the word that a read began with stands for the one
/// that it should load again.
template <class U, bool kForgets>
class DawdlingAtomic : public std::atomic<U> {
 public:
  using std::atomic<U>::atomic;
  U load(std::memory_order order) const noexcept {
    if constexpr (std::is_same_v<U, std::uint64_t>) {
      static thread_local std::optional<U> began_with;
      if (dawdles && kForgets && order == std::memory_order_relaxed) {
        const U word = *began_with;
        began_with.reset();
        return word;
      }
      if (dawdles) {
        if (loads_before_pause-- == 0) std::this_thread::yield();
        const U value = std::atomic<U>::load(order);
        if (!began_with) began_with = value;
        return value;
      }
    }
    return std::atomic<U>::load(order);
  }
};
template <bool kForgets>
struct DawdlingTraits : TightTraits {
  template <class U>
  using Atomic = DawdlingAtomic<U, kForgets>;
};

/// How many torn ids a thread reads that has no reader, so no hazard, while two promoters take
/// turns. Runs for `time`, or until one is torn.
template <class Traits>
std::uint64_t count_torn_ids(std::chrono::duration<double> time) {
  HotPath<int, Traits> path;
  std::atomic<bool> stop{false};
  std::vector<std::thread> promoters;
  for (std::uint64_t first = 1; first <= 2; ++first) {
    promoters.emplace_back([&path, &stop, first] {
      const auto artifacts = std::make_shared<const int>(0);
      for (std::uint64_t n = first; !stop.load(std::memory_order_relaxed); n += 2) {
        auto publication = path.prepare(id_of(n), artifacts, n);
        if (publication) publication->publish();
      }
    });
  }
  std::uint64_t torn = 0;
  const auto end = std::chrono::steady_clock::now() + time;
  for (int read = 0; torn == 0 && std::chrono::steady_clock::now() < end; ++read) {
    dawdles = true;
    loads_before_pause = read % 6;  // the word, four parts of the id, the word
    const SnapshotId id = path.current_id();
    dawdles = false;
    if (!id.is_zero() && number_of(id) == 0) ++torn;
  }
  stop = true;
  for (std::thread& thread : promoters) thread.join();
  EXPECT_GT(path.generation(), 1U);
  return torn;
}

// P2: at full speed, and with promotions between any two loads of a read.
TEST(Torture, ids_read_without_a_reader_are_never_torn) {
  EXPECT_EQ(count_torn_ids<TightTraits>(torture_time(0.2)), 0U);
  EXPECT_EQ(count_torn_ids<DawdlingTraits<false>>(torture_time(0.2)), 0U);
}

TEST(TortureOfAMutant, counts_torn_ids_when_the_word_is_not_loaded_again) {
  EXPECT_GT(count_torn_ids<DawdlingTraits<true>>(std::chrono::seconds(20)), 0U);
}

}  // namespace
}  // namespace knhk::hot_path
