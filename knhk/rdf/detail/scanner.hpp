#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "knhk/base/error.hpp"
#include "knhk/rdf/detail/text.hpp"

namespace knhk::rdf::detail {

/// Why a text was refused, and at which byte.
struct Refusal {
  Errc code;
  std::size_t offset;
  std::string detail;
};

/// A place in a text and what can be taken from there: the tokens that the four syntaxes share.
///
/// Text comes out without its escapes: a view of the input when it has none, else of the `scratch`
/// that is passed in. Requires: the input has no encoding flaw.
class Scanner {
 public:
  Scanner(std::string_view text, std::size_t max_term_bytes) noexcept
      : text_(text), max_term_bytes_(max_term_bytes) {}

  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  /// From the place on.
  [[nodiscard]] std::string_view rest() const noexcept { return text_.substr(at_); }
  [[nodiscard]] std::size_t at() const noexcept { return at_; }
  [[nodiscard]] bool at_end() const noexcept { return at_ >= text_.size(); }
  /// The byte `ahead` of the place; NUL behind the end.
  [[nodiscard]] char peek(std::size_t ahead = 0) const noexcept {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void skip(std::size_t count) noexcept { at_ += count; }
  void go_to(std::size_t offset) noexcept { at_ = offset; }

  /// The first refusal counts. Returns: false, for the caller to return in turn.
  bool refuse(Errc code, std::size_t offset, std::string detail);
  bool refuse(std::string detail) { return refuse(Errc::syntax_error, at_, std::move(detail)); }
  [[nodiscard]] const std::optional<Refusal>& refusal() const noexcept { return refusal_; }

  // Each takes one token that starts at the place, or refuses. Those with a `scratch` may keep text
  // there.
  /// `<…>`, as it is written: maybe relative.
  [[nodiscard]] bool iri(std::string& scratch, std::string_view& out);
  /// A string between `"` or `'`; between three of them only when `long_ones` are allowed.
  [[nodiscard]] bool string(bool long_ones, std::string& scratch, std::string_view& out);
  /// What follows the `@` of a literal.
  [[nodiscard]] bool language(std::string_view& out);
  /// `_:` and the label, which comes out. Requires: `_:` stands at the place.
  [[nodiscard]] bool label(std::string_view& out);

  /// Where the word at `at` ends: names, labels, keywords, as long as it can be, full stops inside
  /// included and those at the end not.
  [[nodiscard]] std::size_t end_of_word(std::size_t at) const noexcept;
  /// False when the token from `start` to the place is longer than a term may be.
  [[nodiscard]] bool fits(std::size_t start, std::string_view what);
  /// Skips a comment, without its line end.
  [[nodiscard]] bool comment();

 private:
  // Checks the escape at the place and appends what it stands for.
  [[nodiscard]] bool escape(bool in_iri, std::string& out);

  std::string_view text_;
  std::size_t max_term_bytes_;
  std::size_t at_ = 0;
  std::optional<Refusal> refusal_;
};

/// `text` in quotation marks, cut when it is long, for messages.
[[nodiscard]] std::string quoted(std::string_view text);
/// The character at the start of `text` for messages.
[[nodiscard]] std::string quoted_character(std::string_view text);

}  // namespace knhk::rdf::detail
