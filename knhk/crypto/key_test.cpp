#include "knhk/crypto/key.hpp"

#include <gtest/gtest.h>
#include <openssl/crypto.h>
#include <openssl/provider.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include "knhk/base/hex.hpp"

namespace knhk::crypto {
namespace {

namespace fs = std::filesystem;

class KeyFile : public testing::Test {
 protected:
  KeyFile() {
    std::string pattern = (fs::temp_directory_path() / "knhk-key-XXXXXX").string();
    if (mkdtemp(pattern.data()) != nullptr) folder_ = pattern;
  }
  ~KeyFile() override {
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
  }
  [[nodiscard]] fs::path path(const char* name) const { return folder_ / name; }
  void write(const char* name, std::string_view bytes) const {
    std::ofstream(path(name), std::ios::binary) << bytes;
  }
  fs::path folder_;
};

PrivateKey new_key() {
  Result<PrivateKey> key = PrivateKey::generate_ed25519();
  EXPECT_TRUE(key) << to_string(key.error());
  return *std::move(key);
}

// RFC 8032, section 7.1, test 3: secret key (as PKCS#8 of RFC 8410), public key, message,
// signature.
TEST(Ed25519, reproduces_the_vector_of_rfc_8032) {
  const auto key = PrivateKey::from_pem(
      "-----BEGIN PRIVATE KEY-----\n"
      "MC4CAQAwBQYDK2VwBCIEIMWqjfQ/n4N77bdELzHct7Fm04U1B28JS4XOOi4LRFj3\n"
      "-----END PRIVATE KEY-----\n");
  ASSERT_TRUE(key) << to_string(key.error());
  const auto raw = key->public_key().raw();
  ASSERT_TRUE(raw);
  EXPECT_EQ(to_hex(*raw), "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025");
  const auto signature = key->sign("\xaf\x82");
  ASSERT_TRUE(signature);
  EXPECT_EQ(to_hex(std::vector<std::uint8_t>(signature->begin(), signature->end())),
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a");
  EXPECT_TRUE(key->public_key().verify("\xaf\x82", *signature));
}

TEST(PublicKey, verifies_only_what_its_private_half_signed) {
  for (auto generate : {&PrivateKey::generate_ed25519, &PrivateKey::generate_p256}) {
    const auto key = generate();
    const auto other = generate();
    ASSERT_TRUE(key && other);
    const auto signature = key->sign("message");
    ASSERT_TRUE(signature);
    EXPECT_TRUE(key->public_key().verify("message", *signature));
    EXPECT_FALSE(key->public_key().verify("messagf", *signature));
    EXPECT_FALSE(key->public_key().verify("", *signature));
    EXPECT_FALSE(other->public_key().verify("message", *signature));
    EXPECT_FALSE(key->public_key().verify("message", ""));
    EXPECT_FALSE(key->public_key().verify("message", signature->substr(1)));
    EXPECT_FALSE(key->public_key().verify("message", std::string(100'000, 'x')));
    for (std::size_t i = 0; i < signature->size(); ++i) {
      std::string changed = *signature;
      changed[i] = static_cast<char>(changed[i] ^ 1);
      EXPECT_FALSE(key->public_key().verify("message", changed)) << i;
    }
  }
}

TEST(PublicKey, keeps_its_id_through_pem_and_raw_bytes) {
  const PrivateKey key = new_key();
  const auto again = PublicKey::from_pem(key.public_key().to_pem());
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, key.public_key());
  EXPECT_EQ(again->key_id().size(), 64U);
  const auto raw = key.public_key().raw();
  ASSERT_TRUE(raw);
  const auto third = PublicKey::from_raw_ed25519(*raw);
  ASSERT_TRUE(third);
  EXPECT_EQ(third->key_id(), key.public_key().key_id());
}

TEST(PublicKey, has_one_id_whether_its_point_is_written_compressed_or_not) {
  const auto uncompressed = PublicKey::from_pem(
      "-----BEGIN PUBLIC KEY-----\n"
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEslTn9pAcj0s3UYSSVyAqKixQorkR\n"
      "aTd6M4AVGVuduaSvGN6+Vzj/VdGwMklcaKsCYQYd0RmVyckd6tPERAPtiA==\n"
      "-----END PUBLIC KEY-----\n");
  const auto compressed = PublicKey::from_pem(
      "-----BEGIN PUBLIC KEY-----\n"
      "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgACslTn9pAcj0s3UYSSVyAqKixQorkR\n"
      "aTd6M4AVGVuduaQ=\n"
      "-----END PUBLIC KEY-----\n");
  ASSERT_TRUE(uncompressed && compressed);
  EXPECT_EQ(uncompressed->key_id(), compressed->key_id());
  EXPECT_EQ(uncompressed->to_pem(), compressed->to_pem());
  EXPECT_FALSE(uncompressed->raw());
}

TEST(PrivateKey, comes_back_from_its_pem_and_signs_the_same) {
  const PrivateKey key = new_key();
  const auto pem = key.to_pem();
  ASSERT_TRUE(pem);
  const auto again = PrivateKey::from_pem(*pem);
  ASSERT_TRUE(again);
  EXPECT_EQ(key.sign("m"), again->sign("m"));
}

TEST_F(KeyFile, is_written_for_its_owner_alone_and_never_overwritten) {
  const PrivateKey key = new_key();
  ASSERT_TRUE(key.save(path("a.key")));
  struct stat status{};
  ASSERT_EQ(::stat(path("a.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  const auto loaded = PrivateKey::load(path("a.key"));
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->public_key(), key.public_key());
  const auto second = new_key().save(path("a.key"));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::io_error);
  EXPECT_EQ(PrivateKey::load(path("a.key"))->public_key(), key.public_key());
  const auto nowhere = key.save(path("absent/a.key"));
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, Errc::io_error);
}

TEST_F(KeyFile, that_is_missing_is_key_missing) {
  EXPECT_EQ(PrivateKey::load(path("none.key")).error().code, Errc::key_missing);
  EXPECT_EQ(PublicKey::load(path("none.pub")).error().code, Errc::key_missing);
  EXPECT_EQ(PrivateKey::load(path("none.key")).error().where, path("none.key").string());
}

TEST_F(KeyFile, that_is_a_folder_or_a_pipe_is_key_unreadable) {
  EXPECT_EQ(PrivateKey::load(folder_).error().code, Errc::key_unreadable);
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(PrivateKey::load(path("pipe")).error().code, Errc::key_unreadable);
}

TEST_F(KeyFile, without_permission_is_key_unreadable) {
  ASSERT_TRUE(new_key().save(path("a.key")));
  ASSERT_EQ(::chmod(path("a.key").c_str(), 0), 0);
  const bool root = ::geteuid() == 0;  // whom no mode stops, so another user tries
  ASSERT_EQ(::chmod(folder_.c_str(), 0755), 0);
  ASSERT_TRUE(!root || ::seteuid(65534) == 0);
  const auto loaded = PrivateKey::load(path("a.key"));
  const auto saved = new_key().save(root ? path("b.key") : fs::path("/b.key"));
  ASSERT_TRUE(!root || ::seteuid(0) == 0);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, Errc::key_unreadable);
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().code, Errc::permission_denied);
}

TEST_F(KeyFile, that_holds_something_else_is_key_malformed) {
  const auto refused = [&](std::string_view bytes) {
    write("x.key", bytes);
    const auto secret = PrivateKey::load(path("x.key"));
    const auto open = PublicKey::load(path("x.key"));
    EXPECT_FALSE(secret);
    EXPECT_FALSE(open);
    if (secret || open) return;
    EXPECT_EQ(secret.error().code, Errc::key_malformed);
    EXPECT_EQ(open.error().code, Errc::key_malformed);
    EXPECT_EQ(secret.error().where, path("x.key").string());
  };
  refused("");
  refused("hello");
  refused(std::string(1'000'000, 'x'));
  refused("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
  refused("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
}

TEST(PrivateKey, refuses_encrypted_keys_without_asking_for_a_passphrase) {
  // `openssl genpkey -algorithm ED25519 -aes256`, passphrase "knhk"
  const auto key = PrivateKey::from_pem(
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
      "MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjh3cAdmbrikwICCAAw\n"
      "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEKE1bdN7/ZCZKesUH84rObAEQHAN\n"
      "hnV+rgyY+mj9KuzVwgqJay8vG8P4y9mI7Q55uSNL91ifbNzTwgcZ5WGCRmKJpSuu\n"
      "rBhIvBzvA5XY56dNEj8=\n"
      "-----END ENCRYPTED PRIVATE KEY-----\n");
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().code, Errc::key_malformed);
}

TEST(PrivateKey, refuses_other_algorithms_and_a_public_key_in_its_place) {
  const auto p384 = PublicKey::from_pem(
      "-----BEGIN PUBLIC KEY-----\n"
      "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEHx+V/4oPnXwMhabWMCxKbtVPLIR6aNPZ\n"
      "0xD5BObR2fneWVEn/vTAQpQKpblVyf7zIfekxe2H+mamJePxS6wNKtpmKZ37DEyE\n"
      "0j3E7H3+1O5MPARjsjP9M61sFwYMbPJ7\n"
      "-----END PUBLIC KEY-----\n");
  ASSERT_FALSE(p384);
  EXPECT_EQ(p384.error().code, Errc::key_malformed);
  EXPECT_NE(p384.error().detail.find("neither Ed25519 nor ECDSA P-256"), std::string::npos);
  EXPECT_FALSE(PrivateKey::from_pem(new_key().public_key().to_pem()));
}

TEST(PrivateKey, is_not_made_when_the_library_refuses_to_work) {
  // This thread's libcrypto has no algorithm at all.
  OSSL_LIB_CTX* const empty = OSSL_LIB_CTX_new();
  OSSL_PROVIDER* const nothing = OSSL_PROVIDER_load(empty, "null");
  OSSL_LIB_CTX* const usual = OSSL_LIB_CTX_set0_default(empty);
  const auto ed25519 = PrivateKey::generate_ed25519();
  const auto p256 = PrivateKey::generate_p256();
  OSSL_LIB_CTX_set0_default(usual);
  OSSL_PROVIDER_unload(nothing);
  OSSL_LIB_CTX_free(empty);
  ASSERT_TRUE(!ed25519 && !p256);
  EXPECT_EQ(ed25519.error().code, Errc::crypto_failure);
  EXPECT_EQ(p256.error().code, Errc::crypto_failure);
}

TEST(PrivateKey, survives_hostile_pem) {
  std::mt19937 random(42);  // fixed, so that a failure comes back
  const auto pem = new_key().to_pem();
  ASSERT_TRUE(pem);
  int refused = 0;
  for (int i = 0; i < 500; ++i) {
    std::string changed = *pem;
    changed[random() % changed.size()] = static_cast<char>(random());
    changed.resize(changed.size() - random() % 3);
    refused += PrivateKey::from_pem(changed) ? 0 : 1;
    refused += PublicKey::from_pem(changed) ? 0 : 1;
  }
  EXPECT_GT(refused, 500);  // as a public key, none is accepted
}

}  // namespace
}  // namespace knhk::crypto
