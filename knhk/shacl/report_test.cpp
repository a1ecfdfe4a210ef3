#include "knhk/shacl/report.hpp"

#include <nlohmann/json.hpp>

#include "knhk/shacl/shacl_fixture.hpp"

namespace knhk::shacl {
namespace {

ValidationReport example() {
  return report_on(
      "ex:Product sh:targetClass ex:Thing ; "
      "sh:property [ sh:path ex:price ; sh:minCount 1 ; sh:datatype xsd:decimal ] ; "
      "sh:property [ sh:path ex:kind ; sh:in (\"a\" \"b\") ; sh:severity sh:Warning ] .",
      "ex:one a ex:Thing ; ex:kind \"c\" . ex:two a ex:Thing ; ex:price \"cheap\"^^xsd:decimal .");
}

TEST(Report, as_text_names_focus_node_path_rule_and_value_in_groups_by_shape) {
  EXPECT_EQ(to_text(example(), {.prefixes = {{"ex", "http://example.org/"}}}),
            R"(Does not conform: 3 results (2 violations, 1 warning)

Shape ex:Product: 3 results
  Warning
    focus node  ex:one
    path        ex:kind
    rule        InConstraintComponent
    value       "c"
    message     expected one of "a", "b"
  Violation
    focus node  ex:one
    path        ex:price
    rule        MinCountConstraintComponent
    message     expected at least 1 value, found 0
  Violation
    focus node  ex:two
    path        ex:price
    rule        DatatypeConstraintComponent
    value       "cheap"^^xsd:decimal
    message     "cheap" is no valid xsd:decimal
)");
}

TEST(Report, as_text_counts_what_the_limit_leaves_out) {
  const std::string text = to_text(example(), {.limit = 1, .prefixes = {}});
  EXPECT_NE(text.find("2 more results not shown:\n  2 of shape <http://example.org/Product>\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("<http://example.org/one>"), std::string::npos) << text;
  EXPECT_EQ(text.find("<http://example.org/two>"), std::string::npos) << text;
  EXPECT_EQ(to_text(ValidationReport{}), "Conforms\n");
}

TEST(Report, as_text_counts_what_is_left_out_by_shape_the_most_first) {
  std::string shapes;
  for (char name = 'A'; name <= 'L'; ++name) {
    shapes += std::string("ex:") + name + " sh:targetNode ex:a ; sh:nodeKind sh:Literal .\n";
  }
  shapes += "ex:K sh:targetNode ex:b .\n";
  const std::string text = to_text(report_on(shapes, ""), {.limit = 0, .prefixes = {}});
  EXPECT_NE(text.find("13 more results not shown:\n"
                      "  2 of shape <http://example.org/K>\n"
                      "  1 of shape <http://example.org/A>\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("  1 of shape <http://example.org/I>\n  and of 2 more shapes\n"),
            std::string::npos)
      << text;
}

TEST(Report, as_json_has_exactly_the_published_members) {
  const auto json = nlohmann::ordered_json::parse(to_json(example()));
  std::vector<std::string> names;
  for (const auto& [name, value] : json.items()) names.push_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{"conforms", "result_count", "results"}));
  EXPECT_EQ(json["conforms"], false);
  EXPECT_EQ(json["result_count"], 3);
  ASSERT_EQ(json["results"].size(), 3U);
  names.clear();
  for (const auto& [name, value] : json["results"][0].items()) names.push_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{"focus_node", "path", "component", "severity", "value",
                                             "source_shape", "message"}));
  EXPECT_EQ(json["results"][0]["value"], "\"c\"");
  EXPECT_EQ(json["results"][0]["path"], "<http://example.org/kind>");
  EXPECT_TRUE(json["results"][1]["value"].is_null());
  const auto empty = nlohmann::json::parse(to_json(ValidationReport{}));
  EXPECT_EQ(empty["conforms"], true);
  EXPECT_TRUE(empty["results"].empty());
}

TEST(Report, as_json_is_laid_out_and_escaped_as_a_json_library_does) {
  ValidationReport report{.conforms = false, .results = {}};
  for (const std::string text :
       {"\"\\/\b\f\n\r\t", "\x01\x1f\x7f", "ü € \xF0\x9F\x98\x80", "\xC3"}) {
    report.results.emplace_back();
    report.results.back().focus_node = text;
    report.results.back().value = text;
    report.results.back().message = "\"" + text + "\"";
  }
  report.results[1].value = std::nullopt;
  report.results[1].path = "a/b";
  using Json = nlohmann::ordered_json;
  const auto dumped = [](const Json& json) {
    return json.dump(2, ' ', false, Json::error_handler_t::replace);
  };
  for (const ValidationReport& one : {report, ValidationReport{}}) {
    EXPECT_EQ(to_json(one), dumped(Json::parse(to_json(one))));
  }
  EXPECT_EQ(Json::parse(to_json(report))["results"][0]["focus_node"], report.results[0].focus_node);
  EXPECT_EQ(Json::parse(to_json(report))["results"][2]["value"], *report.results[2].value);
  EXPECT_EQ(Json::parse(to_json(report))["results"][3]["value"], "\uFFFD") << "not UTF-8";
}

TEST(Report, as_json_has_null_for_the_path_of_a_node_shape) {
  const auto json = nlohmann::json::parse(
      to_json(report_on("ex:S sh:targetNode ex:a ; sh:nodeKind sh:Literal .", "")));
  EXPECT_TRUE(json["results"][0]["path"].is_null());
}

TEST(Report, as_turtle_is_a_standard_report) {
  const auto dataset = rdf::read_dataset(to_turtle(example()), "report.ttl");
  ASSERT_TRUE(dataset) << to_string(dataset.error());
  const auto count = [&](const char* name) {
    const auto id = dataset->find_iri(std::string("http://www.w3.org/ns/shacl#") + name);
    return id == rdf::kNoTerm ? 0 : dataset->default_graph().of_predicate(id).size();
  };
  EXPECT_EQ(count("conforms"), 1U);
  EXPECT_EQ(count("result"), 3U);
  EXPECT_EQ(count("resultPath"), 3U);
  EXPECT_EQ(count("value"), 2U);
  EXPECT_EQ(count("resultMessage"), 3U);
  EXPECT_TRUE(rdf::read_dataset(to_turtle(ValidationReport{}), "report.ttl"));
}

TEST(Report, survives_the_ugliest_text) {
  const ValidationReport report = report_on(
      "ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:maxLength 1 ; sh:message \"\"\"a \"quoted\"\n "
      "message\\\\\"\"\"@en .",
      "ex:a ex:p \"\"\"<not an iri> \"x\" \\\\ \n line\"\"\"@de-AT .");
  ASSERT_EQ(report.results.size(), 1U);
  EXPECT_TRUE(rdf::read_dataset(to_turtle(report), "report.ttl")) << to_turtle(report);
  EXPECT_NE(to_text(report).find("<not an iri>"), std::string::npos);
  EXPECT_TRUE(nlohmann::json::accept(to_json(report)));
}

TEST(Report, says_what_was_expected_for_every_kind_of_constraint) {
  const auto message = [](const std::string& constraint, const std::string& values) {
    const ValidationReport report =
        report_on("ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; " + constraint +
                      " ] . "
                      "ex:N sh:nodeKind sh:Literal .",
                  "ex:a ex:p " + values + " ; ex:q 1 .");
    EXPECT_EQ(report.results.size(), 1U) << constraint;
    return report.results.empty() ? "" : report.results[0].message;
  };
  EXPECT_EQ(message("sh:maxCount 1", "1, 2"), "expected at most 1 value, found 2");
  EXPECT_EQ(message("sh:datatype xsd:date", "1"),
            "expected a literal of datatype xsd:date, found one of datatype xsd:integer");
  EXPECT_EQ(message("sh:datatype xsd:date", "\"x\"@de"),
            "expected a literal of datatype xsd:date, found one in language de");
  EXPECT_EQ(message("sh:datatype xsd:date", "ex:b"),
            "expected a literal of datatype xsd:date, found an IRI");
  EXPECT_EQ(message("sh:class ex:C", "ex:b"), "expected an instance of <http://example.org/C>");
  EXPECT_EQ(message("sh:nodeKind sh:BlankNodeOrIRI", "1"), "expected an IRI or a blank node");
  EXPECT_EQ(message("sh:pattern \"^x\" ; sh:flags \"i\"", "1"),
            "does not match the pattern \"^x\" with flags i");
  EXPECT_EQ(message("sh:in (1 2)", "3"), "expected one of \"1\"^^xsd:integer, \"2\"^^xsd:integer");
  EXPECT_EQ(message("sh:in ()", "3"), "expected one of nothing (the list is empty)");
  EXPECT_EQ(message("sh:minInclusive 2", "1"), "expected at least \"2\"^^xsd:integer");
  EXPECT_EQ(message("sh:maxInclusive 0", "1"), "expected at most \"0\"^^xsd:integer");
  EXPECT_EQ(message("sh:minExclusive 1", "1"), "expected more than \"1\"^^xsd:integer");
  EXPECT_EQ(message("sh:maxExclusive 1", "1"), "expected less than \"1\"^^xsd:integer");
  EXPECT_EQ(message("sh:minLength 2", "1"), "expected at least 2 characters");
  EXPECT_EQ(message("sh:maxLength 1", "12"), "expected at most 1 character");
  EXPECT_EQ(message("sh:languageIn (\"de\")", "\"x\"@en"),
            "expected a text in one of the languages \"de\"");
  EXPECT_EQ(message("sh:uniqueLang true", "\"x\"@en, \"y\"@en"), "2 values have the same language");
  EXPECT_EQ(message("sh:hasValue 5", "1"),
            "expected the value \"5\"^^xsd:integer among the values");
  EXPECT_EQ(message("sh:disjoint ex:q", "1"), "is a value of <http://example.org/q> too");
  EXPECT_EQ(message("sh:lessThan ex:q", "1"),
            "expected less than the values of <http://example.org/q>");
  EXPECT_EQ(message("sh:node ex:N", "ex:b"),
            "does not conform to the shape <http://example.org/N>");
  EXPECT_EQ(message("sh:not ex:N", "1"),
            "conforms to the shape <http://example.org/N>, which it must not");
  EXPECT_EQ(message("sh:or (ex:N)", "ex:b"),
            "conforms to none of the shapes <http://example.org/N>");
  EXPECT_EQ(message("sh:qualifiedValueShape ex:N ; sh:qualifiedMinCount 2", "1, ex:b"),
            "expected at least 2 values of the shape <http://example.org/N>, found 1");
}

}  // namespace
}  // namespace knhk::shacl
