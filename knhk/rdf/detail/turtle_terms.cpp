#include <algorithm>
#include <string>

#include "knhk/rdf/detail/turtle_parser.hpp"

namespace knhk::rdf::detail {
namespace {

constexpr bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// The datatypes of what stands without quotation marks.
constexpr std::string_view kBoolean = "http://www.w3.org/2001/XMLSchema#boolean";
constexpr std::string_view kInteger = "http://www.w3.org/2001/XMLSchema#integer";
constexpr std::string_view kDecimal = "http://www.w3.org/2001/XMLSchema#decimal";
constexpr std::string_view kDouble = "http://www.w3.org/2001/XMLSchema#double";

}  // namespace

bool TurtleParser::skip_blanks() {
  while (true) {
    while (is_blank(scanner_.peek())) scanner_.skip(1);
    if (scanner_.peek() != '#') return true;
    if (!scanner_.comment()) return false;
  }
}

// Takes `word`, which is in small letters, if that is the whole word here.
bool TurtleParser::take_word(std::string_view word) {
  const std::string_view here = scanner_.text().substr(scanner_.at(), word.size());
  if (here != word) return false;
  if (scanner_.end_of_word(scanner_.at()) != scanner_.at() + word.size()) return false;
  scanner_.skip(word.size());
  return true;
}

// As `take_word`, but the text may have large letters.
bool TurtleParser::take_keyword(std::string_view word) {
  const std::string_view here = scanner_.text().substr(scanner_.at(), word.size());
  const bool equal = here.size() == word.size() &&
                     std::equal(here.begin(), here.end(), word.begin(),
                                [](char a, char b) { return is_letter(a) && (a | 0x20) == b; });
  return equal && take_word(here);
}

// Takes '@' and `word` if that is the whole word behind it.
bool TurtleParser::take_at_word(std::string_view word) {
  const std::string_view text = scanner_.text();
  const std::size_t end = scanner_.at() + 1 + word.size();
  if (text.substr(scanner_.at() + 1, word.size()) != word) return false;
  const char next = end < text.size() ? text[end] : '\0';
  if (is_letter(next) || is_digit(next) || next == '-') return false;
  scanner_.go_to(end);
  return true;
}

bool TurtleParser::intern(const Term& term, TermId& out) {
  out = builder_.intern(term);
  if (out != kNoTerm) return true;
  return scanner_.refuse(Errc::limit_exceeded, scanner_.at(), builder_.status().error().detail);
}

bool TurtleParser::well_known(std::string_view iri, TermId& known) {
  return known != kNoTerm || intern(Term::iri(iri), known);
}

bool TurtleParser::fresh_blank(TermId& out) {
  scratch_.assign(labels_.made_up).append("b").append(std::to_string(++made_up_));
  return intern(Term::blank(scratch_), out);
}

// Refuses what stands here, and says what it is where that tells more than `wanted`.
bool TurtleParser::unexpected(std::string_view wanted) {
  const char c = scanner_.peek();
  if (scanner_.at_end()) return scanner_.refuse("the text ends in the middle of a statement");
  if (c == '\0') {
    return scanner_.refuse(Errc::invalid_encoding, scanner_.at(), std::string(kNulOutsideString));
  }
  constexpr std::string_view kClosing = "])}";
  if (kClosing.find(c) != std::string_view::npos && frames_.size() <= 1) {
    return scanner_.refuse(quoted({&c, 1}) + " closes nothing");
  }
  const std::string_view rest = scanner_.text().substr(scanner_.at());
  const std::size_t word = scanner_.end_of_word(scanner_.at()) - scanner_.at();
  return scanner_.refuse(std::string(wanted) + ", not " +
                         (word > 0 ? quoted(rest.substr(0, word)) : quoted_character(rest)));
}

// An IRI or a labelled blank node.
bool TurtleParser::resource(TermId& out) {
  const char c = scanner_.peek();
  if (c == '_') return blank_label(out);
  if (c == '"' || c == '\'') return scanner_.refuse("a literal can not stand here");
  std::string_view iri;
  return iri_text(scratch_, iri) && intern(Term::iri(iri), out);
}

bool TurtleParser::iri_text(std::string& scratch, std::string_view& out) {
  return scanner_.peek() == '<' ? reference(scratch, out) : name(scratch, out);
}

bool TurtleParser::reference(std::string& scratch, std::string_view& out) {
  const std::size_t start = scanner_.at();
  std::string_view written;
  if (!scanner_.iri(scratch, written)) return false;
  if (namespaces_.resolve(written, scratch, out)) return true;
  return scanner_.refuse(Errc::relative_iri, start,
                         "the IRI " +
                             std::string(scanner_.text().substr(start, scanner_.at() - start)) +
                             " is relative and there is no base");
}

// What stands before a colon, and the colon.
bool TurtleParser::prefix(std::string_view& out) {
  const std::string_view text = scanner_.text();
  const std::size_t start = scanner_.at();
  std::size_t at = start;
  std::size_t end = start;  // behind the last character that is no full stop
  while (at < text.size() && text[at] != ':') {
    const std::size_t here = at;
    if (is_letter(text[at])) {
      end = ++at;
      continue;
    }
    const std::uint32_t c = next_character(text, at);
    if (here != start && c == '.') continue;
    const bool starts = is_label_start(c) && c != '_' && !(c >= '0' && c <= '9');
    if (here == start ? !starts : !is_name_character(c)) break;
    end = at;
  }
  if (end < text.size() && text[end] == ':') {
    scanner_.go_to(end + 1);
    out = text.substr(start, end - start);
    return true;
  }
  const std::size_t word_end = scanner_.end_of_word(start);
  if (word_end < text.size() && text[word_end] == '\0') scanner_.go_to(word_end);
  return unexpected("a term has to stand here");
}

bool TurtleParser::name(std::string& scratch, std::string_view& out) {
  const std::size_t start = scanner_.at();
  std::string_view prefix_name;
  if (!prefix(prefix_name)) return false;
  const std::string* const space = namespaces_.find(prefix_name);
  if (space == nullptr) {
    return scanner_.refuse(Errc::undefined_prefix, start,
                           "the prefix '" + std::string(prefix_name) + ":' is not defined");
  }
  scratch = *space;
  if (!local_name(scratch)) return false;
  out = scratch;
  return scanner_.fits(start, "a name");
}

// Appends what stands after the colon (Turtle: PN_LOCAL), which may be nothing.
bool TurtleParser::local_name(std::string& out) {
  const std::string_view text = scanner_.text();
  const std::size_t begin = scanner_.at();
  std::size_t plain = begin;  // what is not in `out` yet
  std::size_t end = begin;    // of the name: behind the last character that is no full stop
  for (std::size_t at = begin; at < text.size();) {
    const char c = text[at];
    if (c == '.' && at != begin) {
      ++at;
      continue;
    }
    if (c == '%') {
      if (at + 2 >= text.size() || !is_hex_digit(text[at + 1]) || !is_hex_digit(text[at + 2])) {
        return scanner_.refuse(Errc::syntax_error, at,
                               "two hexadecimal digits have to follow '%' in a name");
      }
      at += 3;
    } else if (c == '\\') {
      constexpr std::string_view kEscapable = "_~.-!$&'()*+,;=/?#@%";
      if (at + 1 >= text.size() || kEscapable.find(text[at + 1]) == std::string_view::npos) {
        return scanner_.refuse(Errc::syntax_error, at,
                               "this is not an escape that may stand in a name");
      }
      out.append(text.substr(plain, at - plain));
      plain = at + 1;
      at += 2;
    } else if (is_letter(c) || is_digit(c) || c == '_' || c == ':') {
      ++at;
    } else {
      std::size_t next = at;
      const std::uint32_t character = next_character(text, next);
      if (at == begin ? !is_label_start(character) : !is_name_character(character)) break;
      at = next;
    }
    end = at;
  }
  if (plain < end) out.append(text.substr(plain, end - plain));
  scanner_.go_to(end);
  return true;
}

bool TurtleParser::blank_label(TermId& out) {
  if (scanner_.peek(1) != ':') {
    return scanner_.refuse("a name that starts with '_' and is no blank node label");
  }
  std::string_view label;
  if (!scanner_.label(label)) return false;
  scratch_.assign(labels_.written).append(label);
  return intern(Term::blank(scratch_), out);
}

// An object that is no bracket.
bool TurtleParser::object_term(TermId& out) {
  const char c = scanner_.peek();
  if (c == '"' || c == '\'') return quoted_literal(out);
  if (is_digit(c) || c == '+' || c == '-' || (c == '.' && is_digit(scanner_.peek(1)))) {
    return number(out);
  }
  for (const std::string_view word : {"true", "false"}) {
    if (c == word.front() && take_word(word)) {
      return intern(Term::literal(word, kBoolean), out);
    }
  }
  return resource(out);
}

bool TurtleParser::quoted_literal(TermId& out) {
  Term term = Term::literal({});
  if (!scanner_.string(true, scratch_, term.text)) return false;
  const std::size_t end = scanner_.at();
  if (!skip_blanks()) return false;
  if (scanner_.peek() == '@') {
    scanner_.skip(1);
    term.datatype = kLangStringDatatype;
    if (!scanner_.language(term.language)) return false;
  } else if (scanner_.peek() == '^') {
    if (scanner_.peek(1) != '^') {
      return scanner_.refuse("'^^' stands between a literal and its datatype");
    }
    scanner_.skip(2);
    if (!skip_blanks() || !iri_text(datatype_, term.datatype)) return false;
  } else {
    scanner_.go_to(end);
  }
  return intern(term, out);
}

bool TurtleParser::number(TermId& out) {
  const std::string_view text = scanner_.text();
  const std::size_t start = scanner_.at();
  std::size_t digits = 0;
  std::string_view datatype = kInteger;
  const auto take_digits = [&] {
    for (; is_digit(scanner_.peek()); scanner_.skip(1)) ++digits;
  };
  const auto take_sign = [&] {
    if (scanner_.peek() == '+' || scanner_.peek() == '-') scanner_.skip(1);
  };
  take_sign();
  take_digits();
  const char after = scanner_.peek(1);
  if (scanner_.peek() == '.' &&
      (is_digit(after) || (digits > 0 && (after == 'e' || after == 'E')))) {
    datatype = kDecimal;
    scanner_.skip(1);
    take_digits();
  }
  bool well_formed = digits > 0;
  if (well_formed && (scanner_.peek() == 'e' || scanner_.peek() == 'E')) {
    datatype = kDouble;
    scanner_.skip(1);
    take_sign();
    digits = 0;
    take_digits();
    well_formed = digits > 0;
  }
  const std::size_t end = scanner_.at();
  const std::size_t word_end = std::max(scanner_.end_of_word(start), end);
  const char next = scanner_.peek();
  if (!well_formed || (word_end > end && next != '.')) {
    return scanner_.refuse(Errc::syntax_error, start,
                           quoted(text.substr(start, word_end - start)) + " is not a number");
  }
  return scanner_.fits(start, "a number") &&
         intern(Term::literal(text.substr(start, end - start), datatype), out);
}

}  // namespace knhk::rdf::detail
