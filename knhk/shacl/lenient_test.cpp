#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "knhk/shacl/shacl_fixture.hpp"

namespace knhk::shacl {
namespace {

Shapes lenient(std::string_view shapes) {
  auto compiled = Shapes::compile(turtle(shapes), {.lenient = true});
  EXPECT_TRUE(compiled) << to_string(compiled.error());
  return *compiled;
}

/// `kind property` of each warning.
std::vector<std::string> warnings_of(const Shapes& shapes) {
  std::vector<std::string> all;
  for (const Warning& warning : shapes.warnings()) {
    std::string one(to_string(warning.kind));
    one += ' ';
    one += warning.property;
    all.push_back(std::move(one));
  }
  return all;
}

using Strings = std::vector<std::string>;

TEST(Lenient, leaves_out_each_construct_beyond_core_and_names_it) {
  const Shapes shapes = lenient(
      "ex:S sh:targetNode ex:a ; sh:nodeKind sh:Literal ; sh:sparql [] ; sh:js [] ; "
      "sh:expression [] ; sh:rule [] ; sh:target [ a sh:SPARQLTarget ] ; owl:imports ex:O ; "
      "ex:lang \"de\" . "
      "ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:lang ] . "
      "ex:O sh:entailment ex:E .");
  EXPECT_EQ(warnings_of(shapes),
            (Strings{"unsupported <http://example.org/lang>", "unsupported owl:imports",
                     "unsupported sh:entailment", "unsupported sh:expression", "unsupported sh:js",
                     "unsupported sh:rule", "unsupported sh:sparql", "unsupported sh:target"}));
  EXPECT_EQ(findings(validate(shapes, turtle(""))), Findings{"NodeKind <a> <a>"});
}

TEST(Lenient, is_asked_for) {
  EXPECT_FALSE(compile("ex:S sh:targetNode ex:a ; sh:sparql [] ."));
  EXPECT_FALSE(compile("ex:S sh:targetNode ex:a ; sh:class 5 ."));
}

TEST(Lenient, never_finds_what_the_whole_shapes_would_not_find) {
  // Each of these finds something in `ex:a ex:p ex:b, ex:c` once ex:N asks for less than it says.
  const std::string incomplete = " . ex:N sh:sparql [] . ex:M sh:nodeKind sh:IRI .";
  const auto found = [&](const std::string& constraint) {
    const Shapes shapes =
        lenient("ex:S sh:targetNode ex:a ; sh:path ex:p ; " + constraint + incomplete);
    const Strings warnings = warnings_of(shapes);
    EXPECT_EQ(std::count_if(warnings.begin(), warnings.end(),
                            [](const std::string& one) { return one.starts_with("dependent"); }),
              1)
        << constraint;
    return findings(validate(shapes, turtle("ex:a ex:p ex:b, ex:c .")));
  };
  EXPECT_EQ(found("sh:not ex:N"), Findings{});
  EXPECT_EQ(found("sh:not [ sh:node ex:N ]"), Findings{});
  EXPECT_EQ(found("sh:not [ sh:and ( ex:M [ sh:or ( ex:N [ sh:nodeKind sh:Literal ] ) ] ) ]"),
            Findings{});
  EXPECT_EQ(found("sh:xone ( ex:N ex:M )"), Findings{});
  EXPECT_EQ(found("sh:qualifiedValueShape ex:N ; sh:qualifiedMaxCount 1"), Findings{});
  EXPECT_EQ(
      findings(validate(lenient("ex:S sh:targetNode ex:a ; sh:property ex:P, ex:Q . "
                                "ex:P sh:path ex:p ; sh:qualifiedValueShape ex:M ; "
                                "sh:qualifiedMinCount 2 ; sh:qualifiedValueShapesDisjoint true . "
                                "ex:Q sh:path ex:p ; sh:qualifiedValueShape ex:N ; "
                                "sh:qualifiedMinCount 1" +
                                incomplete),
                        turtle("ex:a ex:p ex:b, ex:c ."))),
      Findings{});
}

TEST(Lenient, keeps_what_can_only_find_less) {
  const Shapes shapes = lenient(
      "ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:node ex:N ; sh:or ( ex:N ex:M ) ; "
      "sh:qualifiedValueShape ex:N ; sh:qualifiedMinCount 3 ] . "
      "ex:N sh:sparql [] ; sh:nodeKind sh:Literal . ex:M sh:nodeKind sh:BlankNode .");
  EXPECT_EQ(warnings_of(shapes), Strings{"unsupported sh:sparql"});
  EXPECT_EQ(findings(validate(shapes, turtle("ex:a ex:p ex:b ."))),
            (Findings{"Node <a> <b>", "Or <a> <b>", "QualifiedMinCount <a>"}));
}

TEST(Lenient, leaves_the_whole_shape_out_where_its_path_or_its_being_active_is_unclear) {
  const Shapes shapes = lenient(
      "ex:S sh:targetNode ex:a ; sh:deactivated \"yes\" ; sh:nodeKind sh:Literal ; sh:sparql [] . "
      "ex:T sh:targetNode ex:a ; sh:property [ sh:path () ; sh:minCount 1 ] ; "
      "sh:not [ sh:property [ sh:path ex:p, ex:q ; sh:minCount 1 ] ] .");
  EXPECT_EQ(warnings_of(shapes), (Strings{"ill-formed sh:deactivated", "ill-formed sh:path",
                                          "ill-formed sh:path", "dependent sh:not"}));
  EXPECT_TRUE(validate(shapes, turtle("ex:a ex:p 1 .")).conforms);
}

TEST(Lenient, falls_back_to_the_defaults_of_severity_and_message) {
  const ValidationReport report =
      validate(lenient("ex:S sh:targetNode ex:a ; sh:nodeKind sh:Literal ; sh:severity \"high\" ; "
                       "sh:message 5, \"own\" ."),
               turtle(""));
  ASSERT_EQ(report.results.size(), 1U);
  EXPECT_EQ(report.results[0].severity, "http://www.w3.org/ns/shacl#Violation");
  EXPECT_EQ(report.results[0].message, "own");
}

TEST(Warnings, say_what_has_no_effect_also_when_strict) {
  const auto shapes = compile(
      "ex:S sh:targetNode ex:a ; sh:flags \"i\" ; sh:ignoredProperties () ; sh:node ex:Typo ; "
      "sh:closed \"1\"^^xsd:boolean ; "
      "sh:property [ sh:path ex:p ; sh:qualifiedValueShape ex:N ] , "
      "[ sh:path ex:q ; sh:qualifiedMinCount 1 ] . "
      "ex:N sh:nodeKind sh:IRI . ex:O owl:imports ex:Other .");
  ASSERT_TRUE(shapes) << to_string(shapes.error());
  Strings details;
  for (const Warning& warning : shapes->warnings()) {
    EXPECT_EQ(warning.kind, Warning::Kind::no_effect);
    EXPECT_FALSE(is_left_out(warning.kind));
    details.push_back(warning.detail);
  }
  EXPECT_EQ(
      details,
      (Strings{"owl:imports has no effect: nothing is fetched, name the files instead",
               "sh:closed \"1\"^^xsd:boolean has no effect, only true has",
               "sh:flags has no effect without sh:pattern",
               "sh:node has no effect: the graph says nothing about <http://example.org/Typo>",
               "sh:qualifiedMinCount has no effect without sh:qualifiedValueShape",
               "sh:qualifiedValueShape has no effect without sh:qualifiedMinCount or "
               "sh:qualifiedMaxCount"}));
}

TEST(Warnings, as_text_are_a_line_for_each_property_with_a_count_and_the_first_shape) {
  const Shapes shapes = lenient(
      "ex:A sh:targetNode ex:a ; sh:rule [] . ex:B sh:targetNode ex:a ; sh:rule [] ; sh:class 5 . "
      "ex:C sh:targetNode ex:a ; sh:rule [] .");
  EXPECT_EQ(to_text(shapes.warnings()),
            "sh:rule is not supported: <http://example.org/A> and 2 more\n"
            "sh:class must be an IRI, found \"5\"^^xsd:integer: <http://example.org/B>\n");
  EXPECT_EQ(to_text(std::span<const Warning>()), "");
}

TEST(Lenient, validates_the_ontology_of_real_buildings) {
  const char* const variable = std::getenv("KNHK_SHARED");
  const std::filesystem::path data =
      (variable != nullptr ? std::filesystem::path(variable)
                           : std::filesystem::path(KNHK_SOURCE_DIR) / ".." / "shared") /
      "data" / "medium-brick";
  if (!std::filesystem::exists(data)) GTEST_SKIP() << "no data at " << data;
  const auto load = [&](const char* name) {
    const auto bytes = rdf::read_file(data / name);
    EXPECT_TRUE(bytes) << name;
    rdf::ReadOptions options;
    options.base = "http://example.org/";
    auto dataset = rdf::read_dataset(bytes ? *bytes : "", name, options);
    EXPECT_TRUE(dataset) << to_string(dataset.error());
    return dataset ? std::move(*dataset) : rdf::Dataset();
  };
  const auto whole = Shapes::compile(load("shapes.ttl"), {.lenient = true});
  ASSERT_TRUE(whole) << to_string(whole.error());
  const auto core = Shapes::compile(load("shapes-core.nt"));
  ASSERT_TRUE(core) << to_string(core.error());
  const rdf::Dataset buildings = load("data.ttl");
  EXPECT_EQ(findings(validate(*whole, buildings)), findings(validate(*core, buildings)))
      << "what is left out is what shapes-core.nt lacks";
  std::size_t left_out = 0;
  for (const Warning& warning : whole->warnings()) {
    if (!is_left_out(warning.kind)) continue;
    EXPECT_EQ(warning.kind, Warning::Kind::unsupported) << warning.detail;
    ++left_out;
  }
  EXPECT_EQ(left_out, 34U);
}

}  // namespace
}  // namespace knhk::shacl
