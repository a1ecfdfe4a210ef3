#include "knhk/crypto/hash.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "knhk/base/hex.hpp"

namespace knhk::crypto {
namespace {

std::string hex384(std::string_view bytes) {
  const std::string raw = sha384(bytes);
  const std::vector<std::uint8_t> value(raw.begin(), raw.end());
  return to_hex(value);
}

// FIPS 180-4 example values (NIST CSRC, SHA-256 and SHA-384 of "", "abc" and a million "a").
TEST(Sha256, reproduces_the_published_vectors) {
  EXPECT_EQ(sha256("").hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc").hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256(std::string(1'000'000, 'a')).hex(),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha384, reproduces_the_published_vectors) {
  EXPECT_EQ(hex384(""),
            "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da"
            "274edebfe76f65fbd51ad2f14898b95b");
  EXPECT_EQ(hex384("abc"),
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
            "8086072ba1e7cc2358baeca134c825a7");
}

TEST(Sha256, gives_the_same_digest_however_the_bytes_are_cut) {
  const std::string text = "the quick brown fox jumps over the lazy dog, again and again and again";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    Sha256 hash;
    hash.update(std::string_view(text).substr(0, cut));
    hash.update(std::string_view(text).substr(cut));
    EXPECT_EQ(hash.finish(), sha256(text)) << cut;
  }
}

TEST(Sha256, is_as_new_after_finish) {
  Sha256 hash;
  hash.update("something");
  EXPECT_EQ(hash.finish(), sha256("something"));
  hash.update("abc");
  EXPECT_EQ(hash.finish(), sha256("abc"));
  EXPECT_EQ(hash.finish(), sha256(""));
}

TEST(Sha384, is_as_new_after_finish) {
  Sha384 hash;
  hash.update("something");
  (void)hash.finish();
  hash.update("abc");
  EXPECT_EQ(to_hex(hash.finish()), hex384("abc"));
}

TEST(Sha256, works_from_several_threads_at_once) {
  std::vector<Digest> digests(4);
  {
    std::vector<std::jthread> threads;
    for (Digest& digest : digests) {
      threads.emplace_back([&digest] {
        for (int i = 0; i < 100; ++i) digest = sha256("abc");
      });
    }
  }
  for (const Digest& digest : digests) EXPECT_EQ(digest, sha256("abc"));
}

}  // namespace
}  // namespace knhk::crypto
