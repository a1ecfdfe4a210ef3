#include "knhk/hot_path/torture.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <type_traits>

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
