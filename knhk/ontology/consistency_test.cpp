#include "knhk/ontology/consistency.hpp"

#include <gtest/gtest.h>

#include "knhk/ontology/detail/literal_values.hpp"
#include "knhk/rdf/reader.hpp"

namespace knhk::ontology {
namespace {

constexpr std::string_view kPrefixes = R"(
@prefix : <http://e/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
)";

ConsistencyReport check(std::string_view turtle) {
  const auto dataset = rdf::read_dataset(std::string(kPrefixes).append(turtle), "test.ttl");
  EXPECT_TRUE(dataset) << (dataset ? "" : to_string(dataset.error()));
  return dataset ? find_contradictions(*dataset) : ConsistencyReport{};
}

/// The rules of what was found, and all of it as text.
std::string rules(std::string_view turtle) {
  std::string text;
  for (const Contradiction& contradiction : check(turtle).first) {
    if (!text.empty()) text += ", ";
    text += contradiction.rule;
  }
  return text;
}

TEST(Consistency, of_nothing_holds) {
  EXPECT_EQ(rules(""), "");
  EXPECT_EQ(check("").axioms, 0U);
}

TEST(Consistency, names_the_terms_of_a_contradiction) {
  const auto report = check(":A owl:disjointWith :B . :x a :A, :B .");
  ASSERT_EQ(report.first.size(), 1U);
  EXPECT_EQ(report.first.front().detail,
            "<http://e/x> is a member of <http://e/A> and of <http://e/B>, which are disjoint");
  EXPECT_EQ(report.count, 1U);
}

TEST(Consistency, names_values_and_properties_of_a_contradiction) {
  const auto values = check(
      ":a-long-name a owl:FunctionalProperty ."
      ":x :a-long-name \"the second of two long values\", \"one long value\" .");
  ASSERT_EQ(values.first.size(), 1U);
  EXPECT_EQ(values.first.front().detail,
            "<http://e/x> has two values of the functional <http://e/a-long-name>: "
            "\"one long value\" and \"the second of two long values\"");
  const auto joined = check(
      ":works-for owl:propertyDisjointWith :supervises ."
      ":x :works-for :y ; :supervises :y .");
  ASSERT_EQ(joined.first.size(), 1U);
  EXPECT_EQ(joined.first.front().detail,
            "<http://e/x> and <http://e/y> are joined by <http://e/supervises> and by "
            "<http://e/works-for>, which are disjoint");
}

TEST(Consistency, refuses_members_of_disjoint_classes) {
  EXPECT_EQ(rules(":A owl:disjointWith :B . :x a :A . :y a :B ."), "");
  EXPECT_EQ(rules(":A owl:disjointWith :B . :A1 rdfs:subClassOf :A . :A2 rdfs:subClassOf :A1 ."
                  ":x a :A2, :B ."),
            "disjoint classes");
  EXPECT_EQ(rules(":A owl:disjointWith :B . :C owl:equivalentClass :B . :x a :A, :C ."),
            "disjoint classes");
  EXPECT_EQ(rules("[] a owl:AllDisjointClasses ; owl:members (:A :B :C) . :x a :A, :C ."),
            "disjoint classes");
  EXPECT_EQ(rules(":U owl:disjointUnionOf (:A :B) . :x a :A, :B ."), "disjoint classes");
  EXPECT_EQ(rules(":A owl:complementOf :B . :x a :A, :B ."), "disjoint classes");
  EXPECT_EQ(rules(":A owl:disjointWith :A . :x a :A ."), "disjoint classes");
  EXPECT_EQ(rules(":x a owl:Nothing ."), "Nothing");
  EXPECT_EQ(rules(":A rdfs:subClassOf owl:Nothing . :x a :A ."), "Nothing");
  EXPECT_EQ(rules(":A rdfs:subClassOf owl:Nothing ."), "") << "an empty class is no contradiction";
}

TEST(Consistency, takes_domains_and_ranges_as_what_nodes_are_besides) {
  EXPECT_EQ(rules(":p rdfs:domain :A . :x :p :y . :x a :B ."), "") << "a domain is no constraint";
  EXPECT_EQ(rules(":A owl:disjointWith :B . :p rdfs:domain :A . :x a :B ; :p :y ."),
            "disjoint classes");
  EXPECT_EQ(rules(":A owl:disjointWith :B . :p rdfs:range :A . :q rdfs:subPropertyOf :p ."
                  ":y a :B . :x :q :y ."),
            "disjoint classes");
}

TEST(Consistency, makes_one_of_two_nodes_under_a_functional_property) {
  const std::string merged = ":p a owl:FunctionalProperty . :x :p :a, :b . ";
  EXPECT_EQ(rules(merged), "") << "there is no unique name assumption";
  EXPECT_EQ(rules(merged + ":a owl:differentFrom :b ."), "differentFrom");
  EXPECT_EQ(rules(merged + ":b owl:differentFrom :a ."), "differentFrom");
  EXPECT_EQ(rules(merged + "[] a owl:AllDifferent ; owl:distinctMembers (:c :b :a) ."),
            "AllDifferent");
  EXPECT_EQ(rules(merged + ":A owl:disjointWith :B . :a a :A . :b a :B ."), "disjoint classes");
  EXPECT_EQ(rules(":p a owl:FunctionalProperty . :q rdfs:subPropertyOf :p . :x :p :a ; :q :b ."
                  ":a owl:differentFrom :b ."),
            "differentFrom");
  EXPECT_EQ(rules(":p a owl:FunctionalProperty . :q owl:inverseOf :p . :x :p :a . :b :q :x ."
                  ":a owl:differentFrom :b ."),
            "differentFrom");
}

TEST(Consistency, makes_one_of_two_nodes_under_an_inverse_functional_property) {
  const std::string merged = ":p a owl:InverseFunctionalProperty . :a :p :x . :b :p :x . ";
  EXPECT_EQ(rules(merged), "");
  EXPECT_EQ(rules(merged + ":a owl:differentFrom :b ."), "differentFrom");
  EXPECT_EQ(rules(":p a owl:InverseFunctionalProperty . :a :p \"1\" . :b :p \"1\" ."
                  ":a owl:differentFrom :b ."),
            "differentFrom");
}

TEST(Consistency, follows_equalities_that_follow_from_equalities) {
  EXPECT_EQ(rules(":p a owl:FunctionalProperty . :x :p :a . :y :p :b . :a :p :c . :b :p :d ."
                  ":x owl:sameAs :z . :z owl:sameAs :y . :c owl:differentFrom :d ."),
            "differentFrom");
  EXPECT_EQ(rules(":x owl:sameAs :y . :y owl:differentFrom :x ."), "differentFrom");
  EXPECT_EQ(rules(":x owl:differentFrom :x ."), "differentFrom");
}

TEST(Consistency, refuses_two_values_of_a_functional_data_property) {
  const std::string functional = ":p a owl:FunctionalProperty . :x :p ";
  EXPECT_EQ(rules(functional + "\"a\", \"b\" ."), "functional property");
  EXPECT_EQ(rules(functional + "1, 01, 1.0 ."), "") << "one value, written in three ways";
  EXPECT_EQ(rules(functional + "1, 2 ."), "functional property");
  EXPECT_EQ(rules(functional + "\"a\"@en, \"a\"@EN ."), "");
  EXPECT_EQ(rules(functional + "\"a\"@en, \"a\"@de ."), "functional property");
  EXPECT_EQ(rules(functional + "\"a\"^^:t, \"b\"^^:t ."), "") << "who knows what they mean";
  EXPECT_EQ(rules(":p a owl:FunctionalProperty . :x owl:sameAs :y . :x :p \"a\" . :y :p \"b\" ."),
            "functional property");
}

TEST(Consistency, refuses_pairs_of_disjoint_asymmetric_and_irreflexive_properties) {
  EXPECT_EQ(rules(":p owl:propertyDisjointWith :q . :x :p :y ; :q :z ."), "");
  EXPECT_EQ(rules(":p owl:propertyDisjointWith :q . :x :p :y ; :q :y ."), "disjoint properties");
  EXPECT_EQ(rules("[] a owl:AllDisjointProperties ; owl:members (:p :q) . :x :p :y ; :q :y ."),
            "disjoint properties");
  EXPECT_EQ(rules(":p a owl:AsymmetricProperty . :x :p :y ."), "");
  EXPECT_EQ(rules(":p a owl:AsymmetricProperty . :x :p :y . :y :p :x ."), "asymmetric property");
  EXPECT_EQ(rules(":p a owl:AsymmetricProperty . :x :p :x ."), "asymmetric property");
  EXPECT_EQ(rules(":p a owl:IrreflexiveProperty . :x :p :y ."), "");
  EXPECT_EQ(rules(":p a owl:IrreflexiveProperty . :x :p :y . :x owl:sameAs :y ."),
            "irreflexive property");
}

TEST(Consistency, refuses_what_a_negative_assertion_denies) {
  const std::string denied =
      "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual :x ; owl:assertionProperty :p ; ";
  EXPECT_EQ(rules(denied + "owl:targetIndividual :y . :x :p :z . :y :p :x . :z :p :y ."), "");
  EXPECT_EQ(rules(denied + "owl:targetIndividual :y . :x :p :y ."), "negative property assertion");
  EXPECT_EQ(rules(denied + "owl:targetIndividual :y . :q rdfs:subPropertyOf :p . :a :q :b ."
                           ":a owl:sameAs :x . :y owl:sameAs :b ."),
            "negative property assertion");
  EXPECT_EQ(rules(denied + "owl:targetValue 1 . :x :p 2, \"1\" ."), "");
  EXPECT_EQ(rules(denied + "owl:targetValue 1 . :x :p 01 ."), "negative property assertion");
}

TEST(Consistency, refuses_values_where_a_restriction_allows_none) {
  const std::string none = ":A rdfs:subClassOf [ owl:onProperty :p ; owl:maxCardinality 0 ] . ";
  EXPECT_EQ(rules(none + ":x a :A ; :q 1 . :y :p 1 ."), "");
  EXPECT_EQ(rules(none + ":x a :A ; :p 1 ."), "maximum cardinality");
  EXPECT_EQ(rules(none + ":x a :B ; :q :y . :B rdfs:subClassOf :A . :q rdfs:subPropertyOf :p ."),
            "maximum cardinality");
  EXPECT_EQ(rules(":A rdfs:subClassOf [ owl:onProperty :p ; owl:maxCardinality 1 ] ."
                  ":x a :A ; :p 1 ."),
            "");
  const std::string of_class =
      ":A rdfs:subClassOf [ owl:onProperty :p ; owl:maxQualifiedCardinality 00 ; owl:onClass :C ] ."
      ":x a :A ; :p :y . ";
  EXPECT_EQ(rules(of_class), "");
  EXPECT_EQ(rules(of_class + ":y a :D . :D rdfs:subClassOf :C ."), "maximum cardinality");
  EXPECT_EQ(rules(":A owl:equivalentClass [ owl:onProperty :p ; owl:maxQualifiedCardinality 0 ;"
                  "owl:onClass owl:Thing ] . :x a :A ; :p :y ."),
            "maximum cardinality");
}

TEST(Consistency, refuses_literals_without_a_value) {
  EXPECT_EQ(rules(":x :p \"abc\"^^xsd:integer ."), "datatype");
  EXPECT_EQ(rules(":x :p \"2024-02-30\"^^xsd:date ."), "datatype");
  EXPECT_EQ(rules(":x :p \"abc\"^^:unknown, 1, true, \"a\"@en ."), "");
}

TEST(Consistency, refuses_values_outside_of_a_datatype_that_is_a_range) {
  EXPECT_EQ(rules(":p rdfs:range xsd:integer . :x :p 5 ."), "");
  EXPECT_EQ(rules(":p rdfs:range xsd:integer . :x :p \"5\" ."), "datatype");
  EXPECT_EQ(rules(":p rdfs:range xsd:byte . :x :p 100 ."), "") << "100 is a value of xsd:byte";
  EXPECT_EQ(rules(":p rdfs:range xsd:byte . :x :p 500 ."), "datatype");
  EXPECT_EQ(rules(":p rdfs:range xsd:integer . :x :p 5.0 ."), "") << "5.0 is the integer 5";
  EXPECT_EQ(rules(":p rdfs:range xsd:integer . :x :p 5.5 ."), "datatype");
  EXPECT_EQ(rules(":p rdfs:range xsd:decimal . :x :p 5 ."), "");
  EXPECT_EQ(rules(":p rdfs:range rdfs:Literal . :x :p 5 ."), "");
  EXPECT_EQ(rules(":p rdfs:range xsd:string . :x :p \"a\"@en ."), "datatype");
  EXPECT_EQ(rules(":p rdfs:range xsd:integer . :q rdfs:subPropertyOf :p . :x :q \"5\" ."),
            "datatype");
}

TEST(Consistency, ends_on_hierarchies_and_lists_that_go_in_circles) {
  EXPECT_EQ(rules(":A rdfs:subClassOf :B . :B rdfs:subClassOf :A . :A owl:disjointWith :C ."
                  ":x a :B ."),
            "");
  EXPECT_EQ(rules(":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :p ; owl:inverseOf :q ."
                  ":p a owl:AsymmetricProperty . :x :q :y ."),
            "asymmetric property");
  EXPECT_EQ(rules("[] a owl:AllDisjointClasses ; owl:members _:l ."
                  "_:l rdf:first :A ; rdf:rest _:l . :x a :A ."),
            "");
}

TEST(Consistency, counts_what_it_does_not_keep) {
  std::string turtle = ":A owl:disjointWith :B .";
  for (int i = 0; i < 1500; ++i) turtle += " :x" + std::to_string(i) + " a :A, :B .";
  const auto report = check(turtle);
  EXPECT_EQ(report.count, 1500U);
  EXPECT_EQ(report.first.size(), ConsistencyReport::kMostReported);
  EXPECT_NE(report.first.front().detail.find("/x0>"), std::string::npos);
}

TEST(LiteralValues, are_the_same_or_not_by_value) {
  using detail::differ;
  using detail::Verdict;
  using rdf::Term;
  const std::string xsd = "http://www.w3.org/2001/XMLSchema#";
  const auto verdict = [&](std::string_view a, const std::string& a_type, std::string_view b,
                           const std::string& b_type) {
    const std::string left = xsd + a_type;
    const std::string right = xsd + b_type;
    return differ(Term::literal(a, left), Term::literal(b, right));
  };
  EXPECT_EQ(verdict("0a", "hexBinary", "0A", "hexBinary"), Verdict::no);
  EXPECT_EQ(verdict("0a", "hexBinary", "0B", "hexBinary"), Verdict::yes);
  EXPECT_EQ(verdict("P1M", "duration", "P30D", "duration"), Verdict::yes);
  EXPECT_EQ(verdict("P12M", "duration", "P1Y", "duration"), Verdict::no);
  EXPECT_EQ(verdict("2024-01-01T00:00:00Z", "dateTime", "2024-01-01T01:00:00+01:00", "dateTime"),
            Verdict::no);
  EXPECT_EQ(verdict("1", "integer", "1", "string"), Verdict::yes);
  EXPECT_EQ(verdict("x", "integer", "1", "integer"), Verdict::unknown);
  EXPECT_EQ(verdict("true", "boolean", "1", "boolean"), Verdict::no);
  EXPECT_EQ(verdict("INF", "double", "-INF", "double"), Verdict::yes);
}

}  // namespace
}  // namespace knhk::ontology
