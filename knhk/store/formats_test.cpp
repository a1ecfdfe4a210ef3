#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "knhk/store/store_fixture.hpp"

// The examples of docs/formats.md, made again.

namespace knhk::store {
namespace {

constexpr std::string_view kManifest = R"(
    // region: manifest
    {"schemaVersion":2,
     "mediaType":"application/vnd.oci.image.manifest.v1+json",
     "artifactType":"application/vnd.knhk.snapshot.v1",
     "config":{
       "mediaType":"application/vnd.oci.empty.v1+json",
       "digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
       "size":2},
     "layers":[
       {"mediaType":"application/n-quads",
        "digest":"sha256:3bfc269594ef649228e9a74bab00f042efc91d5acc6fbee31a382e80d42388fe",
        "size":2,
        "annotations":{"org.opencontainers.image.title":"snapshot.nq"}}],
     "annotations":{
       "org.opencontainers.image.created":"2026-01-31T09:04:05Z",
       "vnd.knhk.snapshot.id":"sha256:3bfc269594ef649228e9a74bab00f042efc91d5acc6fbee31a382e80d42388fe",
       "vnd.knhk.shapes.id":"sha256:e729e8617f159df10206c3b34040472573ea5efbea35f9bda7ac4bb967ce81f6",
       "vnd.knhk.domain":"ontology",
       "vnd.knhk.compiler":"1",
       "vnd.knhk.parent":"sha256:e47125968b3b71049fbc4802d1e40a71ea1359decfabacf70b34588037d4ff0c"}}
    // end: manifest
)";

constexpr std::string_view kEntry = R"(
    // region: entry
    {"version":1,"channel":"stable","epoch":1,"action":"promote",
     "snapshot":"sha256:3bfc269594ef649228e9a74bab00f042efc91d5acc6fbee31a382e80d42388fe",
     "manifest":"sha256:e84fb28cbac0bac12231c69eb127cf19bfd9304c2698e4c0972e1ca3b6e7e6d1",
     "previous":null,
     "actor":"someone@somewhere","reason":"because","time":"2026-01-31T09:04:05Z"}
    // end: entry
)";

constexpr std::string_view kCheckpoint = R"(
    // region: checkpoint
    knhk/test
    1
    lVk+iev3KvUfJkp6krOsNW5SAQXu8PZ8/rKNsgdrrYc=

    — knhk/test 37+RAdxW3wLj885Z6hpiGqDOUnKc3xWWkCkEHWAqihZr3j9RZXGmGaPJczNM8DkDvRM06+7rDFK2teSCfgrVEK+1vwc=
    // end: checkpoint
)";

// The lines between the marks, without what indents them.
std::string lines_of(std::string_view text, std::string_view line_end) {
  std::string joined;
  std::size_t at = text.find('\n', text.find("region:")) + 1;
  const std::size_t stop = text.find("    // end:");
  while (at < stop) {
    const std::size_t end = text.find('\n', at);
    const std::size_t begin = std::min(text.find_first_not_of(' ', at), end);
    joined += text.substr(begin, end - begin);
    joined += line_end;
    at = end + 1;
  }
  return joined;
}

class Formats : public StoreFixture {
 protected:
  // The key of RFC 8032, section 7.1, test 3: Ed25519 signs the same text in the same way.
  Formats() {
    auto key = crypto::PrivateKey::from_pem(
        "-----BEGIN PRIVATE KEY-----\n"
        "MC4CAQAwBQYDK2VwBCIEIMWqjfQ/n4N77bdELzHct7Fm04U1B28JS4XOOi4LRFj3\n"
        "-----END PRIVATE KEY-----\n");
    EXPECT_TRUE(key);
    if (key) key_ = *std::move(key);
  }
  [[nodiscard]] Manifest manifest() const {
    Manifest manifest = manifest_of(store(), "v1");
    manifest.domain = "ontology";
    manifest.shapes = id_of("shapes");
    manifest.parent = crypto::sha256("parent");
    return manifest;
  }
};

TEST_F(Formats, of_the_manifest_are_as_documented) {
  EXPECT_EQ(*to_json(manifest()), lines_of(kManifest, ""));
}

TEST_F(Formats, of_entry_and_checkpoint_are_as_documented) {
  const auto digest = store().put_manifest(manifest());
  ASSERT_TRUE(digest);
  const auto committed = promote("v1", *digest);
  ASSERT_TRUE(committed) << to_string(committed.error());
  EXPECT_EQ(*to_json(committed->entry), lines_of(kEntry, ""));
  EXPECT_EQ(slurp(root_ / "log/checkpoint"), lines_of(kCheckpoint, "\n"));
}

}  // namespace
}  // namespace knhk::store
