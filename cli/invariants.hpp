#pragma once

#include <cstddef>
#include <string>

#include "knhk/receipts/receipt.hpp"

namespace knhk::cli {

/// A line per invariant: name, title, outcome, detail; each behind `indent` spaces.
[[nodiscard]] std::string to_text(const receipts::InvariantResults& invariants, std::size_t indent);

}  // namespace knhk::cli
