#include <gtest/gtest.h>
#include <pthread.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <new>
#include <thread>
#include <type_traits>
#include <utility>

#include "knhk/hot_path/binder.hpp"
#include "knhk/hot_path/snapshots_for_tests.hpp"
#include "knhk/hot_path/sticky_reader.hpp"

namespace knhk::hot_path {
namespace {

constinit HotPath<int, EagerTraits> thread_path;
using OfThread = HotPathBinder<thread_path>;

/// Reads in its destructor, when the thread's own reader has been given back already.
struct ReadsLate {
  std::atomic<int>* seen = nullptr;
  ~ReadsLate() {
    if (seen == nullptr) return;
    const auto pin = OfThread::pin();
    if (pin) *seen = *pin;
  }
};

// P8: the destructor of another thread_local object reads; the record is given back all the same.
TEST(Lifetime, a_thread_reads_until_its_very_end) {
  promote(thread_path, 1, std::make_shared<const int>(77));
  const std::size_t readers = thread_path.stats().readers;
  std::atomic<int> seen{0};
  std::thread([&seen] {
    static thread_local ReadsLate late;  // constructed first, so destroyed after the reader
    late.seen = &seen;
    const auto pin = OfThread::pin();
    EXPECT_EQ(*pin, 77);
  }).join();
  EXPECT_EQ(seen, 77);
  EXPECT_EQ(thread_path.stats().readers, readers);
}

// P8: a thread that is ended inside a pin lets go of it and of its record.
TEST(Lifetime, a_thread_that_ends_inside_a_pin_lets_go) {
  promote(thread_path, 1, std::make_shared<const int>(1));
  const std::size_t readers = thread_path.stats().readers;
  pthread_t thread{};
  ASSERT_EQ(pthread_create(
                &thread, nullptr,
                [](void*) -> void* {
                  const auto pin = OfThread::pin();
                  pthread_exit(nullptr);
                },
                nullptr),
            0);
  ASSERT_EQ(pthread_join(thread, nullptr), 0);
  EXPECT_EQ(thread_path.stats().readers, readers);
  promote(thread_path, 2, std::make_shared<const int>(2));
  EXPECT_TRUE(thread_path.reclaim());
  EXPECT_EQ(thread_path.stats().held_slots, 0U);
}

/// Ends when the thread that has it ends.
struct ThreadsOwn {
  StickyReader<int, EagerTraits> sticky{thread_path};
};

// P8: a thread that ends while its sticky reader holds something lets go of it and of its record.
TEST(Lifetime, a_thread_that_ends_with_a_sticky_reader_lets_go) {
  promote(thread_path, 1, std::make_shared<const int>(1));
  const std::size_t readers = thread_path.stats().readers;
  std::thread([readers] {
    static thread_local ThreadsOwn own;
    EXPECT_EQ(*own.sticky.current(), 1);
    promote(thread_path, 2, std::make_shared<const int>(2));
    EXPECT_EQ(thread_path.stats().readers, readers + 1);
    EXPECT_EQ(thread_path.stats().held_slots, 1U);
  }).join();
  EXPECT_EQ(thread_path.stats().readers, readers);
  EXPECT_TRUE(thread_path.reclaim());
  EXPECT_EQ(thread_path.stats().held_slots, 0U);
}

// P8: so does a thread that is cancelled inside a pin.
TEST(Lifetime, a_thread_that_is_cancelled_inside_a_pin_lets_go) {
  promote(thread_path, 1, std::make_shared<const int>(1));
  const std::size_t readers = thread_path.stats().readers;
  static std::atomic<bool> is_pinned;
  is_pinned = false;
  pthread_t thread{};
  ASSERT_EQ(pthread_create(
                &thread, nullptr,
                [](void*) -> void* {
                  const auto pin = OfThread::pin();
                  is_pinned = true;
                  for (;;) pthread_testcancel();
                },
                nullptr),
            0);
  while (!is_pinned) std::this_thread::yield();
  promote(thread_path, 2, std::make_shared<const int>(2));
  EXPECT_EQ(thread_path.stats().held_slots, 1U);
  ASSERT_EQ(pthread_cancel(thread), 0);
  void* result = nullptr;
  ASSERT_EQ(pthread_join(thread, &result), 0);
  EXPECT_EQ(result, PTHREAD_CANCELED);
  EXPECT_EQ(thread_path.stats().readers, readers);
  EXPECT_TRUE(thread_path.reclaim());
  EXPECT_EQ(thread_path.stats().held_slots, 0U);
}

/// Reads in its destructor through the thread's own reader, whichever of the two was made first.
struct ReadsInItsOrder {
  std::atomic<int>* sum;
  ~ReadsInItsOrder() {
    const auto pin = OfThread::pin();
    *sum += *pin;
  }
};

// P8: objects made before and after the thread's own reader, and the destructors of pthread keys,
// which come last, when a thread has no thread_local objects any more.
TEST(Lifetime, destructors_at_a_threads_end_read_in_any_order) {
  promote(thread_path, 1, std::make_shared<const int>(1));
  const std::size_t readers = thread_path.stats().readers;
  std::atomic<int> sum{0};
  pthread_key_t key{};
  ASSERT_EQ(pthread_key_create(&key,
                               [](void* argument) {
                                 Reader reader(thread_path);
                                 const auto pin = reader.pin();
                                 *static_cast<std::atomic<int>*>(argument) += *pin;
                               }),
            0);
  std::thread([&sum, key] {
    EXPECT_EQ(pthread_setspecific(key, &sum), 0);
    static thread_local ReadsInItsOrder made_before{&sum};
    EXPECT_EQ(made_before.sum, &sum);
    {
      const auto pin = OfThread::pin();
      EXPECT_EQ(*pin, 1);
    }
    static thread_local ReadsInItsOrder made_after{&sum};
    EXPECT_EQ(made_after.sum, &sum);
  }).join();
  EXPECT_EQ(sum, 3);
  EXPECT_EQ(thread_path.stats().readers, readers);
  EXPECT_EQ(pthread_key_delete(key), 0);
}

// P28: threads come and go; records don't pile up.
TEST(Lifetime, short_threads_leave_no_memory_behind) {
  HotPath<int, EagerTraits> path;
  promote(path, 1, std::make_shared<const int>(1));
#if defined(NDEBUG)
  constexpr int kThreads = 100'000;
#else
  constexpr int kThreads = 2000;  // with assertions and sanitizers, where a thread costs far more
#endif
  for (int i = 0; i < kThreads; ++i) {
    std::thread([&path] {
      StickyReader<int, EagerTraits> reader(path);
      EXPECT_EQ(*reader.current(), 1);
    }).join();
  }
  EXPECT_EQ(path.stats().readers, 0U);
  EXPECT_EQ(path.stats().reader_records, 1U);
}

// P7: a reader registers while a promotion is open; nothing is locked.
TEST(Lifetime, a_reader_registers_while_a_promotion_is_open) {
  HotPath<int, EagerTraits> path;
  auto publication = path.prepare(id_of(1), std::make_shared<const int>(1), 1);
  ASSERT_TRUE(publication);
  publication->publish();
  std::thread([&path] {
    Reader reader(path);
    const auto pin = reader.pin();
    EXPECT_EQ(*pin, 1);
  }).join();
  publication->settle();
}

// P8, P9: exit() runs the ends of threads and statics, but not that of the pin it is called inside.
TEST(LifetimeDeathTest, the_process_may_exit_inside_a_pin) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        promote(thread_path, 1, std::make_shared<const int>(1));
        static Reader reader(thread_path);
        const auto pin = reader.pin();
        const auto of_thread = OfThread::pin();
        std::exit(*pin == *of_thread ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

/// Paths in memory of their own, so that they can be looked at after their destructor, as globals
/// can.
template <int>
struct DeadPath {
  using Path = HotPath<Sized, EagerTraits>;
  alignas(Path) static inline std::byte memory[sizeof(Path)];
  static Path* make() { return new (memory) Path; }
};

// P9: a global path's end comes before the end of those who read it: detached threads, and static
// objects that were made earlier. They find no snapshot; what they hold stays.
TEST(Lifetime, a_global_path_that_is_gone_shows_no_snapshot_and_keeps_what_is_held) {
  static std::atomic<int> alive{0};
  auto* const path = DeadPath<1>::make();
  // As a detached thread's, the readers live until the process ends.
  static std::array<Reader<Sized, EagerTraits>*, 2> readers{};
  for (auto*& reader : readers) reader = new Reader<Sized, EagerTraits>(*path);
  promote(*path, 1, std::make_shared<const Sized>(5, alive));
  const auto pin = readers[0]->pin();
  promote(*path, 2, std::make_shared<const Sized>(5, alive));
  path->~HotPath();
  EXPECT_EQ(alive, 1) << "the one that is pinned";
  EXPECT_EQ(pin->size_bytes(), 5U);
  EXPECT_TRUE(path->current_id().is_zero());
  EXPECT_FALSE(readers[1]->pin());
  Reader<Sized, EagerTraits> late(*path);
  EXPECT_FALSE(late.pin());
}

// P9: the same where nobody reads when the path ends, but a static object that goes later does.
TEST(Lifetime, a_global_path_that_is_gone_shows_no_snapshot_to_those_who_come_late) {
  std::atomic<int> alive{0};
  auto* const path = DeadPath<2>::make();
  promote(*path, 1, std::make_shared<const Sized>(5, alive));
  path->~HotPath();
  EXPECT_EQ(alive, 0);
  EXPECT_TRUE(path->current_id().is_zero());
  Reader<Sized, EagerTraits> late(*path);
  EXPECT_FALSE(late.pin());
}

/// Two threads, one of which stops where the other wants it to.
struct Meeting {
  std::atomic<bool> has_arrived{false};
  std::atomic<bool> may_go_on{false};
  void wait() {
    has_arrived = true;
    while (!may_go_on) std::this_thread::yield();
  }
};
thread_local Meeting* meeting = nullptr;

/// Stops a thread that has a meeting where it first looks at a record.
template <class U>
struct MeetingAtomic : std::atomic<U> {
  using std::atomic<U>::atomic;
  [[nodiscard]] U load(std::memory_order order) const noexcept {
    if constexpr (std::is_same_v<U, bool>) {
      if (meeting != nullptr) std::exchange(meeting, nullptr)->wait();
    }
    return std::atomic<U>::load(order);
  }
};
struct MeetingTraits : EagerTraits {
  template <class U>
  using Atomic = MeetingAtomic<U>;
};

/// A global that a test may end itself.
union EndsByHand {
  HotPath<int, MeetingTraits> path;
  constexpr EndsByHand() : path() {}
  ~EndsByHand() {}
};
constinit EndsByHand ends_by_hand;

// P9: a detached thread's first reader walks the records while exit() ends the path.
TEST(Lifetime, a_reader_may_register_while_a_global_path_ends) {
  using MeetingReader = Reader<int, MeetingTraits>;
  auto& path = ends_by_hand.path;
  promote(path, 1, std::make_shared<const int>(1));
  {
    const MeetingReader first(path);
    const MeetingReader second(path);
  }
  Meeting inside_take;
  std::thread registering([&] {
    meeting = &inside_take;
    MeetingReader reader(path);
    const auto pin = reader.pin();
    EXPECT_FALSE(pin) << "the path has ended";
    EXPECT_EQ(path.stats().readers, 1U);
  });
  while (!inside_take.has_arrived) std::this_thread::yield();
  path.~HotPath();
  inside_take.may_go_on = true;
  registering.join();
  EXPECT_EQ(path.stats().reader_records, 2U) << "those of the readers before";
}

constinit HotPath<int> global_path;

/// Reads when it is destroyed, which is before the path is.
struct ReadsAtExit {
  ~ReadsAtExit() {
    if (!global_path.current_id().is_zero() && global_path.current_id() != id_of(1)) std::_Exit(3);
    Reader reader(global_path);
    const auto pin = reader.pin();
    if (pin && *pin != 1) std::_Exit(4);
  }
};

// P9: reading in static destructors, in atexit handlers and in detached threads during exit().
TEST(LifetimeDeathTest, the_process_ends_well_while_others_still_read) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        promote(global_path, 1, std::make_shared<const int>(1));
        static ReadsAtExit at_exit;
        static_cast<void>(std::atexit([] {
          const auto pin = HotPathBinder<global_path>::pin();
          if (pin && *pin != 1) std::_Exit(5);
        }));
        std::atomic<bool> reading{false};
        std::thread([&reading] {
          for (;;) {
            const auto pin = HotPathBinder<global_path>::pin();
            if (pin && *pin != 1) std::_Exit(6);
            reading = true;
          }
        }).detach();
        while (!reading) std::this_thread::yield();
        std::exit(0);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace knhk::hot_path
