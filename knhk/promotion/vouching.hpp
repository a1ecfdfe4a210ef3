#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "knhk/base/digest.hpp"
#include "knhk/base/result.hpp"
#include "knhk/promotion/artifacts.hpp"
#include "knhk/receipts/receipt.hpp"

namespace knhk::promotion {

/// The digests of the blobs that `artifacts` say they were loaded from.
template <Artifacts A>
[[nodiscard]] std::vector<Digest> digests_of(const A& artifacts) {
  std::vector<Digest> digests;
  for (const auto& digest : artifacts.blob_digests()) digests.push_back(digest);
  return digests;
}

/// True when `digest` is among the artifacts that `receipt` is about.
[[nodiscard]] bool vouches_for(const receipts::Receipt& receipt, const Digest& digest) noexcept;

/// The first of `digests` that `receipt` is not about; null when it vouches for all of them.
[[nodiscard]] const Digest* first_unvouched(const receipts::Receipt& receipt,
                                            std::span<const Digest> digests) noexcept;

/// Collects the members of an aggregate that don't fit an expected snapshot, one error for each.
/// `verify(aggregate)` fills it; see `promotion_safe.hpp`.
class MemberCheck {
 public:
  explicit MemberCheck(const SnapshotId& expected) : expected_(expected) {}

  /// Makes a receipt known before artifacts are held against it. Null is passed over.
  void trust(const receipts::Receipt* receipt);

  void id(std::size_t position, const SnapshotId& id);
  void receipt(std::size_t position, const receipts::Receipt* receipt);
  void artifacts(std::size_t position, const SnapshotId& id, std::span<const Digest> digests);
  void empty(std::size_t position, std::string_view role);

  [[nodiscard]] std::vector<Error> mismatches() && { return std::move(mismatches_); }

 private:
  void add(std::size_t position, std::string_view role, std::string detail);
  void foreign(std::size_t position, std::string_view role, const SnapshotId& found);

  SnapshotId expected_;
  std::vector<const receipts::Receipt*> receipts_;  // those of the expected snapshot
  std::vector<Error> mismatches_;
};

}  // namespace knhk::promotion
