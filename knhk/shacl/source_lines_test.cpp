#include "knhk/shacl/source_lines.hpp"

#include <nlohmann/json.hpp>

#include "knhk/shacl/shacl_fixture.hpp"

namespace knhk::shacl {
namespace {

/// Two files as a reader reports them: one statement a line.
class TwoFiles {
 public:
  TwoFiles() {
    file("first.nt");
    line("ex:other ex:p ex:b");
    line("ex:a a ex:C");
    line("ex:a ex:p \"x\"");
    file("second.nt");
    line("ex:a ex:p \"x\"");
    line("ex:d ex:q ex:a");
    line("ex:a ex:p \"y\"@en");
    dataset_ = std::move(builder_).build();
  }

  /// `source` of each result.
  std::vector<std::string> located(const std::string& shapes) {
    const auto compiled = compile(shapes);
    EXPECT_TRUE(compiled) << to_string(compiled.error());
    report = validate(*compiled, dataset_);
    lines_.locate(report, dataset_);
    std::vector<std::string> all;
    for (const ValidationResult& result : report.results) {
      all.push_back(result.source ? result.source->file + ":" + std::to_string(result.source->line)
                                  : "nowhere");
    }
    return all;
  }

  ValidationReport report;

 private:
  void file(const char* name) {
    lines_.begin_file(name);
    line_ = 0;
  }
  void line(const std::string& statement) {
    const rdf::Dataset one = turtle(statement + " .");
    const rdf::Triple& triple = one.default_graph().triples().front();
    const rdf::Quad quad{builder_.intern(one.term(triple.subject)),
                         builder_.intern(one.term(triple.predicate)),
                         builder_.intern(one.term(triple.object)), rdf::kNoTerm};
    builder_.add(quad);
    lines_.add(quad, ++line_);
    rdf::Quad elsewhere = quad;
    elsewhere.graph = quad.subject;
    lines_.add(elsewhere, 99);
  }

  rdf::DatasetBuilder builder_;
  rdf::Dataset dataset_;
  SourceLines lines_;
  std::uint64_t line_ = 0;
};

using Places = std::vector<std::string>;

TEST(SourceLines, are_those_of_the_first_statement_of_focus_node_path_and_value) {
  TwoFiles files;
  EXPECT_EQ(files.located("ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:datatype xsd:integer ."),
            (Places{"first.nt:3", "second.nt:3"}));
  EXPECT_EQ(files.located("ex:S sh:targetNode ex:a ; sh:path [ sh:inversePath ex:q ] ; "
                          "sh:nodeKind sh:Literal ."),
            Places{"second.nt:2"});
  EXPECT_EQ(files.located("ex:S sh:targetNode ex:a ; sh:closed true ."),
            (Places{"first.nt:3", "second.nt:3", "first.nt:2"}))
      << "the properties that a closed shape meets are paths too";
}

TEST(SourceLines, are_else_those_of_the_first_statement_about_the_focus_node) {
  TwoFiles files;
  EXPECT_EQ(files.located("ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:maxCount 1 ."),
            Places{"first.nt:2"});
  EXPECT_EQ(files.located("ex:S sh:targetNode ex:d ; sh:nodeKind sh:Literal ."),
            Places{"second.nt:2"});
  EXPECT_EQ(files.located("ex:S sh:targetNode ex:d ; sh:path (ex:q ex:p) ; sh:nodeKind sh:IRI ."),
            (Places{"second.nt:2", "second.nt:2"}));
  EXPECT_EQ(files.located("ex:S sh:targetNode ex:b, ex:absent, \"x\" ; sh:nodeKind sh:BlankNode ."),
            (Places{"nowhere", "nowhere", "nowhere"}));
}

TEST(SourceLines, stand_in_the_report_as_text_and_as_json) {
  TwoFiles files;
  files.located("ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:minCount 5 .");
  EXPECT_NE(to_text(files.report).find("    source      first.nt:2\n"), std::string::npos)
      << to_text(files.report);
  const auto json = nlohmann::json::parse(to_json(files.report));
  EXPECT_EQ(json["results"][0]["source"], (nlohmann::json{{"file", "first.nt"}, {"line", 2}}));
}

}  // namespace
}  // namespace knhk::shacl
