// Texts that fuzzing found, and texts near them: what holds of reading any text holds of these.
#include "knhk/rdf/reading_properties.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace knhk::rdf {
namespace {

TEST(ReadingProperties, hold_of_texts_that_are_nearly_right) {
  const std::array<std::string, 16> texts = {
      "",
      "<a:b> <a:b> _:c .\n# c\n\n_:c <a:b> <a:b> .\n<a:b> <a:b> <",
      "<a:b> <a:b> _:c .\r\n_:c <a:b> \"\\r\" .\r\n",
      "\n",
      ".",
      "\xEF\xBB\xBF",
      "<",
      "_:",
      "@prefix",
      "@base <",
      "<a:b> <a:b> \"",
      "\\",
      std::string(1, '\0'),
      "<a:b> <a:b> <a:b> . <",
      "<a:b> <a:b> \"x\"@",
      "<a:b> <a:b> \"\\uD800\" ."};
  for (const std::string& text : texts) {
    for (const Syntax syntax : {Syntax::turtle, Syntax::trig, Syntax::ntriples, Syntax::nquads}) {
      EXPECT_EQ(broken_reading_property(text, syntax), "") << text << " as " << name(syntax);
    }
  }
}

TEST(ReadingProperties, hold_of_literals_where_a_subject_belongs) {
  // A literal with a label stuck to its tag, which one reader took for a subject.
  const std::string text =
      " \"string\"@en-u_:e0 <http://example.org/vocab#p> _:e1 .\n"
      "_:e0 <http://example.org/vocab#p> <http://example.com> .\n"
      "_:e0 <http://example.org/vocab#p> <http://example.org> .\n";
  EXPECT_EQ(broken_reading_property(text, Syntax::nquads), "");
  EXPECT_FALSE(read_dataset(text, "text.nq"));
}

TEST(ReadingProperties, hold_of_a_flaw_of_encoding_in_a_line_after_another_flaw) {
  const std::string text = ")-ttp://]ample/6/o#nzumbersig .\n\xEE";
  for (const Syntax syntax : {Syntax::ntriples, Syntax::nquads}) {
    EXPECT_EQ(broken_reading_property(text, syntax), "") << name(syntax);
    ReadOptions options;
    options.syntax = syntax;
    const auto read = read_dataset(text, "text", options);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().where, "text:1:1") << "the first of the two";
  }
}

TEST(ReadingProperties, hold_of_an_escape_that_a_line_end_cuts_off) {
  const std::string text = "<a:s> <a:p> \"\\U\x01\n004\" .\n<a:s> <a:p> \"\\u00\n\" .\n";
  for (const Syntax syntax : {Syntax::ntriples, Syntax::nquads}) {
    EXPECT_EQ(broken_reading_property(text, syntax), "") << name(syntax);
  }
}

TEST(ReadingProperties, let_an_escape_stand_in_the_scheme_of_an_iri) {
  const std::string text = "<\\u0068ttp://e/a> <\\U00000068ttp://e/a> <http://e/a> .";
  for (const Syntax syntax : {Syntax::turtle, Syntax::trig, Syntax::ntriples, Syntax::nquads}) {
    ReadOptions options;
    options.syntax = syntax;
    const auto read = read_dataset(text, "text", options);
    ASSERT_TRUE(read) << name(syntax) << ": " << to_string(read.error());
    EXPECT_EQ(to_nquads(*read), "<http://e/a> <http://e/a> <http://e/a> .\n");
  }
}

TEST(ReadingProperties, take_no_place_outside_the_text_for_one_in_it) {
  EXPECT_TRUE(detail::is_place_in("a:1:1", "a", ""));
  EXPECT_TRUE(detail::is_place_in("a:2:3", "a", "x\nyz"));
  EXPECT_FALSE(detail::is_place_in("a:2:4", "a", "x\nyz"));
  EXPECT_FALSE(detail::is_place_in("a:3:1", "a", "x\nyz"));
  EXPECT_FALSE(detail::is_place_in("a:1:3", "a", "x\nyz"));
  EXPECT_FALSE(detail::is_place_in("a:0:1", "a", "x"));
  EXPECT_FALSE(detail::is_place_in("a:1:0", "a", "x"));
  EXPECT_FALSE(detail::is_place_in("a:1", "a", "x"));
  EXPECT_FALSE(detail::is_place_in("b:1:1", "a", "x"));
}

}  // namespace
}  // namespace knhk::rdf
