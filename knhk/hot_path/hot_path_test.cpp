#include "knhk/hot_path/hot_path.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <new>
#include <type_traits>

#include "knhk/hot_path/reader.hpp"
#include "knhk/hot_path/snapshots_for_tests.hpp"
#include "knhk/hot_path/sticky_reader.hpp"

namespace knhk::hot_path {
namespace {

constinit HotPath<int> global_path;  // constant-initialised, or this does not compile

static_assert(sizeof(SnapshotDescriptor) == 64 && alignof(SnapshotDescriptor) == 64);
static_assert(alignof(HotPath<int>) == 64);
static_assert(!std::is_copy_constructible_v<HotPath<int>>);
static_assert(!std::is_copy_constructible_v<Publication<int>>);
static_assert(std::is_nothrow_move_constructible_v<Publication<int>>);
static_assert(detail::kMostSlots == 1024);
static_assert(!detail::names_slot(detail::kNoHazard) && !detail::names_slot(detail::kLoading) &&
              !detail::names_slot(detail::kNeverMatches) &&
              !detail::names_slot(detail::kHoldsNothing));
static_assert(detail::kNeverMatches != detail::kHoldsNothing);
static_assert(detail::slot_of(detail::make_word(77, 1023)) == 1023 &&
              detail::generation_of(detail::make_word(77, 1023)) == 77);

struct FourTraits : EagerTraits {
  static constexpr std::size_t kSlots = 4;
};
struct FiveTraits : EagerTraits {
  static constexpr std::size_t kSlots = 5;
};

/// While true, allocations that may fail do.
bool memory_is_short = false;

TEST(HotPath, has_no_snapshot_before_the_first_promotion) {
  EXPECT_TRUE(global_path.current_id().is_zero());
  EXPECT_EQ(global_path.published(), (Published{SnapshotId{}, 0, 1}));
  Reader reader(global_path);
  const auto pin = reader.pin();
  EXPECT_FALSE(pin);
  EXPECT_TRUE(pin.id().is_zero());
  EXPECT_EQ(pin.epoch(), 0U);
}

TEST(HotPath, settles_its_fence_mode_once) {
  HotPath<int> path;
  const FenceMode mode = path.init();
  EXPECT_EQ(path.init(), mode);
  EXPECT_EQ(path.init(), mode);
}

TEST(HotPath, shows_readers_what_was_published_and_nothing_before) {
  HotPath<int> path;
  Reader reader(path);
  auto publication = path.prepare(id_of(1), std::make_shared<int>(41), 7);
  ASSERT_TRUE(publication);
  EXPECT_TRUE(path.current_id().is_zero());
  EXPECT_FALSE(publication->is_published());
  publication->prefetch();
  publication->publish();
  EXPECT_TRUE(publication->is_published());
  EXPECT_EQ(path.current_id(), id_of(1));
  EXPECT_EQ(path.published(), (Published{id_of(1), 7, 2}));
  EXPECT_EQ(path.published(), publication->next());
  const auto pin = reader.pin();
  ASSERT_TRUE(pin);
  EXPECT_EQ(*pin, 41);
  EXPECT_EQ(pin.id(), id_of(1));
  EXPECT_EQ(pin.epoch(), 7U);
  EXPECT_EQ(pin.generation(), 2U);
}

TEST(Publication, dropped_before_it_is_published_changes_nothing) {
  std::atomic<int> alive{0};
  HotPath<Sized, FourTraits> path;
  promote(path, 1, std::make_shared<const Sized>(1, alive));
  const Published before = path.published();
  for (int i = 0; i < 10; ++i) {  // more often than there are slots: each gives its own back
    const auto publication = path.prepare(id_of(2), std::make_shared<const Sized>(1, alive), 2);
    ASSERT_TRUE(publication);
    EXPECT_EQ(alive, 2);
  }
  EXPECT_EQ(path.published(), before);
  EXPECT_EQ(alive, 1);
  EXPECT_EQ(path.stats().living_snapshots, 1U);
}

TEST(Publication, undone_brings_the_outgoing_snapshot_back_under_a_later_generation) {
  HotPath<int, EagerTraits> path;
  promote(path, 1, std::make_shared<const int>(1));
  auto publication = path.prepare(id_of(2), std::make_shared<const int>(2), 2);
  ASSERT_TRUE(publication);
  publication->publish();
  publication->undo();
  EXPECT_TRUE(publication->is_undone());
  EXPECT_EQ(path.published(), (Published{id_of(1), 3, 4}));
  EXPECT_EQ(path.published(), publication->roll_back());
  publication->settle();
  Reader reader(path);
  const auto pin = reader.pin();
  EXPECT_EQ(*pin, 1);
  EXPECT_EQ(path.stats().living_snapshots, 1U);
}

TEST(Publication, undone_names_the_epoch_that_was_asked_for) {
  HotPath<int> path;
  promote(path, 1, std::make_shared<const int>(1));
  auto publication = path.prepare(id_of(2), std::make_shared<const int>(2), 2, 9);
  ASSERT_TRUE(publication);
  publication->publish();
  publication->undo();
  EXPECT_EQ(path.published().epoch, 9U);
}

TEST(Publication, undoing_the_first_promotion_publishes_the_empty_descriptor) {
  std::atomic<int> alive{0};
  HotPath<Sized> path;
  auto publication = path.prepare(id_of(1), std::make_shared<const Sized>(1, alive), 1);
  ASSERT_TRUE(publication);
  publication->publish();
  publication->undo();
  EXPECT_EQ(path.published(), (Published{SnapshotId{}, 0, 3}));
  publication->settle();
  Reader reader(path);
  EXPECT_FALSE(reader.pin());
  EXPECT_TRUE(path.reclaim());
  EXPECT_EQ(alive, 0);
}

TEST(Publication, dropped_after_it_is_published_settles) {
  HotPath<int> path;
  {
    auto publication = path.prepare(id_of(1), std::make_shared<const int>(1), 1);
    ASSERT_TRUE(publication);
    publication->publish();
  }
  EXPECT_EQ(path.current_id(), id_of(1));
  EXPECT_TRUE(path.prepare(id_of(2), std::make_shared<const int>(2), 2));
}

TEST(Publication, moved_from_is_over_and_the_new_one_goes_on) {
  HotPath<int> path;
  auto first = path.prepare(id_of(1), std::make_shared<const int>(1), 1);
  ASSERT_TRUE(first);
  Publication<int> second(std::move(*first));
  EXPECT_FALSE(first->is_open());
  first->settle();
  second.publish();
  EXPECT_EQ(path.current_id(), id_of(1));
  EXPECT_FALSE(path.prepare(id_of(2), std::make_shared<const int>(2), 2));
  second.settle();
  EXPECT_FALSE(second.is_open());
}

TEST(HotPath, refuses_a_second_promoter_with_writer_busy) {
  HotPath<int> path;
  const auto first = path.prepare(id_of(1), std::make_shared<const int>(1), 1);
  ASSERT_TRUE(first);
  const auto second = path.prepare(id_of(2), std::make_shared<const int>(2), 2);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::writer_busy);
  EXPECT_FALSE(path.reclaim());
}

TEST(HotPath, refuses_with_promotion_unsettled_while_a_published_one_is_open) {
  HotPath<int> path;
  auto first = path.prepare(id_of(1), std::make_shared<const int>(1), 1);
  ASSERT_TRUE(first);
  first->publish();
  const auto second = path.prepare(id_of(2), std::make_shared<const int>(2), 2);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::promotion_unsettled);
  first->undo();
  EXPECT_EQ(path.prepare(id_of(2), std::make_shared<const int>(2), 2).error().code,
            Errc::promotion_unsettled);
  first->settle();
  EXPECT_TRUE(path.prepare(id_of(2), std::make_shared<const int>(2), 2));
}

TEST(HotPath, refuses_with_slots_exhausted_when_readers_hold_them_all) {
  HotPath<int, FourTraits> path;
  std::deque<StickyReader<int, FourTraits>> stalled;
  for (std::uint64_t n = 1; n <= 2; ++n) {
    promote(path, n, std::make_shared<const int>(static_cast<int>(n)));
    stalled.emplace_back(path);
    EXPECT_EQ(stalled.back().current().id(), id_of(n));
  }
  promote(path, 3, std::make_shared<const int>(3));
  const auto refused = path.prepare(id_of(4), std::make_shared<const int>(4), 4);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::slots_exhausted);
  EXPECT_EQ(path.current_id(), id_of(3));
  stalled.front().release();
  EXPECT_TRUE(path.prepare(id_of(4), std::make_shared<const int>(4), 4));
}

// P27: as many slots as readers and three more always suffice, whatever the readers hold.
TEST(HotPath, never_refuses_for_want_of_slots_with_three_more_than_readers) {
  HotPath<int, FiveTraits> path;
  StickyReader<int, FiveTraits> first(path);
  StickyReader<int, FiveTraits> second(path);
  for (std::uint64_t n = 1; n <= 100; ++n) {
    promote(path, n, std::make_shared<const int>(static_cast<int>(n)));
    if (n % 3 == 0) static_cast<void>(first.current());
    if (n % 7 == 0) static_cast<void>(second.current());
  }
  EXPECT_EQ(path.current_id(), id_of(100));
}

TEST(HotPath, refuses_with_out_of_memory_and_stays_as_it_was) {
  HotPath<int> path;
  promote(path, 1, std::make_shared<const int>(1));
  memory_is_short = true;
  const auto refused = path.prepare(id_of(2), std::make_shared<const int>(2), 2);
  memory_is_short = false;
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::out_of_memory);
  EXPECT_EQ(path.current_id(), id_of(1));
  promote(path, 2, std::make_shared<const int>(2));
}

TEST(HotPath, counts_generations_without_a_gap) {
  HotPath<int> path;
  for (std::uint64_t n = 1; n <= 2000; ++n) {
    promote(path, n, std::make_shared<const int>(0));
    ASSERT_EQ(path.generation(), n + 1);
    ASSERT_EQ(path.published(), (Published{id_of(n), n, n + 1}));
  }
}

}  // namespace
}  // namespace knhk::hot_path

// The non-throwing allocation of this program, so that a test can make it fail.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  if (knhk::hot_path::memory_is_short) return nullptr;
  try {
    return ::operator new(size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
