#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace knhk {

/// Who has to act on an error: whoever wrote the content, whoever typed the command, or whoever
/// runs the machine. The command's exit code is `1 + static_cast<int>(blame)`.
enum class Blame : std::uint8_t { content, usage, environment };

// One line per code: enumerator, kebab-case name, blame. Numbers are stable: append, never reorder.
#define KNHK_ERRC_LIST(X)                                    \
  X(syntax_error, "syntax-error", content)                   \
  X(invalid_encoding, "invalid-encoding", content)           \
  X(undefined_prefix, "undefined-prefix", content)           \
  X(relative_iri, "relative-iri", content)                   \
  X(limit_exceeded, "limit-exceeded", content)               \
  X(work_limit, "work-limit", content)                       \
  X(unsupported_construct, "unsupported-construct", content) \
  X(ill_formed_shapes, "ill-formed-shapes", content)         \
  X(invariant_failed, "invariant-failed", content)           \
  X(malformed_evidence, "malformed-evidence", content)       \
  X(signature_invalid, "signature-invalid", content)         \
  X(untrusted_key, "untrusted-key", content)                 \
  X(receipt_mismatch, "receipt-mismatch", content)           \
  X(receipt_stale, "receipt-stale", content)                 \
  X(member_mismatch, "member-mismatch", content)             \
  X(digest_mismatch, "digest-mismatch", content)             \
  X(blob_missing, "blob-missing", content)                   \
  X(index_version, "index-version", content)                 \
  X(index_damaged, "index-damaged", content)                 \
  X(manifest_damaged, "manifest-damaged", content)           \
  X(log_damaged, "log-damaged", content)                     \
  X(slots_exhausted, "slots-exhausted", content)             \
  X(writer_busy, "writer-busy", content)                     \
  X(promotion_unsettled, "promotion-unsettled", content)     \
  X(verification_failed, "verification-failed", content)     \
  X(rollback_not_recorded, "rollback-not-recorded", content) \
  X(nothing_to_roll_back, "nothing-to-roll-back", content)   \
  X(quarantined, "quarantined", content)                     \
  X(usage, "usage", usage)                                   \
  X(malformed_id, "malformed-id", usage)                     \
  X(unknown_id, "unknown-id", usage)                         \
  X(unknown_channel, "unknown-channel", usage)               \
  X(unknown_epoch, "unknown-epoch", usage)                   \
  X(file_missing, "file-missing", environment)               \
  X(not_a_file, "not-a-file", environment)                   \
  X(permission_denied, "permission-denied", environment)     \
  X(read_only, "read-only", environment)                     \
  X(disk_full, "disk-full", environment)                     \
  X(io_error, "io-error", environment)                       \
  X(store_missing, "store-missing", environment)             \
  X(store_exists, "store-exists", environment)               \
  X(store_locked, "store-locked", environment)               \
  X(key_missing, "key-missing", environment)                 \
  X(key_unreadable, "key-unreadable", environment)           \
  X(key_malformed, "key-malformed", environment)             \
  X(crypto_failure, "crypto-failure", environment)           \
  X(out_of_memory, "out-of-memory", environment)             \
  X(superseded, "superseded", content)                       \
  X(cancelled, "cancelled", environment)

/// The stable code of an error. `docs/errors.md` lists them; each is produced by a test.
enum class Errc : std::uint16_t {
#define KNHK_ERRC_ENUMERATOR(enumerator, text, blame) enumerator,
  KNHK_ERRC_LIST(KNHK_ERRC_ENUMERATOR)
#undef KNHK_ERRC_ENUMERATOR
};

/// The kebab-case name of `code`, as printed and as in JSON.
[[nodiscard]] constexpr std::string_view name(Errc code) noexcept {
  switch (code) {
#define KNHK_ERRC_NAME(enumerator, text, blame) \
  case Errc::enumerator:                        \
    return text;
    KNHK_ERRC_LIST(KNHK_ERRC_NAME)
#undef KNHK_ERRC_NAME
  }
  return "unknown";
}

/// Who has to act on `code`.
[[nodiscard]] constexpr Blame blame(Errc code) noexcept {
  switch (code) {
#define KNHK_ERRC_BLAME(enumerator, text, blame) \
  case Errc::enumerator:                         \
    return Blame::blame;
    KNHK_ERRC_LIST(KNHK_ERRC_BLAME)
#undef KNHK_ERRC_BLAME
  }
  return Blame::environment;
}

/// What went wrong, where, and in which words.
///
/// `where` names the thing: a file with line and column (`data.ttl:3:17`), a digest, a channel.
/// `detail` is a sentence without a final full stop, fit to print after `where`.
struct Error {
  Errc code;
  std::string where;
  std::string detail;

  friend bool operator==(const Error&, const Error&) = default;
};

/// One line for people: `where: detail [code-name]`; `where` is left out when empty.
[[nodiscard]] inline std::string to_string(const Error& error) {
  std::string line;
  if (!error.where.empty()) {
    line += error.where;
    line += ": ";
  }
  line += error.detail;
  line += " [";
  line += name(error.code);
  line += ']';
  return line;
}

}  // namespace knhk
