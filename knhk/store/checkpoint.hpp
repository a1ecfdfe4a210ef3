#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "knhk/base/digest.hpp"
#include "knhk/base/result.hpp"
#include "knhk/crypto/key.hpp"
#include "knhk/receipts/trusted_keys.hpp"

namespace knhk::store {

/// C2SP signed-note key id of an Ed25519 key: which key of which name signed a line.
[[nodiscard]] std::array<std::uint8_t, 4> note_key_id(
    std::string_view key_name, const std::array<std::uint8_t, 32>& public_key);

/// The `vkey` of C2SP signed-note, for other tools: `<name>+<hex key id>+<base64>`.
/// Errors: `key-malformed` when `key` is not Ed25519.
[[nodiscard]] Result<std::string> note_verifier_key(std::string_view key_name,
                                                    const crypto::PublicKey& key);

/// `text`, a blank line and the signature line of `key` under `key_name`.
/// Errors: `key-malformed` when `key` is not Ed25519.
[[nodiscard]] Result<std::string> sign_note(std::string_view text, std::string_view key_name,
                                            const crypto::PrivateKey& key);

/// The text of a signed note (C2SP signed-note). Lines of unknown keys are ignored; one good line
/// of a key of `keys` under `key_name` is needed, and no bad one may be there. Errors:
/// `log-damaged` (not a note), `signature-invalid`, `untrusted-key`.
[[nodiscard]] Result<std::string> open_note(std::string_view note, std::string_view key_name,
                                            const receipts::TrustedKeys& keys);

/// What a log's signer vouches for (C2SP tlog-checkpoint).
struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Digest root;

  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

/// The note's text: origin, size and base64 root, a line each.
[[nodiscard]] std::string to_text(const Checkpoint& checkpoint);

/// Reads that text; further lines are ignored, as the specification asks. Errors: `log-damaged`.
[[nodiscard]] Result<Checkpoint> parse_checkpoint(std::string_view text);

}  // namespace knhk::store
