// Compiled for its object code alone: a test disassembles it.

#include <atomic>
#include <new>
#include <utility>
#include <vector>

#include "knhk/promotion/promotion_guard.hpp"

struct Text {
  [[nodiscard]] knhk::SnapshotId snapshot_id() const { return {}; }
  [[nodiscard]] std::vector<knhk::Digest> blob_digests() const { return {}; }
};

using Ready = knhk::promotion::PromotionGuard<Text, knhk::promotion::Ready>;
using Promoted = knhk::promotion::PromotionGuard<Text, knhk::promotion::Promoted>;

extern "C" void fast_promote(Ready* ready, Promoted* promoted) {
  new (promoted) Promoted(std::move(*ready).promote());
}

// What the test must notice: a promotion that locks, and one that calls.
extern "C" void slow_promote_with_lock(std::atomic<unsigned long>* word) { word->store(1); }
extern "C" void slow_promote_with_call(void (*publish)()) {
  publish();
  publish();
}
