#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "knhk/base/result.hpp"
#include "knhk/crypto/key.hpp"
#include "knhk/receipts/trusted_keys.hpp"

namespace knhk::receipts {

/// Longest envelope that is read.
inline constexpr std::size_t kMaxEnvelopeBytes = std::size_t{4} * 1024 * 1024;
/// Most signatures that an envelope may carry.
inline constexpr std::size_t kMaxSignatures = 64;

/// DSSE v1.0.2 pre-authentication encoding: the bytes that are signed.
[[nodiscard]] std::string pae(std::string_view payload_type, std::string_view payload);

/// A signature of an envelope. `key_id` is an unauthenticated hint, empty when absent.
struct Signature {
  std::string key_id;
  std::string bytes;

  friend bool operator==(const Signature&, const Signature&) = default;
};

/// A DSSE v1.0.2 envelope: a payload of raw bytes, what it is, and signatures over both.
/// Having one says nothing of who signed it: see `verify`.
struct Envelope {
  std::string payload_type;
  std::string payload;
  std::vector<Signature> signatures;

  friend bool operator==(const Envelope&, const Envelope&) = default;
};

/// Reads the JSON form. Accepts both base64 alphabets and ignores unknown fields.
/// Errors: `malformed-evidence` (also for a duplicate key, P43), `limit-exceeded`.
[[nodiscard]] Result<Envelope> parse_envelope(std::string_view json);

/// The JSON form: no white space, keys in a fixed order, standard base64.
/// Errors: `malformed-evidence` when a text of it isn't UTF-8.
[[nodiscard]] Result<std::string> to_json(const Envelope& envelope);

/// Adds the signature of `key` over the payload.
[[nodiscard]] Status sign(Envelope& envelope, const crypto::PrivateKey& key);

/// Succeeds when at least `keys.threshold()` different keys of `keys` signed the payload.
/// Errors: `signature-invalid` when a signature that names a trusted key does not verify;
/// `untrusted-key` when too few trusted keys signed.
[[nodiscard]] Status verify(const Envelope& envelope, const TrustedKeys& keys);

}  // namespace knhk::receipts
