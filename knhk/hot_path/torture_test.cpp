#include "knhk/hot_path/torture.hpp"

#include <gtest/gtest.h>

#include <random>

namespace knhk::hot_path {
namespace {

// Few slots, so that each is refilled all the time; scans whenever something is settled.
struct TightTraits : EagerTraits {
  static constexpr std::size_t kSlots = 8;
};
struct PortableFences : detail::Membarrier {
  static bool is_forbidden() noexcept { return true; }
};
struct PortableTraits : TightTraits {
  using Fences = PortableFences;
};
struct HazardsIgnored : TightTraits {
  static constexpr bool kHonourHazards = false;
};

using Plain = std::uint64_t;
using Counted = std::atomic<std::uint64_t>;

template <class Subject>
class TortureTest : public testing::Test {};
// From the heap a use after free is AddressSanitizer's to see; from reused memory it is counted.
using Subjects =
    testing::Types<Torture<TightTraits, Plain, false>, Torture<TightTraits, Plain, true>,
                   Torture<PortableTraits, Plain, false>, Torture<PortableTraits, Plain, true>>;
TYPED_TEST_SUITE(TortureTest, Subjects);

// P1, P2, P3: with membarrier and in portable mode.
TYPED_TEST(TortureTest, readers_never_see_freed_torn_or_older_snapshots) {
  const std::uint64_t seed = std::random_device{}();
  TypeParam torture;
  const TortureTally tally = torture.run(seed, torture_time(0.4));
  EXPECT_GT(tally.reads, 0U);
  EXPECT_EQ(tally.torn, 0U) << "seed " << seed;
  EXPECT_EQ(tally.freed, 0U) << "seed " << seed;
  EXPECT_EQ(tally.backward, 0U) << "seed " << seed;
  EXPECT_EQ(tally.stale, 0U) << "seed " << seed;
  EXPECT_GT(torture.path().stats().scans, 0U);
}

// A mutant, so that a torture that sees nothing is known to mean something. Its races are real, so
// under ThreadSanitizer it is a program of its own, which must be reported (weakened_torture.cpp).
#if !defined(__SANITIZE_THREAD__)
TEST(TortureOfAMutant, counts_freed_snapshots_when_hazards_are_ignored) {
  const std::uint64_t seed = std::random_device{}();
  Torture<HazardsIgnored, Counted, true> torture;
  const TortureTally tally = torture.run(seed, std::chrono::seconds(20), true);
  EXPECT_GT(tally.wrong(), 0U) << "seed " << seed;
}
#endif

// P2: two promoters take turns, ids alternate, and the readers have no hazard at all.
TEST(Torture, ids_read_without_a_reader_are_never_torn) {
  HotPath<int, TightTraits> path;
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> torn{0};
  std::atomic<std::uint64_t> reads{0};
  std::vector<std::thread> threads;
  for (std::uint64_t first = 1; first <= 2; ++first) {
    threads.emplace_back([&path, &stop, first] {
      const auto artifacts = std::make_shared<const int>(0);
      for (std::uint64_t n = first; !stop.load(std::memory_order_relaxed); n += 2) {
        auto publication = path.prepare(id_of(n), artifacts, n);
        if (publication) publication->publish();
      }
    });
  }
  threads.emplace_back([&] {
    while (!stop.load(std::memory_order_relaxed)) {
      const SnapshotId id = path.current_id();
      if (!id.is_zero() && number_of(id) == 0) torn.fetch_add(1, std::memory_order_relaxed);
      reads.fetch_add(1, std::memory_order_relaxed);
    }
  });
  std::this_thread::sleep_for(torture_time(0.4));  // how long it lasts, not what it waits for
  stop = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(reads, 0U);
  EXPECT_EQ(torn, 0U);
}

}  // namespace
}  // namespace knhk::hot_path
