#include "knhk/rdf/reader.hpp"

#include <gtest/gtest.h>

#include <string>

#include "knhk/rdf/canonical.hpp"
#include "knhk/rdf/random_quads.hpp"
#include "knhk/rdf/writer.hpp"

namespace knhk::rdf {
namespace {

using namespace std::string_literals;

const std::string kPrefix = "@prefix e: <http://e/> .\n";

// The quads of `text` as N-Quads, or the error as one line.
std::string outcome(const std::string& text, const std::string& name = "t.ttl",
                    const ReadOptions& options = {}) {
  testing::internal::CaptureStderr();
  const auto dataset = read_dataset(text, name, options);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  return dataset ? to_nquads(*dataset) : to_string(dataset.error());
}

TEST(Reader, takes_an_empty_text_for_an_empty_graph) {
  for (const std::string name : {"t.ttl", "t.trig", "t.nt", "t.nq"}) {
    EXPECT_EQ(outcome("", name), "");
    EXPECT_EQ(outcome("# nothing\n", name), "");
    EXPECT_EQ(outcome("\xEF\xBB\xBF", name), "");
  }
}

TEST(Reader, knows_the_syntax_by_the_name_unless_told) {
  const std::string turtle = kPrefix + "e:s e:p e:o .";
  const std::string quad = "<http://e/s> <http://e/p> <http://e/o> .\n";
  EXPECT_EQ(outcome(turtle, "t.ttl"), quad);
  EXPECT_EQ(outcome(turtle, "t.trig"), quad);
  EXPECT_EQ(outcome(turtle, "-"), quad);
  EXPECT_EQ(outcome(turtle, "t.nt").substr(0, 7), "t.nt:1:");
  ReadOptions options;
  options.syntax = Syntax::turtle;
  EXPECT_EQ(outcome(turtle, "t.nt", options), quad);
}

TEST(Reader, names_the_place_of_a_syntax_error) {
  EXPECT_EQ(outcome(kPrefix + "e:s e:p e:o\ne:t e:p e:o .").substr(0, 10), "t.ttl:3:1:");
  EXPECT_EQ(outcome(kPrefix + "e:s e:p ; .").substr(0, 11), "t.ttl:2:9: ");
  EXPECT_EQ(outcome("<http://e/s> <http://e/p> \"\xC3\xA9\" ? .", "t.nt"),
            "t.nt:1:31: '?' can not stand in N-Triples here [syntax-error]");
}

TEST(Reader, says_that_a_truncated_text_ends_too_early) {
  const std::string text = kPrefix + "e:s e:p [ e:q ( 1 2 \"x\" ) ; e:r \"y\"@en ] .\n";
  EXPECT_EQ(outcome(text).find("syntax-error"), std::string::npos);
  for (std::size_t size = kPrefix.size() + 1; size < text.size() - 2; ++size) {
    const std::string error = outcome(text.substr(0, size));
    EXPECT_TRUE(error.starts_with("t.ttl:2:")) << size << error;
  }
  EXPECT_EQ(outcome(kPrefix + "e:s e:p e:o"),
            "t.ttl:2:12: the text ends in the middle of a statement [syntax-error]");
}

TEST(Reader, refuses_what_is_not_UTF8_at_its_place) {
  EXPECT_EQ(outcome(kPrefix + "e:s e:p \"caf\xE9\" ."),
            "t.ttl:2:13: the byte 0xE9 does not belong to UTF-8 text here [invalid-encoding]");
  EXPECT_EQ(outcome("\xFF\xFE<\0"s),
            "t.ttl:1:1: the file is in UTF-16 or UTF-32; it has to be in UTF-8 [invalid-encoding]");
  for (const std::string bytes :
       {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80"}) {
    EXPECT_NE(outcome("# " + bytes + "\n").find("[invalid-encoding]"), std::string::npos);
  }
}

TEST(Reader, refuses_a_binary_file_by_its_NUL) {
  const std::string error = "a NUL byte; this is no text file in UTF-8 [invalid-encoding]";
  EXPECT_EQ(outcome("\x7F"
                    "ELF\x02\x01\x01\0\0"s)
                .substr(0, 8),
            "t.ttl:1:");
  EXPECT_EQ(outcome("a\0"s), "t.ttl:1:2: " + error);
  EXPECT_EQ(outcome("# \0"s), "t.ttl:1:3: " + error);
  EXPECT_EQ(outcome("<\0"s), "t.ttl:1:2: " + error);
}

TEST(Reader, names_XML_as_what_it_is) {
  EXPECT_EQ(outcome("<?xml version=\"1.0\"?>\n<rdf:RDF/>"),
            "t.ttl:1:6: this is XML; Turtle, TriG, N-Triples and N-Quads are read [syntax-error]");
}

TEST(Reader, names_a_directive_that_there_is_not) {
  EXPECT_EQ(outcome("@perfix e: <http://e/> ."),
            "t.ttl:1:1: a directive is '@prefix' or '@base', not '@perfix' [syntax-error]");
}

TEST(Reader, names_an_undefined_prefix_and_its_place) {
  EXPECT_EQ(outcome(kPrefix + "e:s e:p e:o ;\n    e:q f:x ."),
            "t.ttl:3:9: the prefix 'f:' is not defined [undefined-prefix]");
  EXPECT_EQ(outcome(":s :p :o ."), "t.ttl:1:1: the prefix ':' is not defined [undefined-prefix]");
  EXPECT_EQ(outcome(kPrefix + "e:s e:p \"1\"^^x:int ."),
            "t.ttl:2:14: the prefix 'x:' is not defined [undefined-prefix]");
}

TEST(Reader, refuses_a_relative_IRI_that_has_no_base) {
  EXPECT_EQ(outcome(kPrefix + "e:s e:p <a/b> ."),
            "t.ttl:2:9: the IRI <a/b> is relative and there is no base [relative-iri]");
  EXPECT_NE(outcome("@prefix e: <#> .").find("[relative-iri]"), std::string::npos);
  EXPECT_EQ(outcome("<s> <http://e/p> <http://e/o> .", "t.nt"),
            "t.nt:1:1: the IRI <s> is relative [relative-iri]");
}

TEST(Reader, resolves_relative_IRIs_against_the_base) {
  ReadOptions options;
  options.base = "http://e/a/b?q#f";
  EXPECT_EQ(outcome("<s> <../p> <#o> .", "t.ttl", options),
            "<http://e/a/s> <http://e/p> <http://e/a/b?q#o> .\n");
  EXPECT_EQ(outcome("@base <http://f/x/> . <s> <p> <> ."),
            "<http://f/x/s> <http://f/x/p> <http://f/x/> .\n");
  options.base = "no/scheme";
  EXPECT_NE(outcome("", "t.ttl", options).find("[usage]"), std::string::npos);
}

TEST(Reader, does_not_take_IRIs_for_directives) {
  ReadOptions options;
  options.base = "http://e/";
  EXPECT_EQ(outcome("<base> <prefix> <Graph> . <PREFIX> <p> <o> .", "t.ttl", options),
            "<http://e/PREFIX> <http://e/p> <http://e/o> .\n"
            "<http://e/base> <http://e/prefix> <http://e/Graph> .\n");
}

TEST(Reader, refuses_characters_that_no_IRI_may_have) {
  for (const std::string iri : {"a b", "a{b", "a|b", "a^b", "a`b", "a\\u0020b", "a\\u003Eb", "a\\n",
                                "a\nb", "a\\uD800", "a\\U00110000", "a\\u12"}) {
    EXPECT_NE(outcome("<http://e/" + iri + "> <http://e/p> 1 .").find("[syntax-error]"),
              std::string::npos)
        << iri;
  }
}

TEST(Reader, refuses_bad_language_tags_and_escapes) {
  for (const std::string literal :
       {"\"a\"@", "\"a\"@1", "\"a\"@en-", "\"a\"@en--us", "\"\\x\"", "\"\\uD834\\uDD1E\"",
        "\"\\U00110000\"", "\"\\u00g0\"", "\"a\"^<http://e/d>", "\"a\"^^", "\"a\nb\"", "'a",
        "\"\"\"a\"\""}) {
    EXPECT_NE(outcome(kPrefix + "e:s e:p " + literal + " .").find("[syntax-error]"),
              std::string::npos)
        << literal;
  }
}

TEST(Reader, keeps_the_case_of_a_language_tag) {
  EXPECT_EQ(outcome(kPrefix + "e:s e:p \"a\"@de-AT ."),
            "<http://e/s> <http://e/p> \"a\"@de-AT .\n");
}

TEST(Reader, allows_blanks_and_comments_within_a_literal) {
  EXPECT_EQ(outcome(kPrefix + "e:s e:p \"a\" # x\n @en , \"1\" ^^\n e:d ."),
            "<http://e/s> <http://e/p> \"1\"^^<http://e/d> .\n"
            "<http://e/s> <http://e/p> \"a\"@en .\n");
}

TEST(Reader, keeps_labels_apart_that_the_parser_makes_up) {
  EXPECT_EQ(
      outcome(kPrefix + "_:b1 e:p _:B1 , [] , _:genb1 ."),
      "_:b1 <http://e/p> _:B1 .\n_:b1 <http://e/p> _:gen0-b1 .\n_:b1 <http://e/p> _:genb1 .\n");
}

TEST(Reader, keeps_blank_nodes_of_different_files_apart) {
  DatasetBuilder builder;
  for (const std::string name : {"a.nt", "b.nt", "c.nt"}) {
    ASSERT_TRUE(read("_:x <http://e/p> _:f1_x .\n", name, {}, builder));
  }
  EXPECT_EQ(to_nquads(std::move(builder).build()),
            "_:f2_x <http://e/p> _:f2_f1_x .\n"
            "_:f3_x <http://e/p> _:f3_f1_x .\n"
            "_:x <http://e/p> _:f1_x .\n");
}

TEST(Reader, leaves_no_quad_of_a_text_that_it_refuses) {
  DatasetBuilder builder;
  ASSERT_TRUE(read("<http://e/s> <http://e/p> <http://e/o> .\n", "a.nt", {}, builder));
  const std::string flawed[] = {"<http://e/1> <http://e/p> 1 . f:x",
                                "<http://e/1> <http://e/p> 1 . ["};
  for (const std::string& text : flawed) EXPECT_FALSE(read(text, "b.ttl", {}, builder));
  EXPECT_EQ(std::move(builder).build().size(), 1U);
}

TEST(Reader, refuses_a_million_brackets) {
  for (const std::string bracket : {"[", "("}) {
    std::string text = kPrefix + "e:s e:p ";
    for (int i = 0; i < 1'000'000; ++i) text += bracket == "[" ? "[ e:p " : "(";
    const std::string error = outcome(text);
    EXPECT_NE(error.find("brackets nested deeper than 1000 [limit-exceeded]"), std::string::npos);
  }
  EXPECT_NE(outcome(std::string(1'000'000, '{'), "t.trig").find("[syntax-error]"),
            std::string::npos);
}

TEST(Reader, bears_a_million_brackets_when_told_to_allow_them) {
  constexpr std::size_t kDepth = 1'000'000;
  ReadOptions options;
  options.limits.nesting = kDepth;
  std::string text = kPrefix + "e:s e:p ";
  for (std::size_t i = 0; i < kDepth; ++i) text += i % 2 == 0 ? "[ e:p " : "( ";
  const std::string opened = text;
  for (std::size_t i = kDepth; i > 0; --i) text += i % 2 == 0 ? ")" : "]";
  // The innermost is an empty list: no triple of its own. Each bracket is one triple's object, and
  // a list has two triples more.
  const auto dataset = read_dataset(text + " .", "t.ttl", options);
  ASSERT_TRUE(dataset) << to_string(dataset.error());
  EXPECT_EQ(dataset->size(), kDepth + (kDepth / 2 - 1));
  EXPECT_FALSE(read_dataset(opened, "t.ttl", options));
  EXPECT_NE(outcome(opened + "[", "t.ttl", options).find("[limit-exceeded]"), std::string::npos);
}

TEST(Reader, does_not_count_brackets_in_strings_IRIs_and_comments) {
  ReadOptions options;
  options.limits.nesting = 1;
  const std::string text =
      kPrefix + "# [[[[\ne:s e:p \"[[((\" , '''\n[[(\n''' , <http://e/((> , [] .";
  EXPECT_TRUE(read_dataset(text, "t.ttl", options));
}

TEST(Reader, takes_ten_megabytes_on_one_line) {
  std::string text;
  while (text.size() < 10'000'000)
    text += "<http://e/s> <http://e/p> " + std::to_string(text.size()) + " . ";
  EXPECT_TRUE(read_dataset(text, "t.ttl"));
  EXPECT_TRUE(
      read_dataset("<http://e/s> <http://e/p> \"" + std::string(10'000'000, 'x') + "\" .", "t.nt"));
  const auto broken = read_dataset(text + "?", "t.ttl");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().where, "t.ttl:1:" + std::to_string(text.size() + 1));
}

TEST(Reader, refuses_terms_and_texts_beyond_the_limits) {
  ReadOptions options;
  options.limits.term_bytes = 100;
  const std::string x(200, 'x');
  const std::string long_terms[] = {"<http://e/" + x + ">", "\"" + x + "\"", "_:" + x, "e:" + x,
                                    "1" + std::string(200, '0')};
  for (const std::string& term : long_terms) {
    const std::string error = outcome(kPrefix + "e:s e:p " + term + " .", "t.ttl", options);
    EXPECT_TRUE(error.starts_with("t.ttl:2:9: ") && error.ends_with("[limit-exceeded]")) << error;
  }
  options.limits.bytes = 10;
  EXPECT_EQ(outcome("# twelve bytes", "t.ttl", options),
            "t.ttl: larger than 10 bytes [limit-exceeded]");
}

TEST(Reader, reports_a_full_dataset) {
  DatasetBuilder builder(2);
  const auto status = read("<http://e/s> <http://e/p> <http://e/o> .\n", "a.nt", {}, builder);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Errc::limit_exceeded);
}

TEST(Reader, wants_one_statement_a_line_where_lines_are_statements) {
  const std::string s = "<http://e/s> <http://e/p> <http://e/o>";
  EXPECT_EQ(outcome(s + " . " + s + " .\n", "t.nq"),
            "t.nq:1:42: a new statement has to start on a new line [syntax-error]");
  EXPECT_EQ(outcome(s + "\n .\n", "t.nq"),
            "t.nq:1:39: the line ends before its statement does [syntax-error]");
  EXPECT_EQ(outcome(s + " <http://e/g> .\n", "t.nt"),
            "t.nt:1:40: a graph name is not part of N-Triples [syntax-error]");
  EXPECT_EQ(outcome(s + ". # why not\r\n\r\n", "t.nt"), s + " .\n");
}

TEST(Reader, reads_a_large_line_based_text_in_pieces) {
  std::string text;
  int lines = 0;
  for (; text.size() < 9'000'000; ++lines) {
    text += "_:b" + std::to_string(lines % 1000) + " <http://e/p> \"" + std::to_string(lines) +
            "\" .\n";
  }
  const auto dataset = read_dataset(text, "t.nq");
  ASSERT_TRUE(dataset);
  EXPECT_EQ(dataset->size(), static_cast<std::size_t>(lines));
  const auto broken = read_dataset(text + "_:b <http://e/p> x:y .\n", "t.nq");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().where, "t.nq:" + std::to_string(lines + 1) + ":18");
}

TEST(Reader, gives_back_what_the_writer_wrote) {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const std::string written = to_nquads(RandomQuads(seed).dataset());
    ASSERT_EQ(outcome(written, "t.nq"), written);
    ASSERT_EQ(outcome(written, "t.nq").find("-error]"), std::string::npos);
  }
}

}  // namespace
}  // namespace knhk::rdf
