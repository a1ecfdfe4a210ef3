#include "knhk/shacl/shapes.hpp"

#include <cstdlib>
#include <filesystem>

#include "knhk/shacl/shacl_fixture.hpp"

namespace knhk::shacl {
namespace {

std::string error_of(std::string_view shapes, Errc code) {
  const Result<Shapes> compiled = compile(shapes);
  if (compiled) return "compiled";
  EXPECT_EQ(compiled.error().code, code) << to_string(compiled.error());
  EXPECT_EQ(to_string(compiled.error()).find('\n'), std::string::npos);
  std::string text = compiled.error().where;
  text += ": ";
  text += compiled.error().detail;
  return text;
}

std::string ill_formed(std::string_view shapes) {
  return error_of(shapes, Errc::ill_formed_shapes);
}
std::string unsupported(std::string_view shapes) {
  return error_of(shapes, Errc::unsupported_construct);
}

TEST(Shapes, of_an_empty_graph_are_none) {
  const Result<Shapes> shapes = compile("");
  ASSERT_TRUE(shapes);
  EXPECT_EQ(shapes->shape_count(), 0U);
  EXPECT_TRUE(validate(*shapes, turtle("ex:a ex:p ex:b .")).conforms);
}

TEST(Shapes, names_the_unsupported_construct_and_its_shape_in_one_line) {
  EXPECT_EQ(unsupported("ex:S sh:targetNode ex:a ; sh:sparql [ sh:select \"\" ] ."),
            "shape <http://example.org/S>: sh:sparql is not supported");
  EXPECT_EQ(unsupported("ex:S sh:target [ a sh:SPARQLTarget ] ."),
            "shape <http://example.org/S>: sh:target is not supported");
  EXPECT_EQ(unsupported("ex:S sh:targetNode ex:a ; sh:minimumCount 1 ."),
            "shape <http://example.org/S>: sh:minimumCount is not supported");
  EXPECT_EQ(
      unsupported("ex:S sh:targetNode ex:a ; ex:lang \"de\" . ex:C a sh:ConstraintComponent ; "
                  "sh:parameter [ sh:path ex:lang ] ."),
      "shape <http://example.org/S>: <http://example.org/lang> of the constraint component "
      "<http://example.org/C> is not supported");
  EXPECT_EQ(unsupported("<http://o> sh:entailment <http://e> ."),
            "shape <http://o>: sh:entailment is not supported");
  EXPECT_EQ(unsupported("ex:S sh:targetNode ex:a ; owl:imports ex:T ."),
            "shape <http://example.org/S>: owl:imports is not supported");
}

TEST(Shapes, names_the_first_of_several_by_shape_then_construct_whatever_their_order) {
  const std::string first = "ex:B sh:targetNode ex:a ; sh:js [] . ";
  const std::string second = "ex:A sh:targetNode ex:a ; sh:sparql [] ; sh:rule [] . ";
  const std::string expected =
      "shape <http://example.org/A>: sh:rule is not supported (and 2 more of this kind)";
  EXPECT_EQ(unsupported(first + second), expected);
  EXPECT_EQ(unsupported(second + first), expected);
}

TEST(Shapes, names_a_shape_without_a_name_by_its_owner_and_path) {
  EXPECT_EQ(
      ill_formed("ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:minCount \"x\" ] ."),
      "shape <http://example.org/S> (property shape for <http://example.org/p>): sh:minCount must "
      "be an integer of at least 0, found \"x\"");
}

TEST(Shapes, ignores_what_no_active_shape_reaches) {
  EXPECT_TRUE(compile("ex:S a sh:NodeShape ; sh:sparql [] ; sh:minCount \"x\" ."));
  EXPECT_TRUE(
      compile("ex:S sh:targetNode ex:a ; sh:deactivated true ; sh:sparql [] ; sh:pattern 5 ."));
  EXPECT_TRUE(
      compile("ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:deactivated true ; "
              "sh:rule [] ] ."));
}

TEST(Shapes, ignores_what_is_only_for_people) {
  EXPECT_TRUE(
      compile("ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:name \"p\" ; "
              "sh:description \"d\" ; sh:order 1 ; sh:group ex:G ; sh:defaultValue 5 ] ."));
}

TEST(Shapes, that_are_ill_formed_beyond_the_rules_of_syntax_are_named_with_the_property) {
  const auto check = [](const std::string& body, const std::string& part) {
    const std::string text = ill_formed("ex:S sh:targetNode ex:a ; " + body + " .");
    EXPECT_NE(text.find("<http://example.org/S>"), std::string::npos) << text;
    EXPECT_NE(text.find(part), std::string::npos) << text << " lacks " << part;
  };
  check("sh:path ex:p ; sh:minCount -1", "sh:minCount must be an integer of at least 0");
  check("sh:pattern \"a\" ; sh:flags \"g\"", "sh:flags 'g'");
  check("sh:path ()", "sh:path is an empty list");
}

TEST(Shapes, that_loop_or_fork_are_refused_or_compiled_but_never_run_for_ever) {
  EXPECT_NE(ill_formed("ex:S sh:targetNode ex:a ; sh:in ex:L . ex:L rdf:first 1 ; rdf:rest ex:L .")
                .find("sh:in must be a list"),
            std::string::npos);
  EXPECT_NE(ill_formed("ex:S sh:targetNode ex:a ; sh:in ex:L . ex:L rdf:first 1, 2 ; rdf:rest () .")
                .find("sh:in must be a list"),
            std::string::npos);
  EXPECT_NE(ill_formed("ex:S sh:targetNode ex:a ; sh:path _:p . _:p sh:inversePath _:p .")
                .find("contains itself"),
            std::string::npos);
  EXPECT_NE(ill_formed("ex:S sh:targetNode ex:a ; sh:path _:p . _:p sh:alternativePath (_:p _:p) .")
                .find("sh:path"),
            std::string::npos);
  EXPECT_TRUE(
      compile("ex:S sh:targetNode ex:a ; sh:property ex:P . "
              "ex:P sh:path ex:p ; sh:property ex:P ; sh:node ex:S ."));
  std::string doubling;  // each path names the next one twice: 2^60 steps when written out
  for (int i = 0; i < 60; ++i) {
    const std::string here = std::to_string(i);
    const std::string next = std::to_string(i + 1);
    doubling += "_:p";
    doubling += here;
    doubling += " sh:alternativePath (_:p";
    doubling += next;
    doubling += " _:p";
    doubling += next;
    doubling += ") .\n";
  }
  EXPECT_NE(ill_formed("ex:S sh:targetNode ex:a ; sh:path _:p0 . " + doubling +
                       "_:p60 sh:inversePath ex:p .")
                .find("too many steps"),
            std::string::npos);
}

TEST(Shapes, say_which_classes_and_properties_they_require) {
  const Result<Shapes> shapes = compile(
      "ex:S sh:targetClass ex:C ; sh:property ex:P, ex:Q ; sh:node ex:N ; sh:or (ex:O ex:N) .\n"
      "ex:P sh:path ex:p ; sh:minCount 1 ; sh:maxCount 3 ; sh:datatype xsd:string ; sh:name "
      "\"pee\" .\n"
      "ex:Q sh:path ex:q ; sh:class ex:K ; sh:minCount 0 .\n"
      "ex:N sh:property [ sh:path ex:n ; sh:minCount 2 ] .\n"
      "ex:O sh:property [ sh:path ex:o ; sh:minCount 1 ] .\n"
      "ex:D a rdfs:Class, sh:NodeShape . ex:E a owl:Class, sh:NodeShape .\n"
      "ex:Off sh:targetClass ex:X ; sh:deactivated true .");
  ASSERT_TRUE(shapes) << to_string(shapes.error());
  const auto list = [](std::span<const std::string> items) {
    return std::vector<std::string>(items.begin(), items.end());
  };
  EXPECT_EQ(list(shapes->required_classes()),
            (std::vector<std::string>{"http://example.org/C", "http://example.org/D"}));
  EXPECT_EQ(list(shapes->required_properties()),
            (std::vector<std::string>{"http://example.org/n", "http://example.org/p"}));
  ASSERT_EQ(shapes->summaries().size(), 2U);
  const ShapeSummary& summary = shapes->summaries().back();
  EXPECT_EQ(summary.shape, "<http://example.org/S>");
  ASSERT_EQ(summary.properties.size(), 2U);
  EXPECT_EQ(summary.properties[0].predicate, "http://example.org/p");
  EXPECT_EQ(summary.properties[0].name, "pee");
  EXPECT_EQ(summary.properties[0].min_count, 1U);
  EXPECT_EQ(summary.properties[0].max_count, 3U);
  EXPECT_EQ(summary.properties[0].datatype, "http://www.w3.org/2001/XMLSchema#string");
  EXPECT_EQ(summary.properties[1].class_iri, "http://example.org/K");
}

TEST(Shapes, of_real_ontologies_compile_or_are_refused_by_name) {
  const char* const variable = std::getenv("KNHK_SHARED");
  const std::filesystem::path data =
      (variable != nullptr ? std::filesystem::path(variable)
                           : std::filesystem::path(KNHK_SOURCE_DIR) / ".." / "shared") /
      "data";
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
  const auto brick = Shapes::compile(load("medium-brick/shapes.ttl"));
  ASSERT_FALSE(brick);
  EXPECT_EQ(to_string(brick.error()),
            "shape <https://brickschema.org/schema/Brick/ref#BACnetReferenceShape>: sh:rule is not "
            "supported (and 33 more of this kind) [unsupported-construct]");
  const auto core = Shapes::compile(load("medium-brick/shapes-core.nt"));
  ASSERT_TRUE(core) << to_string(core.error());
  EXPECT_EQ(validate(*core, load("medium-brick/data.ttl")).results.size(), 32U);
  const auto nwbib = Shapes::compile(load("small-nwbib/shapes.ttl"));
  ASSERT_TRUE(nwbib) << to_string(nwbib.error());
  EXPECT_EQ(validate(*nwbib, load("small-nwbib/data.ttl")).results.size(), 2924U);
}

}  // namespace
}  // namespace knhk::shacl
