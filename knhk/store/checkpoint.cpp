#include "knhk/store/checkpoint.hpp"

#include <charconv>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "knhk/base/base64.hpp"
#include "knhk/base/hex.hpp"
#include "knhk/crypto/hash.hpp"

namespace knhk::store {
namespace {

constexpr char kEd25519Type = '\x01';
constexpr std::string_view kSignaturePrefix = "\xE2\x80\x94 ";  // em dash, space
constexpr std::size_t kMaxNoteBytes = std::size_t{1024} * 1024;
constexpr std::size_t kMaxSignatureLines = 100;
constexpr std::size_t kKeyIdBytes = 4;
constexpr std::string_view kWhere = "log/checkpoint";

tl::unexpected<Error> damaged(std::string detail) {
  return fail(Errc::log_damaged, std::string(kWhere), std::move(detail));
}

std::string as_text(std::span<const std::uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

struct SignatureLine {
  std::string key_name;
  std::string bytes;  // key id, then the signature
};

// Standard base64 with padding, in its one spelling.
std::optional<std::string> strict_base64(std::string_view text) {
  std::optional<std::string> bytes = from_base64(text);
  if (bytes && to_base64(*bytes) != text) return std::nullopt;
  return bytes;
}

std::optional<SignatureLine> parse_signature_line(std::string_view line) {
  if (!line.starts_with(kSignaturePrefix)) return std::nullopt;
  line.remove_prefix(kSignaturePrefix.size());
  const std::size_t space = line.find(' ');
  if (space == 0 || space == std::string_view::npos) return std::nullopt;
  std::optional<std::string> bytes = strict_base64(line.substr(space + 1));
  if (!bytes || bytes->size() <= kKeyIdBytes) return std::nullopt;
  return SignatureLine{std::string(line.substr(0, space)), *std::move(bytes)};
}

bool has_control_characters(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n') return true;
  }
  return false;
}

std::optional<std::string> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  std::string line(text.substr(0, end));
  text.remove_prefix(end + 1);
  return line;
}

// The Ed25519 key among `keys` that made a line, by name and id; null when it is unknown.
std::vector<const crypto::PublicKey*> signers_named(const SignatureLine& line,
                                                    std::string_view key_name,
                                                    const receipts::TrustedKeys& keys) {
  std::vector<const crypto::PublicKey*> named;
  if (line.key_name != key_name) return named;
  for (const crypto::PublicKey& key : keys.keys()) {
    const auto raw = key.raw();
    if (!raw) continue;
    const auto id = note_key_id(key_name, *raw);
    if (std::memcmp(id.data(), line.bytes.data(), id.size()) == 0) named.push_back(&key);
  }
  return named;
}

}  // namespace

std::array<std::uint8_t, 4> note_key_id(std::string_view key_name,
                                        const std::array<std::uint8_t, 32>& public_key) {
  crypto::Sha256 hash;
  hash.update(key_name);
  hash.update("\n\x01");
  hash.update(as_text(public_key));
  const Digest digest = hash.finish();
  return {digest.bytes[0], digest.bytes[1], digest.bytes[2], digest.bytes[3]};
}

Result<std::string> note_verifier_key(std::string_view key_name, const crypto::PublicKey& key) {
  const auto raw = key.raw();
  if (!raw) return fail(Errc::key_malformed, "", "a log is signed with an Ed25519 key");
  std::string text(key_name);
  text += '+';
  text += to_hex(note_key_id(key_name, *raw));
  text += '+';
  text += to_base64(kEd25519Type + as_text(*raw));
  return text;
}

Result<std::string> sign_note(std::string_view text, std::string_view key_name,
                              const crypto::PrivateKey& key) {
  const auto raw = key.public_key().raw();
  if (!raw) return fail(Errc::key_malformed, "", "a log is signed with an Ed25519 key");
  Result<std::string> signature = key.sign(text);
  if (!signature) return signature;
  std::string note(text);
  note += '\n';
  note += kSignaturePrefix;
  note += key_name;
  note += ' ';
  note += to_base64(as_text(note_key_id(key_name, *raw)) + *signature);
  note += '\n';
  return note;
}

Result<std::string> open_note(std::string_view note, std::string_view key_name,
                              const receipts::TrustedKeys& keys) {
  if (note.size() > kMaxNoteBytes) return damaged("is too long");
  const std::size_t blank = note.rfind("\n\n");
  if (blank == std::string_view::npos || !note.ends_with('\n') || has_control_characters(note)) {
    return damaged("is not a signed note");
  }
  const std::string text(note.substr(0, blank + 1));
  std::string_view lines = note.substr(blank + 2);
  bool good = false;
  std::size_t count = 0;
  while (!lines.empty()) {
    const std::optional<std::string> line = take_line(lines);
    const std::optional<SignatureLine> signature =
        line ? parse_signature_line(*line) : std::nullopt;
    if (!signature || ++count > kMaxSignatureLines)
      return damaged("has a malformed signature line");
    const auto named = signers_named(*signature, key_name, keys);
    if (named.empty()) continue;
    bool verified = false;
    for (const crypto::PublicKey* const key : named) {
      verified =
          verified || key->verify(text, std::string_view(signature->bytes).substr(kKeyIdBytes));
    }
    if (!verified) {
      return fail(Errc::signature_invalid, std::string(kWhere),
                  "the signature of a trusted key does not verify");
    }
    good = true;
  }
  if (good) return text;
  return fail(Errc::untrusted_key, std::string(kWhere),
              "is not signed by a trusted key as \"" + std::string(key_name) + '"');
}

std::string to_text(const Checkpoint& checkpoint) {
  std::string text = checkpoint.origin;
  text += '\n';
  text += std::to_string(checkpoint.size);
  text += '\n';
  text += to_base64(as_text(checkpoint.root.bytes));
  text += '\n';
  return text;
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
  Checkpoint checkpoint;
  const std::optional<std::string> origin = take_line(text);
  const std::optional<std::string> size = take_line(text);
  const std::optional<std::string> root = take_line(text);
  if (!origin || origin->empty() || !size || !root) return damaged("is not a checkpoint");
  checkpoint.origin = *origin;
  const char* const end = size->data() + size->size();
  const auto [stop, error] = std::from_chars(size->data(), end, checkpoint.size);
  if (error != std::errc() || stop != end || std::to_string(checkpoint.size) != *size) {
    return damaged("the tree size is not a number");
  }
  const std::optional<std::string> bytes = strict_base64(*root);
  if (!bytes || bytes->size() != checkpoint.root.bytes.size()) {
    return damaged("the root is not a hash");
  }
  std::memcpy(checkpoint.root.bytes.data(), bytes->data(), bytes->size());
  return checkpoint;
}

}  // namespace knhk::store
