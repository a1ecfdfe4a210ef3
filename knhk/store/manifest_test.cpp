#include "knhk/store/manifest.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "knhk/crypto/hash.hpp"
#include "knhk/receipts/receipt.hpp"
#include "knhk/store/detail/image_index.hpp"

namespace knhk::store {
namespace {

Manifest example() {
  Manifest manifest;
  manifest.snapshot = {crypto::sha256("s").bytes};
  manifest.shapes = SnapshotId{crypto::sha256("h").bytes};
  manifest.domain = "ontology";
  manifest.compiler = "1";
  manifest.created = "2026-01-31T09:04:05Z";
  manifest.parent = crypto::sha256("p");
  manifest.layers = {{std::string(kNQuadsMediaType), crypto::sha256("s"), 1, "snapshot.nq"},
                     {artifact_media_type("index"), crypto::sha256("i"), 1, "index.bin"},
                     {std::string(receipts::kReceiptMediaType), crypto::sha256("r"), 1,
                      std::string(kReceiptTitle)}};
  return manifest;
}

std::string with(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

TEST(Manifest, is_an_oci_image_manifest) {
  const auto json = to_json(example());
  ASSERT_TRUE(json);
  EXPECT_TRUE(json->starts_with(
      R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",)"
      R"("artifactType":"application/vnd.knhk.snapshot.v1","config":{)"
      R"("mediaType":"application/vnd.oci.empty.v1+json",)"
      R"("digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",)"
      R"("size":2},"layers":[{"mediaType":"application/n-quads","digest":"sha256:)"))
      << *json;
  EXPECT_NE(json->find(R"("annotations":{"org.opencontainers.image.title":"index.bin"}})"),
            std::string::npos);
  EXPECT_NE(json->find(R"("mediaType":"application/vnd.knhk.index.v1")"), std::string::npos);
  EXPECT_EQ(crypto::sha256("{}").hex(),
            "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
}

TEST(Manifest, comes_back_as_it_was) {
  Manifest manifest = example();
  EXPECT_EQ(*parse_manifest(*to_json(manifest), "m"), manifest);
  manifest.shapes.reset();
  manifest.parent.reset();
  manifest.layers.clear();
  EXPECT_EQ(*parse_manifest(*to_json(manifest), "m"), manifest);
}

TEST(Manifest, finds_its_receipt_and_its_layers_by_title) {
  const Manifest manifest = example();
  ASSERT_NE(manifest.receipt(), nullptr);
  EXPECT_EQ(manifest.receipt()->digest, crypto::sha256("r"));
  ASSERT_NE(manifest.layer("index.bin"), nullptr);
  EXPECT_EQ(manifest.layer("none"), nullptr);
  EXPECT_EQ(Manifest().receipt(), nullptr);
}

TEST(Manifest, ignores_fields_it_does_not_know) {
  const std::string json =
      with(*to_json(example()), R"("annotations":{"org.opencontainers.image.created")",
           R"("subject":{"x":1},"annotations":{"y":"z","org.opencontainers.image.created")");
  EXPECT_EQ(*parse_manifest(json, "m"), example());
}

TEST(Manifest, whose_titles_lead_elsewhere_or_are_alike_is_damaged) {
  for (const char* title : {"", ".", "..", "../x", "/etc/x", "a/b", "snapshot.nq"}) {
    Manifest manifest = example();
    manifest.layers[1].title = title;
    EXPECT_EQ(to_json(manifest).error().code, Errc::manifest_damaged) << title;
    const std::string json = with(*to_json(example()), R"(title":"index.bin")",
                                  R"(title":")" + std::string(title) + '"');
    EXPECT_EQ(parse_manifest(json, "m").error().code, Errc::manifest_damaged) << title;
  }
}

TEST(Manifest, that_is_malformed_is_damaged) {
  const std::string json = *to_json(example());
  const auto refused = [&](std::string_view from, std::string_view to) {
    const auto manifest = parse_manifest(with(json, from, to), "m");
    ASSERT_FALSE(manifest) << to;
    EXPECT_EQ(manifest.error().code, Errc::manifest_damaged);
    EXPECT_EQ(manifest.error().where, "m");
  };
  refused("schemaVersion\":2", "schemaVersion\":1");
  refused("vnd.knhk.snapshot.v1", "vnd.other.v1");
  refused("\"size\":1", "\"size\":-1");
  refused("\"size\":1", "\"size\":\"1\"");
  refused("n-quads\",\"digest\":\"sha256:", "n-quads\",\"digest\":\"sha512:");
  refused("\"layers\":[", "\"layers\":[1,");
  refused("\"vnd.knhk.snapshot.id\"", "\"vnd.knhk.snapshot.ib\"");
  refused("2026-01-31", "2026-1-31");
  refused("{\"schema", "{\"schemaVersion\":2,\"schema");  // P43
  refused("{", "");
}

TEST(Manifest, survives_hostile_bytes) {
  std::mt19937 random(9);  // fixed, so that a failure comes back
  const std::string json = *to_json(example());
  int refused = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string changed = json;
    for (std::size_t n = random() % 3 + 1; n > 0; --n) {
      changed[random() % changed.size()] = static_cast<char>(random());
    }
    if (random() % 4 == 0) changed.resize(random() % changed.size());
    const auto manifest = parse_manifest(changed, "m");
    refused += manifest ? 0 : 1;
    EXPECT_TRUE(!manifest || to_json(*manifest));
  }
  EXPECT_GT(refused, 500);
}

TEST(ImageIndex, survives_hostile_bytes) {
  detail::ImageIndex index;
  index.add(crypto::sha256("a"), 3, {crypto::sha256("s").bytes}, "2026-01-31T09:04:05Z");
  index.set_tag("stable", crypto::sha256("a"));
  const std::string json = *index.to_json();
  std::mt19937 random(13);  // fixed, so that a failure comes back
  int refused = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string changed = json;
    changed[random() % changed.size()] = static_cast<char>(random());
    if (random() % 4 == 0) changed.resize(random() % changed.size());
    auto parsed = detail::ImageIndex::parse(changed);
    refused += parsed ? 0 : 1;
    if (!parsed) continue;
    parsed->add(crypto::sha256("b"), 3, {crypto::sha256("s").bytes}, "2026-01-31T09:04:05Z");
    parsed->set_tag("stable", crypto::sha256("b"));
    EXPECT_TRUE(parsed->to_json());
  }
  EXPECT_GT(refused, 500);
}

}  // namespace
}  // namespace knhk::store
