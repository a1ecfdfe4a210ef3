#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <thread>

#include "knhk/hot_path/reader.hpp"
#include "knhk/hot_path/snapshots_for_tests.hpp"
#include "knhk/hot_path/sticky_reader.hpp"

namespace knhk::hot_path {
namespace {

using EagerPath = HotPath<Sized, EagerTraits>;

/// A membarrier that can be made to fail. One thread uses it at a time, so that it may be
/// asymmetric under ThreadSanitizer, too.
struct FailingFences : detail::Membarrier {
  static inline bool enrolls = true;
  static inline bool works = true;
  static inline int calls = 0;
  static bool is_forbidden() noexcept { return false; }
  static bool enroll() noexcept { return enrolls; }
  static bool heavy() noexcept {
    ++calls;
    return works;
  }
};
struct FailingTraits : EagerTraits {
  using Fences = FailingFences;
  static constexpr std::size_t kSlots = 8;
};

/// A clock that stands still until it is moved.
struct HandClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<HandClock>;
  static inline duration elapsed{std::chrono::hours(1)};
  static time_point now() noexcept { return time_point(elapsed); }
};
struct SlowTraits : DefaultTraits {
  static constexpr std::chrono::milliseconds kScanInterval{100};
  static constexpr std::size_t kRetiredBudgetBytes = 1000;
  using Clock = HandClock;
};

struct MutantTraits : EagerTraits {
  static constexpr bool kHonourHazards = false;
};

// P10: a pin that is held for long keeps its own snapshot, and no other.
TEST(Reclamation, keeps_one_old_snapshot_beside_a_stalled_pin_over_10000_promotions) {
  std::atomic<int> alive{0};
  EagerPath path;
  promote(path, 1, std::make_shared<const Sized>(1, alive));
  Reader reader(path);
  const auto pin = reader.pin();
  for (std::uint64_t n = 2; n <= 10'001; ++n) {
    promote(path, n, std::make_shared<const Sized>(1, alive));
    ASSERT_LE(alive, 2) << "the pinned one and the current one";
  }
  EXPECT_EQ(path.stats().living_snapshots, 2U);
  EXPECT_EQ(path.stats().held_slots, 1U);
  EXPECT_EQ(path.stats().oldest_held_generation, 2U);
  EXPECT_EQ(pin.id(), id_of(1));
}

TEST(Reclamation, keeps_at_most_one_per_reader_the_current_and_the_prepared) {
  constexpr int kReaders = 5;
  std::atomic<int> alive{0};
  EagerPath path;
  std::deque<StickyReader<Sized, EagerTraits>> readers;
  for (int i = 0; i < kReaders; ++i) readers.emplace_back(path);
  for (std::uint64_t n = 1; n <= 1000; ++n) {
    auto publication = path.prepare(id_of(n), std::make_shared<const Sized>(1, alive), n);
    ASSERT_TRUE(publication);
    ASSERT_LE(alive, kReaders + 2);
    publication->publish();
    publication->settle();
    static_cast<void>(readers[n * 7 % kReaders].current());
    ASSERT_LE(alive, kReaders + 1);
  }
}

TEST(Reclamation, counts_bytes_once_however_many_slots_share_them) {
  std::atomic<int> alive{0};
  EagerPath path;
  const auto shared = std::make_shared<const Sized>(100, alive);
  promote(path, 1, shared);
  EXPECT_EQ(path.stats().living_bytes, 100U);
  Reader reader(path);
  const auto pin = reader.pin();
  promote(path, 2, std::make_shared<const Sized>(7, alive));
  EXPECT_EQ(path.stats().living_bytes, 107U);
  promote(path, 3, shared);  // the same artifacts again, while the first slot is still pinned
  EXPECT_EQ(path.stats().living_bytes, 100U);
  EXPECT_EQ(path.stats().living_snapshots, 1U);
  auto publication = path.prepare(id_of(4), std::make_shared<const Sized>(1000, alive), 4);
  ASSERT_TRUE(publication);
  EXPECT_EQ(path.stats().living_bytes, 1100U);  // the roll-back slot shares with the current one
  publication->publish();
  publication->undo();
  publication->settle();
  EXPECT_EQ(path.stats().living_bytes, 100U);
}

TEST(Reclamation, counts_the_size_of_the_type_where_it_says_nothing_else) {
  HotPath<std::array<char, 48>> path;
  promote(path, 1, std::make_shared<const std::array<char, 48>>());
  EXPECT_EQ(path.stats().living_bytes, 48U);
}

TEST(Reclamation, scans_at_most_once_per_interval_and_at_once_above_the_byte_budget) {
  std::atomic<int> alive{0};
  HotPath<Sized, SlowTraits> path;
  promote(path, 1, std::make_shared<const Sized>(10, alive));
  const std::uint64_t scans = path.stats().scans;
  for (std::uint64_t n = 2; n <= 11; ++n) {
    promote(path, n, std::make_shared<const Sized>(10, alive));
  }
  EXPECT_EQ(path.stats().scans, scans);
  EXPECT_EQ(alive, 11);
  HandClock::elapsed += std::chrono::milliseconds(100);
  promote(path, 12, std::make_shared<const Sized>(10, alive));
  EXPECT_EQ(path.stats().scans, scans + 1);
  EXPECT_EQ(alive, 1);
  promote(path, 13, std::make_shared<const Sized>(2000, alive));
  EXPECT_EQ(alive, 2);
  promote(path, 14, std::make_shared<const Sized>(10, alive));
  EXPECT_EQ(path.stats().scans, scans + 2);
  EXPECT_EQ(alive, 1);
}

TEST(Reclamation, tells_for_how_long_the_oldest_held_snapshot_has_been_replaced) {
  using std::chrono::seconds;
  std::atomic<int> alive{0};
  HotPath<Sized, SlowTraits> path;
  const auto promote_after = [&](std::uint64_t n, seconds pause) {
    HandClock::elapsed += pause;
    promote(path, n, std::make_shared<const Sized>(10, alive));
  };
  promote_after(1, seconds(1));
  StickyReader first(path);
  StickyReader second(path);
  EXPECT_TRUE(first.current());
  promote_after(2, seconds(1));
  EXPECT_TRUE(second.current());
  promote_after(3, seconds(20));
  HandClock::elapsed += seconds(3);
  ASSERT_TRUE(path.reclaim());
  EXPECT_EQ(path.stats().held_slots, 2U);
  EXPECT_EQ(path.stats().oldest_held_for, seconds(23));
  first.release();
  ASSERT_TRUE(path.reclaim());
  EXPECT_EQ(path.stats().oldest_held_for, seconds(3));
  HandClock::elapsed += seconds(4);
  EXPECT_EQ(path.stats().oldest_held_for, seconds(7));
  second.release();
  ASSERT_TRUE(path.reclaim());
  EXPECT_EQ(path.stats().oldest_held_for, seconds(0));
}

// P11, P29: readers neither free nor destroy, also when they are the last to let go.
TEST(Reclamation, destroys_snapshots_on_the_writers_thread_alone) {
  std::atomic<int> alive{0};
  std::thread::id destroyed_by;
  EagerPath path;
  promote(path, 1, std::make_shared<const Sized>(1, alive, &destroyed_by));
  std::atomic<int> step{0};
  std::thread reading([&] {
    Reader reader(path);
    {
      const auto pin = reader.pin();
      step = 1;
      while (step != 2) std::this_thread::yield();
    }
    step = 3;
  });
  while (step != 1) std::this_thread::yield();
  promote(path, 2, std::make_shared<const Sized>(1, alive));
  EXPECT_EQ(alive, 2);
  step = 2;
  reading.join();
  EXPECT_EQ(alive, 2) << "the reader let go, and freed nothing";
  EXPECT_TRUE(path.reclaim());
  EXPECT_EQ(alive, 1);
  EXPECT_EQ(destroyed_by, std::this_thread::get_id());
}

// P5: the destructor of a snapshot may use the hot path that it was in.
TEST(Reclamation, lets_the_destructor_of_a_snapshot_read_and_promote) {
  struct Reentrant {
    HotPath<Reentrant, EagerTraits>& path;
    std::uint64_t& seen;
    explicit Reentrant(HotPath<Reentrant, EagerTraits>& hot_path, std::uint64_t& out)
        : path(hot_path), seen(out) {}
    Reentrant(const Reentrant&) = delete;
    Reentrant& operator=(const Reentrant&) = delete;
    ~Reentrant() {
      Reader reader(path);
      const auto pin = reader.pin();
      seen = number_of(pin.id());
      EXPECT_TRUE(path.reclaim()) << "the writer token was given back before";
    }
  };
  std::uint64_t seen = 0;
  HotPath<Reentrant, EagerTraits> path;
  promote(path, 1, std::make_shared<const Reentrant>(path, seen));
  promote(path, 2, std::make_shared<const Reentrant>(path, seen));
  EXPECT_EQ(seen, 2U);
}

/// Ends by promoting its successor, as long as it has one.
struct Succeeded {
  HotPath<Succeeded, EagerTraits>* path;
  std::uint64_t n;
  Succeeded(HotPath<Succeeded, EagerTraits>& hot_path, std::uint64_t number)
      : path(&hot_path), n(number) {}
  Succeeded(const Succeeded&) = delete;
  Succeeded& operator=(const Succeeded&) = delete;
  ~Succeeded() {
    if (n < 10) promote(*path, n + 2, std::make_shared<const Succeeded>(*path, n + 2));
  }
};

// P5: and each destructor that promotes ends another snapshot, whose destructor promotes.
TEST(Reclamation, lets_the_destructor_of_a_snapshot_promote_the_next_one) {
  HotPath<Succeeded, EagerTraits> path;
  promote(path, 1, std::make_shared<const Succeeded>(path, 1));
  promote(path, 2, std::make_shared<const Succeeded>(path, 2));
  EXPECT_EQ(path.current_id(), id_of(11));
  EXPECT_EQ(path.stats().living_snapshots, 1U);
}

TEST(Reclamation, is_portable_when_membarrier_is_refused_at_the_start) {  // P12, P15
  FailingFences::enrolls = false;
  HotPath<int, FailingTraits> path;
  EXPECT_EQ(path.init(), FenceMode::portable);
  FailingFences::enrolls = true;
  EXPECT_EQ(path.init(), FenceMode::portable) << "readers have started in that mode";
  FailingFences::calls = 0;
  promote(path, 1, std::make_shared<const int>(1));
  promote(path, 2, std::make_shared<const int>(2));
  EXPECT_EQ(FailingFences::calls, 0);
  EXPECT_EQ(path.stats().living_snapshots, 1U);
}

// P13: a membarrier that fails later means that garbage is kept, and looked at again.
TEST(Reclamation, keeps_garbage_while_membarrier_fails_and_frees_it_when_it_works_again) {
  std::atomic<int> alive{0};
  HotPath<Sized, FailingTraits> path;
  EXPECT_EQ(path.init(), FenceMode::asymmetric);
  Reader reader(path);
  promote(path, 1, std::make_shared<const Sized>(1, alive));
  const auto pin = reader.pin();
  FailingFences::works = false;
  for (std::uint64_t n = 2; n <= 7; ++n) promote(path, n, std::make_shared<const Sized>(1, alive));
  EXPECT_EQ(alive, 7);
  EXPECT_GE(path.stats().failed_barriers, 5U);
  EXPECT_FALSE(path.reclaim());
  const auto refused = path.prepare(id_of(8), std::make_shared<const Sized>(1, alive), 8);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::slots_exhausted);
  EXPECT_NE(refused.error().detail.find("membarrier"), std::string::npos);
  FailingFences::works = true;
  EXPECT_TRUE(path.reclaim());
  EXPECT_EQ(alive, 2) << "the pinned one and the current one";
  promote(path, 8, std::make_shared<const Sized>(1, alive));
  EXPECT_EQ(pin.id(), id_of(1));
}

// A mutant: where a scan does not honour hazards, a pinned snapshot is freed. The tests would
// notice.
TEST(Reclamation, frees_what_is_read_when_hazards_are_ignored) {
  std::atomic<int> alive{0};
  HotPath<Sized, MutantTraits> path;
  promote(path, 1, std::make_shared<const Sized>(1, alive));
  Reader reader(path);
  const auto pin = reader.pin();
  promote(path, 2, std::make_shared<const Sized>(1, alive));
  EXPECT_EQ(alive, 1);
}

TEST(Reclamation, frees_everything_when_the_path_ends) {
  std::atomic<int> alive{0};
  {
    HotPath<Sized> path;  // the default interval leaves garbage behind
    Reader reader(path);
    for (std::uint64_t n = 1; n <= 100; ++n) {
      promote(path, n, std::make_shared<const Sized>(1, alive));
    }
    const auto pin = reader.pin();
    EXPECT_GE(alive, 1);
  }
  EXPECT_EQ(alive, 0);
}

}  // namespace
}  // namespace knhk::hot_path
