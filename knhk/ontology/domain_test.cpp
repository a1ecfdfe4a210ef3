#include "knhk/ontology/domain.hpp"

#include <cstddef>
#include <new>

#include "knhk/ontology/current_snapshot.hpp"
#include "knhk/ontology/test_sources.hpp"
#include "knhk/rdf/canonical.hpp"
#include "knhk/rdf/reader.hpp"

namespace knhk::ontology {
namespace {

using testing::kRules;
using testing::kSound;

static_assert(promotion::explain_domain<OntologyDomain>());
static_assert(promotion::Artifacts<OntologyArtifacts>);

std::shared_ptr<const OntologyArtifacts> load(std::string_view data) {
  const auto compiled = testing::compile(data);
  EXPECT_TRUE(compiled);
  if (!compiled) return nullptr;
  auto loaded = OntologyDomain().load(compiled->snapshot.id(), compiled->verified());
  EXPECT_TRUE(loaded) << (loaded ? "" : to_string(loaded.error()));
  return loaded ? *loaded : nullptr;
}

TEST(Snapshot, has_the_id_of_its_canonical_statements_whatever_the_syntax) {
  const OntologyDomain domain;
  const auto turtle = domain.parse(
      std::vector{testing::source("a.ttl", "<http://e/a> <http://e/p> [ <http://e/q> 1 ] .")});
  const auto lines = domain.parse(std::vector{
      testing::source("a.nt",
                      "_:x <http://e/q> \"1\"^^<http://www.w3.org/2001/XMLSchema#integer> .\n"
                      "<http://e/a> <http://e/p> _:x .\n")});
  ASSERT_TRUE(turtle && lines);
  EXPECT_EQ(turtle->id(), lines->id());
  EXPECT_EQ(turtle->id(), rdf::snapshot_id_of(turtle->data().nquads));
  EXPECT_FALSE(turtle->shapes_id());
}

TEST(Snapshot, keeps_blank_nodes_of_different_files_apart) {
  const std::string text = "_:x <http://e/p> 1 . _:x <http://e/q> 2 .";
  const auto snapshot = OntologyDomain().parse(
      std::vector{testing::source("a.ttl", text), testing::source("b.ttl", text)});
  ASSERT_TRUE(snapshot);
  EXPECT_EQ(snapshot->data().dataset.size(), 4U);
}

TEST(Snapshot, that_cannot_be_read_says_where) {
  const auto snapshot = OntologyDomain().parse(testing::sources("\n:a :b ; ."));
  ASSERT_FALSE(snapshot);
  EXPECT_EQ(snapshot.error().code, Errc::syntax_error);
  EXPECT_TRUE(snapshot.error().where.starts_with("data.ttl:")) << snapshot.error().where;
  EXPECT_EQ(OntologyDomain().parse({}).error().code, Errc::usage);
}

TEST(Snapshot, has_its_shapes_compiled) {
  const auto snapshot = OntologyDomain().parse(testing::sources(kSound, kRules));
  ASSERT_TRUE(snapshot) << to_string(snapshot.error());
  ASSERT_NE(snapshot->rules(), nullptr);
  EXPECT_TRUE(snapshot->shapes_id().has_value());
  EXPECT_NE(snapshot->shapes_id(), snapshot->id());
}

TEST(CanonicalDataset, is_refused_under_another_id) {
  EXPECT_EQ(CanonicalDataset::from_nquads("", SnapshotId{}, "x.nq").error().code,
            Errc::digest_mismatch);
}

TEST(OntologyDomain, compiles_projections_and_canonical_statements) {
  const auto compiled = testing::compile(kSound, kRules);
  ASSERT_TRUE(compiled);
  std::vector<std::string> names;
  for (const promotion::Blob& blob : compiled->blobs) names.push_back(blob.name);
  EXPECT_EQ(names, (std::vector<std::string>{"index.bin", "docs.md", "models.hpp", "snapshot.nq",
                                             "shapes.nq"}));
  EXPECT_EQ(compiled->blobs[3].media_type, "application/n-quads");
  const auto again = testing::compile(kSound, kRules);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->blobs, compiled->blobs);
}

TEST(OntologyArtifacts, answer_from_what_was_compiled) {
  const auto artifacts = load(kSound);
  ASSERT_NE(artifacts, nullptr);
  EXPECT_TRUE(artifacts->is_whole());
  EXPECT_EQ(artifacts->blob_digests().size(), 4U);
  EXPECT_GT(artifacts->size_bytes(), artifacts->index().image().size());
  const auto names = artifacts->index().objects({.subject = "<http://example.org/shop#chair>",
                                                 .predicate = "<http://example.org/shop#name>"});
  ASSERT_EQ(names.answer.size(), 1U);
  EXPECT_EQ(names.answer.front(), "\"Chair\"");
  EXPECT_NE(artifacts->docs().find("### Product"), std::string_view::npos);
  EXPECT_NE(artifacts->models().find("struct Product {"), std::string_view::npos);
}

TEST(OntologyArtifacts, are_refused_when_a_blob_is_missing_damaged_or_of_another_snapshot) {
  const auto compiled = testing::compile(kSound);
  const auto other = testing::compile("");
  ASSERT_TRUE(compiled && other);
  const OntologyDomain domain;
  const SnapshotId id = compiled->snapshot.id();
  for (std::size_t i = 0; i < 3; ++i) {
    testing::Compiled lacking = *testing::compile(kSound);
    lacking.blobs.erase(lacking.blobs.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(domain.load(id, lacking.verified()).error().code, Errc::blob_missing);
    testing::Compiled foreign = *testing::compile(kSound);
    foreign.blobs[i] = other->blobs[i];
    EXPECT_EQ(domain.load(id, foreign.verified()).error().code, Errc::receipt_mismatch);
  }
  testing::Compiled damaged = *testing::compile(kSound);
  damaged.blobs[0].bytes[100] ^= 1;
  EXPECT_EQ(domain.load(id, damaged.verified()).error().code, Errc::index_damaged);
  damaged.blobs[0].bytes[8] = 9;
  EXPECT_EQ(domain.load(id, damaged.verified()).error().code, Errc::index_version);
}

TEST(OntologyArtifacts, are_known_for_dead_after_their_end) {
  // Memory of the test's own, so that it may be looked at after the destructor has run.
  alignas(OntologyArtifacts) std::byte memory[sizeof(OntologyArtifacts)];
  auto* const artifacts = new (memory) OntologyArtifacts({});
  EXPECT_TRUE(artifacts->is_alive());
  EXPECT_FALSE(artifacts->is_whole()) << "nothing was loaded";
  artifacts->~OntologyArtifacts();
  EXPECT_FALSE(artifacts->is_alive());
  EXPECT_FALSE(artifacts->is_whole());
}

TEST(DefaultHotPath, is_empty_before_the_first_promotion_and_serves_what_is_published) {
  init_hot_path();
  EXPECT_FALSE(current_snapshot());
  EXPECT_TRUE(DefaultHotPath::current_id().is_zero());
  const auto artifacts = load(kSound);
  ASSERT_NE(artifacts, nullptr);
  {
    auto publication = default_hot_path.prepare(artifacts->snapshot_id(), artifacts, 1);
    ASSERT_TRUE(publication);
    publication->publish();
    publication->settle();
  }
  const auto snapshot = current_snapshot();
  ASSERT_TRUE(snapshot);
  EXPECT_EQ(snapshot.id(), artifacts->snapshot_id());
  EXPECT_TRUE(snapshot->is_whole());
  EXPECT_TRUE(snapshot->index().ask({.object = "\"Chair\""}).answer);
}

}  // namespace
}  // namespace knhk::ontology
