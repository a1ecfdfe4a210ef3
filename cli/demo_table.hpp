#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/reader_crowd.hpp"
#include "cli/tick_table.hpp"
#include "cli/verbs.hpp"
#include "knhk/promotion/bake_report.hpp"
#include "knhk/telemetry/phase.hpp"

namespace knhk::cli {

/// What the demo found out.
struct DemoRecord {
  ReadTally tally;
  TickFigures ticks;
  nlohmann::ordered_json refusal;  ///< the invariants of the version that was refused
  /// Phases of what happened to each version, in order.
  std::vector<std::pair<std::string, telemetry::PhaseTimes>> phases;

  /// How each version that was promoted did in use.
  nlohmann::ordered_json bakes = nlohmann::ordered_json::object();

  void add_bake(std::string_view what, const std::vector<promotion::BakeReport>& bake);

  /// Adds the phases that were timed to those of `what`.
  void add(std::string_view what, const telemetry::PhaseTimes& times);
};

/// How a bake went and how it ended, as a line. Requires: a report at least.
[[nodiscard]] std::string describe_bake(const std::vector<promotion::BakeReport>& bake);

/// The table that the demo ends with.
[[nodiscard]] Answer describe(const DemoRecord& record);

}  // namespace knhk::cli
