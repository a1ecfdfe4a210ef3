#pragma once

#include <nlohmann/json.hpp>

namespace knhk::receipts {

/// A JSON value whose objects keep the order in which their members were added.
using Json = nlohmann::ordered_json;

}  // namespace knhk::receipts
