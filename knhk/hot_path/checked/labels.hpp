#pragma once

#include <string>

#include "knhk/hot_path/checked/site.hpp"

namespace knhk::hot_path::checked {

/// The label, such as `R4b`, that stands on the site's line of the shipped source or in the comment
/// above it; empty when there is none. Requires: the source is where it was compiled.
[[nodiscard]] std::string label_of(const Site& site);

}  // namespace knhk::hot_path::checked
