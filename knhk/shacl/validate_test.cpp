#include "knhk/shacl/validate.hpp"

#include "knhk/shacl/shacl_fixture.hpp"

namespace knhk::shacl {
namespace {

TEST(Targets, select_nodes_instances_of_subclasses_and_ends_of_properties) {
  const std::string data =
      "ex:Sub rdfs:subClassOf ex:C . ex:SubSub rdfs:subClassOf ex:Sub . ex:C rdfs:subClassOf "
      "ex:Sub .\n"
      "ex:a a ex:C . ex:b a ex:SubSub . ex:c a ex:Other . ex:d ex:p ex:e .";
  const auto selected = [&](const std::string& target) {
    return findings("ex:S sh:nodeKind sh:BlankNode ; " + target + " .", data);
  };
  EXPECT_EQ(selected("sh:targetNode ex:c, \"x\", ex:absent"),
            (Findings{"NodeKind \"x\" \"x\"", "NodeKind <absent> <absent>", "NodeKind <c> <c>"}));
  EXPECT_EQ(selected("sh:targetClass ex:C"), (Findings{"NodeKind <a> <a>", "NodeKind <b> <b>"}));
  EXPECT_EQ(selected("sh:targetClass ex:Nothing"), Findings{});
  EXPECT_EQ(selected("sh:targetSubjectsOf ex:p"), Findings{"NodeKind <d> <d>"});
  EXPECT_EQ(selected("sh:targetObjectsOf ex:p"), Findings{"NodeKind <e> <e>"});
  EXPECT_EQ(selected("sh:targetNode ex:a ; sh:targetClass ex:C, ex:Sub"),
            (Findings{"NodeKind <a> <a>", "NodeKind <b> <b>"}))
      << "a node that several targets select is validated once";
}

TEST(Targets, of_classes_that_are_shapes_are_their_instances) {
  const std::string data = "ex:a a ex:C . ex:b a ex:D . ex:D rdfs:subClassOf ex:C .";
  const std::string shape = "sh:nodeKind sh:Literal .";
  EXPECT_EQ(findings("ex:C a rdfs:Class, sh:NodeShape ; " + shape, data).size(), 2U);
  EXPECT_EQ(findings("ex:C a rdfs:Class ; " + shape, data).size(), 2U);
  EXPECT_EQ(
      findings("ex:C a ex:Kind, sh:NodeShape ; " + shape + "ex:Kind rdfs:subClassOf rdfs:Class .",
               data)
          .size(),
      2U);
  EXPECT_EQ(findings("ex:C a owl:Class, sh:NodeShape ; " + shape, data).size(), 0U);
  EXPECT_EQ(findings("ex:C a owl:Class, sh:NodeShape ; " + shape +
                         "owl:Class rdfs:subClassOf rdfs:Class .",
                     data)
                .size(),
            2U);
}

/// What `constraint` finds on values of ex:p of ex:a.
Findings on_values(const std::string& constraint, const std::string& values) {
  return findings("ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; " + constraint + " ] .",
                  values.empty() ? "ex:b ex:q ex:c ." : "ex:a ex:p " + values + " .");
}

TEST(Constraints, count_values) {
  EXPECT_EQ(on_values("sh:minCount 1", ""), Findings{"MinCount <a>"});
  EXPECT_EQ(on_values("sh:minCount 0", ""), Findings{});
  EXPECT_EQ(on_values("sh:minCount 2", "1, 2"), Findings{});
  EXPECT_EQ(on_values("sh:maxCount 1", "1, 2"), Findings{"MaxCount <a>"});
  EXPECT_EQ(on_values("sh:maxCount 99999999999999999999999", "1, 2"), Findings{});
  EXPECT_EQ(on_values("sh:maxCount 0", "1, 1"), Findings{"MaxCount <a>"});
}

TEST(Constraints, want_a_datatype_and_a_valid_lexical_form) {
  EXPECT_EQ(on_values("sh:datatype xsd:integer", "1, 01, \"1\"^^xsd:integer"), Findings{});
  EXPECT_EQ(on_values("sh:datatype xsd:integer", "\"x\"^^xsd:integer"),
            Findings{"Datatype <a> \"x\"^^<integer>"});
  EXPECT_EQ(on_values("sh:datatype xsd:byte", "\"300\"^^xsd:byte, 5").size(), 2U);
  EXPECT_EQ(on_values("sh:datatype xsd:string", "\"s\", \"s\"@en, ex:s").size(), 2U);
  EXPECT_EQ(on_values("sh:datatype rdf:langString", "\"s\"@en, \"s\"").size(), 1U);
  EXPECT_EQ(on_values("sh:datatype ex:mine", "\"anything\"^^ex:mine"), Findings{});
}

TEST(Constraints, want_instances_of_a_class_or_its_subclasses_as_the_data_says) {
  const std::string shape =
      "ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:class ex:C ] . "
      "ex:Elsewhere rdfs:subClassOf ex:C .";
  EXPECT_EQ(findings(shape,
                     "ex:a ex:p ex:b, ex:c, ex:d, \"l\" . ex:b a ex:C . ex:c a ex:D . "
                     "ex:D rdfs:subClassOf ex:C . ex:d a ex:Elsewhere ."),
            (Findings{"Class <a> \"l\"", "Class <a> <d>"}));
}

TEST(Constraints, want_kinds_of_nodes) {
  const auto count = [](const char* kind) {
    return on_values(std::string("sh:nodeKind sh:") + kind, "ex:b, [], \"l\"").size();
  };
  EXPECT_EQ(count("IRI"), 2U);
  EXPECT_EQ(count("BlankNode"), 2U);
  EXPECT_EQ(count("Literal"), 2U);
  EXPECT_EQ(count("BlankNodeOrIRI"), 1U);
  EXPECT_EQ(count("BlankNodeOrLiteral"), 1U);
  EXPECT_EQ(count("IRIOrLiteral"), 1U);
}

TEST(Constraints, match_patterns_against_the_lexical_form_as_written) {
  EXPECT_EQ(on_values("sh:pattern \"^0\"", "01, 1"), Findings{"Pattern <a> \"1\"^^<integer>"});
  EXPECT_EQ(on_values("sh:pattern \"^HTTP\" ; sh:flags \"i\"", "ex:b"), Findings{});
  EXPECT_EQ(on_values("sh:pattern \"\"", "[]").size(), 1U) << "a blank node matches nothing";
}

TEST(Constraints, that_a_pattern_cannot_decide_are_not_met) {
  const ValidationReport report =
      report_on("ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:pattern \"^(a+)+$\" ] .",
                "ex:a ex:p \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\" .");
  ASSERT_EQ(report.results.size(), 1U);
  EXPECT_EQ(report.results[0].message, "gave up matching the pattern \"^(a+)+$\"");
}

TEST(Constraints, list_the_values_allowed) {
  EXPECT_EQ(on_values("sh:in (1 \"a\"@en ex:b)", "1, \"a\"@en, ex:b, 01, \"a\", ex:c"),
            (Findings{"In <a> \"01\"^^<integer>", "In <a> \"a\"", "In <a> <c>"}));
  EXPECT_EQ(on_values("sh:in ()", "1").size(), 1U);
}

TEST(Constraints, bound_values_and_refuse_what_does_not_compare) {
  EXPECT_EQ(on_values("sh:minInclusive 5", "5, 4.9999999999999999999, \"5\", ex:b"),
            (Findings{"MinInclusive <a> \"4.9999999999999999999\"^^<decimal>",
                      "MinInclusive <a> \"5\"", "MinInclusive <a> <b>"}));
  EXPECT_EQ(on_values("sh:maxInclusive 5", "5, 5.0e0, 6").size(), 1U);
  EXPECT_EQ(on_values("sh:minExclusive 5", "5, 6").size(), 1U);
  EXPECT_EQ(on_values("sh:maxExclusive 5", "5, 4").size(), 1U);
  EXPECT_EQ(
      on_values("sh:minInclusive \"2024-01-01T00:00:00Z\"^^xsd:dateTime",
                "\"2024-01-01T01:00:00\"^^xsd:dateTime, \"2024-01-02T00:00:00Z\"^^xsd:dateTime")
          .size(),
      1U);
}

TEST(Constraints, bound_lengths_in_characters) {
  EXPECT_EQ(on_values("sh:minLength 3", "\"\\u00e4\\u00f6\", \"abc\""),
            Findings{"MinLength <a> \"\xC3\xA4\xC3\xB6\""});
  EXPECT_EQ(on_values("sh:maxLength 2", "\"\\u00e4\\u00f6\", \"abc\", 12").size(), 1U);
  EXPECT_EQ(on_values("sh:maxLength 20", "ex:b, ex:muchlonger, []").size(), 2U);
}

TEST(Constraints, on_node_shapes_are_about_the_focus_node) {
  EXPECT_EQ(findings("ex:S sh:targetNode ex:a, 5 ; sh:nodeKind sh:IRI ; sh:pattern \"/a$\" .", ""),
            (Findings{"NodeKind \"5\"^^<integer> \"5\"^^<integer>",
                      "Pattern \"5\"^^<integer> \"5\"^^<integer>"}));
}

TEST(Constraints, nest_through_properties_and_nodes) {
  const std::string shapes =
      "ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:node ex:N ; "
      "sh:property [ sh:path ex:q ; sh:minCount 1 ] ] . "
      "ex:N sh:property [ sh:path ex:r ; sh:datatype xsd:string ] .";
  EXPECT_EQ(findings(shapes, "ex:a ex:p ex:b, ex:c . ex:b ex:q 1 ; ex:r \"r\" . ex:c ex:r 5 ."),
            (Findings{"Node <a> <c>", "MinCount <c>"}));
}

TEST(Constraints, combine_shapes) {
  EXPECT_EQ(
      on_values("sh:or ([ sh:datatype xsd:string ] [ sh:datatype xsd:integer ])", "1, \"a\", 1.5"),
      Findings{"Or <a> \"1.5\"^^<decimal>"});
  EXPECT_EQ(
      on_values("sh:xone ([ sh:nodeKind sh:Literal ] [ sh:datatype xsd:integer ])", "1, \"a\""),
      Findings{"Xone <a> \"1\"^^<integer>"});
  EXPECT_EQ(on_values("sh:and ([ sh:minInclusive 1 ] [ sh:maxInclusive 3 ])", "2, 5").size(), 1U);
  EXPECT_EQ(
      on_values("sh:not [ sh:datatype xsd:string ], [ sh:datatype xsd:integer ]", "1, \"a\", 1.5")
          .size(),
      2U)
      << "each sh:not counts";
  EXPECT_EQ(on_values("sh:qualifiedValueShape [ sh:datatype xsd:string ]", "1"), Findings{})
      << "without a count it asks for nothing";
}

TEST(Constraints, follow_inverse_paths_inside_alternatives) {
  EXPECT_EQ(findings("ex:S sh:targetNode ex:a ; sh:property [ sh:minCount 3 ; "
                     "sh:path [ sh:alternativePath (ex:p [ sh:inversePath ex:q ]) ] ] .",
                     "ex:a ex:p ex:b . ex:c ex:q ex:a . ex:b ex:q ex:a ."),
            Findings{"MinCount <a>"});
  const ValidationReport report = report_on(
      "ex:S sh:targetNode ex:a ; sh:path ([ sh:zeroOrMorePath [ sh:inversePath ex:p ] ] ex:q) ; "
      "sh:maxCount 0 .",
      "ex:b ex:p ex:a . ex:c ex:p ex:b . ex:c ex:q 1 . ex:a ex:q 2 .");
  ASSERT_EQ(report.results.size(), 1U);
  EXPECT_EQ(report.results[0].path, "(^<http://example.org/p>)*/<http://example.org/q>");
  EXPECT_EQ(report.results[0].message, "expected at most 0 values, found 2");
}

TEST(Validation, reports_severities_and_messages_of_the_shape) {
  const ValidationReport report = report_on(
      "ex:S sh:targetNode ex:a ; sh:property ex:W, ex:V . "
      "ex:W sh:path ex:p ; sh:minCount 1 ; sh:severity sh:Warning ; sh:message \"bitte\"@de, "
      "\"please\"@en . "
      "ex:V sh:path ex:q ; sh:minCount 2 .",
      "ex:a ex:q 1 .");
  ASSERT_EQ(report.results.size(), 2U);
  EXPECT_FALSE(report.conforms);
  const ValidationResult& warning = report.results[0];
  EXPECT_EQ(warning.severity, "http://www.w3.org/ns/shacl#Warning");
  EXPECT_EQ(warning.message, "please");
  EXPECT_EQ(warning.messages.size(), 2U);
  EXPECT_EQ(warning.source_shape, "<http://example.org/W>");
  EXPECT_EQ(warning.target_shape, "<http://example.org/S>");
  EXPECT_EQ(report.results[1].message, "expected at least 2 values, found 1");
  EXPECT_EQ(report.count("http://www.w3.org/ns/shacl#Violation"), 1U);
}

TEST(Validation, leaves_deactivated_shapes_out) {
  EXPECT_TRUE(
      report_on("ex:S sh:targetNode ex:a ; sh:deactivated true ; sh:nodeKind sh:Literal .", "")
          .conforms);
  EXPECT_TRUE(report_on("ex:S sh:targetNode ex:a ; sh:property ex:P ; sh:node ex:N . "
                        "ex:P sh:path ex:p ; sh:deactivated true ; sh:minCount 1 . "
                        "ex:N sh:deactivated true ; sh:nodeKind sh:Literal .",
                        "")
                  .conforms);
  EXPECT_FALSE(
      report_on("ex:S sh:targetNode ex:a ; sh:deactivated false ; sh:nodeKind sh:Literal .", "")
          .conforms);
}

TEST(Validation, keeps_blank_nodes_of_shapes_and_data_apart) {
  EXPECT_EQ(
      findings("ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:in (_:same) .", "ex:a ex:p _:same .")
          .size(),
      1U);
}

TEST(Validation, gives_the_same_report_for_every_number_of_threads) {
  std::string data;
  for (int i = 0; i < 3000; ++i) {
    const std::string name = "ex:n" + std::to_string(i);
    data += name;
    data += i % 3 == 0 ? " a ex:C ; ex:p " : " a ex:D ; ex:p ";
    data += "ex:n" + std::to_string((i * 7) % 3000);
    data += i % 5 == 0 ? ", 5 .\n" : " .\n";
  }
  const std::string shapes =
      "ex:S sh:targetClass ex:C, ex:D ; sh:property [ sh:path ex:p ; sh:class ex:C ; sh:nodeKind "
      "sh:IRI ] ; "
      "sh:property [ sh:path ex:p ; sh:node ex:S2 ] . "
      "ex:S2 sh:property [ sh:path ex:p ; sh:node ex:S2 ; sh:maxCount 1 ] .";
  const ValidationReport one = report_on(shapes, data, 1);
  EXPECT_GT(one.results.size(), 1000U);
  for (const unsigned threads : {2U, 3U, 7U}) {
    EXPECT_EQ(report_on(shapes, data, threads).results, one.results) << threads;
  }
}

TEST(Recursion, counts_a_node_met_again_as_conforming) {
  const std::string shapes =
      "ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:next ; sh:node ex:S ] ; "
      "sh:property [ sh:path ex:bad ; sh:maxCount 0 ] .";
  EXPECT_EQ(findings(shapes, "ex:a ex:next ex:b . ex:b ex:next ex:a ."), Findings{});
  EXPECT_EQ(findings(shapes, "ex:a ex:next ex:b . ex:b ex:next ex:a ; ex:bad 1 ."),
            Findings{"Node <a> <b>"});
}

TEST(Recursion, forgets_what_rested_on_an_assumption_that_turned_out_wrong) {
  // d conforms only if b does; b is assumed while it is looked at from d, and fails afterwards.
  const std::string shapes =
      "ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:next ; sh:node ex:S ] ; "
      "sh:property [ sh:path ex:bad ; sh:maxCount 0 ] .";
  EXPECT_EQ(
      findings(shapes,
               "ex:a ex:next ex:b, ex:d . ex:b ex:next ex:d ; ex:bad 1 . ex:d ex:next ex:b ."),
      (Findings{"Node <a> <b>", "Node <a> <d>"}));
  EXPECT_EQ(findings(shapes,
                     "ex:a ex:next ex:y, ex:x . ex:x ex:next ex:y . ex:y ex:next ex:x, ex:z . ex:z "
                     "ex:bad 1 ."),
            (Findings{"Node <a> <x>", "Node <a> <y>"}));
}

TEST(Recursion, is_as_deep_as_the_data_without_a_stack_as_deep) {
  std::string data;
  for (int i = 0; i < 40'000; ++i) {
    data += "ex:n" + std::to_string(i);
    data += " ex:next ex:n" + std::to_string(i + 1);
    data += " .\n";
  }
  data += "ex:n40000 ex:bad 1 .";
  EXPECT_EQ(findings("ex:S sh:targetNode ex:n0 ; sh:node ex:R . ex:R sh:property [ sh:path ex:next "
                     "; sh:node ex:R ] ; "
                     "sh:property [ sh:path ex:bad ; sh:maxCount 0 ] .",
                     data),
            Findings{"Node <n0> <n0>"});
  EXPECT_EQ(
      findings(
          "ex:S sh:targetNode ex:n0 ; sh:property ex:P . ex:P sh:path ex:next ; sh:property ex:P, "
          "[ sh:path ex:bad ; sh:maxCount 0 ] .",
          data),
      Findings{"MaxCount <n40000>"});
}

TEST(Recursion, does_not_walk_every_way_through_a_dense_graph) {
  std::string data;
  for (int i = 0; i < 60; ++i) {  // a ladder with 2^60 ways down, and a clique
    const std::string next = std::to_string(i + 1);
    for (const char* side : {"l", "r"}) {
      data += std::string("ex:") + side;
      data += std::to_string(i) + " ex:down ex:l" + next + ", ex:r" + next + " .\n";
    }
    for (int j = 0; j < 60; ++j) {
      data += "ex:c" + std::to_string(i);
      data += " ex:knows ex:c" + std::to_string(j);
      data += " .\n";
    }
  }
  EXPECT_TRUE(
      report_on(
          "ex:S sh:targetNode ex:l0 ; sh:property ex:P . ex:P sh:path ex:down ; sh:property ex:P .",
          data)
          .conforms);
  EXPECT_TRUE(
      report_on("ex:S sh:targetNode ex:c0 ; sh:property [ sh:path ex:knows ; sh:node ex:S ] .",
                data)
          .conforms);
  std::string shapes = "ex:S sh:targetNode ex:l0 ; sh:property ex:P0 .\n";
  for (int i = 0; i < 59; ++i) {  // no cycle of shapes, but as many ways
    shapes += "ex:P" + std::to_string(i);
    shapes += " sh:path ex:down ; sh:property ex:P" + std::to_string(i + 1);
    shapes += " .\n";
  }
  shapes += "ex:P59 sh:path ex:down ; sh:maxCount 1 .";
  EXPECT_EQ(report_on(shapes, data).results.size(), 128U) << "two nodes, 64 copies each";
  std::string doubling = "ex:S sh:targetNode ex:l0 ; sh:node ex:A0 .\n";
  for (int i = 0; i < 60; ++i) {
    doubling += "ex:A" + std::to_string(i);
    doubling += " sh:and ([ sh:node ex:A" + std::to_string(i + 1);
    doubling += " ] [ sh:node ex:A" + std::to_string(i + 1);
    doubling += " ]) .\n";
  }
  EXPECT_EQ(report_on(doubling + "ex:A60 sh:nodeKind sh:Literal .", data).results.size(), 1U);
}

}  // namespace
}  // namespace knhk::shacl
