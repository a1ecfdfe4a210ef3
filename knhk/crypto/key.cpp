#include "knhk/crypto/key.hpp"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <climits>
#include <utility>

#include "knhk/crypto/hash.hpp"
#include "knhk/crypto/key_file.hpp"

namespace knhk::crypto {

struct detail::KeyHandle {
  explicit KeyHandle(EVP_PKEY* owned) : pkey(owned, &EVP_PKEY_free) {}
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> pkey;
};

namespace {

using Handle = std::shared_ptr<const detail::KeyHandle>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

// libcrypto queues the reasons of a failure per thread; ours are told by the caller's message, and
// a queue left behind would confuse the program's other uses of libcrypto.
struct ErrorQueueCleaner {
  ErrorQueueCleaner() { ERR_set_mark(); }
  ~ErrorQueueCleaner() { ERR_pop_to_mark(); }
  ErrorQueueCleaner(const ErrorQueueCleaner&) = delete;
  ErrorQueueCleaner& operator=(const ErrorQueueCleaner&) = delete;
};

// Without it libcrypto asks for the passphrase of an encrypted key on the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

Bio read_only_bio(std::string_view bytes) {
  const int length = bytes.size() > INT_MAX ? INT_MAX : static_cast<int>(bytes.size());
  return {BIO_new_mem_buf(bytes.data(), length), &BIO_free};
}

std::string contents(BIO* bio) {
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio, &data);
  return length > 0 ? std::string(data, static_cast<std::size_t>(length)) : std::string();
}

std::optional<KeyAlgorithm> algorithm_of(const EVP_PKEY* pkey) {
  if (EVP_PKEY_is_a(pkey, "ED25519") == 1) return KeyAlgorithm::ed25519;
  if (EVP_PKEY_is_a(pkey, "EC") != 1) return std::nullopt;
  char group[64] = {};
  std::size_t length = 0;
  if (EVP_PKEY_get_group_name(pkey, group, sizeof group, &length) != 1) return std::nullopt;
  if (std::string_view(group, length) != "prime256v1") return std::nullopt;
  return KeyAlgorithm::ecdsa_p256;
}

const EVP_MD* message_digest(KeyAlgorithm algorithm) {
  return algorithm == KeyAlgorithm::ed25519 ? nullptr : EVP_sha256();
}

const unsigned char* as_bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// One key has one encoding and so one id: an EC point can be written compressed or not.
bool settle_encoding(EVP_PKEY* pkey, KeyAlgorithm algorithm) {
  return algorithm == KeyAlgorithm::ed25519 ||
         EVP_PKEY_set_utf8_string_param(pkey, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT,
                                        "uncompressed") == 1;
}

tl::unexpected<Error> crypto_failure(std::string detail) {
  return fail(Errc::crypto_failure, "libcrypto", std::move(detail));
}

}  // namespace

PublicKey::PublicKey(Handle handle) : handle_(std::move(handle)) {}

Result<PublicKey> PublicKey::from_handle(Handle handle) {
  const ErrorQueueCleaner cleaner;
  EVP_PKEY* const pkey = handle->pkey.get();
  const std::optional<KeyAlgorithm> algorithm = algorithm_of(pkey);
  if (!algorithm) {
    return fail(Errc::key_malformed, "", "the key is neither Ed25519 nor ECDSA P-256");
  }
  if (!settle_encoding(pkey, *algorithm)) return crypto_failure("cannot encode a public key");
  PublicKey key(std::move(handle));
  key.algorithm_ = *algorithm;
  unsigned char* der = nullptr;
  const int der_length = i2d_PUBKEY(pkey, &der);
  if (der_length <= 0) return crypto_failure("cannot encode a public key");
  key.key_id_ =
      sha256({reinterpret_cast<const char*>(der), static_cast<std::size_t>(der_length)}).hex();
  OPENSSL_free(der);
  const Bio bio(BIO_new(BIO_s_mem()), &BIO_free);
  if (!bio || PEM_write_bio_PUBKEY(bio.get(), pkey) != 1) {
    return crypto_failure("cannot encode a public key");
  }
  key.pem_ = contents(bio.get());
  return key;
}

Result<PublicKey> PublicKey::from_pem(std::string_view pem) {
  const ErrorQueueCleaner cleaner;
  const Bio bio = read_only_bio(pem);
  EVP_PKEY* const pkey =
      bio ? PEM_read_bio_PUBKEY(bio.get(), nullptr, &no_passphrase, nullptr) : nullptr;
  if (pkey == nullptr) return fail(Errc::key_malformed, "", "is not a PEM public key");
  return from_handle(std::make_shared<const detail::KeyHandle>(pkey));
}

Result<PublicKey> PublicKey::load(const std::filesystem::path& path) {
  const Result<std::string> pem = read_key_file(path);
  if (!pem) return tl::unexpected(pem.error());
  Result<PublicKey> key = from_pem(*pem);
  if (!key) return fail(key.error().code, path.string(), key.error().detail);
  return key;
}

Result<PublicKey> PublicKey::from_raw_ed25519(std::span<const std::uint8_t, kEd25519Bytes> bytes) {
  const ErrorQueueCleaner cleaner;
  EVP_PKEY* const pkey =
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes.data(), bytes.size());
  if (pkey == nullptr) return fail(Errc::key_malformed, "", "is not an Ed25519 public key");
  return from_handle(std::make_shared<const detail::KeyHandle>(pkey));
}

std::optional<std::array<std::uint8_t, PublicKey::kEd25519Bytes>> PublicKey::raw() const {
  if (algorithm_ != KeyAlgorithm::ed25519) return std::nullopt;
  const ErrorQueueCleaner cleaner;
  std::array<std::uint8_t, kEd25519Bytes> bytes{};
  std::size_t length = bytes.size();
  if (EVP_PKEY_get_raw_public_key(handle_->pkey.get(), bytes.data(), &length) != 1 ||
      length != bytes.size()) {
    return std::nullopt;
  }
  return bytes;
}

bool PublicKey::verify(std::string_view message, std::string_view signature) const {
  const ErrorQueueCleaner cleaner;
  const DigestContext context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  return context &&
         EVP_DigestVerifyInit(context.get(), nullptr, message_digest(algorithm_), nullptr,
                              handle_->pkey.get()) == 1 &&
         EVP_DigestVerify(context.get(), as_bytes(signature), signature.size(), as_bytes(message),
                          message.size()) == 1;
}

Result<PrivateKey> PrivateKey::from_handle(Handle handle) {
  // The public half is a key of its own: what is handed out cannot sign.
  const ErrorQueueCleaner cleaner;
  unsigned char* der = nullptr;
  const int der_length = i2d_PUBKEY(handle->pkey.get(), &der);
  if (der_length <= 0) return fail(Errc::key_malformed, "", "the key has no public half");
  const unsigned char* cursor = der;
  EVP_PKEY* const half = d2i_PUBKEY(nullptr, &cursor, der_length);
  OPENSSL_free(der);
  if (half == nullptr) return fail(Errc::key_malformed, "", "the key has no public half");
  Result<PublicKey> public_key =
      PublicKey::from_handle(std::make_shared<const detail::KeyHandle>(half));
  if (!public_key) return forward_error(std::move(public_key));
  PrivateKey key(std::move(handle), *std::move(public_key));
  // PKCS#8 may state a public half that isn't the private one's; what it signs nobody can verify.
  const Result<std::string> signature = key.sign("knhk");
  if (!signature || !key.public_key().verify("knhk", *signature)) {
    return fail(Errc::key_malformed, "", "the two halves of the key don't belong together");
  }
  return key;
}

Result<PrivateKey> PrivateKey::generate_ed25519() {
  const ErrorQueueCleaner cleaner;
  EVP_PKEY* const pkey = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  if (pkey == nullptr) return crypto_failure("cannot generate an Ed25519 key");
  return from_handle(std::make_shared<const detail::KeyHandle>(pkey));
}

Result<PrivateKey> PrivateKey::generate_p256() {
  const ErrorQueueCleaner cleaner;
  EVP_PKEY* const pkey = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
  if (pkey == nullptr) return crypto_failure("cannot generate a P-256 key");
  return from_handle(std::make_shared<const detail::KeyHandle>(pkey));
}

Result<PrivateKey> PrivateKey::from_pem(std::string_view pem) {
  const ErrorQueueCleaner cleaner;
  const Bio bio = read_only_bio(pem);
  EVP_PKEY* const pkey =
      bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, &no_passphrase, nullptr) : nullptr;
  if (pkey == nullptr)
    return fail(Errc::key_malformed, "", "is not an unencrypted PEM private key");
  return from_handle(std::make_shared<const detail::KeyHandle>(pkey));
}

Result<PrivateKey> PrivateKey::load(const std::filesystem::path& path) {
  Result<std::string> pem = read_key_file(path);
  if (!pem) return forward_error(std::move(pem));
  Result<PrivateKey> key = from_pem(*pem);
  OPENSSL_cleanse(pem->data(), pem->size());
  if (!key) return fail(key.error().code, path.string(), key.error().detail);
  return key;
}

Result<std::string> PrivateKey::to_pem() const {
  const ErrorQueueCleaner cleaner;
  const Bio bio(BIO_new(BIO_s_secmem()), &BIO_free);
  if (!bio || PEM_write_bio_PKCS8PrivateKey(bio.get(), handle_->pkey.get(), nullptr, nullptr, 0,
                                            nullptr, nullptr) != 1) {
    return crypto_failure("cannot encode a private key");
  }
  return contents(bio.get());
}

Status PrivateKey::save(const std::filesystem::path& path) const {
  Result<std::string> pem = to_pem();
  if (!pem) return forward_error(std::move(pem));
  Status written = write_new_key_file(path, *pem);
  OPENSSL_cleanse(pem->data(), pem->size());
  return written;
}

Result<std::string> PrivateKey::sign(std::string_view message) const {
  const ErrorQueueCleaner cleaner;
  const DigestContext context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  std::size_t length = 0;
  if (!context ||
      EVP_DigestSignInit(context.get(), nullptr, message_digest(public_key_.algorithm()), nullptr,
                         handle_->pkey.get()) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &length, as_bytes(message), message.size()) != 1) {
    return crypto_failure("cannot sign");
  }
  std::string signature(length, '\0');
  if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &length,
                     as_bytes(message), message.size()) != 1) {
    return crypto_failure("cannot sign");
  }
  signature.resize(length);
  return signature;
}

}  // namespace knhk::crypto
