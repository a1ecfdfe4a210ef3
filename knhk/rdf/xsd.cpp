#include "knhk/rdf/xsd.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "knhk/rdf/vocabulary.hpp"
#include "knhk/rdf/xsd_number.hpp"
#include "knhk/rdf/xsd_time.hpp"

namespace knhk::rdf {
namespace {

using Entry = std::pair<std::string_view, Datatype>;

/// Local names in the XML Schema namespace, sorted.
constexpr std::array kXsdDatatypes = {
    Entry{"NCName", Datatype::nc_name},
    Entry{"NMTOKEN", Datatype::nm_token},
    Entry{"Name", Datatype::name},
    Entry{"anyURI", Datatype::any_uri},
    Entry{"base64Binary", Datatype::base64_binary},
    Entry{"boolean", Datatype::boolean},
    Entry{"byte", Datatype::signed_byte},
    Entry{"date", Datatype::date},
    Entry{"dateTime", Datatype::date_time},
    Entry{"dateTimeStamp", Datatype::date_time_stamp},
    Entry{"dayTimeDuration", Datatype::day_time_duration},
    Entry{"decimal", Datatype::decimal},
    Entry{"double", Datatype::double_float},
    Entry{"duration", Datatype::duration},
    Entry{"float", Datatype::single_float},
    Entry{"gDay", Datatype::g_day},
    Entry{"gMonth", Datatype::g_month},
    Entry{"gMonthDay", Datatype::g_month_day},
    Entry{"gYear", Datatype::g_year},
    Entry{"gYearMonth", Datatype::g_year_month},
    Entry{"hexBinary", Datatype::hex_binary},
    Entry{"int", Datatype::signed_int},
    Entry{"integer", Datatype::integer},
    Entry{"language", Datatype::language},
    Entry{"long", Datatype::signed_long},
    Entry{"negativeInteger", Datatype::negative_integer},
    Entry{"nonNegativeInteger", Datatype::non_negative_integer},
    Entry{"nonPositiveInteger", Datatype::non_positive_integer},
    Entry{"normalizedString", Datatype::normalized_string},
    Entry{"positiveInteger", Datatype::positive_integer},
    Entry{"short", Datatype::signed_short},
    Entry{"string", Datatype::string},
    Entry{"time", Datatype::time},
    Entry{"token", Datatype::token},
    Entry{"unsignedByte", Datatype::unsigned_byte},
    Entry{"unsignedInt", Datatype::unsigned_int},
    Entry{"unsignedLong", Datatype::unsigned_long},
    Entry{"unsignedShort", Datatype::unsigned_short},
    Entry{"yearMonthDuration", Datatype::year_month_duration},
};
static_assert(std::is_sorted(kXsdDatatypes.begin(), kXsdDatatypes.end(),
                             [](const Entry& a, const Entry& b) { return a.first < b.first; }));

struct Range {
  std::string_view low;  // empty: no bound
  std::string_view high;
};

Range range_of(Datatype datatype) noexcept {
  switch (datatype) {
    case Datatype::non_positive_integer:
      return {"", "0"};
    case Datatype::negative_integer:
      return {"", "-1"};
    case Datatype::non_negative_integer:
      return {"0", ""};
    case Datatype::positive_integer:
      return {"1", ""};
    case Datatype::signed_long:
      return {"-9223372036854775808", "9223372036854775807"};
    case Datatype::signed_int:
      return {"-2147483648", "2147483647"};
    case Datatype::signed_short:
      return {"-32768", "32767"};
    case Datatype::signed_byte:
      return {"-128", "127"};
    case Datatype::unsigned_long:
      return {"0", "18446744073709551615"};
    case Datatype::unsigned_int:
      return {"0", "4294967295"};
    case Datatype::unsigned_short:
      return {"0", "65535"};
    case Datatype::unsigned_byte:
      return {"0", "255"};
    default:
      return {};
  }
}

bool is_integer_in_range(Datatype datatype, std::string_view lexical) noexcept {
  const std::optional<Decimal> value = read_integer(lexical);
  if (!value) return false;
  const Range range = range_of(datatype);
  if (const auto low = read_integer(range.low); low && compare(*value, *low) < 0) return false;
  const auto high = read_integer(range.high);
  return !high || compare(*value, *high) <= 0;
}

bool is_hex_binary(std::string_view lexical) noexcept {
  return lexical.size() % 2 == 0 && std::all_of(lexical.begin(), lexical.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}

int base64_value(char c) noexcept {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

/// Single spaces may stand between the digits; the digits before padding carry no stray bits.
bool is_base64_binary(std::string_view lexical) noexcept {
  if (lexical.starts_with(' ') || lexical.ends_with(' ')) return false;
  std::size_t digits = 0;
  std::size_t padding = 0;
  int last = 0;
  char before = '\0';
  for (const char c : lexical) {
    if (c == ' ') {
      if (before == ' ') return false;
    } else if (c == '=') {
      ++padding;
    } else {
      last = base64_value(c);
      if (last < 0 || padding != 0) return false;
      ++digits;
    }
    before = c;
  }
  if ((digits + padding) % 4 != 0 || padding > 2) return false;
  if (padding == 1) return (last & 3) == 0;
  return padding == 0 || (last & 15) == 0;
}

bool is_name_start(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// ASCII checked exactly, letters beyond it taken as name characters.
bool is_name(std::string_view lexical, bool any_start, bool colons) noexcept {
  if (lexical.empty()) return false;
  const auto is_char = [&](char c) {
    return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           (colons && c == ':');
  };
  const char front = lexical.front();
  if (!any_start && !is_name_start(front) && !(colons && front == ':')) return false;
  return std::all_of(lexical.begin(), lexical.end(), is_char);
}

/// `[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*`
bool is_language(std::string_view lexical) noexcept {
  bool first = true;
  while (true) {
    const std::size_t length = std::min(lexical.find('-'), lexical.size());
    const std::string_view part = lexical.substr(0, length);
    if (part.empty() || part.size() > 8) return false;
    for (const char c : part) {
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!letter && (first || c < '0' || c > '9')) return false;
    }
    if (length == lexical.size()) return true;
    lexical.remove_prefix(length + 1);
    first = false;
  }
}

bool is_token(std::string_view lexical) noexcept {
  return lexical.find_first_of("\t\n\r") == std::string_view::npos && !lexical.starts_with(' ') &&
         !lexical.ends_with(' ') && lexical.find("  ") == std::string_view::npos;
}

/// What compares with what.
enum class Order : std::uint8_t {
  none,
  text,
  truth,
  exact,
  single_float,
  double_float,
  instant,
  duration
};

Order order_of(Datatype datatype) noexcept {
  switch (datatype) {
    case Datatype::string:
    case Datatype::normalized_string:
    case Datatype::token:
    case Datatype::language:
    case Datatype::name:
    case Datatype::nc_name:
    case Datatype::nm_token:
      return Order::text;
    case Datatype::boolean:
      return Order::truth;
    case Datatype::single_float:
      return Order::single_float;
    case Datatype::double_float:
      return Order::double_float;
    default:
      if (datatype >= Datatype::duration) return Order::duration;
      if (datatype >= Datatype::date_time) return Order::instant;
      return datatype >= Datatype::decimal ? Order::exact : Order::none;
  }
}

bool is_numeric(Order order) noexcept {
  return order == Order::exact || order == Order::single_float || order == Order::double_float;
}

std::partial_ordering compare_numbers(Order left_order, std::string_view left, Order right_order,
                                      std::string_view right) noexcept {
  const Order widest = std::max(left_order, right_order);
  if (widest == Order::double_float) {
    // A float is promoted from its own value, not from its lexical form.
    const auto value = [](Order order, std::string_view lexical) {
      return order == Order::single_float ? static_cast<double>(read_floating<float>(lexical))
                                          : read_floating<double>(lexical);
    };
    return value(left_order, left) <=> value(right_order, right);
  }
  if (widest == Order::single_float) {
    return read_floating<float>(left) <=> read_floating<float>(right);
  }
  const std::optional<Decimal> a = read_decimal(left);
  const std::optional<Decimal> b = read_decimal(right);
  if (!a || !b) return std::partial_ordering::unordered;
  return compare(*a, *b);
}

std::partial_ordering compare_instants(Datatype left_type, std::string_view left,
                                       Datatype right_type, std::string_view right) noexcept {
  const auto family = [](Datatype type) {
    return type == Datatype::date_time_stamp ? Datatype::date_time : type;
  };
  if (family(left_type) != family(right_type)) return std::partial_ordering::unordered;
  const auto a = read_instant(left_type, left);
  const auto b = read_instant(right_type, right);
  if (!a || !b) return std::partial_ordering::unordered;
  return compare(*a, *b);
}

}  // namespace

Datatype datatype_of(std::string_view iri) noexcept {
  if (iri == vocab::rdf::langString) return Datatype::lang_string;
  if (!iri.starts_with(vocab::xsd::kNamespace)) return Datatype::unknown;
  iri.remove_prefix(vocab::xsd::kNamespace.size());
  const auto* const found = std::lower_bound(
      kXsdDatatypes.begin(), kXsdDatatypes.end(), iri,
      [](const Entry& entry, std::string_view name) { return entry.first < name; });
  return found != kXsdDatatypes.end() && found->first == iri ? found->second : Datatype::unknown;
}

bool is_valid_lexical(Datatype datatype, std::string_view lexical) noexcept {
  switch (datatype) {
    case Datatype::unknown:
    case Datatype::lang_string:
    case Datatype::string:
    case Datatype::any_uri:
      return true;
    case Datatype::normalized_string:
      return lexical.find_first_of("\t\n\r") == std::string_view::npos;
    case Datatype::token:
      return is_token(lexical);
    case Datatype::language:
      return is_language(lexical);
    case Datatype::name:
      return is_name(lexical, false, true);
    case Datatype::nc_name:
      return is_name(lexical, false, false);
    case Datatype::nm_token:
      return is_name(lexical, true, true);
    case Datatype::boolean:
      return lexical == "true" || lexical == "false" || lexical == "1" || lexical == "0";
    case Datatype::hex_binary:
      return is_hex_binary(lexical);
    case Datatype::base64_binary:
      return is_base64_binary(lexical);
    case Datatype::decimal:
      return read_decimal(lexical).has_value();
    case Datatype::single_float:
    case Datatype::double_float:
      return is_floating(lexical);
    case Datatype::duration:
    case Datatype::year_month_duration:
    case Datatype::day_time_duration:
      return read_duration(datatype, lexical).has_value();
    default:
      return datatype >= Datatype::date_time ? read_instant(datatype, lexical).has_value()
                                             : is_integer_in_range(datatype, lexical);
  }
}

bool is_valid_lexical(std::string_view datatype_iri, std::string_view lexical) noexcept {
  return is_valid_lexical(datatype_of(datatype_iri), lexical);
}

std::partial_ordering compare(const Term& left, const Term& right) noexcept {
  constexpr auto kUnordered = std::partial_ordering::unordered;
  if (left.kind != TermKind::literal || right.kind != TermKind::literal) return kUnordered;
  const Datatype left_type = datatype_of(left.datatype);
  const Datatype right_type = datatype_of(right.datatype);
  const Order left_order = order_of(left_type);
  const Order right_order = order_of(right_type);
  const bool numbers = is_numeric(left_order) && is_numeric(right_order);
  if (left_order == Order::none || (left_order != right_order && !numbers)) return kUnordered;
  if (!is_valid_lexical(left_type, left.text) || !is_valid_lexical(right_type, right.text)) {
    return kUnordered;
  }
  if (numbers) return compare_numbers(left_order, left.text, right_order, right.text);
  switch (left_order) {
    case Order::text:
      return left.text.compare(right.text) <=> 0;  // UTF-8 keeps the order of code points
    case Order::truth: {
      const auto truth = [](std::string_view text) { return text == "true" || text == "1"; };
      return static_cast<int>(truth(left.text)) <=> static_cast<int>(truth(right.text));
    }
    case Order::instant:
      return compare_instants(left_type, left.text, right_type, right.text);
    default: {
      const auto a = read_duration(left_type, left.text);
      const auto b = read_duration(right_type, right.text);
      if (!a || !b) return kUnordered;
      return compare(*a, *b);
    }
  }
}

}  // namespace knhk::rdf
