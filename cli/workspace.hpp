#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "cli/options.hpp"
#include "knhk/base/result.hpp"
#include "knhk/crypto/key.hpp"
#include "knhk/promotion/evidence.hpp"
#include "knhk/receipts/trusted_keys.hpp"
#include "knhk/store/store.hpp"

namespace knhk::cli {

/// Where a user's keys are: `$XDG_CONFIG_HOME/knhk`, or `~/.config/knhk`.
struct KeyFolder {
  std::filesystem::path path;

  /// Errors: `key-missing` when neither variable is set.
  [[nodiscard]] static Result<KeyFolder> find();

  /// Public keys whose signatures count.
  [[nodiscard]] std::filesystem::path trusted() const { return path / "trusted"; }
  [[nodiscard]] std::filesystem::path private_key(std::string_view store_name) const {
    return path / (std::string(store_name) + ".key.pem");
  }
  [[nodiscard]] std::filesystem::path public_key(std::string_view store_name) const {
    return trusted() / (std::string(store_name) + ".pub.pem");
  }
};

/// A store, and the keys that its user trusts.
struct Workspace {
  store::Store store;
  receipts::TrustedKeys trusted;
  KeyFolder keys;

  /// Errors: those of `Store::open` and `TrustedKeys::add_path`.
  [[nodiscard]] static Result<Workspace> open(const Settings& settings);

  /// The key that signs receipts and checkpoints of this store.
  [[nodiscard]] Result<crypto::PrivateKey> signing_key() const;
  /// An admission with its receipt, which a trusted key signed and which vouches for the whole of
  /// its manifest; it may have expired.
  [[nodiscard]] Result<promotion::Evidence> evidence_of(const Digest& manifest) const;
};

/// Who is at work, for the log: `KNHK_ACTOR`, else the user's name, else `uid:<number>`.
[[nodiscard]] std::string actor();

}  // namespace knhk::cli
