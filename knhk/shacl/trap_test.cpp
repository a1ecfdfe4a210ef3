// What real shapes and data hold that the suite has no test of.
#include "knhk/shacl/shacl_fixture.hpp"

namespace knhk::shacl {
namespace {

TEST(Traps, inverse_paths_stand_inside_alternatives_sequences_and_repetitions) {
  const std::string data =
      "ex:a ex:p ex:b . ex:c ex:q ex:a . ex:d ex:q ex:c . ex:e ex:r ex:d . ex:x ex:p ex:c .";
  const auto values = [&](const std::string& path) {
    Findings found;
    for (const std::string& one : findings(
             "ex:S sh:targetNode ex:a ; sh:path " + path + " ; sh:nodeKind sh:Literal .", data)) {
      found.push_back(one.substr(one.rfind(' ') + 1));
    }
    return found;
  };
  EXPECT_EQ(values("[ sh:alternativePath ( ex:p [ sh:inversePath ex:q ] ) ]"),
            (Findings{"<b>", "<c>"}));
  EXPECT_EQ(values("[ sh:inversePath [ sh:alternativePath ( ex:q [ sh:inversePath ex:p ] ) ] ]"),
            (Findings{"<b>", "<c>"}))
      << "an inverse of an inverse is the property itself";
  EXPECT_EQ(values("( [ sh:zeroOrMorePath [ sh:inversePath ex:q ] ] [ sh:inversePath ex:r ] )"),
            Findings{"<e>"});
  EXPECT_EQ(values("[ sh:inversePath ( ex:r [ sh:oneOrMorePath ex:q ] ) ]"), Findings{"<e>"})
      << "an inverse sequence is walked from its end";
  EXPECT_EQ(values("( [ sh:alternativePath ( [ sh:inversePath ex:q ] "
                   "( [ sh:inversePath ex:q ] [ sh:inversePath ex:q ] ) ) ] "
                   "[ sh:zeroOrOnePath [ sh:inversePath ex:p ] ] )"),
            (Findings{"<c>", "<d>", "<x>"}));
}

TEST(Traps, each_of_several_nots_counts_and_so_does_each_and_or_and_xone) {
  EXPECT_EQ(
      findings("ex:S sh:targetNode 1 ; "
               "sh:not [ sh:datatype xsd:integer ], [ sh:nodeKind sh:Literal ], "
               "[ sh:nodeKind sh:IRI ] ; "
               "sh:or ( [ sh:nodeKind sh:IRI ] ), ( [ sh:nodeKind sh:Literal ] ) ; "
               "sh:and ( [ sh:minInclusive 0 ] ), ( [ sh:minInclusive 2 ] ) ; "
               "sh:xone ( [ sh:maxInclusive 0 ] ), ( [ sh:maxInclusive 2 ] ) .",
               ""),
      (Findings{"And \"1\"^^<integer> \"1\"^^<integer>", "Not \"1\"^^<integer> \"1\"^^<integer>",
                "Not \"1\"^^<integer> \"1\"^^<integer>", "Or \"1\"^^<integer> \"1\"^^<integer>",
                "Xone \"1\"^^<integer> \"1\"^^<integer>"}));
}

TEST(Traps, subclasses_are_those_of_the_data_not_of_the_shapes) {
  const std::string shapes =
      "ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:class ex:K ] . ";
  const std::string axioms = "ex:D rdfs:subClassOf ex:C . ex:L rdfs:subClassOf ex:K .";
  const std::string data = "ex:a a ex:D ; ex:p ex:k . ex:b a ex:C ; ex:p ex:k . ex:k a ex:L . ";
  EXPECT_EQ(findings(shapes + axioms, data), Findings{"Class <b> <k>"});
  EXPECT_EQ(findings(shapes, data + axioms), Findings{});
  EXPECT_EQ(findings(shapes, data + "ex:D rdfs:subClassOf ex:C ."),
            (Findings{"Class <a> <k>", "Class <b> <k>"}));
}

TEST(Traps, a_pattern_sees_the_lexical_form_as_it_is_written) {
  const auto unmatched = [](const std::string& pattern, const std::string& value) {
    return findings("ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:pattern \"" + pattern + "\" .",
                    "ex:a ex:p " + value + " .")
        .size();
  };
  EXPECT_EQ(unmatched("^007$", "007"), 0U);
  EXPECT_EQ(unmatched("^7$", "007"), 1U) << "no canonical form is made";
  EXPECT_EQ(unmatched("^\\\\+1\\\\.50$", "+1.50"), 0U);
  EXPECT_EQ(unmatched("^ x $", "\" x \""), 0U) << "white space stays";
  EXPECT_EQ(unmatched("^x$", "\"x\"@de"), 0U) << "the language is no part of it";
  EXPECT_EQ(unmatched("integer", "5"), 1U) << "nor is the datatype";
  EXPECT_EQ(unmatched("^http://example\\\\.org/b$", "ex:b"), 0U);
}

TEST(Traps, a_qualified_shape_without_a_count_asks_for_nothing) {
  const std::string data = "ex:a ex:p 1, 2 .";
  const std::string shape =
      "ex:S sh:targetNode ex:a ; sh:path ex:p ; "
      "sh:qualifiedValueShape [ sh:datatype xsd:integer ] ";
  EXPECT_EQ(findings(shape + ".", data), Findings{});
  EXPECT_EQ(findings(shape + "; sh:qualifiedMinCount 0 .", data), Findings{});
  EXPECT_EQ(findings(shape + "; sh:qualifiedMaxCount 1 ; sh:qualifiedMinCount 3 .", data),
            (Findings{"QualifiedMaxCount <a>", "QualifiedMinCount <a>"}));
}

TEST(Traps, lists_are_checked_by_shapes_that_lead_to_themselves) {
  const std::string shapes =
      "ex:S sh:targetSubjectsOf ex:list ; sh:property [ sh:path ex:list ; sh:node ex:List ] . "
      "ex:List sh:or ( [ sh:in ( () ) ] [ "
      "  sh:property [ sh:path rdf:first ; sh:minCount 1 ; sh:maxCount 1 ; "
      "                sh:datatype xsd:integer ] , "
      "  [ sh:path rdf:rest ; sh:minCount 1 ; sh:maxCount 1 ; sh:node ex:List ] ] ) .";
  EXPECT_EQ(findings(shapes, "ex:a ex:list (1 2 3) . ex:b ex:list () ."), Findings{});
  EXPECT_EQ(findings(shapes, "ex:a ex:list (1 \"two\" 3) .").size(), 1U);
  EXPECT_EQ(findings(shapes, "ex:a ex:list ex:l . ex:l rdf:first 1 ."), Findings{"Node <a> <l>"});
  EXPECT_EQ(findings(shapes, "ex:a ex:list ex:l . ex:l rdf:first 1 ; rdf:rest ex:l ."), Findings{})
      << "a node met again conforms";
}

TEST(Traps, messages_keep_their_languages_and_all_of_them_are_reported) {
  const ValidationReport report = report_on(
      "ex:S sh:targetNode ex:a ; sh:nodeKind sh:Literal ; "
      "sh:message \"nein\"@de, \"no\"@en, \"non\"@fr, \"no\"@EN-us .",
      "");
  ASSERT_EQ(report.results.size(), 1U);
  EXPECT_EQ(report.results[0].messages.size(), 4U);
  const std::string text = to_turtle(report);
  for (const char* const message : {"\"nein\"@de", "\"no\"@en", "\"non\"@fr"}) {
    EXPECT_NE(text.find(std::string("sh:resultMessage ") + message), std::string::npos) << text;
  }
  EXPECT_EQ(report.results[0].message, "no");
}

TEST(Traps, a_severity_of_ones_own_is_kept_and_does_not_conform) {
  const ValidationReport report = report_on(
      "ex:S sh:targetNode ex:a ; sh:nodeKind sh:Literal ; sh:severity ex:Nuisance . "
      "ex:T sh:targetNode ex:a ; sh:nodeKind sh:Literal ; sh:severity sh:Info .",
      "");
  ASSERT_EQ(report.results.size(), 2U);
  EXPECT_FALSE(report.conforms);
  EXPECT_EQ(report.count("http://example.org/Nuisance"), 1U);
  EXPECT_NE(to_text(report).find("(1 nuisance, 1 info)"), std::string::npos) << to_text(report);
  EXPECT_NE(to_turtle(report).find("sh:resultSeverity <http://example.org/Nuisance>"),
            std::string::npos);
}

TEST(Traps, what_deactivates_a_shape_is_true_and_another_form_is_refused) {
  const auto shape = [](const std::string& value) {
    return compile("ex:S sh:targetNode ex:a ; sh:nodeKind sh:Literal ; sh:deactivated " + value +
                   " .");
  };
  const rdf::Dataset nothing = turtle("");
  EXPECT_TRUE(validate(*shape("true"), nothing).conforms);
  EXPECT_TRUE(validate(*shape("\"true\"^^xsd:boolean"), nothing).conforms);
  EXPECT_FALSE(validate(*shape("false"), nothing).conforms);
  for (const char* const value : {"\"1\"^^xsd:boolean", "\"0\"^^xsd:boolean", "\"true\"", "1"}) {
    const auto shapes = shape(value);
    ASSERT_FALSE(shapes) << value;
    EXPECT_EQ(shapes.error().code, Errc::ill_formed_shapes);
    EXPECT_TRUE(shapes.error().detail.starts_with("sh:deactivated must be true or false")) << value;
  }
}

TEST(Traps, an_empty_list_allows_nothing) {
  const std::string target = "ex:S sh:targetNode ex:a ; sh:path ex:p ; ";
  EXPECT_EQ(findings(target + "sh:in () .", "ex:a ex:p 1, ex:b .").size(), 2U);
  EXPECT_EQ(findings(target + "sh:in () .", ""), Findings{});
  EXPECT_EQ(findings(target + "sh:languageIn () .", "ex:a ex:p \"x\"@de, \"y\" .").size(), 2U);
  EXPECT_EQ(findings(target + "sh:or () .", "ex:a ex:p 1 .").size(), 1U);
  EXPECT_EQ(findings(target + "sh:xone () .", "ex:a ex:p 1 .").size(), 1U);
  EXPECT_EQ(findings(target + "sh:and () .", "ex:a ex:p 1 .").size(), 0U);
  EXPECT_EQ(findings("ex:S sh:targetNode ex:a ; sh:closed true ; sh:ignoredProperties () .",
                     "ex:a ex:p 1 ."),
            Findings{"Closed <a> \"1\"^^<integer>"});
}

TEST(Traps, a_shape_that_is_node_and_property_shape_at_once_is_refused) {
  const auto shapes = compile(
      "ex:S a sh:NodeShape, sh:PropertyShape ; sh:path ex:p ; "
      "sh:targetNode ex:a .");
  ASSERT_FALSE(shapes);
  EXPECT_EQ(to_string(shapes.error()),
            "shape <http://example.org/S>: sh:path must not be on a sh:NodeShape "
            "[ill-formed-shapes]");
}

TEST(Traps, a_property_shape_may_have_targets_of_its_own) {
  EXPECT_EQ(
      findings("ex:P a sh:PropertyShape ; sh:targetClass ex:C ; sh:path ex:p ; sh:minCount 1 .",
               "ex:a a ex:C . ex:b a ex:C ; ex:p 1 ."),
      Findings{"MinCount <a>"});
}

}  // namespace
}  // namespace knhk::shacl
