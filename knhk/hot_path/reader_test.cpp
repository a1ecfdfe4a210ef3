#include "knhk/hot_path/reader.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>

#include "knhk/hot_path/binder.hpp"
#include "knhk/hot_path/snapshots_for_tests.hpp"
#include "knhk/hot_path/sticky_reader.hpp"

namespace knhk::hot_path {
namespace {

static_assert(!std::is_move_constructible_v<Pin<int>> && !std::is_copy_constructible_v<Pin<int>>);
static_assert(std::is_nothrow_move_constructible_v<Reader<int>>);
static_assert(!std::is_copy_constructible_v<Reader<int>>);
static_assert(!std::is_copy_constructible_v<HotPath<int>::View>);

constinit HotPath<int> bound_path;
using Bound = HotPathBinder<bound_path>;
static_assert(std::is_empty_v<Bound>);

struct PortableFences : detail::Membarrier {
  static bool is_forbidden() noexcept { return true; }
};
struct PortableTraits : EagerTraits {
  using Fences = PortableFences;
};

template <class Traits>
class EveryFenceMode : public testing::Test {};
using Modes = testing::Types<EagerTraits, PortableTraits>;
TYPED_TEST_SUITE(EveryFenceMode, Modes);

TYPED_TEST(EveryFenceMode, a_pin_keeps_its_snapshot_while_others_are_promoted) {
  HotPath<int, TypeParam> path;
  promote(path, 1, std::make_shared<const int>(1));
  Reader reader(path);
  const auto pin = reader.pin();
  for (std::uint64_t n = 2; n <= 2000; ++n) {
    promote(path, n, std::make_shared<const int>(static_cast<int>(n)));
  }
  EXPECT_EQ(*pin, 1);
  EXPECT_EQ(pin.id(), id_of(1));
  EXPECT_EQ(path.current_id(), id_of(2000));
}

TYPED_TEST(EveryFenceMode, a_nested_pin_shows_the_same_snapshot_and_leaves_the_outer_one_held) {
  HotPath<int, TypeParam> path;
  promote(path, 1, std::make_shared<const int>(1));
  Reader reader(path);
  {
    const auto outer = reader.pin();
    promote(path, 2, std::make_shared<const int>(2));
    {
      const auto inner = reader.pin();
      const auto innermost = reader.pin();
      EXPECT_EQ(inner.id(), id_of(1));
      EXPECT_EQ(*innermost, 1);
    }
    EXPECT_TRUE(path.reclaim());
    EXPECT_EQ(path.stats().living_snapshots, 2U);
    EXPECT_EQ(*outer, 1);
  }
  EXPECT_TRUE(path.reclaim());
  EXPECT_EQ(path.stats().living_snapshots, 1U);
  const auto fresh = reader.pin();
  EXPECT_EQ(*fresh, 2);
}

TYPED_TEST(EveryFenceMode, a_sticky_reader_follows_promotions_and_lets_the_old_one_go) {
  HotPath<int, TypeParam> path;
  StickyReader<int, TypeParam> reader(path);
  EXPECT_FALSE(reader.current());
  for (std::uint64_t n = 1; n <= 50; ++n) {
    promote(path, n, std::make_shared<const int>(static_cast<int>(n)));
    const auto& snapshot = reader.current();
    ASSERT_EQ(*snapshot, static_cast<int>(n));
    ASSERT_EQ(snapshot.id(), id_of(n));
    ASSERT_EQ(snapshot.epoch(), n);
    ASSERT_EQ(snapshot.generation(), n + 1);
    EXPECT_EQ(*reader.current(), static_cast<int>(n));
  }
  EXPECT_TRUE(path.reclaim());
  EXPECT_EQ(path.stats().living_snapshots, 1U);
}

TYPED_TEST(EveryFenceMode, a_released_sticky_reader_keeps_nothing) {
  HotPath<int, TypeParam> path;
  promote(path, 1, std::make_shared<const int>(1));
  StickyReader<int, TypeParam> reader(path);
  EXPECT_EQ(*reader.current(), 1);
  promote(path, 2, std::make_shared<const int>(2));
  EXPECT_EQ(path.stats().living_snapshots, 2U);
  reader.release();
  reader.release();
  EXPECT_TRUE(path.reclaim());
  EXPECT_EQ(path.stats().living_snapshots, 1U);
  EXPECT_EQ(*reader.current(), 2);
}

// P6, P5: neither promoting nor rolling back waits for the pin that the same thread holds.
TYPED_TEST(EveryFenceMode, a_thread_may_promote_while_it_holds_a_pin) {
  HotPath<int, TypeParam> path;
  promote(path, 1, std::make_shared<const int>(1));
  Reader reader(path);
  {
    const auto pin = reader.pin();
    promote(path, 2, std::make_shared<const int>(2));
    auto publication = path.prepare(id_of(3), std::make_shared<const int>(3), 3);
    ASSERT_TRUE(publication);
    publication->publish();
    publication->undo();
    publication->settle();
    EXPECT_EQ(*pin, 1);
  }
  const auto pin = reader.pin();
  EXPECT_EQ(*pin, 2);
}

TYPED_TEST(EveryFenceMode, a_reader_may_be_handed_to_another_thread) {
  HotPath<int, TypeParam> path;
  promote(path, 1, std::make_shared<const int>(1));
  Reader reader(path);
  std::thread([handed = std::move(reader)]() mutable {
    const auto pin = handed.pin();
    EXPECT_EQ(*pin, 1);
  }).join();
  EXPECT_EQ(path.stats().readers, 0U);
  StickyReader<int, TypeParam> sticky(path);
  EXPECT_EQ(*sticky.current(), 1);
  std::thread([handed = std::move(sticky)]() mutable { EXPECT_EQ(*handed.current(), 1); }).join();
  EXPECT_EQ(path.stats().readers, 0U);
}

TYPED_TEST(EveryFenceMode, a_sticky_reader_keeps_what_it_holds_when_it_is_moved) {
  HotPath<int, TypeParam> path;
  promote(path, 1, std::make_shared<const int>(1));
  StickyReader<int, TypeParam> first(path);
  EXPECT_EQ(*first.current(), 1);
  StickyReader<int, TypeParam> second(std::move(first));
  promote(path, 2, std::make_shared<const int>(2));
  EXPECT_TRUE(path.reclaim());
  EXPECT_EQ(path.stats().living_snapshots, 2U) << "the one that was held before the move, too";
  EXPECT_EQ(*second.current(), 2);
  EXPECT_TRUE(path.reclaim());
  EXPECT_EQ(path.stats().living_snapshots, 1U);
}

// P26: a reader that goes to and fro between two threads, each of which gives it on when it is
// done, reads what is current while a third promotes.
TYPED_TEST(EveryFenceMode, a_reader_goes_to_and_fro_between_threads_while_others_promote) {
  HotPath<int, TypeParam> path;
  promote(path, 1, std::make_shared<const int>(1));
  constexpr int kTurns = 400;
  std::optional<Reader<int, TypeParam>> scoped(path);
  std::optional<StickyReader<int, TypeParam>> sticky(path);
  std::atomic<int> turn{0};
  std::atomic<int> wrong{0};
  const auto take_turns = [&](int first) {
    std::uint64_t newest = 0;
    for (int mine = first; mine < kTurns; mine += 2) {
      while (turn.load(std::memory_order_acquire) != mine) std::this_thread::yield();
      Reader own(std::move(*scoped));
      StickyReader followed(std::move(*sticky));
      {
        const auto pin = own.pin();
        const auto& view = followed.current();
        if (number_of(pin.id()) != static_cast<std::uint64_t>(*pin)) ++wrong;
        if (number_of(view.id()) != static_cast<std::uint64_t>(*view)) ++wrong;
        if (pin.generation() < newest || view.generation() < pin.generation()) ++wrong;
        newest = view.generation();
      }
      scoped.emplace(std::move(own));
      sticky.emplace(std::move(followed));
      turn.store(mine + 1, std::memory_order_release);
    }
  };
  std::thread one(take_turns, 0);
  std::thread other(take_turns, 1);
  for (int n = 2; turn.load(std::memory_order_relaxed) != kTurns; ++n) {
    promote(path, static_cast<std::uint64_t>(n), std::make_shared<const int>(n));
  }
  one.join();
  other.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(path.stats().readers, 2U);
}

// P28: records are used again; memory does not grow with the number of threads there ever were.
TYPED_TEST(EveryFenceMode, a_record_is_cleared_and_used_again) {
  HotPath<int, TypeParam> path;
  promote(path, 1, std::make_shared<const int>(1));
  for (int i = 0; i < 100'000; ++i) {
    StickyReader<int, TypeParam> reader(path);
    ASSERT_EQ(*reader.current(), 1);  // still held when the reader ends
  }
  EXPECT_EQ(path.stats().reader_records, 1U);
  promote(path, 2, std::make_shared<const int>(2));
  EXPECT_TRUE(path.reclaim());
  EXPECT_EQ(path.stats().living_snapshots, 1U);
  EXPECT_EQ(path.stats().held_slots, 0U);
}

TEST(Reader, is_portable_when_the_environment_says_so) {  // P20, P16
  ASSERT_EQ(setenv("KNHK_PORTABLE_FENCES", "1", 1), 0);
  HotPath<int> forced;
  EXPECT_EQ(forced.init(), FenceMode::portable);
  ASSERT_EQ(unsetenv("KNHK_PORTABLE_FENCES"), 0);
  EXPECT_EQ(forced.init(), FenceMode::portable);
  promote(forced, 1, std::make_shared<const int>(1));
  Reader reader(forced);
  const auto pin = reader.pin();
  EXPECT_EQ(*pin, 1);
}

TEST(HotPathBinder, gives_each_thread_one_reader_for_its_whole_life) {
  promote(bound_path, 1, std::make_shared<const int>(1));
  EXPECT_EQ(Bound::current_id(), id_of(1));
  const auto* const here = &Bound::reader();
  EXPECT_EQ(&Bound::reader(), here);
  {
    const auto pin = Bound::pin();
    EXPECT_EQ(*pin, 1);
  }
  std::thread([here] { EXPECT_NE(&Bound::reader(), here); }).join();
  EXPECT_EQ(bound_path.stats().readers, 1U);
}

}  // namespace
}  // namespace knhk::hot_path
