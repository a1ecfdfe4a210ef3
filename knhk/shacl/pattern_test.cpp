#include "knhk/shacl/pattern.hpp"

#include <gtest/gtest.h>

#include <string>

namespace knhk::shacl {
namespace {

Pattern::Outcome outcome(std::string_view pattern, std::string_view text,
                         std::string_view flags = "") {
  const Result<Pattern> compiled = Pattern::compile(pattern, flags);
  EXPECT_TRUE(compiled) << pattern << ": " << to_string(compiled.error());
  if (!compiled) return Pattern::Outcome::undecided;
  Pattern::Scratch scratch;
  return compiled->match(text, scratch);
}

bool matches(std::string_view pattern, std::string_view text, std::string_view flags = "") {
  return outcome(pattern, text, flags) == Pattern::Outcome::matches;
}

TEST(Pattern, matches_a_part_unless_anchored) {
  EXPECT_TRUE(matches("b+", "abbc"));
  EXPECT_FALSE(matches("^b+$", "abbc"));
  EXPECT_TRUE(matches("^(ab|c)*$", "abcab"));
  EXPECT_TRUE(matches("", "anything"));
}

TEST(Pattern, ends_at_the_very_end_and_not_before_a_line_feed) {
  EXPECT_FALSE(matches("a$", "a\n"));
  EXPECT_TRUE(matches("a$", "a\nb", "m"));
  EXPECT_TRUE(matches("^b", "a\nb", "m"));
  EXPECT_FALSE(matches("^b", "a\nb"));
}

TEST(Pattern, obeys_the_flags_of_xpath) {
  EXPECT_FALSE(matches("a.b", "a\nb"));
  EXPECT_FALSE(matches("a.b", "a\rb"));
  EXPECT_TRUE(matches("a.b", "a\nb", "s"));
  EXPECT_TRUE(matches("HELLO", "hello", "i"));
  EXPECT_TRUE(matches("\xC3\x84", "\xC3\xA4", "i"));
  EXPECT_TRUE(matches("a b # c", "ab#c", "x"));
  EXPECT_TRUE(matches("[ ]", " ", "x"));
  EXPECT_TRUE(matches("a.b*", "xa.b*x", "q"));
  EXPECT_TRUE(matches("A.B", "a.b", "qi"));
}

TEST(Pattern, counts_characters_and_not_bytes) {
  EXPECT_TRUE(matches("^.$", "\xF0\x9F\x98\x80"));
  EXPECT_TRUE(matches("^[\xC3\xA4-\xC3\xBC]$", "\xC3\xB6"));
  EXPECT_TRUE(matches("^\\p{Lu}\\P{Lu}$", "\xC3\x84\xC3\xA4"));
}

TEST(Pattern, knows_the_classes_of_xpath) {
  EXPECT_TRUE(matches("^\\d$", "\xD9\xA3"));  // ARABIC-INDIC DIGIT THREE
  EXPECT_TRUE(matches("^\\w$", "\xC3\xA4"));
  EXPECT_FALSE(matches("\\w", "_"));  // punctuation in XPath, unlike elsewhere
  EXPECT_TRUE(matches("^\\s\\S$", "\tx"));
  EXPECT_FALSE(matches("\\s", "\xC2\xA0"));  // a no-break space is none
  EXPECT_TRUE(matches("^\\i\\c*$", "a-b.c"));
  EXPECT_FALSE(matches("^\\i\\c*$", "1a"));
  EXPECT_TRUE(matches("^[a-z-[aeiou]]+$", "bcd"));
  EXPECT_FALSE(matches("^[a-z-[aeiou]]+$", "bad"));
  EXPECT_TRUE(matches("^[a-z-[m-p-[n]]]$", "n"));
  EXPECT_FALSE(matches("^[a-z-[m-p-[n]]]$", "o"));
  EXPECT_TRUE(matches("^[\\d\\s\\-]+$", "1 2-3"));
  EXPECT_TRUE(matches("^[^\\s]+$", "ab"));
  EXPECT_TRUE(matches("^[\\S]+$", "ab"));
}

TEST(Pattern, refers_back_and_looks_around) {
  EXPECT_TRUE(matches("^(a|b)\\1$", "aa"));
  EXPECT_FALSE(matches("^(a|b)\\1$", "ab"));
  EXPECT_TRUE(matches("^(a)\\12$", "aa2"));
  EXPECT_TRUE(matches("^(?!x)[a-z]+(?<!z)$", "ab"));
  EXPECT_TRUE(matches("\\bcat\\b", "a cat b"));
}

TEST(Pattern, that_does_not_compile_is_ill_formed) {
  for (const char* pattern :
       {"(",       "[a",     "a**",   "a++",     "\\",           "\\q",  "[]",        "(?R)",
        "(*FAIL)", "(?{1})", "(?C1)", "a{2,1}",  "\\p{IsGreek}", "\\p",  "\\p{Nope}", "[\\I]",
        "\\1",     "[z-a]",  "*a",    "\\Qa\\E", "\\K",          "\\x41"}) {
    const Result<Pattern> compiled = Pattern::compile(pattern, "");
    ASSERT_FALSE(compiled) << pattern;
    EXPECT_EQ(compiled.error().code, Errc::ill_formed_shapes);
    EXPECT_FALSE(compiled.error().detail.empty());
  }
  EXPECT_FALSE(Pattern::compile("a", "g"));
  std::string brackets;
  for (int i = 0; i < 100'000; ++i) brackets += "[a-";
  EXPECT_FALSE(Pattern::compile(brackets, ""));
  EXPECT_FALSE(Pattern::compile(std::string(100'000, '('), ""));
}

TEST(Pattern, neither_overflows_the_stack_nor_runs_for_ever) {
  const std::string text(10'000'000, 'a');
  EXPECT_TRUE(matches("^(a|b)*", text) || outcome("^(a|b)*", text) == Pattern::Outcome::undecided);
  EXPECT_TRUE(matches("^[a-z]*$", text));
  EXPECT_EQ(outcome("^(a+)+$", std::string(40, 'a') + "!"), Pattern::Outcome::undecided);
}

}  // namespace
}  // namespace knhk::shacl
