#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "knhk/base/clock.hpp"
#include "knhk/base/digest.hpp"
#include "knhk/base/result.hpp"
#include "knhk/crypto/key.hpp"
#include "knhk/promotion/blob.hpp"
#include "knhk/promotion/detail/attempt_timer.hpp"
#include "knhk/promotion/invariants_preserved.hpp"
#include "knhk/promotion/validation_context.hpp"
#include "knhk/receipts/receipt.hpp"
#include "knhk/receipts/trusted_keys.hpp"
#include "knhk/store/store.hpp"
#include "knhk/telemetry/phase.hpp"
#include "knhk/telemetry/progress.hpp"

namespace knhk::promotion {

/// What the caller says about an admission.
struct AdmitOptions {
  std::optional<Digest> parent;  ///< the manifest that the content was derived from
  /// How long the receipt may be used for promotions; nothing: for ever.
  std::optional<std::chrono::seconds> valid_for;
  /// Calls the admission off, until it is written into the store.
  std::stop_token stop = {};
  telemetry::ProgressCallback on_progress = {};  ///< told when a phase begins and has ended
  /// How long to wait where another is in the way; nothing: not at all, but for asynchronous calls
  /// `PipelineOptions::lock_patience`.
  std::optional<std::chrono::milliseconds> lock_patience = std::nullopt;
};

enum class AdmissionOutcome : std::uint8_t {
  admitted,          ///< a new manifest with its evidence is in the store
  already_admitted,  ///< the store had it: same content, rules, compiler, parent and artifacts
  refused,           ///< an invariant failed: nothing entered the store
};

/// How an admission went.
struct Admission {
  AdmissionOutcome outcome = AdmissionOutcome::refused;
  SnapshotId snapshot;
  std::optional<SnapshotId> shapes;
  Digest manifest;  ///< zero when refused
  receipts::InvariantResults invariants;
  std::vector<receipts::Subject> artifacts;  ///< what was compiled, also when refused
  telemetry::PhaseTimes phases;              ///< compilation (parsing and id included), validation
};

namespace detail {

/// What is to be stored once all invariants hold.
struct AdmissionRequest {
  receipts::Receipt receipt;  ///< with everything but its times
  std::span<const Blob> blobs;
  std::optional<std::chrono::seconds> valid_for;
};

/// Names must be file names, unique, and not those of the receipt's own subjects or layer; there
/// must be a blob. Errors: limit-exceeded, naming the blob.
[[nodiscard]] Status check_blob_names(std::span<const Blob> blobs);

/// What the store and its log can say about the parent `manifest`.
[[nodiscard]] ParentEvidence gather_parent(const store::Store& store,
                                           const receipts::TrustedKeys& keys,
                                           const Digest& manifest);

/// Seals the receipt, makes sure that `keys` will trust it, and stores blobs, receipt and manifest;
/// or finds that an equal admission with a receipt good enough for `options` is there. Fills
/// `admission.outcome` and `admission.manifest`. On an error the store is as it was; `timer` says
/// how long to wait for its lock, and whether to stop.
[[nodiscard]] Status store_admission(const store::Store& store, const receipts::TrustedKeys& keys,
                                     const crypto::PrivateKey& signer, AdmissionRequest request,
                                     const VerifyOptions& options, AttemptTimer& timer,
                                     Admission& admission);

}  // namespace detail

}  // namespace knhk::promotion
