#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>
#include <vector>

#include "knhk/base/result.hpp"
#include "knhk/crypto/key.hpp"

namespace knhk::receipts {

/// Whose signatures count, and how many of them are needed. Comes from the caller, never from the
/// store that is being checked.
///
/// An empty set trusts nobody: everything checked against it is `untrusted-key`.
/// Threads: safe to read from any thread; not to be changed while read.
class TrustedKeys {
 public:
  TrustedKeys() = default;

  /// Adds `key`; adding it again changes nothing.
  void add(crypto::PublicKey key);
  /// Adds every `PUBLIC KEY` block of `pem`. Errors: `key-malformed`, also when there is none.
  [[nodiscard]] Status add_pem(std::string_view pem);
  /// Adds the keys of one PEM file, or of every `*.pub` and `*.pem` file of a folder.
  /// Errors: `key-missing` (also for a folder without such a file: absence is not an instruction),
  /// `key-unreadable`, `key-malformed`. Nothing is added then.
  [[nodiscard]] Status add_path(const std::filesystem::path& path);

  /// How many different keys must have signed; 1 at first. Zero is taken as 1.
  void set_threshold(std::size_t threshold) noexcept {
    threshold_ = threshold == 0 ? 1 : threshold;
  }
  [[nodiscard]] std::size_t threshold() const noexcept { return threshold_; }

  /// The key of this `crypto::PublicKey::key_id()`, or null.
  /// Lifetime: until the next `add`.
  [[nodiscard]] const crypto::PublicKey* find(std::string_view key_id) const noexcept;
  [[nodiscard]] const std::vector<crypto::PublicKey>& keys() const noexcept { return keys_; }
  [[nodiscard]] bool empty() const noexcept { return keys_.empty(); }

 private:
  std::vector<crypto::PublicKey> keys_;
  std::size_t threshold_ = 1;
};

}  // namespace knhk::receipts
