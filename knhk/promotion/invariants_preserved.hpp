#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "knhk/base/clock.hpp"
#include "knhk/base/digest.hpp"
#include "knhk/base/result.hpp"
#include "knhk/promotion/artifacts.hpp"
#include "knhk/promotion/vouching.hpp"
#include "knhk/receipts/receipt.hpp"
#include "knhk/receipts/trusted_keys.hpp"

namespace knhk::promotion {

/// What else a receipt must satisfy.
struct VerifyOptions {
  const Clock* clock = &SystemClock::instance();
  /// How old a receipt may be; nothing: as old as its own expiry allows.
  std::optional<std::chrono::seconds> max_age;
  /// How far ahead the clock of the machine that signed may have been.
  std::chrono::seconds clock_tolerance{300};
  /// Leaves times out of account: for what was current a moment ago and shall come back.
  bool accept_stale = false;
};

namespace detail {

/// The part of `InvariantsPreserved::verify` that is the same for all artifacts: opens `envelope`
/// and holds the receipt against the snapshot, the time and the digests.
[[nodiscard]] Result<receipts::Receipt> open_receipt(
    const receipts::TrustedKeys& keys, std::string_view envelope, const SnapshotId& snapshot,
    const SnapshotId& artifacts_id, std::span<const Digest> digests, const VerifyOptions& options);

}  // namespace detail

/// The proof that a trusted key vouched for exactly these artifacts: all five invariants held when
/// they were admitted. It can be made by `verify` alone, and it owns what it vouches for, so a
/// guard made of it can't promote anything else.
///
/// Threads: immutable; copies share what they own.
template <Artifacts A>
class InvariantsPreserved {
 public:
  /// Errors: malformed-evidence, signature-invalid or untrusted-key when the envelope can't be
  /// trusted; receipt-mismatch when it is about another snapshot, or the artifacts are of another
  /// snapshot or were loaded from blobs that it doesn't name; receipt-stale when it has expired, is
  /// older than `options.max_age`, or comes from the future; invariant-failed when it says so.
  [[nodiscard]] static Result<InvariantsPreserved> verify(const receipts::TrustedKeys& keys,
                                                          std::string_view envelope,
                                                          const SnapshotId& snapshot,
                                                          std::shared_ptr<const A> artifacts,
                                                          const VerifyOptions& options = {}) {
    if (artifacts == nullptr) {
      return fail(Errc::receipt_mismatch, snapshot.to_string(), "there are no artifacts");
    }
    auto receipt = detail::open_receipt(keys, envelope, snapshot, artifacts->snapshot_id(),
                                        digests_of(*artifacts), options);
    if (!receipt) return forward_error(std::move(receipt));
    return InvariantsPreserved(std::make_shared<const receipts::Receipt>(*std::move(receipt)),
                               std::move(artifacts));
  }

  [[nodiscard]] const SnapshotId& snapshot() const noexcept { return receipt_->snapshot; }
  [[nodiscard]] const receipts::Receipt& receipt() const noexcept { return *receipt_; }
  [[nodiscard]] const std::shared_ptr<const A>& artifacts() const noexcept { return artifacts_; }

 private:
  InvariantsPreserved(std::shared_ptr<const receipts::Receipt> receipt,
                      std::shared_ptr<const A> artifacts)
      : receipt_(std::move(receipt)), artifacts_(std::move(artifacts)) {}

  std::shared_ptr<const receipts::Receipt> receipt_;
  std::shared_ptr<const A> artifacts_;
};

}  // namespace knhk::promotion
