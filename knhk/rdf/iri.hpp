#pragma once

#include <string>
#include <string_view>

namespace knhk::rdf {

/// True when `iri` starts with a scheme (RFC 3986 section 3.1), so that it stands on its own.
[[nodiscard]] bool is_absolute_iri(std::string_view iri) noexcept;

/// `reference` resolved against `base` (RFC 3986 section 5.2, strict). A reference that is absolute
/// already comes back as it is, character by character, as RDF wants it.
/// Requires: `base` is absolute, unless `reference` is.
[[nodiscard]] std::string resolve_iri(std::string_view base, std::string_view reference);

}  // namespace knhk::rdf
