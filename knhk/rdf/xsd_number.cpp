#include "knhk/rdf/xsd_number.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>

namespace knhk::rdf {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

std::size_t digits_at(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) -
                                  text.begin());
}

/// Takes a sign off the front; true when it was a minus.
bool take_sign(std::string_view& text) noexcept {
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return false;
  const bool negative = text.front() == '-';
  text.remove_prefix(1);
  return negative;
}

Decimal normalized(bool negative, std::string_view integer, std::string_view fraction) noexcept {
  integer.remove_prefix(std::min(integer.find_first_not_of('0'), integer.size()));
  const std::size_t last = fraction.find_last_not_of('0');
  fraction = last == std::string_view::npos ? std::string_view{} : fraction.substr(0, last + 1);
  const bool zero = integer.empty() && fraction.empty();
  return Decimal{negative && !zero, integer, fraction};
}

/// The parts of a decimal form at the front of `text`, which is left behind them.
std::optional<Decimal> take_decimal(std::string_view& text) noexcept {
  const bool negative = take_sign(text);
  const std::string_view integer = text.substr(0, digits_at(text));
  text.remove_prefix(integer.size());
  std::string_view fraction;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    fraction = text.substr(0, digits_at(text));
    text.remove_prefix(fraction.size());
  }
  if (integer.empty() && fraction.empty()) return std::nullopt;
  return normalized(negative, integer, fraction);
}

std::strong_ordering compare_magnitude(const Decimal& left, const Decimal& right) noexcept {
  if (const auto order = left.integer.size() <=> right.integer.size(); order != 0) return order;
  if (const int order = left.integer.compare(right.integer); order != 0) return order <=> 0;
  return left.fraction.compare(right.fraction) <=> 0;  // a proper prefix is the smaller number
}

/// Whether a number in range of no float is so for being large.
bool is_large(std::string_view lexical) noexcept {
  const std::optional<Decimal> mantissa = take_decimal(lexical);
  if (!mantissa || mantissa->is_zero()) return false;
  long long exponent = 0;
  if (!lexical.empty()) {
    lexical.remove_prefix(1);
    const bool negative = take_sign(lexical);
    const auto [end, error] =
        std::from_chars(lexical.data(), lexical.data() + lexical.size(), exponent);
    if (error == std::errc::result_out_of_range || exponent > (1LL << 40)) exponent = 1LL << 40;
    if (negative) exponent = -exponent;
  }
  const std::size_t zeros =
      std::min(mantissa->fraction.find_first_not_of('0'), mantissa->fraction.size());
  const long long magnitude = mantissa->integer.empty()
                                  ? -static_cast<long long>(zeros)
                                  : static_cast<long long>(mantissa->integer.size());
  return magnitude + exponent > 0;
}

}  // namespace

std::optional<Decimal> read_decimal(std::string_view lexical) noexcept {
  const std::optional<Decimal> value = take_decimal(lexical);
  return lexical.empty() ? value : std::nullopt;
}

std::optional<Decimal> read_integer(std::string_view lexical) noexcept {
  const bool negative = take_sign(lexical);
  if (lexical.empty() || digits_at(lexical) != lexical.size()) return std::nullopt;
  return normalized(negative, lexical, {});
}

std::strong_ordering compare(const Decimal& left, const Decimal& right) noexcept {
  if (left.negative != right.negative) {
    return left.negative ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  return left.negative ? compare_magnitude(right, left) : compare_magnitude(left, right);
}

bool is_floating(std::string_view lexical) noexcept {
  if (lexical == "NaN") return true;
  std::string_view rest = lexical;
  take_sign(rest);
  if (rest == "INF") return true;
  if (!take_decimal(lexical)) return false;
  if (lexical.empty()) return true;
  if (lexical.front() != 'e' && lexical.front() != 'E') return false;
  lexical.remove_prefix(1);
  return read_integer(lexical).has_value();
}

template <class Float>
Float read_floating(std::string_view lexical) noexcept {
  using Limits = std::numeric_limits<Float>;
  if (lexical == "NaN") return Limits::quiet_NaN();
  const bool negative = take_sign(lexical);
  Float value = 0;
  if (lexical == "INF") {
    value = Limits::infinity();
  } else {
    const auto [end, error] =
        std::from_chars(lexical.data(), lexical.data() + lexical.size(), value);
    if (error == std::errc::result_out_of_range) value = is_large(lexical) ? Limits::infinity() : 0;
  }
  return negative ? -value : value;
}

template float read_floating<float>(std::string_view) noexcept;
template double read_floating<double>(std::string_view) noexcept;

}  // namespace knhk::rdf
