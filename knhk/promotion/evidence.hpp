#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "knhk/base/digest.hpp"
#include "knhk/base/result.hpp"
#include "knhk/promotion/blob.hpp"
#include "knhk/promotion/channel_history.hpp"
#include "knhk/promotion/invariants_preserved.hpp"
#include "knhk/receipts/receipt.hpp"
#include "knhk/receipts/trusted_keys.hpp"
#include "knhk/store/store.hpp"

namespace knhk::promotion {

/// An admission read back from the store, its receipt checked.
struct Evidence {
  Digest digest;  ///< of the manifest
  store::Manifest manifest;
  std::string envelope;
  receipts::Receipt receipt;
};

/// Reads the manifest `digest` and its receipt, and holds one against the other: the receipt must
/// be of `domain`, of the manifest's snapshot, shapes, compiler and parent, and vouch for every
/// layer; every artifact that it names must be one. No artifact is read yet. Errors: blob-missing,
/// digest-mismatch, manifest-damaged; receipt-mismatch; those of `InvariantsPreserved::verify`.
[[nodiscard]] Result<Evidence> open_evidence(const store::Store& store,
                                             const receipts::TrustedKeys& keys,
                                             const Digest& digest, std::string_view domain,
                                             const VerifyOptions& options);

/// The blobs that `evidence` vouches for, in the manifest's order, each with its digest checked.
/// Errors: blob-missing, digest-mismatch, those of the machine.
[[nodiscard]] Result<std::vector<VerifiedBlob>> load_blobs(const store::Store& store,
                                                           const Evidence& evidence);

/// The admission to promote: `manifest` where the caller names one, which must be of `snapshot`;
/// else the newest of `snapshot`. Errors: unknown-id, blob-missing, member-mismatch.
[[nodiscard]] Result<Station> choose_admission(const store::Store& store,
                                               const SnapshotId& snapshot,
                                               const std::optional<Digest>& manifest);

}  // namespace knhk::promotion
