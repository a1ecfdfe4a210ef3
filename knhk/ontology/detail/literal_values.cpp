#include "knhk/ontology/detail/literal_values.hpp"

#include <algorithm>
#include <compare>
#include <string>

#include "knhk/rdf/vocabulary.hpp"
#include "knhk/rdf/xsd.hpp"

namespace knhk::ontology::detail {

namespace {

using rdf::Datatype;

/// The primitive value space a datatype belongs to; those of two families have no value in common.
enum class Family : std::uint8_t {
  unknown,
  lang_string,
  string,
  any_uri,
  boolean,
  hex_binary,
  base64_binary,
  decimal,
  single_float,
  double_float,
  date_time,
  date,
  time,
  g_year,
  g_year_month,
  g_month,
  g_month_day,
  g_day,
  duration,
};

Family family_of(Datatype datatype) {
  switch (datatype) {
    case Datatype::unknown:
      return Family::unknown;
    case Datatype::lang_string:
      return Family::lang_string;
    case Datatype::string:
    case Datatype::normalized_string:
    case Datatype::token:
    case Datatype::language:
    case Datatype::name:
    case Datatype::nc_name:
    case Datatype::nm_token:
      return Family::string;
    case Datatype::any_uri:
      return Family::any_uri;
    case Datatype::boolean:
      return Family::boolean;
    case Datatype::hex_binary:
      return Family::hex_binary;
    case Datatype::base64_binary:
      return Family::base64_binary;
    case Datatype::decimal:
    case Datatype::integer:
    case Datatype::non_positive_integer:
    case Datatype::negative_integer:
    case Datatype::non_negative_integer:
    case Datatype::positive_integer:
    case Datatype::signed_long:
    case Datatype::signed_int:
    case Datatype::signed_short:
    case Datatype::signed_byte:
    case Datatype::unsigned_long:
    case Datatype::unsigned_int:
    case Datatype::unsigned_short:
    case Datatype::unsigned_byte:
      return Family::decimal;
    case Datatype::single_float:
      return Family::single_float;
    case Datatype::double_float:
      return Family::double_float;
    case Datatype::date_time:
    case Datatype::date_time_stamp:
      return Family::date_time;
    case Datatype::date:
      return Family::date;
    case Datatype::time:
      return Family::time;
    case Datatype::g_year:
      return Family::g_year;
    case Datatype::g_year_month:
      return Family::g_year_month;
    case Datatype::g_month:
      return Family::g_month;
    case Datatype::g_month_day:
      return Family::g_month_day;
    case Datatype::g_day:
      return Family::g_day;
    case Datatype::duration:
    case Datatype::year_month_duration:
    case Datatype::day_time_duration:
      return Family::duration;
  }
  return Family::unknown;
}

/// `+007.00` as `7`: the one form that every integer type reads. Text that is no whole number comes
/// back as it is.
std::string whole_number(std::string_view lexical) {
  std::string_view digits = lexical;
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  if (const std::size_t point = digits.find('.'); point != std::string_view::npos) {
    if (digits.find_first_not_of('0', point + 1) != std::string_view::npos) {
      return std::string(lexical);
    }
    digits = digits.substr(0, point);
  }
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.empty()) return "0";
  return std::string(negative ? "-" : "").append(digits);
}

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, to_lower, to_lower);
}

}  // namespace

Verdict differ(const rdf::Term& left, const rdf::Term& right) {
  if (left == right) return Verdict::no;
  const Datatype left_type = rdf::datatype_of(left.datatype);
  const Datatype right_type = rdf::datatype_of(right.datatype);
  const Family family = family_of(left_type);
  if (family == Family::unknown || family_of(right_type) == Family::unknown) {
    return Verdict::unknown;
  }
  if (!rdf::is_valid_lexical(left_type, left.text) ||
      !rdf::is_valid_lexical(right_type, right.text)) {
    return Verdict::unknown;
  }
  if (family == Family::lang_string && family_of(right_type) == Family::lang_string) {
    const bool equal =
        left.text == right.text && equal_ignoring_case(left.language, right.language);
    return equal ? Verdict::no : Verdict::yes;
  }
  // The value spaces of float, double and decimal are apart, but whoever writes 1 and 1.0e0 hardly
  // means two things: equal numbers are let pass.
  if (rdf::compare(left, right) == std::partial_ordering::equivalent) return Verdict::no;
  if (family != family_of(right_type)) return Verdict::yes;
  if (family == Family::hex_binary) {
    return equal_ignoring_case(left.text, right.text) ? Verdict::no : Verdict::yes;
  }
  const bool comparable = family != Family::base64_binary;
  return comparable ? Verdict::yes : Verdict::unknown;
}

Verdict belongs(const rdf::Term& literal, std::string_view datatype) {
  if (datatype == literal.datatype) return Verdict::yes;
  const Datatype own = rdf::datatype_of(literal.datatype);
  const Datatype wanted = rdf::datatype_of(datatype);
  if (wanted == Datatype::unknown || own == Datatype::unknown ||
      !rdf::is_valid_lexical(own, literal.text)) {
    return Verdict::unknown;
  }
  const Family family = family_of(wanted);
  if (family != family_of(own)) return Verdict::no;
  if (family == Family::decimal && wanted != Datatype::decimal) {
    return rdf::is_valid_lexical(wanted, whole_number(literal.text)) ? Verdict::yes : Verdict::no;
  }
  if (family == Family::decimal) return Verdict::yes;
  return rdf::is_valid_lexical(wanted, literal.text) ? Verdict::yes : Verdict::no;
}

}  // namespace knhk::ontology::detail
