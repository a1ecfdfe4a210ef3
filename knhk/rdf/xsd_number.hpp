#pragma once

#include <compare>
#include <optional>
#include <string_view>

// Numbers of XML Schema, read from their lexical forms without allocation. Internal to xsd.cpp.
namespace knhk::rdf {

/// A decimal of any length as views into its lexical form: value = sign * integer.fraction.
struct Decimal {
  bool negative = false;
  std::string_view integer;   // without leading zeros
  std::string_view fraction;  // without trailing zeros

  [[nodiscard]] bool is_zero() const noexcept { return integer.empty() && fraction.empty(); }
};

/// `[+-]?(d+(.d*)?|.d+)`; nothing for another text.
[[nodiscard]] std::optional<Decimal> read_decimal(std::string_view lexical) noexcept;
/// `[+-]?d+`; nothing for another text.
[[nodiscard]] std::optional<Decimal> read_integer(std::string_view lexical) noexcept;
[[nodiscard]] std::strong_ordering compare(const Decimal& left, const Decimal& right) noexcept;

/// Whether `lexical` is a float or double of XML Schema 1.1: `INF`, `+INF`, `-INF`, `NaN` included.
[[nodiscard]] bool is_floating(std::string_view lexical) noexcept;
/// The nearest double or float of a valid floating, decimal or integer form; infinite when too
/// large, zero when too small.
template <class Float>
[[nodiscard]] Float read_floating(std::string_view lexical) noexcept;

extern template float read_floating<float>(std::string_view) noexcept;
extern template double read_floating<double>(std::string_view) noexcept;

}  // namespace knhk::rdf
