#pragma once

#include <string>

#include "knhk/projections/projection.hpp"
#include "knhk/projections/schema.hpp"

namespace knhk::projections {

/// A Markdown page for people: a Mermaid class diagram, then every class and property with label,
/// comment, domain, range and what the shapes ask. First and last line carry the snapshot id.
///
/// Diagrams of many classes can't be read (nor drawn): it shows at most `kMaxDiagramClasses`.
[[nodiscard]] std::string generate_docs(const ProjectionInput& input, const OntologySchema& schema);

inline constexpr std::size_t kMaxDiagramClasses = 60;

}  // namespace knhk::projections
