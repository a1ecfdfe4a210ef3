#pragma once

#include <compare>
#include <cstdint>
#include <string_view>

#include "knhk/rdf/term.hpp"

namespace knhk::rdf {

/// The datatypes whose lexical space is known: those of RDF 1.1 Concepts section 5.1 with the
/// language-tagged strings. Every other datatype is `unknown`.
enum class Datatype : std::uint8_t {
  unknown,
  lang_string,
  string,
  normalized_string,
  token,
  language,
  name,
  nc_name,
  nm_token,
  any_uri,
  boolean,
  hex_binary,
  base64_binary,
  decimal,
  integer,
  non_positive_integer,
  negative_integer,
  non_negative_integer,
  positive_integer,
  signed_long,
  signed_int,
  signed_short,
  signed_byte,
  unsigned_long,
  unsigned_int,
  unsigned_short,
  unsigned_byte,
  single_float,
  double_float,
  date_time,
  date_time_stamp,
  date,
  time,
  g_year,
  g_year_month,
  g_month,
  g_month_day,
  g_day,
  duration,
  year_month_duration,
  day_time_duration,
};

/// Which datatype `iri` names; `Datatype::unknown` for one that is not in the list.
///
/// Threads: this and the other functions here are pure; any thread may call them.
/// Effects: none of them allocates.
[[nodiscard]] Datatype datatype_of(std::string_view iri) noexcept;

/// Whether `lexical` is in the lexical space of the datatype (XML Schema 1.1 part 2), ranges of the
/// derived integer types and the lengths of months included. White space is not stripped first: in
/// RDF `" 1 "^^xsd:integer` is ill-typed. Everything is valid for an unknown datatype.
[[nodiscard]] bool is_valid_lexical(Datatype datatype, std::string_view lexical) noexcept;
/// The same, for a datatype given by its IRI.
[[nodiscard]] bool is_valid_lexical(std::string_view datatype_iri,
                                    std::string_view lexical) noexcept;

/// Compares the values of two literals as SPARQL's operators do, extended to the other ordered
/// datatypes of XML Schema.
///
/// Numbers: integers and decimals exactly, whatever their length; beside a float or double the
/// other operand is promoted as XPath says. Strings compare by code point, `false` < `true`. Dates
/// and times: one with and one without a time zone are ordered only when they are further apart
/// than zones can be; fractions of seconds count to 18 digits. Durations as in XML Schema, so a
/// month and 30 days are unordered.
///
/// Returns unordered for IRIs and blank nodes, language-tagged strings, ill-typed literals, NaN,
/// unknown datatypes, and kinds that don't compare with each other.
[[nodiscard]] std::partial_ordering compare(const Term& left, const Term& right) noexcept;

}  // namespace knhk::rdf
