#pragma once

#include <string>
#include <string_view>

#include "knhk/base/result.hpp"

namespace knhk::telemetry {

/// `text` as a gzip file (RFC 1952). Errors: out-of-memory.
[[nodiscard]] Result<std::string> gzip(std::string_view text);

}  // namespace knhk::telemetry
