#include <string>
#include <string_view>

#include "knhk/rdf/detail/text.hpp"
#include "knhk/rdf/iri.hpp"
#include "knhk/rdf/reader.hpp"

namespace knhk::rdf {
namespace {

// Reads one term of N-Triples from the start of a text. `at` is where it stands.
class TermParser {
 public:
  explicit TermParser(std::string_view text) : text_(text) {}

  Result<OwnedTerm> parse() {
    OwnedTerm term;
    Status status = parse_into(term);
    if (!status) return forward_error(std::move(status));
    if (at_ != text_.size()) return refuse("there is more after the term");
    return term;
  }

 private:
  Status parse_into(OwnedTerm& term) {
    switch (peek()) {
      case '<':
        term.kind = TermKind::iri;
        return parse_iri(term.text);
      case '_':
        term.kind = TermKind::blank;
        return parse_label(term.text);
      case '"':
        term.kind = TermKind::literal;
        return parse_literal(term);
      default:
        return refuse("a term starts with '<', '\"' or '_:'");
    }
  }

  Status parse_iri(std::string& out) {
    for (++at_; peek() != '>';) {
      if (at_ >= text_.size()) return refuse("an IRI ends with '>'");
      const std::size_t start = at_;
      std::uint32_t character = 0;
      if (peek() == '\\') {
        const auto escaped = unicode_escape();
        if (!escaped) return refuse("an escape in an IRI is '\\uXXXX' or '\\UXXXXXXXX'");
        character = *escaped;
      } else {
        character = detail::next_character(text_, at_);
      }
      if (!detail::is_iri_character(character)) {
        at_ = start;
        return refuse("a character that no IRI may have");
      }
      detail::append_utf8(out, character);
    }
    ++at_;
    if (!is_absolute_iri(out)) {
      return fail(Errc::relative_iri, std::string(text_), "the IRI is relative");
    }
    return {};
  }

  Status parse_label(std::string& out) {
    if (!text_.starts_with("_:")) return refuse("a blank node label starts with '_:'");
    at_ = 2;
    while (at_ < text_.size()) {
      const std::size_t start = at_;
      const std::uint32_t c = detail::next_character(text_, at_);
      const bool fits =
          start == 2 ? detail::is_label_start(c) : detail::is_name_character(c) || c == '.';
      if (!fits) {
        at_ = start;
        return refuse("a character that no blank node label may have here");
      }
    }
    if (at_ == 2 || text_.back() == '.') return refuse("this is not a blank node label");
    out = text_.substr(2);
    return {};
  }

  Status parse_literal(OwnedTerm& term) {
    for (++at_; peek() != '"';) {
      if (at_ >= text_.size()) return refuse("a literal ends with '\"'");
      if (peek() == '\\') {
        const auto character = escape();
        if (!character) return refuse("this is not an escape that may stand here");
        detail::append_utf8(term.text, *character);
      } else {
        if (peek() == '\n' || peek() == '\r') return refuse("a line end has to be escaped");
        term.text += text_[at_++];
      }
    }
    ++at_;
    term.datatype = kStringDatatype;
    if (peek() == '@') {
      const std::string_view tag = text_.substr(at_ + 1);
      if (!detail::is_language_tag(tag)) return refuse("this is not a language tag");
      term.language = tag;
      term.datatype = kLangStringDatatype;
      at_ = text_.size();
    } else if (text_.substr(at_).starts_with("^^<")) {
      at_ += 2;
      term.datatype.clear();
      return parse_iri(term.datatype);
    }
    return {};
  }

  // `\uXXXX` or `\UXXXXXXXX` at `at_`, which is moved behind it.
  std::optional<std::uint32_t> unicode_escape() {
    const char kind = peek(1);
    if (kind != 'u' && kind != 'U') return std::nullopt;
    const std::size_t digits = kind == 'u' ? 4 : 8;
    const std::string_view written = text_.substr(at_).substr(2, digits);
    if (written.size() != digits) return std::nullopt;
    const auto character = detail::parse_escape_digits(written);
    if (character) at_ += 2 + digits;
    return character;
  }

  std::optional<std::uint32_t> escape() {
    constexpr std::string_view kLetters = "tbnrf\"'\\";
    constexpr std::string_view kCharacters = "\t\b\n\r\f\"'\\";
    const std::size_t found = kLetters.find(peek(1));
    if (found == std::string_view::npos || at_ + 1 >= text_.size()) return unicode_escape();
    at_ += 2;
    return static_cast<std::uint8_t>(kCharacters[found]);
  }

  [[nodiscard]] char peek(std::size_t ahead = 0) const noexcept {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  [[nodiscard]] tl::unexpected<Error> refuse(std::string detail) const {
    const std::string where = detail::position(text_, text_, at_);
    return fail(Errc::syntax_error, where, std::move(detail));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<OwnedTerm> parse_term(std::string_view text) {
  if (auto flaw = detail::find_encoding_flaw(text)) {
    return fail(Errc::invalid_encoding, "", std::move(flaw->detail));
  }
  return TermParser(text).parse();
}

}  // namespace knhk::rdf
