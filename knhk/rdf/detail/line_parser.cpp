#include "knhk/rdf/detail/line_parser.hpp"

#include <algorithm>
#include <array>

#include "knhk/rdf/iri.hpp"

namespace knhk::rdf::detail {
namespace {

bool is_gap(char c) noexcept { return c == ' ' || c == '\t'; }

void skip_gaps(Scanner& scanner) noexcept {
  while (is_gap(scanner.peek())) scanner.skip(1);
}

bool take_absolute_iri(Scanner& scanner, std::string& scratch, std::string_view& out) {
  const std::size_t start = scanner.at();
  if (!scanner.iri(scratch, out)) return false;
  if (is_absolute_iri(out)) return true;
  return scanner.refuse(Errc::relative_iri, start,
                        "the IRI " +
                            std::string(scanner.text().substr(start, scanner.at() - start)) +
                            " is relative");
}

bool take_literal(Scanner& scanner, std::string& scratch, std::string& suffix_scratch, Term& out) {
  out = Term::literal({});
  if (!scanner.string(false, scratch, out.text)) return false;
  const std::size_t end = scanner.at();
  skip_gaps(scanner);
  if (scanner.peek() == '@') {
    scanner.skip(1);
    out.datatype = kLangStringDatatype;
    return scanner.language(out.language);
  }
  if (scanner.peek() != '^') {
    scanner.go_to(end);
    return true;
  }
  if (scanner.peek(1) != '^')
    return scanner.refuse("'^^' stands between a literal and its datatype");
  scanner.skip(2);
  skip_gaps(scanner);
  if (scanner.peek() != '<') return scanner.refuse("the IRI of a datatype has to follow '^^'");
  return take_absolute_iri(scanner, suffix_scratch, out.datatype);
}

/// Reads statement after statement into the tables.
class LineParser {
 public:
  LineParser(std::string_view text, const LineOptions& options)
      : options_(options), scanner_(text, options.max_term_bytes) {
    parsed_.terms = TermTable(text);
    parsed_.quads.reserve(text.size() / kUsualLineBytes);
  }

  ParsedLines run() && {
    while (line()) {
    }
    parsed_.refusal = scanner_.refusal();
    return std::move(parsed_);
  }

 private:
  static constexpr std::size_t kUsualLineBytes = 120;
  enum class Place : std::uint8_t { subject, predicate, object, graph };
  struct Taken {
    std::string_view text;  // as it is written, and the gap behind it
    TermId id = kNoTerm;
  };

  // One line with its end; false at the end of the text or of our patience.
  bool line() {
    skip_gaps(scanner_);
    const bool empty = is_line_end(scanner_.peek()) || scanner_.peek() == '#';
    if (scanner_.at_end() || (!empty && !statement())) return false;
    skip_gaps(scanner_);
    if (scanner_.peek() == '#' && !scanner_.comment()) return false;
    if (scanner_.at_end()) return false;
    if (!is_line_end(scanner_.peek())) {
      return scanner_.refuse(scanner_.peek() == '\0'
                                 ? std::string(kNulOutsideString)
                                 : "a new statement has to start on a new line");
    }
    if (scanner_.peek() == '\n') ++parsed_.line_count;
    scanner_.skip(1);
    return true;
  }

  bool statement() {
    Quad quad{kNoTerm, kNoTerm, kNoTerm};
    if (!term(Place::subject, quad.subject) || !term(Place::predicate, quad.predicate) ||
        !term(Place::object, quad.object)) {
      return false;
    }
    skip_gaps(scanner_);
    if (scanner_.peek() == '<' || scanner_.peek() == '_') {
      if (options_.syntax == Syntax::ntriples) {
        return scanner_.refuse("a graph name is not part of N-Triples");
      }
      if (!term(Place::graph, quad.graph)) return false;
      skip_gaps(scanner_);
    }
    if (scanner_.peek() != '.') return unexpected("a statement ends with '.'");
    scanner_.skip(1);
    parsed_.quads.push_back(quad);
    if (options_.with_lines) {
      parsed_.lines.push_back(static_cast<std::uint32_t>(parsed_.line_count));
    }
    return true;
  }

  // Lines of one subject mostly stand together, those of one graph, too: what starts as the last
  // term there did is that term, as a gap ends any term but a literal.
  bool repeated(Place place, TermId& out) {
    const Taken& last = last_[static_cast<std::size_t>(place)];
    if (last.text.empty() || !scanner_.rest().starts_with(last.text)) return false;
    scanner_.skip(last.text.size());
    out = last.id;
    return true;
  }

  bool term(Place place, TermId& out) {
    skip_gaps(scanner_);
    if (repeated(place, out)) return true;
    const char c = scanner_.peek();
    const bool fits =
        c == '<' || (c == '_' && place != Place::predicate) || (c == '"' && place == Place::object);
    if (!fits) return misplaced(place);
    const std::size_t start = scanner_.at();
    Term term;
    if (!take_line_term(scanner_, scratch_, suffix_scratch_, term)) return false;
    if (term.is_blank() && !options_.label_prefix.empty()) {
      scratch_.assign(options_.label_prefix).append(term.text);
      term.text = scratch_;
    }
    out = parsed_.terms.intern(term, options_.max_terms);
    if (out == kNoTerm) {
      return scanner_.refuse(Errc::limit_exceeded, start, "more terms than a dataset can number");
    }
    if (place != Place::object && is_gap(scanner_.peek())) {
      const std::size_t size = scanner_.at() + 1 - start;
      last_[static_cast<std::size_t>(place)] = {scanner_.text().substr(start, size), out};
    }
    return true;
  }

  bool misplaced(Place place) {
    switch (place) {
      case Place::subject:
        return unexpected("a statement starts with an IRI or a blank node");
      case Place::predicate:
        return unexpected("a predicate has to be an IRI");
      default:
        return unexpected("this is no term");
    }
  }

  // Refuses what stands here, and says what it is where that tells more than `detail`.
  bool unexpected(std::string detail) {
    const char c = scanner_.peek();
    const std::string syntax(name(options_.syntax));
    if (scanner_.at_end()) return scanner_.refuse("the text ends in the middle of a statement");
    if (c == '\0') {
      return scanner_.refuse(Errc::invalid_encoding, scanner_.at(), std::string(kNulOutsideString));
    }
    if (is_line_end(c)) return scanner_.refuse("the line ends before its statement does");
    if (c == '\'') return scanner_.refuse("a string has to stand between double quotes here");
    if (c == '<' || c == '"' || c == '_' || c == '.') return scanner_.refuse(std::move(detail));
    const std::size_t end = scanner_.end_of_word(scanner_.at());
    const std::string_view rest = scanner_.text().substr(scanner_.at());
    const std::string shown =
        end > scanner_.at() ? quoted(rest.substr(0, end - scanner_.at())) : quoted_character(rest);
    return scanner_.refuse(shown + " can not stand in " + syntax + " here");
  }

  static bool is_line_end(char c) noexcept { return c == '\n' || c == '\r'; }

  LineOptions options_;
  Scanner scanner_;
  ParsedLines parsed_;
  std::array<Taken, 4> last_;  // by place; none of objects
  std::string scratch_;
  std::string suffix_scratch_;
};

}  // namespace

bool take_line_term(Scanner& scanner, std::string& scratch, std::string& suffix_scratch,
                    Term& out) {
  switch (scanner.peek()) {
    case '<':
      out = Term::iri({});
      return take_absolute_iri(scanner, scratch, out.text);
    case '"':
      return take_literal(scanner, scratch, suffix_scratch, out);
    case '_':
      if (scanner.peek(1) != ':') return scanner.refuse("a blank node label starts with '_:'");
      out = Term::blank({});
      if (!scanner.label(out.text)) return false;
      if (scanner.peek() != ':') return true;
      return scanner.refuse("a character that no blank node label may have here");
    default:
      return scanner.refuse("a term starts with '<', '\"' or '_:'");
  }
}

ParsedLines parse_lines(std::string_view text, const LineOptions& options) {
  return LineParser(text, options).run();
}

}  // namespace knhk::rdf::detail
