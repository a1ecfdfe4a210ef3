#include "knhk/receipts/trusted_keys.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace knhk::receipts {
namespace {

namespace fs = std::filesystem;

class TrustFolder : public testing::Test {
 protected:
  TrustFolder() {
    std::string pattern = (fs::temp_directory_path() / "knhk-trust-XXXXXX").string();
    if (mkdtemp(pattern.data()) != nullptr) folder_ = pattern;
  }
  ~TrustFolder() override {
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
  }
  void write(const char* name, std::string_view bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }
  fs::path folder_;
};

crypto::PrivateKey new_key() {
  auto key = crypto::PrivateKey::generate_ed25519();
  EXPECT_TRUE(key);
  return *std::move(key);
}

TEST(TrustedKeys, reads_every_block_of_a_pem_text) {
  const auto a = new_key();
  const auto b = new_key();
  TrustedKeys keys;
  ASSERT_TRUE(keys.add_pem("first\n" + a.public_key().to_pem() + "second\n" +
                           b.public_key().to_pem() + a.public_key().to_pem()));
  EXPECT_EQ(keys.keys().size(), 2U);
  EXPECT_NE(keys.find(a.public_key().key_id()), nullptr);
  EXPECT_EQ(keys.find("x"), nullptr);
}

TEST(TrustedKeys, refuses_text_without_a_public_key) {
  TrustedKeys keys;
  const auto secret = new_key().to_pem();
  ASSERT_TRUE(secret);
  for (const std::string& text : {std::string(), std::string("hello"), *secret,
                                  std::string("-----BEGIN PUBLIC KEY-----\nAA")}) {
    const auto refused = keys.add_pem(text);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::key_malformed);
    const std::size_t body = text.find('\n') + 1;  // 0: there is no second line
    if (body != 0) {
      EXPECT_EQ(refused.error().detail.find(text.substr(body, 16)), std::string::npos);
    }
  }
  EXPECT_TRUE(keys.empty());
}

TEST_F(TrustFolder, gives_the_keys_of_a_file_and_of_a_folder) {
  const auto a = new_key();
  const auto b = new_key();
  write("a.pub", a.public_key().to_pem());
  write("b.pem", b.public_key().to_pem());
  write("notes.txt", "not a key");
  TrustedKeys one;
  ASSERT_TRUE(one.add_path(folder_ / "a.pub"));
  EXPECT_EQ(one.keys().size(), 1U);
  TrustedKeys both;
  ASSERT_TRUE(both.add_path(folder_));
  EXPECT_EQ(both.keys().size(), 2U);
}

TEST_F(TrustFolder, that_is_empty_or_missing_is_key_missing_P37) {
  TrustedKeys keys;
  EXPECT_EQ(keys.add_path(folder_).error().code, Errc::key_missing);
  EXPECT_EQ(keys.add_path(folder_ / "none").error().code, Errc::key_missing);
}

TEST_F(TrustFolder, with_one_broken_key_adds_none) {
  write("a.pub", new_key().public_key().to_pem());
  write("b.pub", "broken");
  TrustedKeys keys;
  const auto refused = keys.add_path(folder_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::key_malformed);
  EXPECT_EQ(refused.error().where, (folder_ / "b.pub").string());
  EXPECT_TRUE(keys.empty());
}

}  // namespace
}  // namespace knhk::receipts
