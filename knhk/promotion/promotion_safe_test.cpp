#include "knhk/promotion/promotion_safe.hpp"

#include <gtest/gtest.h>

#include <any>
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "knhk/promotion/testing/evidence_maker.hpp"

namespace knhk::promotion {
namespace {

using testing::EvidenceMaker;
using testing::id_of;
using testing::Note;

struct Release {
  SnapshotId id;
  receipts::Receipt receipt;
  std::shared_ptr<const Note> note;
};
static_assert(PromotionSafe<Release>);

struct FullRelease {  // 12 members, the three that count among everything else
  std::string title;
  int number = 0;
  std::unique_ptr<receipts::Receipt> receipt;
  std::optional<std::string> remark;
  std::array<int, 3> version{};
  std::map<std::string, int> counts;
  SnapshotId id;
  std::function<void()> on_done;
  std::variant<int, std::string> origin;
  const Note* note = nullptr;
  std::any anything;
  double weight = 0;
};
static_assert(PromotionSafe<FullRelease>);
static_assert(detail::member_count<FullRelease>() == 12);

struct NoId {
  receipts::Receipt receipt;
  std::shared_ptr<const Note> note;
};
struct NoReceipt {
  SnapshotId id;
  std::shared_ptr<const Note> note;
};
struct NoArtifacts {
  SnapshotId id;
  receipts::Receipt receipt;
  Digest digest;  // is no id of a snapshot, though it has the same bytes
};
struct TooMany {
  int a, b, c, d, e, f, g, h, i, j;
  SnapshotId id;
  receipts::Receipt receipt;
  std::shared_ptr<const Note> note;
};
class Closed {
 public:
  SnapshotId id;
  receipts::Receipt receipt;
  std::shared_ptr<const Note> note;

 private:
  [[maybe_unused]] int hidden_ = 0;
};
static_assert(!PromotionSafe<NoId> && !PromotionSafe<NoReceipt> && !PromotionSafe<NoArtifacts>);
static_assert(!PromotionSafe<TooMany> && !PromotionSafe<Closed> && !PromotionSafe<int>);

Release release(const EvidenceMaker& maker, std::string_view id, std::string_view receipt,
                std::string_view note) {
  return {id_of(id), maker.receipt(receipt), maker.note(note)};
}

void expect_mismatches(const std::vector<Error>& errors, std::vector<std::string> where) {
  ASSERT_EQ(errors.size(), where.size());
  for (std::size_t i = 0; i < where.size(); ++i) {
    EXPECT_EQ(errors[i].code, Errc::member_mismatch);
    EXPECT_EQ(errors[i].where, where[i]);
  }
}

TEST(PromotionSafe, an_aggregate_whose_members_belong_together_verifies) {
  const EvidenceMaker maker;
  EXPECT_TRUE(verify(release(maker, "a", "a", "a")).empty());
  EXPECT_TRUE(verify(release(maker, "a", "a", "a"), id_of("a")).empty());
}

TEST(PromotionSafe, each_mismatched_member_is_reported_once) {
  const EvidenceMaker maker;
  const auto check = [&](std::string_view id, std::string_view receipt, std::string_view note) {
    return verify(release(maker, id, receipt, note), id_of("a"));
  };
  expect_mismatches(check("b", "a", "a"), {"member 1 (id)"});
  expect_mismatches(check("a", "b", "a"), {"member 2 (receipt)"});
  expect_mismatches(check("a", "a", "b"), {"member 3 (artifacts)"});
}

TEST(PromotionSafe, two_mismatched_members_are_reported_as_two) {
  const EvidenceMaker maker;
  const auto check = [&](std::string_view id, std::string_view receipt, std::string_view note) {
    return verify(release(maker, id, receipt, note), id_of("a"));
  };
  expect_mismatches(check("b", "c", "a"), {"member 1 (id)", "member 2 (receipt)"});
  expect_mismatches(check("b", "a", "b"), {"member 1 (id)", "member 3 (artifacts)"});
  expect_mismatches(check("a", "b", "b"), {"member 2 (receipt)", "member 3 (artifacts)"});
  EXPECT_EQ(check("b", "b", "b").size(), 3U);
}

TEST(PromotionSafe, without_an_expected_snapshot_the_receipt_decides) {
  const EvidenceMaker maker;
  expect_mismatches(verify(release(maker, "b", "a", "a")), {"member 1 (id)"});
  expect_mismatches(verify(release(maker, "a", "a", "b")), {"member 3 (artifacts)"});
  expect_mismatches(verify(release(maker, "b", "a", "c")),
                    {"member 1 (id)", "member 3 (artifacts)"});
}

TEST(PromotionSafe, artifacts_from_blobs_that_the_receipt_does_not_name_are_a_mismatch) {
  const EvidenceMaker maker;
  Release made = release(maker, "a", "a", "a");
  made.receipt.artifacts = {{"note.txt", crypto::sha256("else")}};
  expect_mismatches(verify(made), {"member 3 (artifacts)"});
}

TEST(PromotionSafe, empty_pointers_are_mismatches) {
  const EvidenceMaker maker;
  FullRelease made;
  made.id = id_of("a");
  expect_mismatches(verify(made), {"member 3 (receipt)", "member 10 (artifacts)"});
  const auto note = maker.note("a");
  made.note = note.get();
  made.receipt = std::make_unique<receipts::Receipt>(maker.receipt("a"));
  EXPECT_TRUE(verify(made).empty());
}

}  // namespace
}  // namespace knhk::promotion
