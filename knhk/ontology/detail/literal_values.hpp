#pragma once

#include <string_view>

#include "knhk/rdf/term.hpp"

namespace knhk::ontology::detail {

/// What can be said for certain about two literals, or about a literal and a datatype.
enum class Verdict : std::uint8_t { yes, no, unknown };

/// Whether two literals have different values. Unknown for datatypes that aren't known and for
/// literals that have no value.
[[nodiscard]] Verdict differ(const rdf::Term& left, const rdf::Term& right);

/// Whether the value of `literal` belongs to the datatype with the IRI `datatype`:
/// `"5"^^xsd:integer` belongs to `xsd:byte`, `"500"^^xsd:integer` doesn't, nor does the string
/// `"5"`.
[[nodiscard]] Verdict belongs(const rdf::Term& literal, std::string_view datatype);

}  // namespace knhk::ontology::detail
