#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "knhk/rdf/term.hpp"

namespace knhk::shacl {

/// A prefix and the namespace it stands for.
using Prefix = std::pair<std::string_view, std::string_view>;

/// The prefixes of RDF, RDFS, OWL, XSD and SHACL.
[[nodiscard]] std::span<const Prefix> standard_prefixes() noexcept;

/// `prefix:name` for an IRI of one of the namespaces whose rest is a plain name, else `<iri>`.
[[nodiscard]] std::string compact_iri(std::string_view iri, std::span<const Prefix> prefixes);

/// `term` for a sentence: as in N-Triples, with the standard prefixes where they fit, and a long
/// literal cut.
[[nodiscard]] std::string readable(const rdf::Term& term);

}  // namespace knhk::shacl
