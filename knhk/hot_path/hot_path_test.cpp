#include "knhk/hot_path/hot_path.hpp"

#include <gtest/gtest.h>

#include "knhk/hot_path/binder.hpp"
#include "knhk/hot_path/reader.hpp"
#include "knhk/hot_path/sticky_reader.hpp"

namespace knhk::hot_path {
namespace {

SnapshotId id_of(std::uint8_t n) {
  SnapshotId id;
  id.bytes.fill(n);
  return id;
}

constinit HotPath<int> global_path;

TEST(HotPath, publishes_and_takes_back) {
  HotPath<int> path;
  EXPECT_TRUE(path.current_id().is_zero());
  Reader reader(path);
  EXPECT_FALSE(reader.pin());
  {
    auto publication = path.prepare(id_of(1), std::make_shared<int>(41), 7);
    ASSERT_TRUE(publication);
    publication->publish();
    EXPECT_EQ(path.current_id(), id_of(1));
    const auto pin = reader.pin();
    EXPECT_EQ(*pin, 41);
    publication->undo();
    EXPECT_TRUE(path.current_id().is_zero());
    publication->settle();
  }
  EXPECT_EQ(path.published().generation, 3);
  StickyReader sticky(path);
  EXPECT_FALSE(sticky.current());
  using Bound = HotPathBinder<global_path>;
  EXPECT_FALSE(Bound::pin());
}

}  // namespace
}  // namespace knhk::hot_path
