#include "knhk/promotion/promotion_guard.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <type_traits>
#include <utility>

#include "knhk/hot_path/reader.hpp"
#include "knhk/promotion/testing/evidence_maker.hpp"

namespace knhk::promotion {
namespace {

using testing::EvidenceMaker;
using testing::id_of;
using testing::Note;
using Path = hot_path::HotPath<Note>;
template <class State>
using Guard = PromotionGuard<Note, State>;

static_assert(sizeof(Guard<Preparing>) == sizeof(void*));
static_assert(sizeof(Guard<Ready>) == sizeof(void*));
static_assert(sizeof(Guard<Promoted>) == sizeof(void*));
template <class G>
constexpr bool kIsMoveOnly =
    std::is_nothrow_move_constructible_v<G> && std::is_nothrow_move_assignable_v<G> &&
    !std::is_copy_constructible_v<G> && !std::is_copy_assignable_v<G>;
static_assert(kIsMoveOnly<Guard<Preparing>> && kIsMoveOnly<Guard<Ready>> &&
              kIsMoveOnly<Guard<Promoted>>);
template <class G>
concept Promotes = requires(G guard) { std::forward<G>(guard).promote(); };
static_assert(Promotes<Guard<Ready>&&>);
static_assert(!Promotes<Guard<Ready>&> && !Promotes<const Guard<Ready>&&>);
static_assert(!Promotes<Guard<Preparing>&&> && !Promotes<Guard<Promoted>&&>);
static_assert(noexcept(std::declval<Guard<Ready>>().promote()));
static_assert(!std::is_default_constructible_v<Guard<Ready>>);
static_assert(!std::is_constructible_v<Guard<Ready>, InvariantsPreserved<Note>, Path&>);

static_assert(estimate_promotion_cost<8>() == estimate_promotion_cost<64>());
static_assert(estimate_promotion_cost<sizeof(hot_path::SnapshotDescriptor)>() <=
              kPromotionBudgetTicks);

class PromotionGuardTest : public ::testing::Test {
 protected:
  Guard<Preparing> preparing(std::string_view text) { return {maker.proof(text), *path}; }
  Guard<Ready> ready(std::string_view text, std::uint64_t epoch) {
    return testing::must(preparing(text).ready(epoch));
  }
  void promote(std::string_view text, std::uint64_t epoch) {
    ready(text, epoch).promote().settle();
  }

  EvidenceMaker maker;
  std::unique_ptr<Path> path = std::make_unique<Path>();
};

TEST_F(PromotionGuardTest, promotes_what_its_proof_owns) {
  hot_path::Reader reader(*path);
  Guard<Promoted> promoted = ready("one", 7).promote();
  EXPECT_TRUE(promoted.verify_promoted());
  const auto pin = reader.pin();
  ASSERT_TRUE(pin);
  EXPECT_EQ(pin.id(), id_of("one"));
  EXPECT_EQ(pin.epoch(), 7U);
  EXPECT_EQ(pin.generation(), promoted.generation());
  EXPECT_EQ(pin->text(), "one");
  std::move(promoted).settle();
  EXPECT_EQ(path->current_id(), id_of("one"));
}

TEST_F(PromotionGuardTest, dropped_before_its_promotion_changes_nothing_and_frees_what_it_took) {
  promote("one", 1);
  const auto before = path->stats();
  {
    const Guard<Preparing> dropped = preparing("two");
  }
  {
    const Guard<Ready> dropped = ready("two", 2);
  }
  EXPECT_EQ(path->published().id, id_of("one"));
  EXPECT_EQ(path->stats().generation, before.generation);
  EXPECT_EQ(path->stats().living_snapshots, before.living_snapshots);
  promote("three", 2);
  EXPECT_EQ(path->current_id(), id_of("three"));
}

TEST_F(PromotionGuardTest, stays_usable_when_ready_fails) {
  Guard<Preparing> guard = preparing("two");
  {
    const Guard<Ready> first = ready("one", 1);
    const auto refused = std::move(guard).ready(2);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::writer_busy);
  }
  ASSERT_TRUE(guard);
  auto again = std::move(guard).ready(2);
  ASSERT_TRUE(again);
  EXPECT_FALSE(guard);
  (*std::move(again)).promote().settle();
  EXPECT_EQ(path->published().epoch, 2U);
}

TEST_F(PromotionGuardTest, another_is_refused_while_a_promotion_is_unsettled) {
  Guard<Preparing> next = preparing("two");
  {
    const Guard<Promoted> unsettled = ready("one", 1).promote();
    const auto refused = std::move(next).ready(2);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::promotion_unsettled);
  }  // dropped: it settles
  ASSERT_TRUE(std::move(next).ready(2));
  EXPECT_EQ(path->current_id(), id_of("one"));
}

TEST_F(PromotionGuardTest, rolls_back_to_the_outgoing_snapshot_under_a_later_generation) {
  promote("one", 1);
  const std::uint64_t generation = path->generation();
  Guard<Promoted> promoted = ready("two", 2).promote();
  std::move(promoted).roll_back();
  EXPECT_EQ(path->published().id, id_of("one"));
  EXPECT_EQ(path->published().epoch, 3U);
  EXPECT_GT(path->generation(), generation + 1);
  promote("three", 4);
  EXPECT_EQ(path->current_id(), id_of("three"));
}

TEST_F(PromotionGuardTest, rolling_back_the_first_promotion_leaves_no_snapshot) {
  ready("one", 1).promote().roll_back();
  EXPECT_EQ(path->published().id, SnapshotId{});
  EXPECT_EQ(path->published().epoch, 0U);
  hot_path::Reader reader(*path);
  const auto pin = reader.pin();
  EXPECT_FALSE(pin);
}

TEST_F(PromotionGuardTest, verification_notices_artifacts_that_forgot_whose_they_are) {
  Guard<Ready> guard = ready("one", 1);
  const std::shared_ptr<const Note> note = guard.proof().artifacts();
  const Guard<Promoted> promoted = std::move(guard).promote();
  EXPECT_TRUE(promoted.verify_promoted());
  note->lie();
  const Status verified = promoted.verify_promoted();
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().code, Errc::verification_failed);
}

TEST_F(PromotionGuardTest, may_promote_while_the_same_thread_holds_a_pin_P5_P6) {
  promote("one", 1);
  hot_path::Reader reader(*path);
  const auto pin = reader.pin();
  promote("two", 2);
  EXPECT_EQ(pin->text(), "one");
  EXPECT_EQ(path->current_id(), id_of("two"));
}

}  // namespace
}  // namespace knhk::promotion
