#include "knhk/store/checkpoint.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "knhk/base/base64.hpp"
#include "knhk/base/hex.hpp"
#include "knhk/crypto/hash.hpp"
#include "knhk/store/store_fixture.hpp"

namespace knhk::store {
namespace {

constexpr std::string_view kSpecKeyName = "example.com/foo";
constexpr std::string_view kSpecNote =
    "This is an example message.\n"
    "\n"
    "\xE2\x80\x94 example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
    "\n";

crypto::PublicKey spec_key() {
  const auto bytes = from_base64("AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
  std::array<std::uint8_t, 32> raw{};
  EXPECT_TRUE(bytes && bytes->size() == 33 && (*bytes)[0] == '\x01');
  if (bytes) std::copy(bytes->begin() + 1, bytes->end(), raw.begin());
  auto key = crypto::PublicKey::from_raw_ed25519(raw);
  EXPECT_TRUE(key);
  return *std::move(key);
}

receipts::TrustedKeys trusting_spec_key() {
  receipts::TrustedKeys keys;
  keys.add(spec_key());
  return keys;
}

// C2SP signed-note, "Verifier keys" and its example.
TEST(Note, reproduces_the_key_id_and_verifier_key_of_the_specification) {
  const auto raw = spec_key().raw();
  ASSERT_TRUE(raw);
  EXPECT_EQ(to_hex(note_key_id(kSpecKeyName, *raw)), "530d903a");
  EXPECT_EQ(*note_verifier_key(kSpecKeyName, spec_key()),
            "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
}

TEST(Note, of_the_specification_opens) {
  const auto text = open_note(kSpecNote, kSpecKeyName, trusting_spec_key());
  ASSERT_TRUE(text) << to_string(text.error());
  EXPECT_EQ(*text, "This is an example message.\n");
}

TEST(Note, comes_back_with_one_good_line_among_unknown_ones) {
  const auto key = new_key();
  const auto note = sign_note("a\n\nb\n", "knhk/test", key);
  ASSERT_TRUE(note);
  EXPECT_EQ(*open_note(*note, "knhk/test", trusting(key)), "a\n\nb\n");
  std::string more = *note;
  const auto other = sign_note("a\n\nb\n", "witness", new_key());
  ASSERT_TRUE(other);
  for (int i = 0; i < 20; ++i) more += other->substr(other->rfind("\n\n") + 2);
  EXPECT_EQ(*open_note(more, "knhk/test", trusting(key)), "a\n\nb\n");
}

TEST(Note, is_untrusted_when_no_known_key_of_that_name_signed) {
  const auto key = new_key();
  const auto note = sign_note("a\n", "knhk/test", key);
  ASSERT_TRUE(note);
  EXPECT_EQ(open_note(*note, "knhk/test", trusting(new_key())).error().code, Errc::untrusted_key);
  EXPECT_EQ(open_note(*note, "knhk/other", trusting(key)).error().code, Errc::untrusted_key);
  EXPECT_EQ(open_note(*note, "knhk/test", {}).error().code, Errc::untrusted_key);
}

TEST(Note, with_a_bad_line_of_a_known_key_is_refused_whole) {
  const auto key = new_key();
  const auto note = sign_note("a\n", "knhk/test", key);
  ASSERT_TRUE(note);
  std::string changed = *note;
  changed[0] = 'b';
  EXPECT_EQ(open_note(changed, "knhk/test", trusting(key)).error().code, Errc::signature_invalid);
  const auto for_other_text = sign_note("c\n", "knhk/test", key);
  ASSERT_TRUE(for_other_text);
  changed = *note + for_other_text->substr(for_other_text->rfind("\n\n") + 2);
  EXPECT_EQ(open_note(changed, "knhk/test", trusting(key)).error().code, Errc::signature_invalid);
}

TEST(Note, that_is_malformed_is_refused) {
  for (const char* note :
       {"", "a", "a\n", "\n\n", "a\n\nb\n", "a\n\n\xE2\x80\x94 x\n", "a\n\n\xE2\x80\x94 x !!\n",
        "a\n\n\xE2\x80\x94 x AAAA\n", "a\n\n- x AAAAAAAA\n", "a\r\n\n\xE2\x80\x94 x AAAAAAAA\n",
        "a\n\n\xE2\x80\x94 x AAAAAAAA"}) {
    const auto text = open_note(note, "x", trusting_spec_key());
    ASSERT_FALSE(text) << note;
    EXPECT_TRUE(text.error().code == Errc::log_damaged || std::string_view(note) == "\n\n") << note;
  }
}

TEST(Note, is_not_signed_with_a_p256_key) {
  const auto key = crypto::PrivateKey::generate_p256();
  ASSERT_TRUE(key);
  EXPECT_EQ(sign_note("a\n", "n", *key).error().code, Errc::key_malformed);
  EXPECT_EQ(note_verifier_key("n", key->public_key()).error().code, Errc::key_malformed);
}

TEST(Checkpoint, has_exactly_these_bytes) {
  const Checkpoint checkpoint{"knhk/test", 7, crypto::sha256("")};
  EXPECT_EQ(to_text(checkpoint), "knhk/test\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
  EXPECT_EQ(*parse_checkpoint(to_text(checkpoint)), checkpoint);
  EXPECT_EQ(*parse_checkpoint(to_text(checkpoint) + "extension\n"), checkpoint);
}

TEST(Checkpoint, that_is_malformed_is_refused) {
  const std::string root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
  for (const std::string& text :
       {std::string(), std::string("a\n1\n"), "\n1\n" + root, "a\n01\n" + root, "a\n-1\n" + root,
        "a\n1 \n" + root, "a\n99999999999999999999\n" + root, std::string("a\n1\nAAAA\n"),
        std::string("a\n1\n47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=\n")}) {
    const auto checkpoint = parse_checkpoint(text);
    ASSERT_FALSE(checkpoint) << text;
    EXPECT_EQ(checkpoint.error().code, Errc::log_damaged);
  }
}

TEST(Note, survives_hostile_bytes) {
  std::mt19937 random(3);  // fixed, so that a failure comes back
  const auto keys = trusting_spec_key();
  int refused = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string changed(kSpecNote);
    changed[random() % changed.size()] = static_cast<char>(random());
    if (random() % 4 == 0) changed.resize(random() % changed.size());
    const auto text = open_note(changed, kSpecKeyName, keys);
    refused += text ? 0 : 1;
    EXPECT_TRUE(!text || *text == "This is an example message.\n");
  }
  EXPECT_GT(refused, 2900);
}

}  // namespace
}  // namespace knhk::store
