#include "knhk/rdf/detail/token_gate.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "knhk/rdf/iri.hpp"

#include "knhk/rdf/iri.hpp"

namespace knhk::rdf::detail {
namespace {

// A piece of a line-based text; serd's memory grows within one.
constexpr std::size_t kPieceBytes = std::size_t{4} << 20U;

constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr const char* kNulOutsideString = "a NUL byte; this is no text file in UTF-8";
constexpr bool is_ascii(char c) noexcept { return static_cast<unsigned char>(c) < 0x80; }

bool equals_ignoring_case(std::string_view text, std::string_view lowercase) noexcept {
  return std::equal(text.begin(), text.end(), lowercase.begin(), lowercase.end(),
                    [](char a, char b) { return (is_letter(a) ? (a | 0x20) : a) == b; });
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kShown = 40;
  std::size_t cut = std::min(text.size(), kShown);
  while (cut < text.size() && cut > 0 && (text[cut] & 0xC0) == 0x80) --cut;  // whole characters
  std::string shown(1, '\'');
  shown.append(text.substr(0, cut)).append(cut < text.size() ? "...'" : "'");
  return shown;
}

}  // namespace

TokenGate::TokenGate(std::string_view text, Syntax syntax, const ReadLimits& limits)
    : text_(text), syntax_(syntax), limits_(limits), shifts_{{0, 0}} {
  limits_.nesting = std::min(limits_.nesting, ReadLimits::kMaxNesting);
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text_.starts_with(kByteOrderMark)) skip_to(kByteOrderMark.size());
}

std::size_t TokenGate::give(char* out, std::size_t size) {
  while (pending_.size() - pending_given_ < size && !refusal_ && !at_piece_end_ &&
         at_ < text_.size()) {
    if (pending_given_ == pending_.size()) {
      pending_.clear();
      pending_given_ = 0;
    }
    next_token();
  }
  const std::size_t count = std::min(size, pending_.size() - pending_given_);
  std::memcpy(out, pending_.data() + pending_given_, count);
  pending_given_ += count;
  given_ += count;
  if (count < size) asked_beyond_end_ = true;
  return count;
}

bool TokenGate::next_piece() {
  at_piece_end_ = false;
  asked_beyond_end_ = false;
  piece_start_ = given_;
  return at_ < text_.size() && !refusal_;
}

std::size_t TokenGate::source_offset() const noexcept {
  if (asked_beyond_end_ || given_ == 0) return at_;
  const std::size_t last = given_ - 1;
  const auto after =
      std::upper_bound(shifts_.begin(), shifts_.end(), last,
                       [](std::size_t offset, const Shift& s) { return offset < s.given; });
  const Shift& shift = *std::prev(after);
  return std::min(shift.source + (last - shift.given), text_.size());
}

void TokenGate::refuse(Errc code, std::size_t offset, std::string detail) {
  if (!refusal_) refusal_ = Refusal{code, std::min(offset, text_.size()), std::move(detail)};
}

void TokenGate::emit(std::size_t end) {
  pending_ += text_.substr(at_, end - at_);
  produced_ += end - at_;
  at_ = end;
}

void TokenGate::emit_text(std::string_view text) {
  pending_ += text;
  produced_ += text.size();
  shifts_.push_back({produced_, at_});
}

void TokenGate::skip_to(std::size_t offset) {
  at_ = offset;
  shifts_.push_back({produced_, at_});
}

void TokenGate::next_token() {
  const char c = text_[at_];
  if (is_blank(c)) return blank();
  if (c == '#') return comment();
  if (c == '\0') return refuse(Errc::invalid_encoding, at_, kNulOutsideString);
  if (!statement_token(at_)) return;
  const bool after_string = std::exchange(after_string_, false);
  switch (c) {
    case '<':
      return iri();
    case '"':
    case '\'':
      return string(c);
    case '@':
      after_string_ = after_string;
      return at_word();
    case '^':
      if (!after_string || peek(at_ + 1) != '^') {
        return refuse(Errc::syntax_error, at_,
                      "'^^' can only stand between a literal and its datatype");
      }
      emit(at_ + 2);
      if (const std::size_t next = after_blanks(at_); next != at_) skip_to(next);
      return;
    default:
      if (c == '.' && !is_digit(peek(at_ + 1))) return punctuation(c);
      if (is_letter(c) || is_digit(c) || !is_ascii(c) || c == '_' || c == ':' || c == '+' ||
          c == '-' || c == '.') {
        return word();
      }
      return punctuation(c);
  }
}

// Line-based syntaxes: one statement a line.
bool TokenGate::statement_token(std::size_t offset) {
  if (!is_line_based(syntax_)) return true;
  if (statement_ended_) {
    refuse(Errc::syntax_error, offset, "a new statement has to start on a new line");
    return false;
  }
  in_statement_ = true;
  return true;
}

void TokenGate::blank() {
  std::size_t end = at_;
  while (end < text_.size() && is_blank(text_[end])) {
    const char c = text_[end++];
    if (!is_line_based(syntax_) || (c != '\n' && c != '\r')) continue;
    if (in_statement_ && !statement_ended_) {
      return refuse(Errc::syntax_error, end - 1, "the line ends before its statement does");
    }
    in_statement_ = statement_ended_ = false;
    if (c == '\n' && produced_ - piece_start_ >= kPieceBytes) {
      at_piece_end_ = true;
      break;
    }
  }
  emit(end);
}

void TokenGate::comment() {
  const std::size_t end = std::min(text_.find_first_of("\r\n", at_), text_.size());
  const std::size_t nul = text_.substr(at_, end - at_).find('\0');
  if (nul != std::string_view::npos) {
    return refuse(Errc::invalid_encoding, at_ + nul, kNulOutsideString);
  }
  emit(end);
}

bool TokenGate::escape(std::size_t& at, bool in_iri) {
  const char kind = peek(at + 1);
  if (kind == 'u' || kind == 'U') {
    const std::size_t digits = kind == 'u' ? 4 : 8;
    const std::string_view written = text_.substr(at, 2 + digits);
    const auto character =
        written.size() == 2 + digits ? parse_escape_digits(written.substr(2)) : std::nullopt;
    if (!character) {
      refuse(Errc::syntax_error, at, quoted(written) + " is not the escape of a character");
      return false;
    }
    if (in_iri && !is_iri_character(*character)) {
      refuse(Errc::syntax_error, at,
             quoted(written) + " stands for a character that no IRI may have");
      return false;
    }
    at += 2 + digits;
    return true;
  }
  if (!in_iri && std::string_view("tbnrf\"'\\").find(kind) != std::string_view::npos &&
      kind != '\0') {
    at += 2;
    return true;
  }
  refuse(Errc::syntax_error, at,
         quoted(text_.substr(at, is_ascii(kind) && kind > ' ' ? 2 : 1)) +
             " is not an escape that may stand here");
  return false;
}

void TokenGate::iri() {
  std::size_t end = at_ + 1;
  while (peek(end) != '>') {
    if (end >= text_.size())
      return refuse(Errc::syntax_error, at_, "an IRI that is not ended by '>'");
    const char c = text_[end];
    if (c == '\\') {
      if (!escape(end, true)) return;
    } else if (c == '\0') {
      return refuse(Errc::invalid_encoding, end, kNulOutsideString);
    } else if (is_ascii(c) && !is_iri_character(static_cast<unsigned char>(c))) {
      return refuse(Errc::syntax_error, end,
                    is_blank(c) ? "a blank inside an IRI"
                                : "the character " + quoted({&c, 1}) + " inside an IRI");
    } else {
      ++end;
    }
    if (end - at_ > limits_.term_bytes) {
      return refuse(Errc::limit_exceeded, at_,
                    "an IRI longer than " + std::to_string(limits_.term_bytes) + " bytes");
    }
  }
  const std::string_view content = text_.substr(at_ + 1, end - at_ - 1);
  if (is_line_based(syntax_) && !is_absolute_iri(content)) {
    return refuse(Errc::relative_iri, at_,
                  "the IRI " + std::string(text_.substr(at_, end + 1 - at_)) + " is relative");
  }
  if (!is_line_based(syntax_) &&
      (equals_ignoring_case(content, "base") || equals_ignoring_case(content, "prefix") ||
       equals_ignoring_case(content, "graph"))) {
    emit(at_ + 1);
    emit_text("./");
  }
  emit(end + 1);
}

void TokenGate::string(char quote) {
  const std::size_t start = at_;
  if (is_line_based(syntax_) && quote == '\'') {
    return refuse(Errc::syntax_error, start, "a string has to stand between double quotes here");
  }
  const bool is_long = peek(start + 1) == quote && peek(start + 2) == quote;
  if (is_long && is_line_based(syntax_)) {
    return refuse(Errc::syntax_error, start,
                  "long strings are not part of " + std::string(name(syntax_)));
  }
  std::size_t end = start + (is_long ? 3 : 1);
  while (true) {
    if (end >= text_.size())
      return refuse(Errc::syntax_error, start, "a string that is never closed");
    const char c = text_[end];
    if (c == quote && (!is_long || (peek(end + 1) == quote && peek(end + 2) == quote))) break;
    if (c == '\\') {
      if (!escape(end, false)) return;
    } else if (!is_long && (c == '\n' || c == '\r')) {
      return refuse(Errc::syntax_error, start, "a string that is not closed before the line ends");
    } else {
      ++end;
    }
    if (end - start > limits_.term_bytes) {
      return refuse(Errc::limit_exceeded, start,
                    "a literal longer than " + std::to_string(limits_.term_bytes) + " bytes");
    }
  }
  emit(end + (is_long ? 3 : 1));
  after_string_ = true;
  const std::size_t next = after_blanks(at_);
  if (next != at_ && (peek(next) == '@' || peek(next) == '^')) skip_to(next);
}

void TokenGate::at_word() {
  std::size_t end = at_ + 1;
  while (is_letter(peek(end)) || is_digit(peek(end)) || peek(end) == '-') ++end;
  const std::string_view content = text_.substr(at_ + 1, end - at_ - 1);
  if (std::exchange(after_string_, false)) {
    if (!is_language_tag(content)) {
      return refuse(Errc::syntax_error, at_,
                    quoted(text_.substr(at_, end - at_)) + " is not a language tag");
    }
  } else if (is_line_based(syntax_) || (content != "prefix" && content != "base")) {
    return refuse(
        Errc::syntax_error, at_,
        quoted(text_.substr(at_, end - at_)) + " is neither a directive nor a language tag");
  }
  emit(end);
}

std::size_t TokenGate::after_blanks(std::size_t at) const noexcept {
  if (is_line_based(syntax_)) {
    while (peek(at) == ' ' || peek(at) == '\t') ++at;
    return at;
  }
  while (at < text_.size()) {
    if (is_blank(text_[at])) {
      ++at;
    } else if (text_[at] == '#') {
      at = std::min(text_.find_first_of("\r\n", at), text_.size());
    } else {
      break;
    }
  }
  return at;
}

// Names, labels, keywords: as long as it can be, full stops inside included and those at the end
// not.
std::size_t TokenGate::end_of_word(std::size_t at) const noexcept {
  std::size_t solid_end = at;
  while (at < text_.size()) {
    const char c = text_[at];
    if (is_letter(c) || is_digit(c) || !is_ascii(c) || c == '_' || c == '-' || c == ':' ||
        c == '%') {
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

void TokenGate::word() {
  const char c = text_[at_];
  if (is_digit(c) || c == '+' || c == '-' || c == '.') return number();
  name_or_label();
}

void TokenGate::number() {
  if (is_line_based(syntax_)) {
    return refuse(Errc::syntax_error, at_,
                  "numbers without quotes are not part of " + std::string(name(syntax_)));
  }
  std::size_t end = at_;
  std::size_t digits = 0;
  const auto take_digits = [&] {
    for (; is_digit(peek(end)); ++end) ++digits;
  };
  if (peek(end) == '+' || peek(end) == '-') ++end;
  take_digits();
  const char after = peek(end + 1);
  if (peek(end) == '.' && (is_digit(after) || (digits > 0 && (after == 'e' || after == 'E')))) {
    ++end;
    take_digits();
  }
  bool well_formed = digits > 0;
  if (well_formed && (peek(end) == 'e' || peek(end) == 'E')) {
    ++end;
    if (peek(end) == '+' || peek(end) == '-') ++end;
    digits = 0;
    take_digits();
    well_formed = digits > 0;
  }
  const char next = peek(end);
  if (!well_formed || is_letter(next) || next == '_' || next == ':' || next == '%' ||
      !is_ascii(next)) {
    const std::size_t shown = std::max(end_of_word(at_), end);
    return refuse(Errc::syntax_error, at_,
                  quoted(text_.substr(at_, shown - at_)) + " is not a number");
  }
  if (end - at_ > limits_.term_bytes) {
    return refuse(Errc::limit_exceeded, at_,
                  "a number longer than " + std::to_string(limits_.term_bytes) + " bytes");
  }
  emit(end);
}

void TokenGate::name_or_label() {
  const std::size_t end = end_of_word(at_);
  if (end - at_ > limits_.term_bytes) {
    return refuse(Errc::limit_exceeded, at_,
                  "a name longer than " + std::to_string(limits_.term_bytes) + " bytes");
  }
  if (text_[at_] == '_') return blank_label(end);
  if (is_line_based(syntax_)) {
    return refuse(
        Errc::syntax_error, at_,
        quoted(text_.substr(at_, end - at_)) + " can not stand in " + std::string(name(syntax_)));
  }
  emit(end);
}

void TokenGate::blank_label(std::size_t end) {
  if (peek(at_ + 1) != ':') {
    return refuse(Errc::syntax_error, at_,
                  "a name that starts with '_' and is no blank node label");
  }
  std::size_t at = at_ + 2;
  for (bool first = true; at < end; first = false) {
    const std::size_t here = at;
    const std::uint32_t c = next_character(text_, at);
    if (first ? is_label_start(c) : (is_name_character(c) || c == '.')) continue;
    if (first || c != ':') {
      return refuse(Errc::syntax_error, here, "a character that no blank node label may have here");
    }
    end = here;  // the parser gives the reason
    break;
  }
  if (at == at_ + 2) return refuse(Errc::syntax_error, at_, "a blank node label is missing");
  emit(at_ + 2);
  emit_text(std::string_view(&kLabelMark, 1));
  emit(std::max(end, at_));
}

void TokenGate::open() {
  if (nesting_ >= limits_.nesting) {
    return refuse(Errc::limit_exceeded, at_,
                  "brackets nested deeper than " + std::to_string(limits_.nesting));
  }
  ++nesting_;
  emit(at_ + 1);
}

void TokenGate::close(char c) {
  if (nesting_ == 0) {
    return refuse(Errc::syntax_error, at_, quoted({&c, 1}) + " closes nothing");
  }
  --nesting_;
  emit(at_ + 1);
}

void TokenGate::punctuation(char c) {
  const bool fits_line = c == '.';
  const bool fits_turtle = std::string_view(".,;[]()").find(c) != std::string_view::npos;
  const bool fits_trig = c == '{' || c == '}';
  const bool fits =
      is_line_based(syntax_) ? fits_line : fits_turtle || (fits_trig && syntax_ == Syntax::trig);
  if (!fits) {
    std::string shown =
        is_ascii(c) && c > ' ' && c != 0x7F ? quoted({&c, 1}) : "a control character";
    return refuse(Errc::syntax_error, at_,
                  std::move(shown) + " can not stand in " + std::string(name(syntax_)) + " here");
  }
  if (c == '[' || c == '(' || c == '{') return open();
  if (c == ']' || c == ')' || c == '}') return close(c);
  if (is_line_based(syntax_)) statement_ended_ = true;
  emit(at_ + 1);
}

}  // namespace knhk::rdf::detail
