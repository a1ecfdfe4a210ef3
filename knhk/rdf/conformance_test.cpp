// Runs the W3C suites from their manifests, which are themselves read as RDF.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "knhk/rdf/canonical.hpp"
#include "knhk/rdf/iri.hpp"
#include "knhk/rdf/reader.hpp"

namespace knhk::rdf {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kManifestVocabulary =
    "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#";

fs::path shared() {
  if (const char* const folder = std::getenv("KNHK_SHARED")) return folder;
  return fs::path(KNHK_SOURCE_DIR) / ".." / "shared";
}

struct Case {
  std::string id;    // after the '#'
  std::string type;  // after the '#'
  std::string action;
  std::string result;
  bool sha384 = false;
};

std::string_view after_hash(std::string_view iri) {
  const std::size_t hash = iri.rfind('#');
  return hash == std::string_view::npos ? iri : iri.substr(hash + 1);
}

std::string_view object_of(const Dataset& manifest, TermId subject, std::string_view predicate) {
  const auto found =
      manifest.default_graph().of_subject_predicate(subject, manifest.find_iri(predicate));
  return found.empty() ? std::string_view() : manifest.term(found.front().object).text;
}

// The cases of a manifest that stands in `folder`, whose IRI is `base`.
std::vector<Case> read_manifest(const fs::path& folder, const std::string& base) {
  const auto bytes = read_file(folder / "manifest.ttl");
  EXPECT_TRUE(bytes);
  ReadOptions options;
  options.base = base + "manifest.ttl";
  const auto manifest = read_dataset(bytes ? *bytes : "", "manifest.ttl", options);
  EXPECT_TRUE(manifest) << to_string(manifest.error());
  std::vector<Case> cases;
  if (!manifest) return cases;
  const std::string vocabulary(kManifestVocabulary);
  const TermId action = manifest->find_iri(vocabulary + "action");
  const auto local = [&base](std::string_view iri) {
    return std::string(iri.starts_with(base) ? iri.substr(base.size()) : iri);
  };
  for (const Triple& t : manifest->default_graph().of_predicate(action)) {
    Case c;
    c.id = after_hash(manifest->term(t.subject).text);
    c.type = after_hash(
        object_of(*manifest, t.subject, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"));
    c.action = local(manifest->term(t.object).text);
    c.result = local(object_of(*manifest, t.subject, vocabulary + "result"));
    c.sha384 = object_of(*manifest, t.subject,
                         "https://w3c.github.io/rdf-canon/tests/vocab#hashAlgorithm") == "SHA384";
    cases.push_back(std::move(c));
  }
  return cases;
}

// The canonical form of a file, or its error as one line that starts with '!'.
std::string canonical_form(const fs::path& file, const std::string& base) {
  const auto bytes = read_file(file);
  if (!bytes) return "!" + to_string(bytes.error());
  ReadOptions options;
  options.base = base + file.filename().string();
  const auto dataset = read_dataset(*bytes, file.filename().string(), options);
  if (!dataset) return "!" + to_string(dataset.error());
  const auto canonical = canonicalize(*dataset);
  return canonical ? canonical->nquads : "!" + to_string(canonical.error());
}

// Empty when the case passes, else why not.
std::string run(const Case& c, const fs::path& folder, const std::string& base) {
  const std::string form = canonical_form(folder / c.action, base);
  const bool refused = form.starts_with('!');
  if (c.type.find("Negative") != std::string::npos) return refused ? "" : "was accepted";
  if (refused) return form.substr(1);
  if (c.result.empty()) return "";
  const std::string expected = canonical_form(folder / c.result, base);
  return form == expected ? "" : "gives\n" + form + "instead of\n" + expected;
}

std::set<std::string> expected_failures() {
  std::set<std::string> ids;
  std::ifstream file(std::string(KNHK_SOURCE_DIR) + "/knhk/rdf/expected_failures.txt");
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line.front() != '#') ids.insert(line.substr(0, line.find(' ')));
  }
  return ids;
}

// What is wrong with a list of expected failures, given what failed of which tests. Empty: nothing.
std::vector<std::string> flaws_of_list(const std::set<std::string>& listed,
                                       const std::map<std::string, std::string>& outcomes) {
  std::vector<std::string> flaws;
  for (const auto& [id, failure] : outcomes) {
    if (!failure.empty() && !listed.contains(id)) flaws.push_back(id + ": " + failure);
    if (failure.empty() && listed.contains(id))
      flaws.push_back(id + " passes: take it off the list");
  }
  for (const std::string& id : listed) {
    if (!outcomes.contains(id)) flaws.push_back(id + " is not in the suite");
  }
  return flaws;
}

TEST(ExpectedFailures, are_refused_when_stale) {
  const std::map<std::string, std::string> outcomes = {{"a", ""}, {"b", "was accepted"}};
  EXPECT_TRUE(flaws_of_list({"b"}, outcomes).empty());
  EXPECT_EQ(flaws_of_list({}, outcomes).size(), 1U);
  EXPECT_EQ(flaws_of_list({"a", "b"}, outcomes).size(), 1U);
  EXPECT_EQ(flaws_of_list({"b", "gone"}, outcomes).size(), 1U);
}

class Rdf11 : public testing::TestWithParam<const char*> {};

TEST_P(Rdf11, suite_passes_but_for_the_listed_failures) {
  const std::string name = GetParam();
  const fs::path folder = shared() / "conformance/rdf/rdf11" / name;
  if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not there";
  const std::string base = "https://w3c.github.io/rdf-tests/rdf/rdf11/" + name + "/";
  const std::vector<Case> cases = read_manifest(folder, base);
  std::map<std::string, std::string> outcomes;
  for (const Case& c : cases) outcomes[name + "/" + c.id] = run(c, folder, base);
  std::set<std::string> listed = expected_failures();
  std::erase_if(listed, [&name](const std::string& id) { return !id.starts_with(name + "/"); });
  EXPECT_EQ(flaws_of_list(listed, outcomes), std::vector<std::string>());
  const std::map<std::string, std::size_t> sizes = {
      {"rdf-turtle", 313}, {"rdf-trig", 356}, {"rdf-n-triples", 70}, {"rdf-n-quads", 87}};
  EXPECT_EQ(cases.size(), sizes.at(name));
}

INSTANTIATE_TEST_SUITE_P(W3C, Rdf11,
                         testing::Values("rdf-turtle", "rdf-trig", "rdf-n-triples", "rdf-n-quads"),
                         [](const auto& suite) {
                           std::string name = suite.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

// The map from labels in the input to canonical ones.
std::map<std::string, std::string> label_map(const Dataset& dataset, const Canonical& canonical) {
  std::map<std::string, std::string> map;
  for (std::uint32_t i = 0; i < dataset.term_count(); ++i) {
    if (canonical.labels[i].empty()) continue;
    map.emplace(dataset.term(TermId{i}).text, canonical.labels[i]);
  }
  return map;
}

void check_rdfc10(const Case& c, const fs::path& folder) {
  const auto input = read_file(folder / c.action);
  ASSERT_TRUE(input);
  const auto dataset = read_dataset(*input, c.action);
  ASSERT_TRUE(dataset) << to_string(dataset.error());
  CanonicalizeOptions options;
  options.hash = c.sha384 ? HashAlgorithm::sha384 : HashAlgorithm::sha256;
  const auto canonical = canonicalize(*dataset, options);
  if (c.type == "RDFC10NegativeEvalTest") {
    ASSERT_FALSE(canonical);
    EXPECT_EQ(canonical.error().code, Errc::work_limit);
    return;
  }
  ASSERT_TRUE(canonical) << to_string(canonical.error());
  const auto expected = read_file(folder / c.result);
  ASSERT_TRUE(expected);
  if (c.type == "RDFC10MapTest") {
    const auto json = nlohmann::json::parse(*expected);
    EXPECT_EQ(label_map(*dataset, *canonical), (json.get<std::map<std::string, std::string>>()));
  } else {
    EXPECT_EQ(c.type, "RDFC10EvalTest");
    EXPECT_EQ(canonical->nquads, *expected);
  }
}

TEST(Rdfc10, suite_passes_completely) {
  const fs::path folder = shared() / "conformance/rdfc10";
  if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not there";
  const std::vector<Case> cases = read_manifest(folder, "https://w3c.github.io/rdf-canon/tests/");
  EXPECT_EQ(cases.size(), 86U);
  for (const Case& c : cases) {
    SCOPED_TRACE(c.id + " " + c.type);
    check_rdfc10(c, folder);
  }
}

// Ids that rdf-canonize 5.0 (npm) computes too, from the quads that n3 reads.
TEST(RealData, has_the_ids_that_another_implementation_gives_it) {
  struct Graph {
    const char* file;
    std::size_t size;
    const char* id;
  };
  const Graph graphs[] = {
      {"small-nwbib/data.ttl", 8286,
       "66c6fc5f5ab71066accb0aab369a4f567489133d323cd9f6ae83ec97403e4dec"},
      {"small-nwbib/shapes.ttl", 765,
       "461196022faa150b5c8e663e33ec8b9ce6f2f81eb4f173deb1aa5693c94b193e"},
      {"medium-brick/bldg11.ttl", 8608,
       "afb2321edd27cce87eb381f15d8569d2df7f1d6817bfb3cccf87806814f707c0"},
      {"medium-brick/data.ttl", 80332,
       "e5cb315fd92c26abd8be14018c274fe38664a94fe9b85e9eb43f20802e2c61df"},
      {"medium-brick/shapes-core.nt", 54787,
       "7770222116d6d8897f819498cb532ee392148f141ae57df21ef65d6a2263345a"},
  };
  if (!fs::exists(shared() / "data")) GTEST_SKIP() << shared() / "data" << " is not there";
  for (const auto& [file, size, id] : graphs) {
    SCOPED_TRACE(file);
    const auto bytes = read_file(shared() / "data" / file);
    ASSERT_TRUE(bytes);
    const auto dataset = read_dataset(*bytes, file);
    ASSERT_TRUE(dataset) << to_string(dataset.error());
    EXPECT_EQ(dataset->size(), size);
    const auto found = snapshot_id(*dataset);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->hex(), id);
  }
}

}  // namespace
}  // namespace knhk::rdf
