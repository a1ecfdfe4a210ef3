#pragma once

#include <string>

#include "knhk/projections/projection.hpp"
#include "knhk/projections/schema.hpp"

namespace knhk::projections {

/// A C++20 header that needs only the standard library: in `knhk_models`, a namespace for each
/// namespace of IRIs, in it a struct for each class and constants for the IRIs of properties.
///
/// A struct has a member for each property that shapes or domains give to its class or an ancestor:
/// a plain value when exactly one is asked for, `std::optional` when at most one is allowed, else
/// `std::vector`. A value's type follows its datatype; a node of a known class is a `Ref<Class>`.
/// First and last line carry the snapshot id.
[[nodiscard]] std::string generate_models(const ProjectionInput& input,
                                          const OntologySchema& schema);

}  // namespace knhk::projections
