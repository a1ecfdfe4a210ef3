// One case for each rule of "Summary of SHACL Syntax Rules" (SHACL, appendix B) that speaks of
// SHACL Core. A rule's name is the end of its anchor in the Recommendation, `#syntax-rule-<name>`.
#include <algorithm>
#include <array>
#include <set>

#include "knhk/shacl/shacl_fixture.hpp"

namespace knhk::shacl {
namespace {

struct Rule {
  const char* name;
  const char* body;    // of the shape ex:S, which has a target
  const char* detail;  // of the error; begins with the property
};

constexpr std::array kRules = {
    Rule{"SHACL-list", "sh:in ex:L . ex:L rdf:first 1 ; rdf:rest ex:L",
         "sh:in must be a list, found <http://example.org/L>"},
    Rule{"multiple-parameters", "sh:pattern \"a\", \"b\"", "sh:pattern has more than one value"},
    Rule{"multiple-parameters-qualified",
         "sh:path ex:p ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape ex:N, ex:M",
         "sh:qualifiedValueShape has more than one value"},
    Rule{"targetNode-nodeKind", "sh:targetNode []", "sh:targetNode must be an IRI or a literal"},
    Rule{"targetClass-nodeKind", "sh:targetClass \"C\"", "sh:targetClass must be an IRI"},
    Rule{"targetSubjectsOf-nodeKind", "sh:targetSubjectsOf \"p\"",
         "sh:targetSubjectsOf must be an IRI"},
    Rule{"targetObjectsOf-nodeKind", "sh:targetObjectsOf []", "sh:targetObjectsOf must be an IRI"},
    Rule{"severity-maxCount", "sh:severity sh:Info, sh:Warning",
         "sh:severity has more than one value"},
    Rule{"severity-nodeKind", "sh:severity \"high\"", "sh:severity must be an IRI, found \"high\""},
    Rule{"message-datatype", "sh:message 5",
         "sh:message must be a string, found \"5\"^^xsd:integer"},
    Rule{"deactivated-maxCount", "sh:deactivated true, false",
         "sh:deactivated has more than one value"},
    Rule{"deactivated-datatype", "sh:deactivated \"1\"^^xsd:boolean",
         "sh:deactivated must be true or false, found \"1\"^^xsd:boolean"},
    Rule{"NodeShape-path-maxCount", "a sh:NodeShape ; sh:path ex:p",
         "sh:path must not be on a sh:NodeShape"},
    Rule{"PropertyShape-path-minCount", "a sh:PropertyShape",
         "sh:path is missing, and this is a sh:PropertyShape"},
    Rule{"path-maxCount", "sh:path ex:p, ex:q", "sh:path has more than one value"},
    Rule{"path-node", "sh:path \"p\"", "sh:path must be a path, found \"p\""},
    Rule{"path-metarule", "sh:path [ sh:inversePath ex:p ; sh:zeroOrMorePath ex:q ]",
         "sh:path has a blank node that is more than one path"},
    Rule{"path-non-recursive", "sh:path _:p . _:p sh:inversePath _:p",
         "sh:path contains itself or is nested too deeply"},
    Rule{"path-sequence", "sh:path (ex:p)",
         "sh:path has a sequence that is no list of two or more paths"},
    Rule{"path-alternative", "sh:path [ sh:alternativePath (ex:p) ]",
         "sh:path has a sh:alternativePath that is no list of two or more paths"},
    Rule{"path-inverse", "sh:path [ sh:inversePath \"p\" ]", "sh:path must be a path, found \"p\""},
    Rule{"path-zero-or-more", "sh:path [ sh:zeroOrMorePath ex:p, ex:q ]",
         "sh:path has a blank node that is more than one path"},
    Rule{"path-one-or-more", "sh:path [ sh:oneOrMorePath [] ]",
         "sh:path has a blank node that is no path"},
    Rule{"path-zero-or-one", "sh:path [ sh:zeroOrOnePath 1 ]",
         "sh:path must be a path, found \"1\"^^xsd:integer"},
    Rule{"shapesGraph-nodeKind", "sh:nodeKind sh:IRI . ex:S sh:shapesGraph \"g\"",
         "sh:shapesGraph must be an IRI, found \"g\""},
    Rule{"class-nodeKind", "sh:class \"C\"", "sh:class must be an IRI, found \"C\""},
    Rule{"datatype-nodeKind", "sh:datatype []", "sh:datatype must be an IRI"},
    Rule{"datatype-maxCount", "sh:datatype xsd:integer, xsd:string",
         "sh:datatype has more than one value"},
    Rule{"nodeKind-in", "sh:nodeKind sh:Thing", "sh:nodeKind must be one of the six node kinds"},
    Rule{"nodeKind-maxCount", "sh:nodeKind sh:IRI, sh:Literal",
         "sh:nodeKind has more than one value"},
    Rule{"minCount-scope", "sh:minCount 1", "sh:minCount is for property shapes only"},
    Rule{"minCount-maxCount", "sh:path ex:p ; sh:minCount 1, 2",
         "sh:minCount has more than one value"},
    Rule{"minCount-datatype", "sh:path ex:p ; sh:minCount 1.5",
         "sh:minCount must be an integer of at least 0, found \"1.5\"^^xsd:decimal"},
    Rule{"maxCount-scope", "sh:maxCount 1", "sh:maxCount is for property shapes only"},
    Rule{"maxCount-maxCount", "sh:path ex:p ; sh:maxCount 1, 2",
         "sh:maxCount has more than one value"},
    Rule{"maxCount-datatype", "sh:path ex:p ; sh:maxCount \"1x\"^^xsd:integer",
         "sh:maxCount must be an integer of at least 0, found \"1x\"^^xsd:integer"},
    Rule{"minExclusive-maxCount", "sh:minExclusive 1, 2",
         "sh:minExclusive has more than one value"},
    Rule{"minExclusive-nodeKind", "sh:minExclusive ex:a", "sh:minExclusive must be a literal"},
    Rule{"minInclusive-maxCount", "sh:minInclusive 1, 2",
         "sh:minInclusive has more than one value"},
    Rule{"minInclusive-nodeKind", "sh:minInclusive ex:a", "sh:minInclusive must be a literal"},
    Rule{"maxExclusive-maxCount", "sh:maxExclusive 1, 2",
         "sh:maxExclusive has more than one value"},
    Rule{"maxExclusive-nodeKind", "sh:maxExclusive ex:a", "sh:maxExclusive must be a literal"},
    Rule{"maxInclusive-maxCount", "sh:maxInclusive 1, 2",
         "sh:maxInclusive has more than one value"},
    Rule{"maxInclusive-nodeKind", "sh:maxInclusive ex:a", "sh:maxInclusive must be a literal"},
    Rule{"minLength-maxCount", "sh:minLength 1, 2", "sh:minLength has more than one value"},
    Rule{"minLength-datatype", "sh:minLength \"a\"", "sh:minLength must be an integer"},
    Rule{"maxLength-maxCount", "sh:maxLength 1, 2", "sh:maxLength has more than one value"},
    Rule{"maxLength-datatype", "sh:maxLength ex:a", "sh:maxLength must be an integer"},
    Rule{"pattern-datatype", "sh:pattern 5", "sh:pattern must be a string"},
    Rule{"pattern-regex", "sh:pattern \"(\"", "sh:pattern \"(\" does not compile"},
    Rule{"flags-maxCount", "sh:pattern \"a\" ; sh:flags \"i\", \"x\"",
         "sh:flags has more than one value"},
    Rule{"flags-datatype", "sh:pattern \"a\" ; sh:flags 5", "sh:flags must be a string"},
    Rule{"languageIn-maxCount", "sh:languageIn (\"de\"), (\"en\")",
         "sh:languageIn has more than one value"},
    Rule{"languageIn-node", "sh:languageIn \"de\"", "sh:languageIn must be a list, found \"de\""},
    Rule{"languageIn-members-datatype", "sh:languageIn (\"de\"@de)",
         "sh:languageIn must be a list of strings, found \"de\"@de"},
    Rule{"uniqueLang-scope", "sh:uniqueLang true", "sh:uniqueLang is for property shapes only"},
    Rule{"uniqueLang-maxCount", "sh:path ex:p ; sh:uniqueLang true, false",
         "sh:uniqueLang has more than one value"},
    Rule{"uniqueLang-datatype", "sh:path ex:p ; sh:uniqueLang \"true\"",
         "sh:uniqueLang must be true or false, found \"true\""},
    Rule{"equals-nodeKind", "sh:equals \"p\"", "sh:equals must be an IRI"},
    Rule{"disjoint-nodeKind", "sh:disjoint []", "sh:disjoint must be an IRI"},
    Rule{"lessThan-scope", "sh:lessThan ex:q", "sh:lessThan is for property shapes only"},
    Rule{"lessThan-nodeKind", "sh:path ex:p ; sh:lessThan \"q\"", "sh:lessThan must be an IRI"},
    Rule{"lessThanOrEquals-scope", "sh:lessThanOrEquals ex:q",
         "sh:lessThanOrEquals is for property shapes only"},
    Rule{"lessThanOrEquals-nodeKind", "sh:path ex:p ; sh:lessThanOrEquals 1",
         "sh:lessThanOrEquals must be an IRI"},
    Rule{"not-node", "sh:not \"N\"", "sh:not must be a shape, found \"N\""},
    Rule{"and-node", "sh:and ex:notAList", "sh:and must be a list"},
    Rule{"and-members-node", "sh:and (ex:N \"N\")", "sh:and must be a shape, found \"N\""},
    Rule{"or-node", "sh:or ex:notAList", "sh:or must be a list"},
    Rule{"or-members-node", "sh:or (1)", "sh:or must be a shape, found \"1\"^^xsd:integer"},
    Rule{"xone-node", "sh:xone \"N\"", "sh:xone must be a list"},
    Rule{"xone-members-node", "sh:xone (\"N\")", "sh:xone must be a shape, found \"N\""},
    Rule{"node-node", "sh:node [ sh:path ex:p ]", "sh:node must be a node shape, found _:"},
    Rule{
        "property-node", "sh:property ex:P",
        "sh:property must be a property shape, found <http://example.org/P>, which has no sh:path"},
    Rule{"property-literal", "sh:property \"p\"", "sh:property must be a shape, found \"p\""},
    Rule{"qualifiedValueShape-scope", "sh:qualifiedValueShape ex:N ; sh:qualifiedMinCount 1",
         "sh:qualifiedValueShape is for property shapes only"},
    Rule{"qualifiedValueShape-node",
         "sh:path ex:p ; sh:qualifiedValueShape \"N\" ; sh:qualifiedMinCount 1",
         "sh:qualifiedValueShape must be a shape, found \"N\""},
    Rule{"qualifiedValueShapesDisjoint-maxCount",
         "sh:path ex:p ; sh:qualifiedValueShape ex:N ; sh:qualifiedMinCount 1 ; "
         "sh:qualifiedValueShapesDisjoint true, false",
         "sh:qualifiedValueShapesDisjoint has more than one value"},
    Rule{"qualifiedValueShapesDisjoint-datatype",
         "sh:path ex:p ; sh:qualifiedValueShape ex:N ; sh:qualifiedMinCount 1 ; "
         "sh:qualifiedValueShapesDisjoint ex:yes",
         "sh:qualifiedValueShapesDisjoint must be true or false, found <http://example.org/yes>"},
    Rule{"qualifiedMinCount-maxCount",
         "sh:path ex:p ; sh:qualifiedValueShape ex:N ; sh:qualifiedMinCount 1, 2",
         "sh:qualifiedMinCount has more than one value"},
    Rule{"qualifiedMinCount-datatype",
         "sh:path ex:p ; sh:qualifiedValueShape ex:N ; sh:qualifiedMinCount \"1\"",
         "sh:qualifiedMinCount must be an integer of at least 0, found \"1\""},
    Rule{"qualifiedMaxCount-maxCount",
         "sh:path ex:p ; sh:qualifiedValueShape ex:N ; sh:qualifiedMaxCount 1, 2",
         "sh:qualifiedMaxCount has more than one value"},
    Rule{"qualifiedMaxCount-datatype",
         "sh:path ex:p ; sh:qualifiedValueShape ex:N ; sh:qualifiedMaxCount -1",
         "sh:qualifiedMaxCount must be an integer of at least 0, found \"-1\"^^xsd:integer"},
    Rule{"closed-maxCount", "sh:closed true, false", "sh:closed has more than one value"},
    Rule{"closed-datatype", "sh:closed \"yes\"", "sh:closed must be true or false, found \"yes\""},
    Rule{"ignoredProperties-maxCount", "sh:closed true ; sh:ignoredProperties (ex:p), (ex:q)",
         "sh:ignoredProperties has more than one value"},
    Rule{"ignoredProperties-node", "sh:closed true ; sh:ignoredProperties ex:p",
         "sh:ignoredProperties must be a list, found <http://example.org/p>"},
    Rule{"ignoredProperties-members-nodeKind", "sh:closed true ; sh:ignoredProperties (\"p\")",
         "sh:ignoredProperties must be a list of IRIs, found \"p\""},
    Rule{"in-maxCount", "sh:in (1), (2)", "sh:in has more than one value"},
    Rule{"in-node", "sh:in 1", "sh:in must be a list, found \"1\"^^xsd:integer"},
};

std::string shape_with(const Rule& rule) {
  return "ex:S sh:targetNode ex:a ; " + std::string(rule.body) + " .\nex:N sh:nodeKind sh:IRI .\n";
}

TEST(SyntaxRules, are_each_checked_and_a_breach_names_shape_and_property) {
  for (const Rule& rule : kRules) {
    const Result<Shapes> shapes = compile(shape_with(rule));
    ASSERT_FALSE(shapes) << rule.name << " is not checked";
    const Error& error = shapes.error();
    EXPECT_EQ(error.code, Errc::ill_formed_shapes) << rule.name << ": " << to_string(error);
    EXPECT_EQ(error.where, "shape <http://example.org/S>") << rule.name;
    EXPECT_TRUE(error.detail.starts_with(rule.detail)) << rule.name << ": " << error.detail;
  }
}

TEST(SyntaxRules, that_are_broken_leave_the_least_out_when_lenient) {
  for (const Rule& rule : kRules) {
    const Result<Shapes> shapes = Shapes::compile(
        turtle(shape_with(rule) + "ex:T sh:targetNode ex:a ; sh:datatype xsd:byte ."),
        {.lenient = true});
    ASSERT_TRUE(shapes) << rule.name << ": " << to_string(shapes.error());
    const auto warnings = shapes->warnings();
    const bool named = std::any_of(warnings.begin(), warnings.end(), [&](const Warning& one) {
      return one.kind == Warning::Kind::ill_formed && one.detail.starts_with(rule.detail) &&
             one.shape == "<http://example.org/S>" && one.detail.starts_with(one.property);
    });
    EXPECT_TRUE(named) << rule.name;
    EXPECT_EQ(findings(validate(*shapes, turtle("ex:a ex:p 1 ."))), Findings{"Datatype <a> <a>"})
        << rule.name << ": the rest is validated, and what was left out finds nothing";
  }
}

TEST(SyntaxRules, of_a_class_that_is_a_shape_want_an_iri) {
  const Result<Shapes> shapes = compile("[] a rdfs:Class, sh:NodeShape ; sh:nodeKind sh:IRI .");
  ASSERT_FALSE(shapes);
  EXPECT_EQ(shapes.error().code, Errc::ill_formed_shapes);
  EXPECT_EQ(shapes.error().detail,
            "rdfs:Class that is a shape must be an IRI, this one is a blank node");
}

TEST(SyntaxRules, in_the_table_have_a_name_each) {
  std::set<std::string_view> names;
  for (const Rule& rule : kRules) names.insert(rule.name);
  EXPECT_EQ(names.size(), kRules.size());
}

}  // namespace
}  // namespace knhk::shacl
