#include "cli/workspace.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace knhk::cli {
namespace {

/// The value of an environment variable, or nothing; an empty one counts as not set.
std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

bool vouches_for(const receipts::Receipt& receipt, const store::Layer& layer) {
  if (layer.media_type == receipts::kReceiptMediaType) return true;  // it is the receipt itself
  const bool is_snapshot = layer.title == store::kSnapshotTitle;
  if (is_snapshot && layer.digest.bytes == receipt.snapshot.bytes) return true;
  const bool is_shapes = layer.title == store::kShapesTitle;
  if (is_shapes && receipt.shapes && layer.digest.bytes == receipt.shapes->bytes) return true;
  return std::ranges::any_of(receipt.artifacts, [&](const receipts::Subject& subject) {
    return subject.name == layer.title && subject.digest == layer.digest;
  });
}

}  // namespace

Result<KeyFolder> KeyFolder::find() {
  if (const std::string config = environment("XDG_CONFIG_HOME"); !config.empty()) {
    return KeyFolder{std::filesystem::path(config) / "knhk"};
  }
  if (const std::string home = environment("HOME"); !home.empty()) {
    return KeyFolder{std::filesystem::path(home) / ".config" / "knhk"};
  }
  return fail(Errc::key_missing, "", "neither XDG_CONFIG_HOME nor HOME says where keys are kept");
}

Result<Workspace> Workspace::open(const Settings& settings) {
  auto store = store::Store::open(settings.store);
  if (!store) return forward_error(std::move(store));
  auto keys = KeyFolder::find();
  if (!keys) return forward_error(std::move(keys));
  receipts::TrustedKeys trusted;
  if (auto added = trusted.add_path(keys->trusted()); !added) {
    return forward_error(std::move(added));
  }
  return Workspace{std::move(*store), std::move(trusted), std::move(*keys)};
}

Result<crypto::PrivateKey> Workspace::signing_key() const {
  return crypto::PrivateKey::load(keys.private_key(store.name()));
}

Result<receipts::Receipt> Workspace::receipt_of(const store::Manifest& manifest) const {
  const store::Layer* const layer = manifest.receipt();
  const std::string where = manifest.snapshot.to_string();
  if (layer == nullptr) return fail(Errc::manifest_damaged, where, "its manifest has no receipt");
  auto envelope = store.blob(layer->digest);
  if (!envelope) return forward_error(std::move(envelope));
  auto receipt = receipts::open_sealed(*envelope, trusted);
  if (!receipt) return receipt;
  if (receipt->snapshot != manifest.snapshot) {
    return fail(Errc::receipt_mismatch, where,
                "its receipt is about " + receipt->snapshot.to_string());
  }
  for (const store::Layer& other : manifest.layers) {
    if (!vouches_for(*receipt, other)) {
      return fail(Errc::receipt_mismatch, where,
                  "its receipt does not vouch for the layer " + other.title);
    }
  }
  return receipt;
}

std::string actor() {
  if (std::string name = environment("KNHK_ACTOR"); !name.empty()) return name;
  if (const passwd* const user = getpwuid(getuid()); user != nullptr) return user->pw_name;
  return "uid:" + std::to_string(getuid());
}

}  // namespace knhk::cli
