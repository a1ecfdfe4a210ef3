#include "knhk/rdf/writer.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "knhk/rdf/detail/quad_lines.hpp"
#include "knhk/rdf/detail/stops.hpp"

namespace knhk::rdf {
namespace {

constexpr std::string_view kHexDigits = "0123456789ABCDEF";

void append_escape(std::string& out, std::uint8_t byte) {
  out += "\\u00";
  out += kHexDigits[byte >> 4U];
  out += kHexDigits[byte & 15U];
}

// The letter after the backslash, for the characters that have one.
constexpr char short_escape(char c) noexcept {
  switch (c) {
    case '\b':
      return 'b';
    case '\t':
      return 't';
    case '\n':
      return 'n';
    case '\f':
      return 'f';
    case '\r':
      return 'r';
    case '"':
      return '"';
    case '\\':
      return '\\';
    default:
      return '\0';
  }
}

void append_lexical_form(std::string& out, std::string_view text) {
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<std::uint8_t>(text[i]);
    if (byte >= 0x20 && byte != '"' && byte != '\\' && byte != 0x7F) continue;
    out += text.substr(plain, i - plain);
    plain = i + 1;
    if (const char letter = short_escape(text[i]); letter != '\0') {
      out += '\\';
      out += letter;
    } else {
      append_escape(out, byte);
    }
  }
  out += text.substr(plain);
}

void append_iri(std::string& out, std::string_view iri) {
  out += '<';
  for (std::size_t plain = 0;;) {
    const std::size_t stop = detail::find_stop(iri, plain, detail::kStopsIri);
    out += iri.substr(plain, stop - plain);
    if (stop == iri.size()) break;
    // Readers let no such character in; terms made by hand may have one.
    append_escape(out, static_cast<std::uint8_t>(iri[stop]));
    plain = stop + 1;
  }
  out += '>';
}

}  // namespace

void append_ntriples(std::string& out, const Term& term) {
  switch (term.kind) {
    case TermKind::iri:
      return append_iri(out, term.text);
    case TermKind::blank:
      out += "_:";
      out += term.text;
      return;
    case TermKind::literal:
      break;
  }
  out += '"';
  append_lexical_form(out, term.text);
  out += '"';
  if (!term.language.empty()) {
    out += '@';
    out += term.language;
  } else if (!term.datatype.empty() && term.datatype != kStringDatatype) {
    out += "^^";
    append_iri(out, term.datatype);
  }
}

std::string to_ntriples(const Term& term) {
  std::string out;
  append_ntriples(out, term);
  return out;
}

std::string to_nquads(const Dataset& dataset) {
  return detail::sorted_lines(
      dataset, [&](TermId id, std::string& out) { append_ntriples(out, dataset.term(id)); });
}

}  // namespace knhk::rdf
