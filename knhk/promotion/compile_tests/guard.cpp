// Without a definition this compiles; with one, it must be refused.

#include <memory>
#include <utility>
#include <vector>

#include "knhk/promotion/promotion_guard.hpp"

namespace knhk::promotion {

struct Text {
  [[nodiscard]] SnapshotId snapshot_id() const { return {}; }
  [[nodiscard]] std::vector<Digest> blob_digests() const { return {}; }
};
template <class State>
using Guard = PromotionGuard<Text, State>;

Guard<Promoted> promote_what_is_ready(Guard<Ready> ready) {
#if defined(KNHK_PROMOTE_AN_LVALUE)
  return ready.promote();
#else
  return std::move(ready).promote();
#endif
}

void promote_after_preparing(Guard<Preparing> preparing) {
#if defined(KNHK_PROMOTE_PREPARING)
  std::move(preparing).promote().settle();
#else
  auto ready = std::move(preparing).ready(1);
  if (ready) (*std::move(ready)).promote().settle();
#endif
}

#if defined(KNHK_COPY)
Guard<Ready> hand_on(const Guard<Ready>& ready) { return ready; }
#else
Guard<Ready> hand_on(Guard<Ready>&& ready) { return std::move(ready); }
#endif

#if defined(KNHK_MAKE_READY)
Guard<Ready> begin(const InvariantsPreserved<Text>& proof, hot_path::HotPath<Text>& path) {
  return {proof, path};
}
#else
Guard<Preparing> begin(const InvariantsPreserved<Text>& proof, hot_path::HotPath<Text>& path) {
  return {proof, path};
}
#endif

Result<InvariantsPreserved<Text>> prove(const receipts::TrustedKeys& keys, const SnapshotId& id) {
  auto text = std::make_shared<const Text>();
#if defined(KNHK_SKIP_VALIDATION)
  return InvariantsPreserved<Text>(std::make_shared<const receipts::Receipt>(), text);
#else
  return InvariantsPreserved<Text>::verify(keys, "", id, text);
#endif
}

Guard<Promoted> promote_once(Guard<Ready> ready) {
  Guard<Promoted> promoted = std::move(ready).promote();
#if defined(KNHK_PROMOTE_TWICE)  // -Wconsumed
  return std::move(ready).promote();
#else
  return promoted;
#endif
}

void settle_once(Guard<Promoted> promoted) {
  std::move(promoted).settle();
#if defined(KNHK_ROLL_BACK_SETTLED)  // -Wconsumed
  std::move(promoted).roll_back();
#endif
}

bool retry(Guard<Preparing> preparing) {
  if (auto first = std::move(preparing).ready(1)) return true;
#if defined(KNHK_RETRY_UNTESTED)  // -Wconsumed
  return std::move(preparing).ready(1).has_value();
#else
  return preparing && std::move(preparing).ready(1).has_value();
#endif
}

}  // namespace knhk::promotion
