#include "knhk/receipts/envelope.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "knhk/base/base64.hpp"

namespace knhk::receipts {
namespace {

crypto::PrivateKey new_key() {
  auto key = crypto::PrivateKey::generate_ed25519();
  EXPECT_TRUE(key);
  return *std::move(key);
}

TrustedKeys trusting(std::initializer_list<const crypto::PrivateKey*> keys,
                     std::size_t threshold = 1) {
  TrustedKeys trusted;
  for (const auto* key : keys) trusted.add(key->public_key());
  trusted.set_threshold(threshold);
  return trusted;
}

Envelope hello() { return {"http://example.com/HelloWorld", "hello world", {}}; }

// DSSE v1.0.2, protocol.md, "Test Vectors"
TEST(Pae, reproduces_the_published_vector) {
  EXPECT_EQ(pae("http://example.com/HelloWorld", "hello world"),
            "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  EXPECT_EQ(pae("", ""), "DSSEv1 0  0 ");
}

TEST(Envelope, reads_the_published_vector) {
  const auto envelope = parse_envelope(
      R"({"payload": "aGVsbG8gd29ybGQ=", "payloadType": "http://example.com/HelloWorld",
          "signatures": [{"sig": "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA=="}]})");
  ASSERT_TRUE(envelope) << to_string(envelope.error());
  EXPECT_EQ(envelope->payload, "hello world");
  EXPECT_EQ(envelope->payload_type, "http://example.com/HelloWorld");
  ASSERT_EQ(envelope->signatures.size(), 1U);
  EXPECT_EQ(envelope->signatures[0].key_id, "");
  EXPECT_EQ(envelope->signatures[0].bytes.size(), 64U);
}

TEST(Envelope, comes_back_from_json_in_both_base64_alphabets) {
  Envelope envelope{"t", std::string("\xff\xef\xbe\xfb\x00\x3e", 6), {{"k", "\xfb\xff"}}};
  const auto json = to_json(envelope);
  ASSERT_TRUE(json);
  EXPECT_EQ(*json, R"({"payload":"/+++)"
                   "+wA+"
                   R"(","payloadType":"t","signatures":[{"keyid":"k","sig":"+/8="}]})");
  std::string url_safe = *json;
  for (char& c : url_safe) c = c == '+' ? '-' : c == '/' ? '_' : c;
  ASSERT_NE(url_safe, *json);
  EXPECT_EQ(*parse_envelope(*json), envelope);
  EXPECT_EQ(*parse_envelope(url_safe), envelope);
}

TEST(Envelope, ignores_fields_it_does_not_know) {
  const auto envelope = parse_envelope(
      R"({"x":{"y":[1]},"payload":"","payloadType":"","signatures":[{"sig":"","cert":"z"}]})");
  EXPECT_TRUE(envelope);
}

TEST(Envelope, that_is_malformed_is_refused) {
  for (const char* text :
       {"", "null", "[]", "{", "{}", "\xff", R"({"payload":"","payloadType":""})",
        R"({"payload":"!","payloadType":"","signatures":[]})",
        R"({"payload":1,"payloadType":"","signatures":[]})",
        R"({"payload":"","payloadType":"","signatures":{}})",
        R"({"payload":"","payloadType":"","signatures":[1]})",
        R"({"payload":"","payloadType":"","signatures":[{}]})",
        R"({"payload":"","payloadType":"","signatures":[{"sig":"","keyid":7}]})",
        R"({"payload":"","payloadType":"","signatures":[]} x)", R"({"payload":1e999})"}) {
    const auto envelope = parse_envelope(text);
    ASSERT_FALSE(envelope) << text;
    EXPECT_EQ(envelope.error().code, Errc::malformed_evidence) << text;
  }
}

TEST(Envelope, with_a_duplicate_key_is_refused_P43) {
  const auto envelope =
      parse_envelope(R"({"payload":"","payloadType":"a","signatures":[],"payloadType":"b"})");
  ASSERT_FALSE(envelope);
  EXPECT_EQ(envelope.error().code, Errc::malformed_evidence);
  EXPECT_NE(envelope.error().detail.find("twice"), std::string::npos);
  EXPECT_FALSE(parse_envelope(
      R"({"payload":"","payloadType":"a","signatures":[{"sig":"","x":{"a":1,"\u0061":2}}]})"));
  EXPECT_TRUE(parse_envelope(
      R"({"payload":"","payloadType":"a","signatures":[{"sig":""},{"sig":""}],"x":{"sig":1}})"));
}

TEST(Envelope, beyond_its_limits_is_refused) {
  EXPECT_EQ(parse_envelope(std::string(kMaxEnvelopeBytes + 1, ' ')).error().code,
            Errc::limit_exceeded);
  EXPECT_EQ(parse_envelope(std::string(kMaxEnvelopeBytes, '[')).error().code,
            Errc::malformed_evidence);
  std::string deep = R"({"payload":"","payloadType":"","signatures":[],"x":)";
  deep += std::string(100, '[') + std::string(100, ']') + '}';
  EXPECT_EQ(parse_envelope(deep).error().code, Errc::malformed_evidence);
  std::string many = R"({"payload":"","payloadType":"","signatures":[{"sig":""})";
  for (std::size_t i = 0; i < kMaxSignatures; ++i) many += R"(,{"sig":""})";
  EXPECT_EQ(parse_envelope(many + "]}").error().code, Errc::malformed_evidence);
}

TEST(Verify, accepts_what_a_trusted_key_signed_whatever_the_hint_says) {
  const auto key = new_key();
  const auto other = new_key();
  const auto p256 = crypto::PrivateKey::generate_p256();
  ASSERT_TRUE(p256);
  Envelope envelope = hello();
  ASSERT_TRUE(sign(envelope, key));
  EXPECT_TRUE(verify(envelope, trusting({&key})));
  EXPECT_TRUE(verify(envelope, trusting({&other, &key})));
  for (const std::string& hint :
       {std::string(), std::string("nonsense"), other.public_key().key_id()}) {
    envelope.signatures[0].key_id = hint;
    EXPECT_TRUE(verify(envelope, trusting({&other, &key}))) << hint;
  }
  Envelope second = hello();
  ASSERT_TRUE(sign(second, *p256));
  EXPECT_TRUE(verify(second, trusting({&*p256})));
}

TEST(Verify, refuses_untrusted_keys) {
  const auto key = new_key();
  const auto other = new_key();
  Envelope envelope = hello();
  EXPECT_EQ(verify(envelope, trusting({&key})).error().code, Errc::untrusted_key);
  ASSERT_TRUE(sign(envelope, other));
  EXPECT_EQ(verify(envelope, trusting({&key})).error().code, Errc::untrusted_key);
  EXPECT_EQ(verify(envelope, TrustedKeys()).error().code, Errc::untrusted_key);
}

TEST(Verify, refuses_a_changed_payload_type_payload_or_signature) {
  const auto key = new_key();
  Envelope envelope = hello();
  ASSERT_TRUE(sign(envelope, key));
  for (int part = 0; part < 3; ++part) {
    Envelope changed = envelope;
    (part == 0   ? changed.payload_type
     : part == 1 ? changed.payload
                 : changed.signatures[0].bytes)[3] ^= 1;
    const auto refused = verify(changed, trusting({&key}));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::signature_invalid);
  }
}

TEST(Verify, counts_keys_and_not_signatures) {
  const auto a = new_key();
  const auto b = new_key();
  Envelope envelope = hello();
  ASSERT_TRUE(sign(envelope, a));
  ASSERT_TRUE(sign(envelope, a));
  envelope.signatures[1].key_id = b.public_key().key_id();
  EXPECT_FALSE(verify(envelope, trusting({&a, &b}, 2)));
  envelope.signatures.pop_back();
  EXPECT_EQ(verify(envelope, trusting({&a, &b}, 2)).error().code, Errc::untrusted_key);
  ASSERT_TRUE(sign(envelope, b));
  EXPECT_TRUE(verify(envelope, trusting({&a, &b}, 2)));
  // The same key listed twice is one key.
  TrustedKeys twice = trusting({&a, &a}, 2);
  EXPECT_EQ(twice.keys().size(), 1U);
}

TEST(Envelope, survives_hostile_bytes) {
  const auto key = new_key();
  Envelope envelope = hello();
  ASSERT_TRUE(sign(envelope, key));
  const auto json = to_json(envelope);
  ASSERT_TRUE(json);
  const TrustedKeys trusted = trusting({&key});
  std::mt19937 random(7);  // fixed, so that a failure comes back
  int accepted = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string changed = *json;
    for (std::size_t n = random() % 4 + 1; n > 0; --n) {
      changed[random() % changed.size()] = static_cast<char>(random());
    }
    if (random() % 4 == 0) changed.resize(random() % changed.size());
    const auto parsed = parse_envelope(changed);
    if (!parsed || !verify(*parsed, trusted)) continue;
    ++accepted;
    EXPECT_EQ(parsed->payload, envelope.payload);  // only the hint can differ
    EXPECT_EQ(parsed->payload_type, envelope.payload_type);
  }
  EXPECT_LT(accepted, 3000);
}

}  // namespace
}  // namespace knhk::receipts
