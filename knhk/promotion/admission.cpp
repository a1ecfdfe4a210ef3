#include "knhk/promotion/admission.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "knhk/crypto/hash.hpp"
#include "knhk/promotion/evidence.hpp"
#include "knhk/store/promotion_log.hpp"

namespace knhk::promotion::detail {
namespace {

bool has_artifacts(const store::Store& store, const store::Manifest& manifest,
                   const receipts::Receipt& receipt) {
  return manifest.layers.size() == receipt.artifacts.size() + 1 &&
         std::all_of(receipt.artifacts.begin(), receipt.artifacts.end(), [&](const auto& subject) {
           const store::Layer* layer = manifest.layer(subject.name);
           return layer != nullptr && layer->digest == subject.digest &&
                  store.has_blob(layer->digest);
         });
}

/// The admission in `store` that says what `receipt` says, if a promotion would take it.
Result<std::optional<Digest>> find_equal(const store::Store& store,
                                         const receipts::TrustedKeys& keys,
                                         const receipts::Receipt& receipt,
                                         const VerifyOptions& options) {
  const auto manifests = store.manifests();
  if (!manifests) return tl::unexpected(manifests.error());
  for (auto stored = manifests->rbegin(); stored != manifests->rend(); ++stored) {
    const store::Manifest& manifest = stored->manifest;
    if (manifest.snapshot != receipt.snapshot || manifest.shapes != receipt.shapes ||
        manifest.domain != receipt.domain || manifest.compiler != receipt.compiler ||
        manifest.parent != receipt.parent || !has_artifacts(store, manifest, receipt)) {
      continue;
    }
    const auto evidence = open_evidence(store, keys, stored->digest, receipt.domain, options);
    if (evidence) return std::optional<Digest>(stored->digest);
  }
  return std::optional<Digest>();
}

store::Manifest manifest_of(const receipts::Receipt& receipt) {
  store::Manifest manifest;
  manifest.snapshot = receipt.snapshot;
  manifest.shapes = receipt.shapes;
  manifest.domain = receipt.domain;
  manifest.compiler = receipt.compiler;
  manifest.created = receipt.time;
  manifest.parent = receipt.parent;
  return manifest;
}

}  // namespace

Status check_blob_names(std::span<const Blob> blobs) {
  if (blobs.empty()) {
    return fail(Errc::limit_exceeded, "compiler", "a domain must compile at least one blob");
  }
  std::set<std::string_view> names{receipts::kSnapshotSubject, receipts::kShapesSubject,
                                   store::kReceiptTitle};
  for (const Blob& blob : blobs) {
    if (blob.name.empty() || blob.name.find('/') != std::string::npos || blob.name[0] == '.' ||
        !names.insert(blob.name).second) {
      return fail(Errc::limit_exceeded, "blob " + blob.name,
                  "is no file name, is reserved, or is there twice");
    }
  }
  return {};
}

ParentEvidence gather_parent(const store::Store& store, const receipts::TrustedKeys& keys,
                             const Digest& manifest) {
  ParentEvidence parent{manifest, SnapshotId{}, {}, {}, {}};
  const auto found = store.manifest(manifest);
  if (!found) {
    parent.snapshot = tl::unexpected(found.error());
    return parent;
  }
  parent.snapshot = found->snapshot;
  VerifyOptions options;
  options.accept_stale = true;  // it was good when it was made: that is what provenance asks
  const auto evidence = open_evidence(store, keys, manifest, found->domain, options);
  if (!evidence) parent.receipt = tl::unexpected(evidence.error());
  const auto log = store::PromotionLog(store, keys).read();
  if (!log) parent.log = tl::unexpected(log.error());
  parent.read_blob = [store, layers = found->layers](std::string_view name) -> Result<std::string> {
    for (const store::Layer& layer : layers) {
      if (layer.title == name) return store.blob(layer.digest);
    }
    return fail(Errc::blob_missing, std::string(name), "the parent has no such blob");
  };
  return parent;
}

Status store_admission(const store::Store& store, const receipts::TrustedKeys& keys,
                       const crypto::PrivateKey& signer, AdmissionRequest request,
                       const VerifyOptions& options, AttemptTimer& timer, Admission& admission) {
  auto lock = timer.in_turn([&] { return store.lock(); });
  if (!lock) return tl::unexpected(lock.error());
  receipts::Receipt& receipt = request.receipt;
  const auto equal = find_equal(store, keys, receipt, options);
  if (!equal) return tl::unexpected(equal.error());
  if (*equal) {
    admission.outcome = AdmissionOutcome::already_admitted;
    admission.manifest = **equal;
    return {};
  }
  const auto now = options.clock->now();
  receipt.time = to_rfc3339(now);
  if (request.valid_for) receipt.expires = to_rfc3339(now + *request.valid_for);
  const auto envelope = receipts::seal(receipt, signer);
  if (!envelope) return tl::unexpected(envelope.error());
  const auto opened = receipts::open_sealed(*envelope, keys);
  if (!opened) return tl::unexpected(opened.error());

  store::Manifest manifest = manifest_of(receipt);
  std::vector<std::string_view> blobs;
  const auto add = [&](std::string_view title, std::string_view media_type, std::string_view bytes,
                       const Digest& digest) {
    manifest.layers.push_back({std::string(media_type), digest, bytes.size(), std::string(title)});
    blobs.push_back(bytes);
  };
  for (std::size_t i = 0; i < request.blobs.size(); ++i) {
    const Blob& blob = request.blobs[i];
    add(blob.name, blob.media_type, blob.bytes, receipt.artifacts[i].digest);
  }
  add(store::kReceiptTitle, receipts::kReceiptMediaType, *envelope, crypto::sha256(*envelope));
  if (Status go = timer.begin_commit(); !go) return go;
  const auto stored = store.put_admission(manifest, blobs, *lock);
  if (!stored) return tl::unexpected(stored.error());
  admission.outcome = AdmissionOutcome::admitted;
  admission.manifest = *stored;
  return {};
}

}  // namespace knhk::promotion::detail
