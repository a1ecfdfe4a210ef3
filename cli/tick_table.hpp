#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "knhk/base/ticks.hpp"
#include "knhk/hot_path/measure.hpp"

namespace knhk::cli {

/// `2.15`: ticks as people read them.
[[nodiscard]] std::string ticks_text(double ticks);

/// What the publish step costs, beside the compile-time model of a promotion and its budget.
[[nodiscard]] std::string describe(const hot_path::PublishCost& publish);
[[nodiscard]] nlohmann::ordered_json json_of(const hot_path::PublishCost& publish);

/// What a tick is on this machine; one line.
[[nodiscard]] std::string describe(const TickCalibration& calibration);
[[nodiscard]] nlohmann::ordered_json json_of(const TickCalibration& calibration);

}  // namespace knhk::cli
