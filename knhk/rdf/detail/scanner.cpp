#include "knhk/rdf/detail/scanner.hpp"

#include <algorithm>
#include <utility>

#include "knhk/rdf/detail/stops.hpp"

namespace knhk::rdf::detail {

std::string quoted(std::string_view text) {
  constexpr std::size_t kShown = 40;
  std::size_t cut = std::min(text.size(), kShown);
  while (cut < text.size() && cut > 0 && (text[cut] & 0xC0) == 0x80) --cut;  // whole characters
  std::string shown(1, '\'');
  shown.append(text.substr(0, cut)).append(cut < text.size() ? "...'" : "'");
  return shown;
}

std::string quoted_character(std::string_view text) {
  const auto byte = static_cast<unsigned char>(text.empty() ? '\0' : text.front());
  if (byte <= ' ' || byte == 0x7F) return "a control character";
  std::size_t size = 0;
  (void)next_character(text, size);
  return quoted(text.substr(0, size));
}

bool Scanner::refuse(Errc code, std::size_t offset, std::string detail) {
  if (!refusal_) refusal_ = Refusal{code, std::min(offset, text_.size()), std::move(detail)};
  return false;
}

bool Scanner::fits(std::size_t start, std::string_view what) {
  if (at_ - start <= max_term_bytes_) return true;
  return refuse(Errc::limit_exceeded, start,
                std::string(what) + " longer than " + std::to_string(max_term_bytes_) + " bytes");
}

bool Scanner::escape(bool in_iri, std::string& out) {
  const char kind = peek(1);
  if (kind == 'u' || kind == 'U') {
    const std::size_t digits = kind == 'u' ? 4 : 8;
    std::string_view written = text_.substr(at_, 2 + digits);
    // No more than the digits: what follows may be a line's end or half a character.
    written = written.substr(0, written.find_first_not_of("0123456789abcdefABCDEF", 2));
    const auto character =
        written.size() == 2 + digits ? parse_escape_digits(written.substr(2)) : std::nullopt;
    if (!character) return refuse(quoted(written) + " is not the escape of a character");
    if (in_iri && !is_iri_character(*character)) {
      return refuse(quoted(written) + " stands for a character that no IRI may have");
    }
    append_utf8(out, *character);
    at_ += 2 + digits;
    return true;
  }
  constexpr std::string_view kLetters = "tbnrf\"'\\";
  constexpr std::string_view kCharacters = "\t\b\n\r\f\"'\\";
  const std::size_t found = in_iri || kind == '\0' ? std::string_view::npos : kLetters.find(kind);
  if (found == std::string_view::npos) {
    return refuse(quoted(text_.substr(at_, kind > ' ' ? 2 : 1)) +
                  " is not an escape that may stand here");
  }
  out += kCharacters[found];
  at_ += 2;
  return true;
}

bool Scanner::iri(std::string& scratch, std::string_view& out) {
  const std::size_t start = at_++;
  std::size_t plain = at_;  // what is not in the scratch yet
  bool escaped = false;
  while (true) {
    at_ = find_stop(text_, at_, kStopsIri);
    if (at_ >= text_.size())
      return refuse(Errc::syntax_error, start, "an IRI that is not ended by '>'");
    const char c = text_[at_];
    if (c == '>') break;
    if (c == '\\') {
      if (!escaped) scratch.clear();
      escaped = true;
      scratch.append(text_.substr(plain, at_ - plain));
      if (!escape(true, scratch)) return false;
      plain = at_;
      continue;
    }
    if (c == '\0') return refuse(Errc::invalid_encoding, at_, std::string(kNulOutsideString));
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    return refuse(blank
                      ? "a blank inside an IRI"
                      : "the character " + quoted_character(text_.substr(at_)) + " inside an IRI");
  }
  const std::string_view rest = text_.substr(plain, at_ - plain);
  if (escaped) scratch.append(rest);
  out = escaped ? std::string_view(scratch) : rest;
  ++at_;
  return fits(start, "an IRI");
}

bool Scanner::string(bool long_ones, std::string& scratch, std::string_view& out) {
  const std::size_t start = at_;
  const char quote = text_[at_];
  const bool tripled = peek(1) == quote && peek(2) == quote;
  const bool is_long = long_ones && tripled;
  if (tripled && !long_ones) return refuse("long strings are not part of this syntax");
  at_ += is_long ? 3 : 1;
  std::size_t plain = at_;
  bool escaped = false;
  while (true) {
    at_ = quote == '"' ? find_stop(text_, at_, kStopsString<'"'>)
                       : find_stop(text_, at_, kStopsString<'\''>);
    if (at_ >= text_.size())
      return refuse(Errc::syntax_error, start, "a string that is never closed");
    const char c = text_[at_];
    if (c == quote && (!is_long || (peek(1) == quote && peek(2) == quote))) break;
    if (c == '\\') {
      if (!escaped) scratch.clear();
      escaped = true;
      scratch.append(text_.substr(plain, at_ - plain));
      if (!escape(false, scratch)) return false;
      plain = at_;
    } else if (!is_long) {
      return refuse(Errc::syntax_error, start, "a string that is not closed before the line ends");
    } else {
      ++at_;
    }
  }
  const std::string_view rest = text_.substr(plain, at_ - plain);
  if (escaped) scratch.append(rest);
  out = escaped ? std::string_view(scratch) : rest;
  at_ += is_long ? 3 : 1;
  return fits(start, "a literal");
}

bool Scanner::language(std::string_view& out) {
  const std::size_t start = at_;
  const auto fits_tag = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  };
  while (fits_tag(peek())) ++at_;
  out = text_.substr(start, at_ - start);
  if (!is_language_tag(out)) {
    return refuse(Errc::syntax_error, start - 1,
                  quoted(text_.substr(start - 1, at_ - start + 1)) + " is not a language tag");
  }
  return fits(start, "a language tag");
}

bool Scanner::label(std::string_view& out) {
  at_ += 2;
  const std::size_t start = at_;
  std::size_t end = at_;  // behind the last character that is no full stop
  while (at_ < text_.size()) {
    const std::size_t here = at_;
    const std::uint32_t c = next_character(text_, at_);
    if (here != start && c == '.') continue;
    if (here == start ? !is_label_start(c) : !is_name_character(c)) break;
    end = at_;
  }
  at_ = end;
  if (end == start) {
    return refuse(at_end() ? "a blank node label is missing"
                           : "a character that no blank node label may start with");
  }
  out = text_.substr(start, end - start);
  return fits(start - 2, "a blank node label");
}

std::size_t Scanner::end_of_word(std::size_t at) const noexcept {
  std::size_t solid_end = at;
  while (at < text_.size()) {
    const char c = text_[at];
    const bool is_ascii = static_cast<unsigned char>(c) < 0x80;
    if (!is_ascii || is_name_character(static_cast<unsigned char>(c)) || c == ':' || c == '%') {
      solid_end = ++at;
    } else if (c == '\\' && at + 1 < text_.size()) {
      solid_end = at += 2;
    } else if (c == '.') {
      ++at;
    } else {
      break;
    }
  }
  return solid_end;
}

bool Scanner::comment() {
  const std::size_t end = std::min(text_.find_first_of("\r\n", at_), text_.size());
  const std::size_t nul = text_.substr(at_, end - at_).find('\0');
  if (nul != std::string_view::npos) {
    return refuse(Errc::invalid_encoding, at_ + nul, std::string(kNulOutsideString));
  }
  at_ = end;
  return true;
}

}  // namespace knhk::rdf::detail
