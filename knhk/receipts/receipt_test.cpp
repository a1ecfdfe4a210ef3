#include "knhk/receipts/receipt.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>
#include <string>

#include "knhk/base/base64.hpp"
#include "knhk/crypto/hash.hpp"
#include "knhk/receipts/envelope.hpp"

namespace knhk::receipts {
namespace {

namespace fs = std::filesystem;

SnapshotId id_of(std::string_view text) { return {crypto::sha256(text).bytes}; }

Receipt example() {
  Receipt receipt;
  receipt.snapshot = id_of("snapshot");
  receipt.shapes = id_of("shapes");
  receipt.domain = "ontology";
  receipt.compiler = "1";
  receipt.parent = crypto::sha256("parent");
  receipt.time = "2026-01-31T09:04:05Z";
  receipt.expires = "2026-03-01T00:00:00Z";
  receipt.artifacts = {{"index.bin", crypto::sha256("index")}, {"docs.md", crypto::sha256("docs")}};
  const char* titles[] = {"completeness", "consistency", "correctness", "performance",
                          "provenance"};
  for (std::size_t i = 0; i < kInvariantCount; ++i) {
    std::string name = "Q1";
    name[1] = static_cast<char>('1' + i);
    receipt.invariants[i] = {name, titles[i], Outcome::passed, "", {}};
  }
  receipt.invariants[0].outcome = Outcome::vacuous;
  receipt.invariants[0].detail = "no shapes: \"nothing\" to cover \xe2\x80\x94 \n";
  receipt.invariants[3].measurements = {{"probes", 12, "probe"}, {"lookup", 0.1, "us"}};
  return receipt;
}

crypto::PrivateKey new_key() {
  auto key = crypto::PrivateKey::generate_ed25519();
  EXPECT_TRUE(key);
  return *std::move(key);
}

TrustedKeys trusting(const crypto::PrivateKey& key) {
  TrustedKeys keys;
  keys.add(key.public_key());
  return keys;
}

std::string with(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

// The bytes cannot change: receipts that exist are signed over them.
TEST(Statement, has_exactly_these_bytes) {
  Receipt receipt = example();
  receipt.invariants[0].detail = "no shapes";
  const auto statement = to_statement(receipt);
  ASSERT_TRUE(statement) << to_string(statement.error());
  EXPECT_EQ(*statement,
            R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"snapshot","digest)"
            R"(":{"sha256":"16a0eeb0791b6c92451fd284dd9f599e0a7dbe7f6ebea6e2d2d06c7f74aec112"}})"
            R"(,{"name":"shapes","digest":{"sha256":"e729e8617f159df10206c3b34040472573ea5efbea)"
            R"(35f9bda7ac4bb967ce81f6"}},{"name":"index.bin","digest":{"sha256":"1bc04b5291c26a)"
            R"(46d918139138b992d2de976d6851d0893b0476b85bfbdfc6e6"}},{"name":"docs.md","digest")"
            R"(:{"sha256":"46b42b4229cd7a39c564e780bb665a8bde4fdf722007e8473f167fe53ed4b995"}}])"
            R"(,"predicateType":"urn:knhk:predicate:invariants:v1","predicate":{"domain":"ontol)"
            R"(ogy","compiler":"1","parent":"sha256:e47125968b3b71049fbc4802d1e40a71ea1359decfa)"
            R"(bacf70b34588037d4ff0c","time":"2026-01-31T09:04:05Z","expires":"2026-03-01T00:00)"
            R"(:00Z","invariants":[{"name":"Q1","title":"completeness","outcome":"vacuous","det)"
            R"(ail":"no shapes","measurements":[]},{"name":"Q2","title":"consistency","outcome")"
            R"(:"passed","detail":"","measurements":[]},{"name":"Q3","title":"correctness","out)"
            R"(come":"passed","detail":"","measurements":[]},{"name":"Q4","title":"performance")"
            R"(,"outcome":"passed","detail":"","measurements":[{"name":"probes","value":12.0,"u)"
            R"(nit":"probe"},{"name":"lookup","value":0.1,"unit":"us"}]},{"name":"Q5","title":")"
            R"(provenance","outcome":"passed","detail":"","measurements":[]}]}})");
}

// The example of docs/formats.md: the same, spread over lines.
constexpr std::string_view kDocumentedStatement = R"(
    // region: statement
    {"_type":"https://in-toto.io/Statement/v1",
     "subject":[
       {"name":"snapshot","digest":{"sha256":"16a0eeb0791b6c92451fd284dd9f599e0a7dbe7f6ebea6e2d2d06c7f74aec112"}},
       {"name":"shapes","digest":{"sha256":"e729e8617f159df10206c3b34040472573ea5efbea35f9bda7ac4bb967ce81f6"}},
       {"name":"index.bin","digest":{"sha256":"1bc04b5291c26a46d918139138b992d2de976d6851d0893b0476b85bfbdfc6e6"}},
       {"name":"docs.md","digest":{"sha256":"46b42b4229cd7a39c564e780bb665a8bde4fdf722007e8473f167fe53ed4b995"}}],
     "predicateType":"urn:knhk:predicate:invariants:v1",
     "predicate":{
       "domain":"ontology","compiler":"1",
       "parent":"sha256:e47125968b3b71049fbc4802d1e40a71ea1359decfabacf70b34588037d4ff0c",
       "time":"2026-01-31T09:04:05Z","expires":"2026-03-01T00:00:00Z",
       "invariants":[
         {"name":"Q1","title":"completeness","outcome":"vacuous","detail":"no shapes","measurements":[]},
         {"name":"Q2","title":"consistency","outcome":"passed","detail":"","measurements":[]},
         {"name":"Q3","title":"correctness","outcome":"passed","detail":"","measurements":[]},
         {"name":"Q4","title":"performance","outcome":"passed","detail":"","measurements":[
           {"name":"probes","value":12.0,"unit":"probe"},
           {"name":"lookup","value":0.1,"unit":"us"}]},
         {"name":"Q5","title":"provenance","outcome":"passed","detail":"","measurements":[]}]}}
    // end: statement
)";

TEST(Statement, is_as_documented) {
  Receipt receipt = example();
  receipt.invariants[0].detail = "no shapes";
  std::string spread(kDocumentedStatement);
  spread = spread.substr(spread.find('{'), spread.rfind("}\n") + 1 - spread.find('{'));
  std::string joined;
  for (std::size_t at = 0; at < spread.size();) {
    const std::size_t end = std::min(spread.find('\n', at), spread.size());
    const std::size_t begin = std::min(spread.find_first_not_of(' ', at), end);
    joined += spread.substr(begin, end - begin);
    at = end + 1;
  }
  EXPECT_EQ(*to_statement(receipt), joined);
}

TEST(Statement, comes_back_as_it_was) {
  Receipt receipt = example();
  const auto statement = to_statement(receipt);
  ASSERT_TRUE(statement);
  const auto again = parse_statement(*statement);
  ASSERT_TRUE(again) << to_string(again.error());
  EXPECT_EQ(*again, receipt);
  EXPECT_EQ(*to_statement(*again), *statement);
  receipt.shapes.reset();
  receipt.parent.reset();
  receipt.expires.reset();
  receipt.artifacts.clear();
  EXPECT_EQ(*parse_statement(*to_statement(receipt)), receipt);
}

TEST(Statement, refuses_to_say_what_the_format_cannot) {
  const auto refused = [](auto&& change) {
    Receipt receipt = example();
    change(receipt);
    const auto statement = to_statement(receipt);
    EXPECT_FALSE(statement);
    if (!statement) {
      EXPECT_EQ(statement.error().code, Errc::malformed_evidence);
    }
  };
  refused([](Receipt& r) { r.invariants[1].name = "Q1"; });
  refused([](Receipt& r) { r.artifacts[1].name = "index.bin"; });
  refused([](Receipt& r) { r.artifacts[1].name = "snapshot"; });
  refused([](Receipt& r) { r.artifacts[1].name = ""; });
  refused([](Receipt& r) { r.time = "yesterday"; });
  refused([](Receipt& r) { r.time = "2026-13-31T09:04:05Z"; });
  refused([](Receipt& r) { r.expires = "2026-01-31T09:04:05+01:00"; });
  refused([](Receipt& r) { r.domain = "\xff"; });
  refused([](Receipt& r) {
    r.invariants[3].measurements[0].value = std::numeric_limits<double>::infinity();
  });
  refused([](Receipt& r) { r.invariants[3].measurements[0].value = std::nan(""); });
}

TEST(Statement, ignores_fields_it_does_not_know) {
  const auto statement = to_statement(example());
  ASSERT_TRUE(statement);
  const auto again =
      parse_statement(with(with(*statement, R"("domain":)", R"("later":[1],"domain":)"),
                           R"({"sha256":)", R"({"sha512":"00","sha256":)"));
  ASSERT_TRUE(again) << to_string(again.error());
  EXPECT_EQ(*again, example());
}

TEST(Statement, that_is_malformed_is_refused) {
  const auto statement = to_statement(example());
  ASSERT_TRUE(statement);
  const auto refused = [&](std::string_view from, std::string_view to) {
    const auto again = parse_statement(with(*statement, from, to));
    EXPECT_FALSE(again) << from << " -> " << to;
    if (!again) {
      EXPECT_EQ(again.error().code, Errc::malformed_evidence);
    }
  };
  refused("Statement/v1", "Statement/v0");
  refused("invariants:v1", "invariants:v2");
  refused(R"("name":"snapshot")", R"("name":"snapshop")");
  refused(R"("name":"shapes")", R"("name":"snapshot")");
  refused(R"("name":"shapes")", R"("name":"index.bin")");
  refused(R"({"sha256":")", R"({"sha256":"A)");
  refused(R"("outcome":"passed")", R"("outcome":"maybe")");
  refused(R"("value":12.0)", R"("value":"12")");
  refused(R"("name":"Q2")", R"("name":"Q3")");
  refused(R"("time":"2026)", R"("time":"26)");
  refused(R"("parent":"sha256:)", R"("parent":")");
  refused(R"("domain":"ontology")", R"("domain":null)");
  refused(R"("domain":)", R"("domains":)");
  refused(R"("domain":"ontology")", R"("domain":"ontology","domain":"ontology")");  // P43
}

TEST(Receipt, that_a_trusted_key_sealed_is_opened) {
  const auto key = new_key();
  const auto sealed = seal(example(), key);
  ASSERT_TRUE(sealed);
  const auto opened = open_sealed(*sealed, trusting(key));
  ASSERT_TRUE(opened) << to_string(opened.error());
  EXPECT_EQ(*opened, example());
  EXPECT_EQ(*seal(example(), key), *sealed);  // Ed25519 is deterministic, and so are our bytes
}

TEST(Receipt, that_an_untrusted_key_sealed_is_refused) {
  const auto sealed = seal(example(), new_key());
  ASSERT_TRUE(sealed);
  EXPECT_EQ(open_sealed(*sealed, trusting(new_key())).error().code, Errc::untrusted_key);
}

TEST(Receipt, whose_payload_was_changed_is_refused) {
  const auto key = new_key();
  const auto sealed = seal(example(), key);
  ASSERT_TRUE(sealed);
  auto envelope = parse_envelope(*sealed);
  ASSERT_TRUE(envelope);
  envelope->payload = with(envelope->payload, R"("outcome":"vacuous")", R"("outcome":"passed")");
  EXPECT_EQ(open_sealed(*to_json(*envelope), trusting(key)).error().code, Errc::signature_invalid);
}

TEST(Receipt, of_another_payload_type_is_refused_though_a_trusted_key_signed_it) {
  const auto key = new_key();
  Envelope envelope{"application/json", *to_statement(example()), {}};
  ASSERT_TRUE(sign(envelope, key));
  EXPECT_EQ(open_sealed(*to_json(envelope), trusting(key)).error().code, Errc::malformed_evidence);
}

TEST(Receipt, with_duplicate_keys_is_refused_though_a_trusted_key_signed_it_P43) {
  const auto key = new_key();
  Envelope envelope{std::string(kPayloadType),
                    with(*to_statement(example()), R"("outcome":"vacuous")",
                         R"("outcome":"failed","outcome":"passed")"),
                    {}};
  ASSERT_TRUE(sign(envelope, key));
  EXPECT_EQ(open_sealed(*to_json(envelope), trusting(key)).error().code, Errc::malformed_evidence);
}

TEST(Receipt, holds_only_when_no_invariant_failed) {
  Receipt receipt = example();
  EXPECT_TRUE(all_hold(receipt.invariants));
  receipt.invariants[2].outcome = Outcome::failed;
  EXPECT_FALSE(all_hold(receipt.invariants));
}

// What docs/formats.md tells people to type, with the envelope taken apart by hand here.
TEST(Receipt, is_verified_by_openssl_alone) {
  if (std::system("openssl version >/dev/null 2>&1") != 0) GTEST_SKIP() << "openssl is not there";
  std::string pattern = (fs::temp_directory_path() / "knhk-openssl-XXXXXX").string();
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  const fs::path folder = pattern;
  for (const bool p256 : {false, true}) {
    auto key = p256 ? crypto::PrivateKey::generate_p256() : crypto::PrivateKey::generate_ed25519();
    ASSERT_TRUE(key);
    const auto sealed = seal(example(), *key);
    ASSERT_TRUE(sealed);
    const auto field = [&](std::string_view name) {
      const std::string start = '"' + std::string(name) + "\":\"";
      const std::size_t at = sealed->find(start) + start.size();
      return sealed->substr(at, sealed->find('"', at) - at);
    };
    const std::string type = field("payloadType");
    const auto payload = from_base64(field("payload"));
    const auto signature = from_base64(field("sig"));
    ASSERT_TRUE(payload && signature);
    std::ofstream(folder / "pae", std::ios::binary)
        << "DSSEv1 " << type.size() << ' ' << type << ' ' << payload->size() << ' ' << *payload;
    std::ofstream(folder / "sig", std::ios::binary) << *signature;
    std::ofstream(folder / "pub") << key->public_key().to_pem();
    std::string command =
        "cd " + folder.string() +
        " && openssl pkeyutl -verify -pubin -inkey pub -rawin -in pae -sigfile sig";
    if (p256) command += " -digest sha256";
    command += " >/dev/null 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0) << p256;
    std::ofstream(folder / "pae", std::ios::app) << ' ';
    EXPECT_NE(std::system(command.c_str()), 0) << p256;
  }
  fs::remove_all(folder);
}

// The script that docs/formats.md shows.
TEST(Receipt, is_verified_as_the_documentation_says) {
  if (std::system("openssl version >/dev/null 2>&1") != 0) GTEST_SKIP() << "openssl is not there";
  std::string pattern = (fs::temp_directory_path() / "knhk-openssl-XXXXXX").string();
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  const fs::path folder = pattern;
  const auto key = new_key();
  const auto sealed = seal(example(), key);
  ASSERT_TRUE(sealed);
  std::ofstream(folder / "receipt.dsse.json") << *sealed;
  std::ofstream(folder / "key.pub") << key.public_key().to_pem();
  const std::string command =
      "cd " + folder.string() + " && sh -e " KNHK_VERIFY_RECEIPT " >/dev/null 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0);
  std::ofstream(folder / "key.pub") << new_key().public_key().to_pem();
  EXPECT_NE(std::system(command.c_str()), 0);
  fs::remove_all(folder);
}

TEST(Statement, survives_hostile_bytes) {
  const auto statement = to_statement(example());
  ASSERT_TRUE(statement);
  std::mt19937 random(11);  // fixed, so that a failure comes back
  int refused = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string changed = *statement;
    for (std::size_t n = random() % 4 + 1; n > 0; --n) {
      changed[random() % changed.size()] = static_cast<char>(random());
    }
    if (random() % 4 == 0) changed.resize(random() % changed.size());
    const auto parsed = parse_statement(changed);
    refused += parsed ? 0 : 1;
    if (parsed) {
      EXPECT_TRUE(to_statement(*parsed));
    }  // whatever is read can be written
  }
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace knhk::receipts
