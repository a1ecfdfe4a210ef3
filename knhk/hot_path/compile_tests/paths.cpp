// What a hot path refuses. Each macro turns on one wrong line; without one, the file compiles.

#include <memory>

#include "knhk/hot_path/binder.hpp"
#include "knhk/hot_path/publication.hpp"

namespace {

struct Slots : knhk::hot_path::DefaultTraits {
#if defined(TOO_MANY_SLOTS)
  static constexpr std::size_t kSlots = 1025;
#else
  static constexpr std::size_t kSlots = 1024;
#endif
};

constinit knhk::hot_path::HotPath<int, Slots> path;

}  // namespace

bool promote() {
  auto publication = path.prepare(knhk::SnapshotId{}, std::make_shared<const int>(1), 1);
  if (!publication) return false;
  publication->publish();
#if defined(COPY_A_PUBLICATION)
  auto copied = *publication;
#endif
  return !knhk::hot_path::HotPathBinder<path>::current_id().is_zero();
}
