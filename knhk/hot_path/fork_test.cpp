// The child of a fork has the forking thread alone. What other threads were doing stands still in
// it for ever: their hazards, their records, and the writer token if one of them had it.

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include "knhk/hot_path/child_process.hpp"
#include "knhk/hot_path/reader.hpp"
#include "knhk/hot_path/snapshots_for_tests.hpp"
#include "knhk/hot_path/sticky_reader.hpp"

namespace knhk::hot_path {
namespace {

using Path = HotPath<Sized, EagerTraits>;

/// A thread that has done `work` and then stands still until this ends.
class StandingThread {
 public:
  template <class Work>
  explicit StandingThread(Work work)
      : thread_([this, work = std::move(work)]() mutable { work(*this); }) {
    while (!stands_) std::this_thread::yield();
  }
  StandingThread(const StandingThread&) = delete;
  StandingThread& operator=(const StandingThread&) = delete;
  ~StandingThread() {
    goes_on_ = true;
    thread_.join();
  }
  void stand() {
    stands_ = true;
    while (!goes_on_) std::this_thread::yield();
  }

 private:
  std::atomic<bool> stands_{false};
  std::atomic<bool> goes_on_{false};
  std::thread thread_;
};

/// Promotes from `first` to `last` and scans; false when something is refused.
template <class Traits>
bool promote_all(HotPath<Sized, Traits>& path, std::atomic<int>& alive, std::uint64_t first,
                 std::uint64_t last) {
  for (std::uint64_t n = first; n <= last; ++n) {
    auto publication = path.prepare(id_of(n), std::make_shared<const Sized>(1, alive), n);
    if (!publication) return false;
    publication->publish();
  }
  return path.reclaim() && path.current_id() == id_of(last);
}

// P21: the child of a process that forks while it reads goes on reading, promoting, reclaiming.
TEST(Fork, leaves_the_child_a_hot_path_that_works) {
  std::atomic<int> alive{0};
  Path path;
  promote(path, 1, std::make_shared<const Sized>(1, alive));
  Reader reader(path);
  const auto pin = reader.pin();
  EXPECT_EQ(
      in_child([&] {
        return first_that_fails({promote_all(path, alive, 2, 9), alive == 2, pin.id() == id_of(1)});
      }),
      0);
  EXPECT_EQ(path.current_id(), id_of(1)) << "the parent's is its own";
}

// P21: threads that are inside pins when another forks are not there in the child, but their
// hazards are. Each keeps the snapshot it names for as long as the child lives, and no other.
TEST(Fork, keeps_in_the_child_what_the_parents_other_threads_had_pinned) {
  std::atomic<int> alive{0};
  Path path;
  const auto pins = [&path](StandingThread& thread) {
    Reader reader(path);
    const auto pin = reader.pin();
    EXPECT_TRUE(pin);
    thread.stand();
  };
  promote(path, 1, std::make_shared<const Sized>(1, alive));
  const StandingThread one(pins);
  const StandingThread another(pins);  // the same snapshot
  promote(path, 2, std::make_shared<const Sized>(1, alive));
  const StandingThread third([&path](StandingThread& thread) {
    StickyReader reader(path);
    EXPECT_TRUE(reader.current());
    thread.stand();
  });
  EXPECT_EQ(in_child([&] {
              const bool promoted = promote_all(path, alive, 3, 1000);
              const ReclamationStats stats = path.stats();
              Reader reader(path);
              const auto pin = reader.pin();
              return first_that_fails({promoted, alive == 3, stats.held_slots == 2,
                                       stats.oldest_held_generation == 2, stats.readers == 3,
                                       pin.id() == id_of(1000)});
            }),
            0);
}

/// Makes one thread stand between saying `loading` and loading the word. Only the child scans, in
/// which there is nobody to fence.
struct StandingFences : detail::Membarrier {
  static inline thread_local StandingThread* stands_here = nullptr;
  static bool is_forbidden() noexcept { return false; }
  static bool enroll() noexcept { return true; }
  static bool heavy() noexcept { return true; }
  static void light() noexcept {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    if (stands_here != nullptr) std::exchange(stands_here, nullptr)->stand();
  }
};
struct StandingTraits : EagerTraits {
  using Fences = StandingFences;
};

// P21: nor does a thread that was about to read hold up the child: what the first scan gives it
// stays, and nothing else.
TEST(Fork, keeps_in_the_child_one_snapshot_for_a_thread_that_was_about_to_read) {
  std::atomic<int> alive{0};
  HotPath<Sized, StandingTraits> path;
  promote(path, 1, std::make_shared<const Sized>(1, alive));
  const StandingThread loading([&path](StandingThread& thread) {
    StickyReader reader(path);
    StandingFences::stands_here = &thread;
    EXPECT_EQ(reader.current().id(), id_of(1));
  });
  EXPECT_EQ(in_child([&] {
              const bool promoted = promote_all(path, alive, 2, 1000);
              const ReclamationStats stats = path.stats();
              return first_that_fails(
                  {promoted, alive == 2, stats.held_slots == 1, stats.oldest_held_generation == 3});
            }),
            0);
}

// P21: who forks with a publication in hand has it in the child as well, and ends it there.
TEST(Fork, leaves_the_child_the_publication_of_the_thread_that_forked) {
  std::atomic<int> alive{0};
  Path path;
  promote(path, 1, std::make_shared<const Sized>(1, alive));
  auto publication = path.prepare(id_of(2), std::make_shared<const Sized>(1, alive), 2);
  ASSERT_TRUE(publication);
  EXPECT_EQ(in_child([&] {
              publication->publish();
              const bool is_published = path.current_id() == id_of(2);
              publication->settle();
              return first_that_fails({is_published, promote_all(path, alive, 3, 9), alive == 1});
            }),
            0);
  EXPECT_FALSE(publication->is_published());
}

// P21: where another thread has the token, the child reads what is current and is refused the rest:
// it can't know whether its own memory still has the publication (see docs/limitations.md).
TEST(Fork, refuses_to_promote_in_the_child_when_another_thread_was_promoting) {
  std::atomic<int> alive{0};
  Path path;
  promote(path, 1, std::make_shared<const Sized>(1, alive));
  const auto refused = [&](Errc expected, std::uint64_t current) {
    return in_child([&] {
      Reader reader(path);
      const auto pin = reader.pin();
      const auto publication = path.prepare(id_of(9), std::make_shared<const Sized>(1, alive), 9);
      return first_that_fails({!publication && publication.error().code == expected,
                               !path.reclaim(), pin.id() == id_of(current),
                               path.current_id() == id_of(current)});
    });
  };
  const auto promotes = [&](bool publishes) {
    return [&path, &alive, publishes](StandingThread& thread) {
      auto publication = path.prepare(id_of(2), std::make_shared<const Sized>(1, alive), 2);
      ASSERT_TRUE(publication);
      if (publishes) publication->publish();
      thread.stand();
    };
  };
  {
    const StandingThread prepared(promotes(false));
    EXPECT_EQ(refused(Errc::writer_busy, 1), 0);
  }
  {
    const StandingThread published(promotes(true));
    EXPECT_EQ(refused(Errc::promotion_unsettled, 2), 0);
  }
  EXPECT_EQ(in_child([&] { return first_that_fails({promote_all(path, alive, 3, 9)}); }), 0)
      << "forked between promotions";
}

}  // namespace
}  // namespace knhk::hot_path
