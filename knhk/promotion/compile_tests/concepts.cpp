// Without a definition this compiles; with one, it must be refused.

#include <cstddef>
#include <memory>

#include "knhk/promotion/cost.hpp"
#include "knhk/promotion/domain.hpp"
#include "knhk/promotion/promotion_safe.hpp"
#include "knhk/promotion/testing/note_domain.hpp"

namespace knhk::promotion {

#if defined(KNHK_DESCRIPTOR_OF_72_BYTES)
constexpr std::size_t kDescriptorSize = 72;
#elif defined(KNHK_DESCRIPTOR_OF_60_BYTES)
constexpr std::size_t kDescriptorSize = 60;
#else
constexpr std::size_t kDescriptorSize = 64;
#endif
static_assert(estimate_promotion_cost<kDescriptorSize>() <= kPromotionBudgetTicks);

struct Release {
#if !defined(KNHK_WITHOUT_ID)
  SnapshotId id;
#endif
#if !defined(KNHK_WITHOUT_RECEIPT)
  receipts::Receipt receipt;
#endif
#if !defined(KNHK_WITHOUT_ARTIFACTS)
  std::shared_ptr<const testing::Note> note;
#endif
  int number = 0;
};

std::size_t mismatches(const Release& release, const SnapshotId& id) {
  return verify(release, id).size();
}

class CustomDomain : public testing::NoteDomain {
 public:
#if defined(KNHK_DOMAIN_THAT_CANNOT_LOAD)
  void load() const {}
#elif defined(KNHK_DOMAIN_WITH_ANOTHER_ID)
  [[nodiscard]] Digest id(const std::string& text) const { return crypto::sha256(text); }
#endif
};
static_assert(explain_domain<CustomDomain>());

}  // namespace knhk::promotion
