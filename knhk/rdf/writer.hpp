#pragma once

#include <string>

#include "knhk/rdf/dataset.hpp"
#include "knhk/rdf/term.hpp"

namespace knhk::rdf {

/// Appends `term` in canonical N-Quads form (RDFC-1.0 section 5): only what has to be escaped is.
void append_ntriples(std::string& out, const Term& term);

/// `term` in canonical N-Triples form: `<iri>`, `_:label`, `"text"@en`.
[[nodiscard]] std::string to_ntriples(const Term& term);

/// All quads in canonical N-Quads form, blank nodes under the labels they have, lines sorted by
/// code point. Reading it back gives an equal dataset. For ids see `canonicalize`.
[[nodiscard]] std::string to_nquads(const Dataset& dataset);

}  // namespace knhk::rdf
