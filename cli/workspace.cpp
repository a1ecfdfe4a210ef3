#include "cli/workspace.hpp"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>

namespace knhk::cli {
namespace {

/// The value of an environment variable, or nothing; an empty one counts as not set.
std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
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

Result<promotion::Evidence> Workspace::evidence_of(const Digest& manifest) const {
  const auto stored = store.manifest(manifest);
  if (!stored) return tl::unexpected(stored.error());
  promotion::VerifyOptions options;
  options.accept_stale = true;  // it is looked at, not promoted
  return promotion::open_evidence(store, trusted, manifest, stored->domain, options);
}

std::string actor() {
  if (std::string name = environment("KNHK_ACTOR"); !name.empty()) return name;
  if (const passwd* const user = getpwuid(getuid()); user != nullptr) return user->pw_name;
  return "uid:" + std::to_string(getuid());
}

}  // namespace knhk::cli
