// Runs the SHACL Core suite from its manifests; a report passes when it is the expected one up to
// the labels of blank nodes, as the suite's README says.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "knhk/rdf/canonical.hpp"
#include "knhk/rdf/reader.hpp"
#include "knhk/rdf/vocabulary.hpp"
#include "knhk/shacl/validate.hpp"

namespace knhk::shacl {
namespace {

namespace fs = std::filesystem;
using rdf::Dataset;
using rdf::Term;
using rdf::TermId;

constexpr std::string_view kManifest = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#";
constexpr std::string_view kTest = "http://www.w3.org/ns/shacl-test#";
constexpr std::string_view kShacl = rdf::vocab::sh::kNamespace;

fs::path shared() {
  if (const char* const folder = std::getenv("KNHK_SHARED")) return folder;
  return fs::path(KNHK_SOURCE_DIR) / ".." / "shared";
}

std::string operator+(std::string_view space, const char* name) {
  return std::string(space) + name;
}

Dataset load(const fs::path& file) {
  rdf::ReadOptions options;
  options.base = "file://" + file.string();
  const auto bytes = rdf::read_file(file);
  EXPECT_TRUE(bytes) << file;
  auto dataset = rdf::read_dataset(bytes ? *bytes : "", file.string(), options);
  EXPECT_TRUE(dataset) << to_string(dataset.error());
  return dataset ? std::move(*dataset) : Dataset();
}

fs::path file_of(std::string_view iri) { return iri.substr(std::string_view("file://").size()); }

std::vector<TermId> objects(const Dataset& dataset, TermId subject, std::string_view predicate) {
  std::vector<TermId> found;
  const TermId id = dataset.find_iri(predicate);
  if (id == rdf::kNoTerm) return found;
  for (const rdf::Triple& triple : dataset.default_graph().of_subject_predicate(subject, id)) {
    found.push_back(triple.object);
  }
  return found;
}

/// The part of a report that counts, copied from one dataset into a new one.
class ReportCopy {
 public:
  /// `messages`: keep those among them; null: keep all.
  ReportCopy(const Dataset& from, const std::set<std::string>* messages)
      : from_(from), messages_(messages) {}

  std::string canonical(TermId report) {
    const TermId root = builder_.intern(Term::blank("report"));
    triple(root, rdf::vocab::rdf::type, Term::iri(kShacl + "ValidationReport"));
    for (const TermId value : objects(from_, report, kShacl + "conforms")) {
      triple(root, kShacl + "conforms", from_.term(value));
    }
    for (const TermId result : objects(from_, report, kShacl + "result")) copy(root, result);
    const auto canonical = rdf::canonicalize(std::move(builder_).build());
    EXPECT_TRUE(canonical);
    return canonical ? canonical->nquads : "";
  }

 private:
  void triple(TermId subject, std::string_view predicate, const Term& object) {
    builder_.add(subject, builder_.intern(Term::iri(predicate)), builder_.intern(object));
  }

  void copy(TermId root, TermId result) {
    const TermId node = fresh();
    builder_.add(root, builder_.intern(Term::iri(kShacl + "result")), node);
    triple(node, rdf::vocab::rdf::type, Term::iri(kShacl + "ValidationResult"));
    for (const char* name : {"focusNode", "resultSeverity", "sourceConstraint",
                             "sourceConstraintComponent", "sourceShape", "value"}) {
      for (const TermId value : objects(from_, result, kShacl + name)) {
        const Term term = from_.term(value);
        std::string label("kept-");
        label += term.text;
        triple(node, kShacl + name, term.is_blank() ? Term::blank(label) : term);
      }
    }
    for (const TermId path : objects(from_, result, kShacl + "resultPath")) {
      builder_.add(node, builder_.intern(Term::iri(kShacl + "resultPath")), copy_path(path));
    }
    for (const TermId message : objects(from_, result, kShacl + "resultMessage")) {
      const Term term = from_.term(message);
      if (messages_ != nullptr && !messages_->contains(std::string(term.text))) continue;
      triple(node, kShacl + "resultMessage", term);
    }
  }

  TermId copy_path(TermId path) {
    const Term term = from_.term(path);
    if (!term.is_blank()) return builder_.intern(term);
    const TermId node = fresh();
    for (const rdf::Triple& triple : from_.default_graph().of_subject(path)) {
      builder_.add(node, builder_.intern(from_.term(triple.predicate)), copy_path(triple.object));
    }
    return node;
  }

  TermId fresh() {
    std::string label(1, 'n');
    label += std::to_string(++fresh_);
    return builder_.intern(Term::blank(label));
  }

  const Dataset& from_;
  const std::set<std::string>* messages_;
  rdf::DatasetBuilder builder_;
  int fresh_ = 0;
};

std::set<std::string> messages_of(const Dataset& dataset, TermId report) {
  std::set<std::string> messages;
  for (const TermId result : objects(dataset, report, kShacl + "result")) {
    for (const TermId message : objects(dataset, result, kShacl + "resultMessage")) {
      messages.emplace(dataset.term(message).text);
    }
  }
  return messages;
}

void run_case(const fs::path& file, const Dataset& manifest, TermId test) {
  SCOPED_TRACE(file.string());
  const auto action = objects(manifest, test, kManifest + "action");
  const auto expected = objects(manifest, test, kManifest + "result");
  ASSERT_EQ(action.size(), 1U);
  ASSERT_EQ(expected.size(), 1U);
  const auto data_file = objects(manifest, action.front(), kTest + "dataGraph");
  const auto shapes_file = objects(manifest, action.front(), kTest + "shapesGraph");
  ASSERT_EQ(data_file.size(), 1U);
  ASSERT_EQ(shapes_file.size(), 1U);
  const Dataset data = load(file_of(manifest.term(data_file.front()).text));
  const auto shapes = Shapes::compile(load(file_of(manifest.term(shapes_file.front()).text)));
  ASSERT_TRUE(shapes) << to_string(shapes.error());

  const std::string text = to_turtle(validate(*shapes, data));
  const auto actual = rdf::read_dataset(text, "report.ttl");
  ASSERT_TRUE(actual) << to_string(actual.error()) << text;
  const auto reports = actual->default_graph().of_predicate_object(
      actual->find_iri(rdf::vocab::rdf::type), actual->find_iri(kShacl + "ValidationReport"));
  ASSERT_EQ(reports.size(), 1U);
  const std::set<std::string> stated = messages_of(manifest, expected.front());
  EXPECT_EQ(ReportCopy(*actual, &stated).canonical(reports.front().subject),
            ReportCopy(manifest, nullptr).canonical(expected.front()));
}

/// Runs what the manifest lists and includes; how many tests that was.
std::size_t run_manifest(const fs::path& file) {
  const Dataset manifest = load(file);
  std::size_t count = 0;
  const TermId include = manifest.find_iri(kManifest + "include");
  if (include != rdf::kNoTerm) {
    for (const rdf::Triple& triple : manifest.default_graph().of_predicate(include)) {
      count += run_manifest(file_of(manifest.term(triple.object).text));
    }
  }
  const TermId validate = manifest.find_iri(kTest + "Validate");
  if (validate == rdf::kNoTerm) return count;
  for (const rdf::Triple& triple : manifest.default_graph().of_predicate_object(
           manifest.find_iri(rdf::vocab::rdf::type), validate)) {
    run_case(file, manifest, triple.subject);
    ++count;
  }
  return count;
}

TEST(ShaclConformance, passes_every_test_of_the_core_suite) {
  const fs::path manifest = shared() / "conformance" / "shacl" / "manifest.ttl";
  if (!fs::exists(manifest)) GTEST_SKIP() << "no suite at " << manifest;
  const std::size_t count = run_manifest(fs::canonical(manifest));
  EXPECT_GE(count, 59U);
  RecordProperty("tests", static_cast<int>(count));
}

TEST(ShaclConformance, compares_reports_so_that_a_difference_shows) {
  const auto canonical = [](const std::string& results) {
    const auto dataset = rdf::read_dataset(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <http://r> sh:conforms false " + results +
            " .",
        "report.ttl");
    EXPECT_TRUE(dataset);
    return ReportCopy(*dataset, nullptr).canonical(dataset->find_iri("http://r"));
  };
  const std::string one =
      "; sh:result [ sh:focusNode <http://a> ; sh:resultPath [ sh:inversePath <http://p> ] ]";
  const std::string other =
      "; sh:result [ sh:focusNode <http://a> ; sh:resultPath [ sh:zeroOrMorePath <http://p> ] ]";
  EXPECT_EQ(canonical(one + other), canonical(other + one));
  EXPECT_NE(canonical(one), canonical(other));
  EXPECT_NE(canonical(one), canonical(one + one)) << "duplicates count";
}

}  // namespace
}  // namespace knhk::shacl
