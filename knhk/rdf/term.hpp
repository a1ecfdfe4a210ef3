#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace knhk::rdf {

/// The three kinds of RDF 1.1 terms.
enum class TermKind : std::uint8_t { iri, blank, literal };

/// A term's number within one dataset: dense, from 0, in the order in which the terms were
/// interned. It means nothing in another dataset.
enum class TermId : std::uint32_t {};

/// No term. As the graph of a quad: the default graph.
inline constexpr TermId kNoTerm{0xFFFFFFFFU};

/// The datatype of a literal written without one.
inline constexpr std::string_view kStringDatatype = "http://www.w3.org/2001/XMLSchema#string";

/// The datatype of every literal that has a language tag.
inline constexpr std::string_view kLangStringDatatype =
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString";

/// The number behind `id`, to index arrays with.
[[nodiscard]] constexpr std::uint32_t index_of(TermId id) noexcept {
  return static_cast<std::uint32_t>(id);
}

/// An RDF term as views into text that something else owns. All text is UTF-8.
struct Term {
  TermKind kind = TermKind::iri;
  /// The IRI; the label without `_:`; the lexical form.
  std::string_view text;
  /// Literals only: the datatype's IRI. Terms that come out of a dataset or a reader always have it
  /// (`xsd:string`, `rdf:langString` where none was written). In terms that go in, empty means
  /// these.
  std::string_view datatype = {};
  /// Literals only: the language tag in the case it was written in; empty when there is none.
  std::string_view language = {};

  [[nodiscard]] static constexpr Term iri(std::string_view iri) noexcept {
    return {TermKind::iri, iri};
  }
  [[nodiscard]] static constexpr Term blank(std::string_view label) noexcept {
    return {TermKind::blank, label};
  }
  [[nodiscard]] static constexpr Term literal(
      std::string_view lexical_form, std::string_view datatype = kStringDatatype) noexcept {
    return {TermKind::literal, lexical_form, datatype};
  }
  [[nodiscard]] static constexpr Term lang_literal(std::string_view lexical_form,
                                                   std::string_view language) noexcept {
    return {TermKind::literal, lexical_form, kLangStringDatatype, language};
  }

  [[nodiscard]] constexpr bool is_iri() const noexcept { return kind == TermKind::iri; }
  [[nodiscard]] constexpr bool is_blank() const noexcept { return kind == TermKind::blank; }
  [[nodiscard]] constexpr bool is_literal() const noexcept { return kind == TermKind::literal; }

  /// Equal as RDF terms: character by character, language tags included.
  friend constexpr bool operator==(const Term&, const Term&) = default;
};

/// A term that owns its text.
struct OwnedTerm {
  TermKind kind = TermKind::iri;
  std::string text;
  std::string datatype = {};
  std::string language = {};

  OwnedTerm() = default;
  explicit OwnedTerm(const Term& term)
      : kind(term.kind), text(term.text), datatype(term.datatype), language(term.language) {}

  /// Lifetime: the views are good while this object lives unchanged.
  [[nodiscard]] Term view() const& noexcept { return {kind, text, datatype, language}; }
  Term view() const&& = delete;

  friend bool operator==(const OwnedTerm&, const OwnedTerm&) = default;
};

struct Triple {
  TermId subject;
  TermId predicate;
  TermId object;

  friend constexpr auto operator<=>(const Triple&, const Triple&) = default;
};

struct Quad {
  TermId subject;
  TermId predicate;
  TermId object;
  TermId graph = kNoTerm;

  friend constexpr auto operator<=>(const Quad&, const Quad&) = default;
};

}  // namespace knhk::rdf
