#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/reader_crowd.hpp"
#include "cli/tick_table.hpp"
#include "cli/verbs.hpp"
#include "knhk/telemetry/phase.hpp"

namespace knhk::cli {

/// What the demo found out.
struct DemoRecord {
  ReadTally tally;
  TickFigures ticks;
  nlohmann::ordered_json refusal;  ///< the invariants of the version that was refused
  /// Phases of what happened to each version, in order.
  std::vector<std::pair<std::string, telemetry::PhaseTimes>> phases;

  /// Adds the phases that were timed to those of `what`.
  void add(std::string_view what, const telemetry::PhaseTimes& times);
};

/// The table that the demo ends with.
[[nodiscard]] Answer describe(const DemoRecord& record);

}  // namespace knhk::cli
