#include <filesystem>

#include "knhk/ontology/current_snapshot.hpp"
#include "knhk/ontology/test_sources.hpp"
#include "knhk/promotion/promotion_pipeline.hpp"

namespace knhk::ontology {
namespace {

namespace fs = std::filesystem;
using promotion::AdmissionOutcome;
using receipts::Outcome;

/// A store, a key and a pipeline of their own for each test.
class OntologyPipeline : public ::testing::Test {
 protected:
  using Pipeline = promotion::PromotionPipeline<OntologyDomain>;

  void SetUp() override {
    const auto* const test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(KNHK_BINARY_DIR) / "ontology_test" / test->name();
    fs::remove_all(folder_);
    fs::create_directories(folder_.parent_path());
    auto store = store::Store::create(folder_, "test");
    auto key = crypto::PrivateKey::generate_ed25519();
    ASSERT_TRUE(store && key);
    receipts::TrustedKeys trusted;
    trusted.add(key->public_key());
    key_.emplace(std::move(*key));
    pipeline_.emplace(*store, OntologyDomain(), path_, trusted, &*key_);
  }
  void TearDown() override {
    pipeline_.reset();
    fs::remove_all(folder_);
  }

  promotion::Admission admit(std::string_view data, std::optional<Digest> parent = std::nullopt) {
    promotion::AdmitOptions options;
    options.parent = parent;
    const auto admission = pipeline_->admit(testing::sources(data, testing::kRules), options);
    EXPECT_TRUE(admission) << (admission ? "" : to_string(admission.error()));
    return admission ? *admission : promotion::Admission{};
  }

  fs::path folder_;
  OntologyHotPath path_;
  std::optional<crypto::PrivateKey> key_;
  std::optional<Pipeline> pipeline_;
};

const std::string kSecond = std::string(testing::kSound) + ":table a :Product ; :name \"Table\" .";

TEST_F(OntologyPipeline, takes_an_ontology_from_sources_to_readers_and_back) {
  const auto first = admit(testing::kSound);
  const auto second = admit(kSecond, first.manifest);
  EXPECT_EQ(first.outcome, AdmissionOutcome::admitted);
  EXPECT_EQ(first.invariants[4].outcome, Outcome::vacuous);
  EXPECT_EQ(second.outcome, AdmissionOutcome::admitted);
  EXPECT_EQ(second.invariants[4].outcome, Outcome::passed) << second.invariants[4].detail;

  hot_path::Reader reader(path_);
  const projections::Pattern table{.object = "\"Table\""};
  for (const auto& [id, has_table] :
       {std::pair{first.snapshot, false}, std::pair{second.snapshot, true}}) {
    const auto report = pipeline_->promote_snapshot(id);
    ASSERT_TRUE(report) << to_string(report.error());
    const auto pin = reader.pin();
    ASSERT_TRUE(pin);
    EXPECT_EQ(pin.id(), id);
    EXPECT_TRUE(pin->is_whole());
    EXPECT_EQ(pin->index().ask(table).answer, has_table);
  }
  const auto report = pipeline_->roll_back({});
  ASSERT_TRUE(report) << to_string(report.error());
  const auto pin = reader.pin();
  EXPECT_EQ(pin.id(), first.snapshot);
  EXPECT_FALSE(pin->index().ask(table).answer);
}

TEST_F(OntologyPipeline, refuses_a_snapshot_that_breaks_an_invariant_and_stores_nothing) {
  const auto before = std::distance(fs::recursive_directory_iterator(folder_), {});
  const auto refused = admit(std::string(testing::kSound) + ":table a :Product .");
  EXPECT_EQ(refused.outcome, AdmissionOutcome::refused);
  EXPECT_EQ(refused.invariants[2].outcome, Outcome::failed);
  EXPECT_EQ(std::distance(fs::recursive_directory_iterator(folder_), {}), before);
}

TEST_F(OntologyPipeline, refuses_a_parent_that_is_not_in_the_store) {
  Digest unknown;
  unknown.bytes[0] = 1;
  const auto refused = admit(testing::kSound, unknown);
  EXPECT_EQ(refused.outcome, AdmissionOutcome::refused);
  EXPECT_EQ(refused.invariants[4].outcome, Outcome::failed);
}

}  // namespace
}  // namespace knhk::ontology
