// Single terms as text: written, read, resolved; and files.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "knhk/rdf/detail/text.hpp"
#include "knhk/rdf/iri.hpp"
#include "knhk/rdf/reader.hpp"
#include "knhk/rdf/writer.hpp"

namespace knhk::rdf {
namespace {

namespace fs = std::filesystem;

TEST(ParseTerm, gives_back_what_the_writer_wrote) {
  const std::string odd = std::string("a\"\\\n\r\t\b\f\x01\x7F\xC3\xA9") + '\0';
  const Term terms[] = {Term::iri("http://e/\xC3\xA9"), Term::blank("b.0-x"), Term::literal(odd),
                        Term::lang_literal(odd, "de-AT"), Term::literal(odd, "http://e/")};
  for (const Term& term : terms) {
    const auto parsed = parse_term(to_ntriples(term));
    ASSERT_TRUE(parsed) << to_string(parsed.error());
    EXPECT_EQ(parsed->view(), term);
  }
}

TEST(ParseTerm, understands_escapes) {
  const auto parsed = parse_term("\"\\u00e9\\U0001F600\\'\\\"\"");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->text, "\xC3\xA9\xF0\x9F\x98\x80'\"");
  const auto iri = parse_term("<http://e/\\u00E9>");
  ASSERT_TRUE(iri);
  EXPECT_EQ(iri->text, "http://e/\xC3\xA9");
}

TEST(ParseTerm, refuses_what_is_not_exactly_one_term) {
  for (const std::string text : {"",
                                 " ",
                                 "x",
                                 "e:x",
                                 "<",
                                 "<http://e/",
                                 "<http://e/a b>",
                                 "<http://e/> ",
                                 " <http://e/>",
                                 "<http://e/><http://e/>",
                                 "\"",
                                 "\"a",
                                 "\"a\"@",
                                 "\"a\"@1",
                                 "\"a\"^^",
                                 "\"a\"^^x",
                                 "\"a\"^^<http://e/>.",
                                 "\"\\x\"",
                                 "\"\\u12\"",
                                 "\"\\uD800\"",
                                 "\"a\nb\"",
                                 "_:",
                                 "_:-a",
                                 "_:a.",
                                 "_:a b",
                                 "_a",
                                 "\"a\\",
                                 "<http://e/\\u003E>",
                                 "<http://e/\\n>"}) {
    const auto parsed = parse_term(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, Errc::syntax_error) << text;
  }
  EXPECT_EQ(parse_term("<a>").error().code, Errc::relative_iri);
  EXPECT_EQ(parse_term("\"a\"^^<a>").error().code, Errc::relative_iri);
  EXPECT_EQ(parse_term("\"\xFF\"").error().code, Errc::invalid_encoding);
}

// The object of the only triple, or nothing where the line is refused.
std::string object_of(const std::string& line) {
  const auto dataset = read_dataset(line, "t.nt");
  if (!dataset || dataset->size() != 1) return {};
  return std::string(dataset->term(dataset->default_graph().triples().front().object).text);
}

// Characters are looked at in blocks; one has to stop wherever in a block it stands, and only it.
TEST(Reader, stops_at_the_same_characters_wherever_they_stand) {
  const std::string behind = " . # more than a block of characters";
  for (std::size_t before = 0; before < 40; ++before) {
    for (std::uint32_t c = 1; c < 0x80; ++c) {
      SCOPED_TRACE(std::to_string(c) + " behind " + std::to_string(before));
      const std::string text = std::string(before, 'x') + static_cast<char>(c) + "yz";
      const bool fits_iri = detail::is_iri_character(c);
      ASSERT_EQ(object_of("<e:s> <e:p> <e:" + text + ">" + behind), fits_iri ? "e:" + text : "");
      const bool fits_string = c != '"' && c != '\\' && c != '\n' && c != '\r';
      ASSERT_EQ(object_of("<e:s> <e:p> \"" + text + "\"" + behind), fits_string ? text : "");
    }
  }
}

TEST(ToNtriples, escapes_only_what_the_canonical_form_escapes) {
  EXPECT_EQ(to_ntriples(Term::literal("\b\t\n\v\f\r\"\\\x1F\x7F'\xC2\x80/")),
            "\"\\b\\t\\n\\u000B\\f\\r\\\"\\\\\\u001F\\u007F'\xC2\x80/\"");
  EXPECT_EQ(to_ntriples(Term::iri("http://e/<x>")), "<http://e/\\u003Cx\\u003E>");
}

TEST(ResolveIri, follows_the_examples_of_RFC_3986) {
  // Section 5.4, base http://a/b/c/d;p?q.
  const std::pair<const char*, const char*> examples[] = {
      {"g:h", "g:h"},
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q#s"},
      {"g#s", "http://a/b/c/g#s"},
      {"g?y#s", "http://a/b/c/g?y#s"},
      {";x", "http://a/b/c/;x"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../g", "http://a/g"},
      {"../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {"..g", "http://a/b/c/..g"},
      {"./../g", "http://a/b/g"},
      {"./g/.", "http://a/b/c/g/"},
      {"g/./h", "http://a/b/c/g/h"},
      {"g/../h", "http://a/b/c/h"},
      {"g;x=1/../y", "http://a/b/c/y"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
      {"g#s/../x", "http://a/b/c/g#s/../x"},
      {"http:g", "http:g"},
  };
  for (const auto& [reference, resolved] : examples) {
    EXPECT_EQ(resolve_iri("http://a/b/c/d;p?q", reference), resolved) << reference;
  }
  EXPECT_EQ(resolve_iri("http://a", "g"), "http://a/g");
  EXPECT_EQ(resolve_iri("urn:a:b", "#c"), "urn:a:b#c");
}

TEST(IsAbsoluteIri, asks_for_a_scheme) {
  EXPECT_TRUE(is_absolute_iri("http://e/"));
  EXPECT_TRUE(is_absolute_iri("urn:x"));
  for (const char* iri : {"", "a", "/a:b", "1a:b", ":a", "a b:c"})
    EXPECT_FALSE(is_absolute_iri(iri));
}

class ReadFile : public testing::Test {
 protected:
  ReadFile() {
    fs::create_directories(folder_);
    std::ofstream(file_) << "text";
  }
  ~ReadFile() override { fs::remove_all(folder_); }

  const fs::path folder_ = fs::temp_directory_path() / ("knhk-read-" + std::to_string(::getpid()));
  const fs::path file_ = folder_ / "file.ttl";
};

TEST_F(ReadFile, gives_all_bytes) {
  const auto bytes = read_file(file_);
  ASSERT_TRUE(bytes);
  EXPECT_EQ(*bytes, "text");
}

TEST_F(ReadFile, names_what_is_wrong_with_a_path) {
  EXPECT_EQ(read_file(folder_ / "none").error().code, Errc::file_missing);
  EXPECT_EQ(read_file(file_ / "below").error().code, Errc::file_missing);
  EXPECT_EQ(read_file(folder_).error().code, Errc::not_a_file);
  EXPECT_EQ(read_file(folder_).error().where, folder_.string());
  EXPECT_EQ(read_file(file_, 3).error().code, Errc::limit_exceeded);
  EXPECT_EQ(read_file("/proc/self/mem").error().code, Errc::io_error);
}

TEST_F(ReadFile, says_when_it_may_not) {
  fs::permissions(file_, fs::perms::none);
  const bool is_root = ::geteuid() == 0;
  constexpr uid_t kNobody = 65534;
  ASSERT_EQ(is_root ? ::seteuid(kNobody) : 0, 0);
  const auto bytes = read_file(file_);
  ASSERT_EQ(is_root ? ::seteuid(0) : 0, 0);
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().code, Errc::permission_denied);
}

}  // namespace
}  // namespace knhk::rdf
