#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace knhk::rdf::detail {

/// A flaw of a text: at which byte, and what it is.
struct Flaw {
  std::size_t offset;
  std::string detail;
};

/// What is said of a NUL where none may be.
inline constexpr std::string_view kNulOutsideString = "a NUL byte; this is no text file in UTF-8";

/// The first place where `bytes` is no UTF-8 text: an ill-formed sequence, or a byte order mark of
/// UTF-16 or UTF-32, when they are the start of a text. Surrogates and overlong forms are
/// ill-formed. NUL is a character; it may stand in a literal.
[[nodiscard]] std::optional<Flaw> find_encoding_flaw(std::string_view bytes, bool at_start = true);

/// The character at `at` of valid UTF-8 `text`, and `at` moved behind it.
[[nodiscard]] std::uint32_t next_character(std::string_view text, std::size_t& at) noexcept;

/// Appends `character` as UTF-8.
void append_utf8(std::string& out, std::uint32_t character);

/// `name:line:column` of the byte at `offset`; both count from 1, the column in characters.
/// `lines_before`: line ends before `bytes`.
[[nodiscard]] std::string position(std::string_view name, std::string_view bytes,
                                   std::size_t offset, std::size_t lines_before = 0);

/// Reads `XXXX` or `XXXXXXXX`, the digits of a `\u` or `\U` escape: a character that is no
/// surrogate.
[[nodiscard]] std::optional<std::uint32_t> parse_escape_digits(std::string_view digits) noexcept;

[[nodiscard]] constexpr bool is_hex_digit(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// True when `character` may stand in an IRI between `<` and `>`.
[[nodiscard]] constexpr bool is_iri_character(std::uint32_t character) noexcept {
  if (character <= 0x20) return false;
  switch (character) {
    case '<':
    case '>':
    case '"':
    case '{':
    case '}':
    case '|':
    case '^':
    case '`':
    case '\\':
      return false;
    default:
      return true;
  }
}

/// True when `character` may start the label of a blank node (Turtle: PN_CHARS_U or a digit).
[[nodiscard]] bool is_label_start(std::uint32_t character) noexcept;

/// True when `character` may stand inside a label or a name (Turtle: PN_CHARS).
[[nodiscard]] bool is_name_character(std::uint32_t character) noexcept;

/// True for `en`, `de-CH-1996`: what may follow the `@` of a literal (Turtle: LANGTAG).
[[nodiscard]] bool is_language_tag(std::string_view tag) noexcept;

}  // namespace knhk::rdf::detail
