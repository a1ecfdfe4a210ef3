#include "knhk/promotion/invariants_preserved.hpp"

#include <algorithm>
#include <string>

namespace knhk::promotion::detail {
namespace {

/// True for `2026-11-23T09:04:05Z`: texts of that shape compare as the times they stand for.
bool is_utc_time(std::string_view text) noexcept {
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:ddZ";
  return text.size() == kShape.size() &&
         std::equal(text.begin(), text.end(), kShape.begin(), [](char c, char shape) {
           return shape == 'd' ? c >= '0' && c <= '9' : c == shape;
         });
}

Status check_time(const receipts::Receipt& receipt, const VerifyOptions& options) {
  const std::string where = "receipt of " + receipt.snapshot.to_string();
  if (!is_utc_time(receipt.time) || (receipt.expires && !is_utc_time(*receipt.expires))) {
    return fail(Errc::malformed_evidence, where,
                "its times are not of the form 2026-11-23T09:04:05Z");
  }
  if (options.accept_stale) return {};
  const auto now = options.clock->now();
  if (receipt.time > to_rfc3339(now + options.clock_tolerance)) {
    return fail(Errc::receipt_stale, where,
                "it was made at " + receipt.time + ", which is in the future of this machine");
  }
  if (receipt.expires && *receipt.expires <= to_rfc3339(now)) {
    return fail(Errc::receipt_stale, where, "it expired at " + *receipt.expires);
  }
  if (options.max_age && receipt.time < to_rfc3339(now - *options.max_age)) {
    return fail(Errc::receipt_stale, where,
                "it was made at " + receipt.time + " and may be " +
                    std::to_string(options.max_age->count()) + " s old at most");
  }
  return {};
}

Status check_invariants(const receipts::Receipt& receipt) {
  for (const receipts::InvariantResult& invariant : receipt.invariants) {
    if (invariant.outcome == receipts::Outcome::failed) {
      return fail(Errc::invariant_failed, "receipt of " + receipt.snapshot.to_string(),
                  invariant.name + " " + invariant.title + " failed: " + invariant.detail);
    }
  }
  return {};
}

}  // namespace

Result<receipts::Receipt> open_receipt(const receipts::TrustedKeys& keys, std::string_view envelope,
                                       const SnapshotId& snapshot, const SnapshotId& artifacts_id,
                                       std::span<const Digest> digests,
                                       const VerifyOptions& options) {
  auto receipt = receipts::open_sealed(envelope, keys);
  if (!receipt) return receipt;
  const std::string where = "receipt of " + receipt->snapshot.to_string();
  if (receipt->snapshot != snapshot) {
    return fail(Errc::receipt_mismatch, where, "wanted is that of " + snapshot.to_string());
  }
  if (artifacts_id != snapshot) {
    return fail(Errc::receipt_mismatch, where,
                "the artifacts belong to " + artifacts_id.to_string());
  }
  if (digests.empty()) {
    return fail(Errc::receipt_mismatch, where, "the artifacts name no blob they were loaded from");
  }
  if (const Digest* unvouched = first_unvouched(*receipt, digests)) {
    return fail(Errc::receipt_mismatch, where,
                "it doesn't vouch for the artifact " + unvouched->to_string());
  }
  if (Status fresh = check_time(*receipt, options); !fresh) return forward_error(std::move(fresh));
  if (Status held = check_invariants(*receipt); !held) return forward_error(std::move(held));
  return receipt;
}

}  // namespace knhk::promotion::detail
