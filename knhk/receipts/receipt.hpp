#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "knhk/base/digest.hpp"
#include "knhk/base/result.hpp"
#include "knhk/crypto/key.hpp"
#include "knhk/receipts/trusted_keys.hpp"

namespace knhk::receipts {

/// What a receipt's predicate is called (in-toto `predicateType`).
inline constexpr std::string_view kPredicateType = "urn:knhk:predicate:invariants:v1";
/// What a receipt's envelope says it holds (DSSE `payloadType`).
inline constexpr std::string_view kPayloadType = "application/vnd.in-toto+json";
/// The media type of a stored receipt, which is an envelope.
inline constexpr std::string_view kReceiptMediaType = "application/vnd.in-toto.invariants+dsse";

/// Names of the two subjects that aren't artifacts; no artifact may bear them.
inline constexpr std::string_view kSnapshotSubject = "snapshot";
inline constexpr std::string_view kShapesSubject = "shapes";

inline constexpr std::size_t kInvariantCount = 5;

enum class Outcome : std::uint8_t {
  passed,
  failed,
  vacuous,  ///< there was nothing to check against, for example no shapes
};

/// `passed`, `failed` or `vacuous`, as in the receipt.
[[nodiscard]] std::string_view to_string(Outcome outcome) noexcept;

/// A figure that was taken while an invariant was checked. `value` is finite.
struct Measurement {
  std::string name;
  double value = 0;
  std::string unit;

  friend bool operator==(const Measurement&, const Measurement&) = default;
};

/// How one invariant fared.
struct InvariantResult {
  std::string name;   ///< "Q1" ... "Q5"
  std::string title;  ///< "completeness"
  Outcome outcome = Outcome::failed;
  std::string detail;
  std::vector<Measurement> measurements;

  friend bool operator==(const InvariantResult&, const InvariantResult&) = default;
};

/// Q1 to Q5, in this order.
using InvariantResults = std::array<InvariantResult, kInvariantCount>;

/// True when no invariant failed.
[[nodiscard]] bool all_hold(const InvariantResults& results) noexcept;

/// An artifact that the receipt vouches for: its file name and the SHA-256 of its bytes.
struct Subject {
  std::string name;
  Digest digest;

  friend bool operator==(const Subject&, const Subject&) = default;
};

/// What was checked, by what, when, and how it fared: the statement that is signed.
///
/// Times are RFC 3339 in UTC to the second (`to_rfc3339`), so they sort as text; who verifies a
/// receipt compares `expires` with the clock (`receipt-stale`), `open_sealed` doesn't.
struct Receipt {
  SnapshotId snapshot;
  std::optional<SnapshotId> shapes;
  std::string domain;            ///< the kind of snapshot, "ontology"
  std::string compiler;          ///< version of what compiled the artifacts
  std::optional<Digest> parent;  ///< manifest this snapshot was derived from
  std::string time;
  std::optional<std::string> expires;
  std::vector<Subject> artifacts;
  InvariantResults invariants;

  friend bool operator==(const Receipt&, const Receipt&) = default;
};

/// The in-toto Statement v1 of `receipt`: JSON without white space, keys in a fixed order, the same
/// bytes for the same receipt.
/// Errors: `malformed-evidence` for what the format cannot say (invariants other than Q1..Q5, a
/// measurement that isn't finite, a time of another form, two subjects of one name, text that isn't
/// UTF-8).
[[nodiscard]] Result<std::string> to_statement(const Receipt& receipt);

/// Reads what `to_statement` writes. Unknown fields are ignored; a duplicate key (P43), a missing
/// field or one of another type is `malformed-evidence`; sizes beyond reason are `limit-exceeded`.
[[nodiscard]] Result<Receipt> parse_statement(std::string_view statement);

/// `receipt`, signed: a DSSE envelope as JSON. `openssl` alone can verify it, see docs/formats.md.
[[nodiscard]] Result<std::string> seal(const Receipt& receipt, const crypto::PrivateKey& key);

/// The receipt in `envelope`, if enough of `keys` signed it. The bytes that are parsed are the
/// bytes that were verified. Whether it fits a snapshot, and whether every invariant holds, is for
/// the caller to compare. Errors: `untrusted-key`, `signature-invalid`, `malformed-evidence`,
/// `limit-exceeded`.
[[nodiscard]] Result<Receipt> open_sealed(std::string_view envelope, const TrustedKeys& keys);

}  // namespace knhk::receipts
