#include "knhk/shacl/term_text.hpp"

#include <algorithm>
#include <array>

#include "knhk/rdf/vocabulary.hpp"
#include "knhk/rdf/writer.hpp"

namespace knhk::shacl {
namespace {

namespace vocab = rdf::vocab;

constexpr std::size_t kLongestLiteral = 120;  // bytes of a lexical form in a sentence

constexpr std::array kStandardPrefixes = {
    Prefix{"owl", vocab::owl::kNamespace}, Prefix{"rdf", vocab::rdf::kNamespace},
    Prefix{"rdfs", vocab::rdfs::kNamespace}, Prefix{"sh", vocab::sh::kNamespace},
    Prefix{"xsd", vocab::xsd::kNamespace}};

bool is_plain_name(std::string_view name) {
  return !name.empty() && name.front() != '-' && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

/// The front of `text`, whole characters only.
std::string_view cut(std::string_view text, std::size_t bytes) {
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
  return text.substr(0, bytes);
}

}  // namespace

std::span<const Prefix> standard_prefixes() noexcept { return kStandardPrefixes; }

std::string compact_iri(std::string_view iri, std::span<const Prefix> prefixes) {
  for (const auto& [prefix, space] : prefixes) {
    if (!iri.starts_with(space) || !is_plain_name(iri.substr(space.size()))) continue;
    std::string name(prefix);
    name += ':';
    name += iri.substr(space.size());
    return name;
  }
  std::string whole(1, '<');
  whole += iri;
  whole += '>';
  return whole;
}

std::string readable(const rdf::Term& term) {
  if (term.is_iri()) return compact_iri(term.text, standard_prefixes());
  if (term.is_blank()) return rdf::to_ntriples(term);
  const bool is_long = term.text.size() > kLongestLiteral;
  const std::string_view form = is_long ? cut(term.text, kLongestLiteral) : term.text;
  std::string text = rdf::to_ntriples(rdf::Term::literal(form));
  if (is_long) text.insert(text.size() - 1, "...");
  if (!term.language.empty()) {
    text += '@';
    text += term.language;
  } else if (!term.datatype.empty() && term.datatype != vocab::xsd::string) {
    text += "^^";
    text += compact_iri(term.datatype, standard_prefixes());
  }
  return text;
}

}  // namespace knhk::shacl
