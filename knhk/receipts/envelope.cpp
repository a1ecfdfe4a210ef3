#include "knhk/receipts/envelope.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "knhk/base/base64.hpp"
#include "knhk/receipts/strict_json.hpp"

namespace knhk::receipts {
namespace {

constexpr std::string_view kWhere = "envelope";

std::string decoded(Fields& fields, const char* key) {
  std::optional<std::string> bytes = from_base64(fields.text(key));
  if (!bytes) fields.note('"' + std::string(key) + "\" is not base64");
  return bytes.value_or(std::string());
}

// The keys worth trying for a signature, the one that its hint names first.
std::vector<const crypto::PublicKey*> candidates(const Signature& signature,
                                                 const TrustedKeys& keys) {
  std::vector<const crypto::PublicKey*> all;
  const crypto::PublicKey* const hinted = keys.find(signature.key_id);
  if (hinted != nullptr) all.push_back(hinted);
  for (const crypto::PublicKey& key : keys.keys()) {
    if (&key != hinted) all.push_back(&key);
  }
  return all;
}

}  // namespace

std::string pae(std::string_view payload_type, std::string_view payload) {
  std::string bytes = "DSSEv1 ";
  bytes.reserve(payload_type.size() + payload.size() + 48);
  bytes += std::to_string(payload_type.size());
  bytes += ' ';
  bytes += payload_type;
  bytes += ' ';
  bytes += std::to_string(payload.size());
  bytes += ' ';
  bytes += payload;
  return bytes;
}

Result<Envelope> parse_envelope(std::string_view json) {
  const Result<Json> parsed = parse_json(
      json,
      {.max_bytes = kMaxEnvelopeBytes, .malformed = Errc::malformed_evidence, .where = kWhere});
  if (!parsed) return tl::unexpected(parsed.error());
  Fields fields(*parsed, "");
  Envelope envelope;
  envelope.payload_type = fields.text("payloadType");
  envelope.payload = decoded(fields, "payload");
  for (const Json& item : fields.array("signatures", kMaxSignatures)) {
    Fields signature(item, "signatures[]");
    envelope.signatures.push_back(
        {signature.optional_text("keyid").value_or(std::string()), decoded(signature, "sig")});
    fields.note(signature.problem());
  }
  if (!fields.ok()) return fail(Errc::malformed_evidence, std::string(kWhere), fields.problem());
  return envelope;
}

Result<std::string> to_json(const Envelope& envelope) {
  Json signatures = Json::array();
  for (const Signature& signature : envelope.signatures) {
    Json item = Json::object();
    if (!signature.key_id.empty()) item["keyid"] = signature.key_id;
    item["sig"] = to_base64(signature.bytes);
    signatures.push_back(std::move(item));
  }
  Json json = Json::object();
  json["payload"] = to_base64(envelope.payload);
  json["payloadType"] = envelope.payload_type;
  json["signatures"] = std::move(signatures);
  return dump_json(json, Errc::malformed_evidence, kWhere);
}

Status sign(Envelope& envelope, const crypto::PrivateKey& key) {
  Result<std::string> bytes = key.sign(pae(envelope.payload_type, envelope.payload));
  if (!bytes) return forward_error(std::move(bytes));
  envelope.signatures.push_back({key.public_key().key_id(), *std::move(bytes)});
  return {};
}

Status verify(const Envelope& envelope, const TrustedKeys& keys) {
  const std::string signed_bytes = pae(envelope.payload_type, envelope.payload);
  std::set<std::string_view> signers;  // keys, not signatures: one key that signs twice counts once
  bool broken = false;
  for (const Signature& signature : envelope.signatures) {
    bool matched = false;
    for (const crypto::PublicKey* const key : candidates(signature, keys)) {
      if (!key->verify(signed_bytes, signature.bytes)) continue;
      matched = true;
      signers.insert(key->key_id());
      break;
    }
    broken = broken || (!matched && keys.find(signature.key_id) != nullptr);
    if (signers.size() >= keys.threshold()) return {};
  }
  if (broken) {
    return fail(Errc::signature_invalid, std::string(kWhere),
                "a signature that names a trusted key does not verify");
  }
  return fail(Errc::untrusted_key, std::string(kWhere),
              "signed by " + std::to_string(signers.size()) + " trusted keys, " +
                  std::to_string(keys.threshold()) + " needed");
}

}  // namespace knhk::receipts
