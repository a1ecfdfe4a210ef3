#include "knhk/ontology/invariant_validator.hpp"

#include <cstdio>
#include <cstdlib>

#include "knhk/ontology/test_sources.hpp"
#include "knhk/projections/index_writer.hpp"

namespace knhk::ontology {
namespace {

using promotion::ParentEvidence;
using promotion::ValidationContext;
using receipts::InvariantResult;
using receipts::InvariantResults;
using receipts::Outcome;
using testing::kRules;
using testing::kSound;

InvariantResults validate(const testing::Compiled& compiled, const ValidationContext& context = {},
                          const InvariantOptions& options = {}) {
  const auto results =
      InvariantValidator(options).validate(compiled.snapshot, compiled.blobs, context);
  EXPECT_TRUE(results);
  return results ? *results : InvariantResults{};
}

InvariantResults validate(std::string_view data, std::string_view rules = "",
                          const ValidationContext& context = {}) {
  const auto compiled = testing::compile(data, rules);
  EXPECT_TRUE(compiled) << (compiled ? "" : to_string(compiled.error()));
  return compiled ? validate(*compiled, context) : InvariantResults{};
}

/// `PFPPV`: how each of the five fared.
std::string outcomes(const InvariantResults& results) {
  std::string text;
  for (const InvariantResult& result : results) {
    text += result.outcome == Outcome::passed ? 'P' : result.outcome == Outcome::failed ? 'F' : 'V';
    EXPECT_FALSE(result.detail.empty()) << result.name;
  }
  return text;
}

double measured(const InvariantResult& result, std::string_view name) {
  for (const auto& measurement : result.measurements) {
    if (measurement.name == name) return measurement.value;
  }
  ADD_FAILURE() << result.name << " doesn't measure " << name;
  return -1;
}

/// A parent that is all that it should be.
ValidationContext with_parent(const testing::Compiled& parent) {
  ParentEvidence evidence{Digest{}, parent.snapshot.id(), {}, {}, {}};
  evidence.read_blob =
      [nquads = parent.snapshot.data().nquads](std::string_view name) -> Result<std::string> {
    if (name == kSnapshotFile) return nquads;
    return fail(Errc::blob_missing, std::string(name), "is not there");
  };
  ValidationContext context;
  context.parent = std::move(evidence);
  return context;
}

TEST(Invariants, hold_for_a_sound_snapshot_with_shapes_and_a_parent) {
  const auto parent = testing::compile(":old a owl:Class . :chair a :old .");
  ASSERT_TRUE(parent);
  const InvariantResults results = validate(kSound, kRules, with_parent(*parent));
  EXPECT_EQ(outcomes(results), "PPPPP") << results[4].detail;
  const char* const titles[] = {"completeness", "consistency", "correctness", "performance",
                                "provenance"};
  for (std::size_t i = 0; i < results.size(); ++i) {
    EXPECT_EQ(results[i].name, std::string("Q").append(std::to_string(i + 1)));
    EXPECT_EQ(results[i].title, titles[i]);
  }
  EXPECT_EQ(measured(results[4], "removed"), 2);
  EXPECT_GT(measured(results[4], "added"), 5);
}

TEST(Invariants, with_shapes_that_have_no_target_are_vacuous_as_without_shapes) {
  const InvariantResults results = validate(kSound, kSound);
  EXPECT_EQ(outcomes(results), "VPVPV");
  EXPECT_EQ(results[0].detail, "no shape has a target to require anything");
}

TEST(Invariants, without_shapes_or_parent_are_vacuous_where_nothing_can_be_said) {
  EXPECT_EQ(outcomes(validate(kSound)), "VPVPV");
  EXPECT_EQ(outcomes(validate("")), "VPVPV");
}

TEST(Invariants, Q1_alone_fails_when_a_required_term_is_missing) {
  const std::string rules =
      std::string(kRules) + ":VoucherShape a sh:NodeShape ; sh:targetClass :Voucher .";
  const InvariantResults results = validate(kSound, rules);
  EXPECT_EQ(outcomes(results), "FPPPV");
  EXPECT_NE(results[0].detail.find("<http://example.org/shop#Voucher>"), std::string::npos);
  EXPECT_EQ(measured(results[0], "missing"), 1);
}

TEST(Invariants, Q1_is_content_with_a_term_that_is_declared_or_used) {
  const std::string rules =
      ":S a sh:NodeShape ; sh:targetClass :Voucher ; sh:property [ sh:path :code ; sh:minCount 1 ] "
      ".";
  EXPECT_EQ(outcomes(validate(":Voucher a owl:Class . :code a owl:DatatypeProperty .", rules)),
            "PPPPV");
  EXPECT_EQ(outcomes(validate(":Voucher rdfs:subClassOf :Thing . :x :code 1 .", rules)), "PPPPV");
  EXPECT_EQ(outcomes(validate(":Voucher a owl:Class .", rules)), "FPPPV");
}

TEST(Invariants, Q2_alone_fails_on_a_contradiction) {
  const InvariantResults results = validate(std::string(kSound) + ":chair a :Service .", kRules);
  EXPECT_EQ(outcomes(results), "PFPPV");
  EXPECT_NE(results[1].detail.find("disjoint classes: <http://example.org/shop#chair>"),
            std::string::npos)
      << results[1].detail;
  EXPECT_EQ(measured(results[1], "contradictions"), 1);
}

TEST(Invariants, Q3_alone_fails_on_a_violation) {
  const InvariantResults results = validate(std::string(kSound) + ":table a :Product .", kRules);
  EXPECT_EQ(outcomes(results), "PPFPV");
  for (const std::string_view part :
       {"<http://example.org/shop#table>", "<http://example.org/shop#name>",
        "MinCountConstraintComponent"}) {
    EXPECT_NE(results[2].detail.find(part), std::string::npos) << results[2].detail;
  }
  EXPECT_EQ(measured(results[2], "violations"), 1);
}

TEST(Invariants, Q3_records_lower_severities_and_holds) {
  const InvariantResults results =
      validate(std::string(kSound) + ":chair :note \"a\", \"b\" .", kRules);
  EXPECT_EQ(outcomes(results), "PPPPV");
  EXPECT_EQ(measured(results[2], "warnings"), 1);
  EXPECT_EQ(measured(results[2], "violations"), 0);
}

TEST(Invariants, Q3_alone_fails_when_the_index_answers_otherwise) {
  auto compiled = testing::compile(kSound, kRules);
  auto other = testing::compile(std::string(kSound) + ":chair :weight 7 .");
  ASSERT_TRUE(compiled && other);
  auto image = projections::build_index(other->snapshot.data().dataset, compiled->snapshot.id());
  ASSERT_TRUE(image);
  compiled->blobs.front().bytes = *image;
  const InvariantResults results = validate(*compiled);
  EXPECT_EQ(outcomes(results), "PPFPV");
  EXPECT_NE(results[2].detail.find("the index answers otherwise"), std::string::npos);

  compiled->blobs.front().bytes = other->blobs.front().bytes;
  EXPECT_NE(validate(*compiled)[2].detail.find("of another snapshot"), std::string::npos);
}

TEST(Invariants, Q3_and_Q4_fail_without_an_index_that_opens) {
  auto compiled = testing::compile(kSound, kRules);
  ASSERT_TRUE(compiled);
  compiled->blobs.front().bytes.back() ^= 1;
  EXPECT_EQ(outcomes(validate(*compiled)), "PPFFV");
  compiled->blobs.clear();
  EXPECT_EQ(outcomes(validate(*compiled)), "PPFFV");
}

TEST(Invariants, Q4_alone_fails_when_the_index_is_too_large_for_what_it_says) {
  const std::string data =
      std::string(kSound) + ":chair :photo \"" + std::string(200'000, 'x') + "\" .";
  const InvariantResults results = validate(data, kRules);
  EXPECT_EQ(outcomes(results), "PPPFV");
  EXPECT_NE(results[3].detail.find("bytes"), std::string::npos);
}

TEST(Invariants, Q4_keeps_to_the_budget_it_is_given) {
  const auto compiled = testing::compile(kSound, kRules);
  ASSERT_TRUE(compiled);
  InvariantOptions options;
  options.performance.probes_per_operation = 3;
  EXPECT_EQ(outcomes(validate(*compiled, {}, options)), "PPPFV");
  options.performance = {};
  options.performance.best_nanoseconds_per_operation = 0;
  const InvariantResult q4 = validate(*compiled, {}, options)[3];
  EXPECT_TRUE(q4.outcome == Outcome::failed || measured(q4, "best_time") == 0);
}

TEST(Invariants, Q4_holds_beside_stress_ng) {
  if (std::system("command -v stress-ng >/dev/null 2>&1") != 0) {
    GTEST_SKIP() << "stress-ng is not installed";
  }
  const auto compiled = testing::compile(kSound, kRules);
  ASSERT_TRUE(compiled);
  FILE* const load = popen("stress-ng --quiet --cpu 4 --cache 1 --timeout 1s 2>&1", "r");
  ASSERT_NE(load, nullptr);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(outcomes(validate(*compiled)), "PPPPV");
  EXPECT_EQ(pclose(load), 0);
}

TEST(Invariants, Q5_alone_fails_for_each_thing_that_is_wrong_with_the_parent) {
  const auto parent = testing::compile(":old a owl:Class .");
  const auto other = testing::compile(":older a owl:Class .");
  ASSERT_TRUE(parent && other);
  const Error error{Errc::signature_invalid, "receipt", "is signed by nobody"};
  const auto judge = [&](const auto& spoil) {
    ValidationContext context = with_parent(*parent);
    spoil(*context.parent);
    const InvariantResults results = validate(kSound, kRules, context);
    EXPECT_EQ(outcomes(results), "PPPPF");
    return results[4].detail;
  };
  judge([&](ParentEvidence& p) { p.snapshot = tl::unexpected<Error>(error); });
  judge([&](ParentEvidence& p) { p.receipt = tl::unexpected<Error>(error); });
  judge([&](ParentEvidence& p) { p.log = tl::unexpected<Error>(error); });
  judge([&](ParentEvidence& p) {
    p.read_blob = [&](std::string_view) -> Result<std::string> {
      return tl::unexpected<Error>(error);
    };
  });
  const std::string detail = judge([&](ParentEvidence& p) { p.snapshot = other->snapshot.id(); });
  EXPECT_NE(detail.find("statements are not those of"), std::string::npos) << detail;
}

}  // namespace
}  // namespace knhk::ontology
