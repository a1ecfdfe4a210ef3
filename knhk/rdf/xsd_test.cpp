#include "knhk/rdf/xsd.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "knhk/rdf/dataset.hpp"
#include "knhk/rdf/hierarchy.hpp"
#include "knhk/rdf/vocabulary.hpp"

namespace knhk::rdf {
namespace {

std::string xsd(std::string_view name) {
  return std::string(vocab::xsd::kNamespace) + std::string(name);
}

struct Forms {
  const char* datatype;
  std::vector<const char*> valid;
  std::vector<const char*> invalid;
};

const std::vector<Forms>& forms() {
  static const std::vector<Forms> all = {
      {"boolean", {"true", "false", "1", "0"}, {"TRUE", "yes", "", " true", "10"}},
      {"decimal", {"1", "-1.50", "+.5", "5.", "00"}, {"", ".", "-", "1e3", "1.2.3", "INF", " 1"}},
      {"integer",
       {"0", "-0", "+7", "123456789012345678901234567890"},
       {"1.0", "", "+", "0x1", "1 "}},
      {"byte", {"127", "-128", "+0127"}, {"128", "-129", "300", "c"}},
      {"short", {"32767", "-32768"}, {"32768", "-32769"}},
      {"int", {"2147483647", "-2147483648"}, {"2147483648", "-2147483649"}},
      {"long", {"9223372036854775807", "-9223372036854775808"}, {"9223372036854775808"}},
      {"unsignedByte", {"0", "-0", "255"}, {"256", "-1"}},
      {"unsignedShort", {"65535"}, {"65536"}},
      {"unsignedInt", {"4294967295"}, {"4294967296"}},
      {"unsignedLong", {"18446744073709551615"}, {"18446744073709551616", "-1"}},
      {"positiveInteger", {"1"}, {"0", "-1"}},
      {"nonNegativeInteger", {"0", "5"}, {"-1"}},
      {"negativeInteger", {"-1"}, {"0", "1"}},
      {"nonPositiveInteger", {"0", "-5"}, {"1"}},
      {"double",
       {"1", "1.5e-3", "-INF", "INF", "+INF", "NaN", "1E400", ".5"},
       {"inf", "-NaN", "1e", "e5", "", "1e1.5"}},
      {"float", {"1e38", "NaN"}, {"nan", "Infinity"}},
      {"date",
       {"2024-02-29", "-0001-01-01", "0000-01-01", "12024-01-01", "2024-01-01Z",
        "2024-01-01+14:00"},
       {"2023-02-29", "1900-02-29", "2024-13-01", "2024-1-1", "024-01-01", "02024-01-01",
        "2024-04-31", "2024-01-01+14:01", "2024-01-01T00:00:00"}},
      {"dateTime",
       {"2024-01-01T00:00:00", "2024-01-01T24:00:00", "2024-01-01T23:59:59.999Z",
        "2024-01-01T00:00:00-05:30"},
       {"2024-01-01", "2024-01-01T24:00:01", "2024-01-01T24:00:00.5", "2024-01-01T25:00:00",
        "2024-01-01T00:60:00", "2024-01-01T00:00:60", "2024-01-01T00:00:00.",
        "2024-01-01 00:00:00"}},
      {"dateTimeStamp", {"2024-01-01T00:00:00Z"}, {"2024-01-01T00:00:00"}},
      {"time", {"00:00:00", "24:00:00", "12:30:00.5+01:00"}, {"24:00:01", "12:30", "1:00:00"}},
      {"gYear", {"2024", "-0044", "2024Z"}, {"24", "2024-01", "20x4"}},
      {"gYearMonth", {"2024-12"}, {"2024-13", "2024-12-01"}},
      {"gMonth", {"--12", "--01Z"}, {"12", "--13", "--1"}},
      {"gMonthDay", {"--02-29", "--12-31"}, {"--02-30", "--04-31", "02-29"}},
      {"gDay", {"---31"}, {"---32", "---00", "31"}},
      {"duration",
       {"P1Y", "-P1Y2M3DT4H5M6.7S", "PT0S", "P0D"},
       {"P", "PT", "P1YT", "1Y", "P1M1Y", "P1S", "PT1.5M", "P-1Y", "PT1.S"}},
      {"yearMonthDuration", {"P1Y2M", "-P3M"}, {"P1D", "P1YT1H", "P"}},
      {"dayTimeDuration", {"P1DT2H", "PT1S"}, {"P1M", "P1Y", "PT"}},
      {"hexBinary", {"", "0aFF"}, {"0", "0g"}},
      {"base64Binary",
       {"", "AAAA", "AA==", "AAA=", "A A A A"},
       {"A", "AB==", "AAB=", "AA=A", "=AAA", " AAAA", "A  AAA"}},
      {"language", {"en", "de-AT-1901"}, {"", "e_n", "toolonglang", "en-", "1n"}},
      {"normalizedString", {" a b "}, {"a\tb"}},
      {"token", {"a b"}, {" a", "a  b", "a\nb"}},
      {"Name", {"a:b", "_x"}, {"", "1a", "a b"}},
      {"NCName", {"a-1.b", "\xC3\xA9t\xC3\xA9"}, {"a:b", "-a"}},
      {"NMTOKEN", {"1a", "-"}, {"", "a b"}},
      {"anyURI", {"http://example.org/", "a b", ""}, {}},
      {"string", {"", "anything"}, {}},
  };
  return all;
}

TEST(Xsd, knows_the_lexical_space_of_every_datatype) {
  for (const Forms& of : forms()) {
    const std::string iri = xsd(of.datatype);
    EXPECT_NE(datatype_of(iri), Datatype::unknown) << of.datatype;
    for (const char* form : of.valid)
      EXPECT_TRUE(is_valid_lexical(iri, form)) << of.datatype << " '" << form << "'";
    for (const char* form : of.invalid)
      EXPECT_FALSE(is_valid_lexical(iri, form)) << of.datatype << " '" << form << "'";
  }
}

TEST(Xsd, accepts_everything_for_an_unknown_datatype) {
  EXPECT_EQ(datatype_of("http://example.org/mine"), Datatype::unknown);
  EXPECT_EQ(datatype_of(xsd("integers")), Datatype::unknown);
  EXPECT_EQ(datatype_of(xsd("")), Datatype::unknown);
  EXPECT_TRUE(is_valid_lexical("http://example.org/mine", "\x01 whatever"));
  EXPECT_EQ(datatype_of(vocab::rdf::langString), Datatype::lang_string);
}

std::partial_ordering order(std::string_view left_type, std::string_view left,
                            std::string_view right_type, std::string_view right) {
  const std::string a = xsd(left_type);
  const std::string b = xsd(right_type);
  return compare(Term::literal(left, a), Term::literal(right, b));
}

constexpr auto kLess = std::partial_ordering::less;
constexpr auto kGreater = std::partial_ordering::greater;
constexpr auto kEquivalent = std::partial_ordering::equivalent;
constexpr auto kUnordered = std::partial_ordering::unordered;

TEST(Xsd, compares_integers_and_decimals_exactly_whatever_their_length) {
  EXPECT_EQ(order("integer", "9007199254740993", "decimal", "9007199254740992.9"), kGreater);
  EXPECT_EQ(
      order("integer", "100000000000000000000000001", "integer", "100000000000000000000000002"),
      kLess);
  EXPECT_EQ(order("decimal", "0.10", "decimal", "+.1000"), kEquivalent);
  EXPECT_EQ(order("integer", "-0", "byte", "0"), kEquivalent);
  EXPECT_EQ(order("decimal", "-1.5", "decimal", "-1.25"), kLess);
  EXPECT_EQ(order("decimal", "1.05", "decimal", "1.5"), kLess);
  EXPECT_EQ(order("integer", "-10", "integer", "9"), kLess);
}

TEST(Xsd, promotes_to_the_wider_floating_type) {
  EXPECT_EQ(order("decimal", "0.1", "double", "0.1"), kEquivalent);
  EXPECT_EQ(order("float", "0.1", "double", "0.1"), kGreater);
  EXPECT_EQ(order("float", "0.1", "decimal", "0.1"), kEquivalent);
  EXPECT_EQ(order("double", "INF", "integer", "99999999999999999999"), kGreater);
  EXPECT_EQ(order("double", "-INF", "double", "+INF"), kLess);
  EXPECT_EQ(order("double", "NaN", "double", "NaN"), kUnordered);
  EXPECT_EQ(order("double", "1e400", "double", "INF"), kEquivalent);
  EXPECT_EQ(order("double", "1e-400", "double", "0"), kEquivalent);
  EXPECT_EQ(order("double", "0.0000e99999999999999999999", "double", "-0"), kEquivalent);
  EXPECT_EQ(order("double", "1e-99999999999999999999", "double", "0"), kEquivalent);
  EXPECT_EQ(order("double", "+5", "integer", "5"), kEquivalent);
}

TEST(Xsd, orders_times_without_a_zone_only_when_they_are_far_apart) {
  EXPECT_EQ(order("dateTime", "2024-01-01T00:00:00", "dateTime", "2024-01-01T01:00:00Z"),
            kUnordered);
  EXPECT_EQ(order("dateTime", "2024-01-01T00:00:00", "dateTime", "2024-01-02T00:00:00Z"), kLess);
  EXPECT_EQ(order("dateTime", "2024-01-03T00:00:00Z", "dateTime", "2024-01-02T00:00:00"), kGreater);
  EXPECT_EQ(order("dateTime", "2024-01-01T14:00:00", "dateTime", "2024-01-01T00:00:00Z"),
            kUnordered);
  EXPECT_EQ(order("dateTime", "2024-01-01T00:00:00+01:00", "dateTime", "2023-12-31T23:00:00Z"),
            kEquivalent);
  EXPECT_EQ(order("dateTime", "2024-01-01T24:00:00", "dateTime", "2024-01-02T00:00:00"),
            kEquivalent);
  EXPECT_EQ(order("dateTime", "2024-01-01T00:00:00.1", "dateTime", "2024-01-01T00:00:00.0999"),
            kGreater);
  EXPECT_EQ(order("dateTimeStamp", "2024-01-01T00:00:00Z", "dateTime", "2024-01-01T00:00:01Z"),
            kLess);
  EXPECT_EQ(order("dateTime", "-0001-01-01T00:00:00", "dateTime", "0000-01-01T00:00:00"), kLess);
  EXPECT_EQ(order("date", "2024-02-29", "date", "2024-03-01"), kLess);
  EXPECT_EQ(order("date", "2024-02-29", "dateTime", "2024-02-29T00:00:00"), kUnordered);
  EXPECT_EQ(order("time", "10:00:00Z", "time", "11:00:00+02:00"), kGreater);
  EXPECT_EQ(order("gYear", "2023", "gYear", "2024"), kLess);
  EXPECT_EQ(order("gMonthDay", "--02-29", "gMonthDay", "--03-01"), kLess);
  EXPECT_EQ(order("gYear", "99999999999999999999", "gYear", "2024"), kUnordered);
}

TEST(Xsd, orders_durations_only_where_every_month_agrees) {
  EXPECT_EQ(order("duration", "P1M", "duration", "P30D"), kUnordered);
  EXPECT_EQ(order("duration", "P1M", "duration", "P27D"), kGreater);
  EXPECT_EQ(order("duration", "P1Y", "duration", "P12M"), kEquivalent);
  EXPECT_EQ(order("dayTimeDuration", "PT36H", "duration", "P1DT12H"), kEquivalent);
  EXPECT_EQ(order("duration", "-PT0.5S", "duration", "PT0S"), kLess);
  EXPECT_EQ(order("duration", "-PT0.5S", "duration", "-PT0.25S"), kLess);
}

TEST(Xsd, orders_strings_and_booleans_and_nothing_else) {
  EXPECT_EQ(order("string", "a", "string", "b"), kLess);
  EXPECT_EQ(order("string", "\xEF\xBF\xBD", "string", "\xF0\x9F\x98\x80"),
            kLess);  // U+FFFD, U+1F600
  EXPECT_EQ(order("boolean", "0", "boolean", "true"), kLess);
  EXPECT_EQ(order("boolean", "1", "boolean", "true"), kEquivalent);
  EXPECT_EQ(order("string", "1", "integer", "1"), kUnordered);
  EXPECT_EQ(order("anyURI", "a", "anyURI", "a"), kUnordered);
  EXPECT_EQ(order("integer", "abc", "integer", "abc"), kUnordered);
  EXPECT_EQ(compare(Term::lang_literal("a", "en"), Term::lang_literal("a", "en")), kUnordered);
  EXPECT_EQ(compare(Term::iri("http://a"), Term::iri("http://a")), kUnordered);
  EXPECT_EQ(compare(Term::literal("1", "http://example.org/mine"),
                    Term::literal("1", "http://example.org/mine")),
            kUnordered);
}

TEST(Hierarchy, follows_cycles_and_diamonds_once) {
  DatasetBuilder builder;
  const auto node = [&](const char* name) { return builder.intern(Term::iri(name)); };
  const TermId sub = node("sub");
  const TermId type = node("type");
  const TermId a = node("a"), b = node("b"), c = node("c"), d = node("d"), x = node("x");
  builder.add(b, sub, a);
  builder.add(c, sub, a);
  builder.add(d, sub, b);
  builder.add(d, sub, c);
  builder.add(a, sub, d);
  builder.add(x, type, d);
  builder.add(x, type, b);
  const Dataset data = std::move(builder).build();
  const Graph& graph = data.default_graph();
  const std::vector<TermId> all = {a, b, c, d};
  EXPECT_EQ(reaching(graph, sub, std::array{a}), all);
  EXPECT_EQ(reachable(graph, sub, std::array{d}), all);
  EXPECT_EQ(instances_of(graph, type, all), std::vector{x});
  EXPECT_EQ(reaching(graph, sub, std::array{x}), std::vector{x});
  EXPECT_TRUE(reaching(graph, kNoTerm, {}).empty());
}

}  // namespace
}  // namespace knhk::rdf
