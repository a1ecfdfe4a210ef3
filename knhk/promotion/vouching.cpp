#include "knhk/promotion/vouching.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace knhk::promotion {

bool vouches_for(const receipts::Receipt& receipt, const Digest& digest) noexcept {
  return std::any_of(receipt.artifacts.begin(), receipt.artifacts.end(),
                     [&](const receipts::Subject& subject) { return subject.digest == digest; });
}

const Digest* first_unvouched(const receipts::Receipt& receipt,
                              std::span<const Digest> digests) noexcept {
  for (const Digest& digest : digests) {
    if (!vouches_for(receipt, digest)) return &digest;
  }
  return nullptr;
}

void MemberCheck::trust(const receipts::Receipt* receipt) {
  if (receipt != nullptr && receipt->snapshot == expected_) receipts_.push_back(receipt);
}

void MemberCheck::id(std::size_t position, const SnapshotId& id) {
  if (id != expected_) foreign(position, "id", id);
}

void MemberCheck::receipt(std::size_t position, const receipts::Receipt* receipt) {
  if (receipt == nullptr) {
    empty(position, "receipt");
  } else if (receipt->snapshot != expected_) {
    foreign(position, "receipt", receipt->snapshot);
  }
}

void MemberCheck::artifacts(std::size_t position, const SnapshotId& id,
                            std::span<const Digest> digests) {
  if (id != expected_) {
    foreign(position, "artifacts", id);
    return;
  }
  if (receipts_.empty()) return;  // every receipt is reported already
  const bool vouched = std::any_of(receipts_.begin(), receipts_.end(), [&](const auto* receipt) {
    return first_unvouched(*receipt, digests) == nullptr;
  });
  if (digests.empty()) {
    add(position, "artifacts", "name no blob they were loaded from");
  } else if (!vouched) {
    const Digest* digest = first_unvouched(*receipts_.front(), digests);
    add(position, "artifacts",
        "were loaded from " + digest->to_string() + ", which no receipt here vouches for");
  }
}

void MemberCheck::empty(std::size_t position, std::string_view role) {
  add(position, role, "is empty");
}

void MemberCheck::foreign(std::size_t position, std::string_view role, const SnapshotId& found) {
  add(position, role,
      "belongs to snapshot " + found.to_string() + ", expected " + expected_.to_string());
}

void MemberCheck::add(std::size_t position, std::string_view role, std::string detail) {
  mismatches_.push_back({Errc::member_mismatch,
                         "member " + std::to_string(position) + " (" + std::string(role) + ")",
                         std::move(detail)});
}

}  // namespace knhk::promotion
