#include "knhk/projections/docs.hpp"

#include "knhk/projections/escape.hpp"
#include "knhk/projections/test_input.hpp"

namespace knhk::projections {
namespace {

std::string docs_of(std::string_view data, std::string_view shapes = "") {
  const auto input = testing::canonicalized(data);
  const auto rules = testing::canonicalized(shapes);
  ProjectionInput projection{input.id, input.dataset};
  if (!shapes.empty()) {
    projection.shapes_id = rules.id;
    projection.shapes = &rules.dataset;
  }
  return generate_docs(projection, OntologySchema::read(input.dataset, projection.shapes));
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

TEST(Docs, carry_the_snapshot_id_in_their_first_and_last_line) {
  const auto lines = lines_of(docs_of(testing::kShop));
  const std::string id = testing::canonicalized(testing::kShop).id.to_string();
  EXPECT_EQ(lines.front(), "<!-- knhk snapshot " + id + " -->");
  EXPECT_EQ(lines.back(), lines.front());
}

TEST(Docs, show_classes_properties_and_what_shapes_ask) {
  const std::string docs = docs_of(testing::kShop, testing::kShopShapes);
  for (const std::string_view expected :
       {"# The shop\n", "```mermaid\nclassDiagram\n", "<|--", "### Product\n", "> What is sold.\n",
        "| `http://example.org/shop#price` | `http://www.w3.org/2001/XMLSchema#decimal` | 0..1 | "
        "minInclusive 0 |",
        "| `http://example.org/shop#category` | `http://example.org/shop#Category` | 1..\\* |  |",
        "A kind of `http://example.org/shop#Product`", "## Properties\n"}) {
    EXPECT_NE(docs.find(expected), std::string::npos) << expected << "\nnot in\n" << docs;
  }
}

TEST(Docs, of_nothing_are_a_page_too) {
  const auto lines = lines_of(docs_of(""));
  EXPECT_EQ(lines.front(), lines.back());
  EXPECT_GT(lines.size(), 3U);
}

TEST(Docs, keep_hostile_text_in_its_place) {
  const std::string docs = docs_of(testing::kHostile);
  std::size_t fences = 0;
  std::size_t columns = 0;
  for (const std::string& line : lines_of(docs)) {
    EXPECT_FALSE(line.starts_with("#error")) << line;
    EXPECT_FALSE(line.starts_with("# Heading")) << line;
    EXPECT_EQ(line.find("<script"), std::string::npos) << line;
    EXPECT_EQ(line.find("\u202E"), std::string::npos) << line;
    EXPECT_EQ(line.find("\u2028"), std::string::npos) << line;
    if (line.find("```") != std::string::npos) ++fences;
    std::size_t bars = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] == '\\') {
        ++i;
      } else if (line[i] == '|' && fences != 1) {
        ++bars;
      }
    }
    if (fences == 1) continue;
    columns = line.starts_with("|") ? (columns == 0 ? bars : columns) : 0;
    EXPECT_EQ(bars, columns) << line;
  }
  EXPECT_EQ(fences, 2U);
}

TEST(Docs, draw_only_as_many_classes_as_can_be_read) {
  std::string turtle = "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n";
  for (int i = 0; i < 200; ++i) {
    turtle += "<http://example.org/C" + std::to_string(i) + "> a owl:Class .\n";
  }
  const std::string docs = docs_of(turtle);
  EXPECT_NE(docs.find("It shows 60 of 200 classes."), std::string::npos);
  EXPECT_NE(docs.find("`http://example.org/C199`"), std::string::npos);
}

TEST(Escape, makes_one_harmless_line_of_any_bytes) {
  std::string every;
  for (int i = 0; i < 256; ++i) every += static_cast<char>(i);
  every += "\xE2\x80\xAE\xE2\x80\xA8\xF4\x90\x80\x80\xED\xA0\x80\xC0\x80\xE4";
  for (const std::string& text :
       {markdown_text(every), mermaid_text(every), cpp_comment_text(every)}) {
    for (const char c : text) EXPECT_TRUE(c >= ' ' || static_cast<signed char>(c) < 0);
    EXPECT_EQ(text.find("\xE2\x80\xAE"), std::string::npos);
    EXPECT_NE(text.find("202E"), std::string::npos) << text;
  }
}

TEST(Escape, keeps_a_comment_a_comment) {
  for (const std::string_view hostile :
       {"*/", "*\\", "**/", "a \\", "\?\?/", "\?\?\?/", "/*", "*\\\\"}) {
    const std::string text = cpp_comment_text(hostile);
    EXPECT_EQ(text.find("*/"), std::string::npos) << text;
    EXPECT_EQ(text.find("/*"), std::string::npos) << text;
    EXPECT_EQ(text.find("\?\?/"), std::string::npos) << text;
    EXPECT_FALSE(text.ends_with("\\"));
  }
}

}  // namespace
}  // namespace knhk::projections
