#include "knhk/promotion/evidence.hpp"

#include <utility>

#include "knhk/receipts/envelope.hpp"

namespace knhk::promotion {
namespace {

Status compare(const receipts::Receipt& receipt, const store::Manifest& manifest,
               std::string_view domain, const std::string& where) {
  const auto differs = [&](const std::string& what) {
    return fail(Errc::receipt_mismatch, where, "the receipt is of another " + what);
  };
  if (receipt.domain != domain) return differs("domain: " + receipt.domain);
  if (manifest.domain != receipt.domain) return differs("domain than the manifest");
  if (manifest.shapes != receipt.shapes) return differs("shapes graph than the manifest");
  if (manifest.compiler != receipt.compiler) return differs("compiler than the manifest");
  if (manifest.parent != receipt.parent) return differs("parent than the manifest");
  for (const store::Layer& layer : manifest.layers) {
    if (&layer == manifest.receipt()) continue;
    bool named = false;
    for (const receipts::Subject& subject : receipt.artifacts) {
      named = named || (subject.digest == layer.digest && subject.name == layer.title);
    }
    if (!named) {
      return fail(Errc::receipt_mismatch, where,
                  "the receipt doesn't vouch for the layer " + layer.title);
    }
  }
  // Titles differ, and so do subjects' names: with as many layers as subjects, none was taken out.
  if (manifest.layers.size() != receipt.artifacts.size() + 1) {
    return fail(Errc::receipt_mismatch, where, "an artifact that the receipt names is not a layer");
  }
  return {};
}

}  // namespace

Result<Evidence> open_evidence(const store::Store& store, const receipts::TrustedKeys& keys,
                               const Digest& digest, std::string_view domain,
                               const VerifyOptions& options) {
  auto manifest = store.manifest(digest);
  if (!manifest) return forward_error(std::move(manifest));
  const std::string where = "manifest " + digest.to_string();
  const store::Layer* layer = manifest->receipt();
  if (layer == nullptr) return fail(Errc::receipt_mismatch, where, "has no receipt");
  auto envelope = store.blob(layer->digest, receipts::kMaxEnvelopeBytes);
  if (!envelope) return forward_error(std::move(envelope));
  std::vector<Digest> digests;
  for (const store::Layer& each : manifest->layers) {
    if (&each != layer) digests.push_back(each.digest);
  }
  auto receipt = detail::open_receipt(keys, *envelope, manifest->snapshot, manifest->snapshot,
                                      digests, options);
  if (!receipt) return forward_error(std::move(receipt));
  if (Status same = compare(*receipt, *manifest, domain, where); !same) {
    return forward_error(std::move(same));
  }
  return Evidence{digest, *std::move(manifest), *std::move(envelope), *std::move(receipt)};
}

Result<std::vector<VerifiedBlob>> load_blobs(const store::Store& store, const Evidence& evidence) {
  std::vector<VerifiedBlob> blobs;
  for (const store::Layer& layer : evidence.manifest.layers) {
    if (&layer == evidence.manifest.receipt()) continue;
    auto bytes = store.blob(layer.digest);
    if (!bytes) return forward_error(std::move(bytes));
    auto blob =
        VerifiedBlob::verify({layer.title, layer.media_type, *std::move(bytes)}, layer.digest);
    if (!blob) return forward_error(std::move(blob));
    blobs.push_back(*std::move(blob));
  }
  return blobs;
}

Result<Station> choose_admission(const store::Store& store, const SnapshotId& snapshot,
                                 const std::optional<Digest>& manifest) {
  if (!manifest) {
    const auto newest = store.newest(snapshot);
    if (!newest) return tl::unexpected(newest.error());
    return Station{snapshot, newest->digest};
  }
  if (!store.has_blob(*manifest)) {
    return fail(Errc::unknown_id, "manifest " + manifest->to_string(), "is not in the store");
  }
  const auto named = store.manifest(*manifest);
  if (!named) return tl::unexpected(named.error());
  if (named->snapshot != snapshot) {
    return fail(
        Errc::member_mismatch, "manifest " + manifest->to_string(),
        "is an admission of " + named->snapshot.to_string() + ", not of " + snapshot.to_string());
  }
  return Station{snapshot, *manifest};
}

}  // namespace knhk::promotion
