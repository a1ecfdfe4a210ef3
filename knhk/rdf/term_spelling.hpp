#pragma once

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "knhk/rdf/choices.hpp"
#include "knhk/rdf/detail/text.hpp"
#include "knhk/rdf/term.hpp"
#include "knhk/rdf/vocabulary.hpp"

namespace knhk::rdf {

/// Writes IRIs and literals in one of the ways that a syntax has for each, as `Choices` say. It
/// follows the grammars of the Recommendations and shares nothing with the writer of the library.
class TermSpelling {
 public:
  explicit TermSpelling(Choices& choices) : choices_(choices) {}

  /// What stands between two tokens on one line.
  std::string blank() { return std::string(choices_.one_of(std::array{" ", "\t", "  ", " \t "})); }
  /// What stands between two tokens of Turtle.
  std::string gap() {
    static const std::array<std::string, 6> kGaps = {" ",    "\n",           "\t",
                                                     "\r\n", " # a <b> .\n", "\n#\n "};
    return choices_.one_of(kGaps);
  }
  /// The same, perhaps nothing.
  std::string tight() { return choices_.rarely(2) ? gap() : ""; }

  std::string absolute(std::string_view iri) {
    std::string out = "<";
    for (std::size_t at = 0; at < iri.size();) {
      const std::size_t start = at;
      const std::uint32_t character = detail::next_character(iri, at);
      out += choices_.rarely(16) ? escape(character) : std::string(iri.substr(start, at - start));
    }
    return out + ">";
  }

  /// `quotes`: one or three of `"` or `'`.
  std::string quoted(std::string_view text, std::string_view quotes) {
    std::string out(quotes);
    std::size_t run = 0;  // quotes in a row that are not escaped
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t start = at;
      const std::uint32_t c = detail::next_character(text, at);
      const bool is_quote = c == static_cast<std::uint32_t>(quotes.front());
      const bool is_line_end = c == '\n' || c == '\r';
      const bool must = c == '\\' || (quotes.size() == 1 && (is_quote || is_line_end)) ||
                        (is_quote && (run == 2 || at == text.size()));
      if (must || choices_.rarely(8)) {
        out += short_or_long_escape(c);
        run = 0;
      } else {
        out += text.substr(start, at - start);
        run = is_quote ? run + 1 : 0;
      }
    }
    return out.append(quotes);
  }

  std::string directives() {
    std::string out;
    if (choices_.rarely(2)) out += base();
    for (std::size_t left = choices_.below(5); left > 0; --left) out += prefix();
    return out;
  }

  /// In Turtle and TriG, by the directives that were written so far.
  std::string iri(std::string_view iri) {
    switch (choices_.below(4)) {
      case 0:
        return absolute(iri);
      case 1:
        if (auto text = relative(iri)) return *text;
        return absolute(iri);
      default:
        for (const auto& [name, space] : prefixes_) {
          if (!iri.starts_with(space)) continue;
          if (auto local = local_name(iri.substr(space.size()))) return name + ":" + *local;
        }
        return absolute(iri);
    }
  }

  std::string literal(const OwnedTerm& term) {
    if (is_bare(term) && !choices_.rarely(4)) return term.text;
    std::string out = quoted(term.text, choices_.one_of(std::array{"\"", "'", "\"\"\"", "'''"}));
    if (!term.language.empty()) return out + "@" + term.language;
    if (term.datatype == kStringDatatype && !choices_.rarely(6)) return out;
    return out + "^^" + iri(term.datatype);
  }

  /// What Turtle writes without quotes.
  static bool is_bare(const OwnedTerm& term) {
    std::string_view text = term.text;
    const auto is = [&](std::string_view name) {
      return term.datatype == std::string(vocab::xsd::kNamespace).append(name);
    };
    if (is("boolean")) return text == "true" || text == "false";
    const auto digits = [&text] {
      std::size_t count = 0;
      while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        text.remove_prefix(1);
        ++count;
      }
      return count;
    };
    const auto sign = [&text] {
      if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    };
    sign();
    const std::size_t whole = digits();
    if (is("integer")) return whole > 0 && text.empty();
    const bool has_point = text.starts_with('.');
    if (has_point) text.remove_prefix(1);
    const std::size_t fraction = has_point ? digits() : 0;
    if (is("decimal")) return fraction > 0 && text.empty();
    if (!is("double") || whole + fraction == 0) return false;
    if (!text.starts_with('e') && !text.starts_with('E')) return false;
    text.remove_prefix(1);
    sign();
    return digits() > 0 && text.empty();
  }

 private:
  std::string escape(std::uint32_t character) {
    const bool is_long = character > 0xFFFF || choices_.rarely(2);
    const char* const digits = choices_.below(2) == 0 ? "0123456789ABCDEF" : "0123456789abcdef";
    std::string out = is_long ? "\\U" : "\\u";
    for (unsigned shift = is_long ? 32U : 16U; shift > 0;) {
      shift -= 4;
      out += digits[(character >> shift) & 15U];
    }
    return out;
  }

  std::string short_or_long_escape(std::uint32_t character) {
    constexpr std::string_view kCharacters = "\t\b\n\r\f\"'\\";
    constexpr std::string_view kLetters = "tbnrf\"'\\";
    const std::size_t found =
        character < 0x80 ? kCharacters.find(static_cast<char>(character)) : std::string_view::npos;
    if (found == std::string_view::npos || choices_.rarely(4)) return escape(character);
    return {'\\', kLetters[found]};
  }

  std::string keyword(std::string_view lower) {
    std::string out(lower);
    for (char& c : out) {
      if (choices_.below(2) == 0)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    return out;
  }

  std::string base() {
    base_ = choices_.one_of(std::array{"http://example.org/", "http://example.org/over/there?q"});
    if (choices_.below(2) == 0) return "@base" + gap() + absolute(base_) + tight() + "." + gap();
    return keyword("base") + gap() + absolute(base_) + gap();
  }

  std::string prefix() {
    const std::string name = choices_.one_of(std::array{"", "e", "E", "x-y.z", "\xC3\xA9_1"});
    std::string space = choices_.one_of(std::array{
        "http://example.org/", "urn:x:", "http://example.org/a", "http://example.org/a/b#",
        "http://www.w3.org/2001/XMLSchema#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"});
    std::erase_if(prefixes_, [&name](const auto& known) { return known.first == name; });
    prefixes_.emplace_back(name, space);
    const std::string written = name + ":" + tight() + relative(space).value_or(absolute(space));
    if (choices_.below(2) == 0) return "@prefix" + gap() + written + tight() + "." + gap();
    return keyword("prefix") + gap() + written + gap();
  }

  // RFC 3986, section 5.2, backwards.
  std::optional<std::string> relative(std::string_view iri) {
    constexpr std::string_view kRoot = "http://example.org/";
    if (base_.empty() || !iri.starts_with(kRoot)) return std::nullopt;
    const std::string_view rest = iri.substr(kRoot.size());
    if (choices_.rarely(3)) return absolute("//example.org/" + std::string(rest));
    if (base_ != kRoot || choices_.rarely(3)) return absolute("/" + std::string(rest));
    if (rest.substr(0, rest.find('/')).find(':') != std::string_view::npos) return std::nullopt;
    return absolute(rest);
  }

  // PN_LOCAL.
  std::optional<std::string> local_name(std::string_view rest) {
    std::string out;
    for (std::size_t at = 0; at < rest.size();) {
      const std::size_t start = at;
      const std::uint32_t c = detail::next_character(rest, at);
      const bool is_first = start == 0;
      const bool is_inner = !is_first && at < rest.size();
      if (c == ':' || (is_first ? detail::is_label_start(c) : detail::is_name_character(c)) ||
          ((c == '.') && is_inner && choices_.below(2) == 0)) {
        out += rest.substr(start, at - start);
      } else if (c == '%' && choices_.below(2) == 0) {  // all that is made up has two digits there
        out += '%';
      } else if (c < 0x80 && std::string_view("_~.-!$&'()*+,;=/?#@%").find(static_cast<char>(c)) !=
                                 std::string_view::npos) {
        out += '\\';
        out += static_cast<char>(c);
      } else {
        return std::nullopt;
      }
    }
    return out;
  }

  Choices& choices_;
  std::string base_;
  std::vector<std::pair<std::string, std::string>> prefixes_;
};

}  // namespace knhk::rdf
