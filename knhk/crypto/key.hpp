#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "knhk/base/result.hpp"

namespace knhk::crypto {

namespace detail {
struct KeyHandle;  // a libcrypto key; immutable once made, so shared by copies
}  // namespace detail

enum class KeyAlgorithm : std::uint8_t {
  ed25519,     ///< Ed25519 (RFC 8032): 64-byte signatures
  ecdsa_p256,  ///< ECDSA with NIST P-256 and SHA-256: ASN.1 DER signatures, as `openssl` makes them
};

/// Who may have signed: a key that verifies.
///
/// Threads: immutable; safe from any thread. Copies share the key.
/// Errors: `key-malformed` for text that isn't one PEM `PUBLIC KEY` of a known algorithm;
/// `key-missing` and `key-unreadable` when loading.
class PublicKey {
 public:
  static constexpr std::size_t kEd25519Bytes = 32;

  /// Reads PEM (`-----BEGIN PUBLIC KEY-----`, an RFC 5280 SubjectPublicKeyInfo).
  [[nodiscard]] static Result<PublicKey> from_pem(std::string_view pem);
  /// Reads the PEM file at `path`.
  [[nodiscard]] static Result<PublicKey> load(const std::filesystem::path& path);
  /// The Ed25519 key with these 32 bytes (RFC 8032, section 5.1.5).
  [[nodiscard]] static Result<PublicKey> from_raw_ed25519(
      std::span<const std::uint8_t, kEd25519Bytes> bytes);

  /// PEM of the SubjectPublicKeyInfo, as `from_pem` reads it.
  [[nodiscard]] const std::string& to_pem() const noexcept { return pem_; }
  [[nodiscard]] KeyAlgorithm algorithm() const noexcept { return algorithm_; }
  /// The 32 bytes of an Ed25519 key; nothing for another algorithm.
  [[nodiscard]] std::optional<std::array<std::uint8_t, kEd25519Bytes>> raw() const;
  /// The SHA-256, in hex, of the DER SubjectPublicKeyInfo (points uncompressed):
  /// `openssl pkey -pubin -in key.pub -outform DER | sha256sum` prints the same.
  [[nodiscard]] const std::string& key_id() const noexcept { return key_id_; }
  /// True when `signature` over `message` was made by this key's private half. Never fails
  /// otherwise: any bytes may be passed.
  [[nodiscard]] bool verify(std::string_view message, std::string_view signature) const;

  friend bool operator==(const PublicKey& a, const PublicKey& b) { return a.key_id_ == b.key_id_; }

 private:
  friend class PrivateKey;
  explicit PublicKey(std::shared_ptr<const detail::KeyHandle> handle);
  [[nodiscard]] static Result<PublicKey> from_handle(
      std::shared_ptr<const detail::KeyHandle> handle);

  std::shared_ptr<const detail::KeyHandle> handle_;
  KeyAlgorithm algorithm_ = KeyAlgorithm::ed25519;
  std::string pem_;
  std::string key_id_;
};

/// A key that signs. No message of it or about it contains key bytes.
///
/// Threads: immutable; safe from any thread. Move-only, so that a secret has one owner.
/// Errors: as `PublicKey`, and `crypto-failure` when libcrypto refuses to work.
class PrivateKey {
 public:
  PrivateKey(PrivateKey&&) noexcept = default;
  PrivateKey& operator=(PrivateKey&&) noexcept = default;
  PrivateKey(const PrivateKey&) = delete;
  PrivateKey& operator=(const PrivateKey&) = delete;
  ~PrivateKey() = default;

  [[nodiscard]] static Result<PrivateKey> generate_ed25519();
  [[nodiscard]] static Result<PrivateKey> generate_p256();
  /// Reads unencrypted PEM (PKCS#8, `-----BEGIN PRIVATE KEY-----`) and tries the key once.
  [[nodiscard]] static Result<PrivateKey> from_pem(std::string_view pem);
  /// Reads the PEM file at `path`.
  [[nodiscard]] static Result<PrivateKey> load(const std::filesystem::path& path);

  /// The PKCS#8 PEM. It is the secret itself.
  [[nodiscard]] Result<std::string> to_pem() const;
  /// Writes the PEM to a new file that only its owner can read (mode 0600), and syncs it.
  /// Errors: `io-error` when `path` exists already or cannot be written (`permission-denied`,
  /// `read-only`, `disk-full` where that is why); nothing is left behind then.
  [[nodiscard]] Status save(const std::filesystem::path& path) const;
  [[nodiscard]] const PublicKey& public_key() const noexcept { return public_key_; }
  /// The signature over `message`: 64 bytes (Ed25519) or DER (P-256).
  [[nodiscard]] Result<std::string> sign(std::string_view message) const;

 private:
  PrivateKey(std::shared_ptr<const detail::KeyHandle> handle, PublicKey public_key)
      : handle_(std::move(handle)), public_key_(std::move(public_key)) {}
  [[nodiscard]] static Result<PrivateKey> from_handle(
      std::shared_ptr<const detail::KeyHandle> handle);

  std::shared_ptr<const detail::KeyHandle> handle_;
  PublicKey public_key_;
};

}  // namespace knhk::crypto
