#include "cli/demo_table.hpp"

#include <algorithm>

#include "cli/json.hpp"
#include "cli/text.hpp"
#include "cli/tick_table.hpp"

namespace knhk::cli {
namespace {

std::string describe_tally(const ReadTally& tally) {
  Table table;
  table.add({"reads done", with_separators(tally.reads)});
  table.add({"torn reads", with_separators(tally.torn)});
  table.add({"freed reads", with_separators(tally.freed)});
  table.add({"backward reads", with_separators(tally.backward)});
  return table.to_string();
}

std::string describe_phases(const DemoRecord& record) {
  Table table;
  std::vector<std::string> head{"time of each phase"};
  for (const auto& [what, times] : record.phases) head.push_back(what);
  table.add(head);
  for (const telemetry::Phase phase : telemetry::kPhases) {
    std::vector<std::string> row{std::string(telemetry::name(phase))};
    for (const auto& [what, times] : record.phases) {
      const auto time = times[phase];
      row.push_back(time ? readable_duration(static_cast<double>(time->count())) : "-");
    }
    table.add(std::move(row));
  }
  return table.to_string();
}

}  // namespace

void DemoRecord::add(std::string_view what, const telemetry::PhaseTimes& times) {
  auto found = std::ranges::find(phases, what, [](const auto& entry) { return entry.first; });
  if (found == phases.end()) found = phases.emplace(phases.end(), what, telemetry::PhaseTimes{});
  for (const telemetry::Phase phase : telemetry::kPhases) {
    if (const auto time = times[phase]) {
      // An admission and a promotion may both check evidence: their times add up.
      found->second.set(phase, *time + found->second[phase].value_or(std::chrono::nanoseconds{0}));
    }
  }
}

std::string describe_bake(const std::vector<promotion::BakeReport>& bake) {
  const auto& look = bake.back().look;
  std::string line = with_separators(look.outcomes) + " requests served, " +
                     with_separators(look.failed) + " failed, " + counted(bake.size(), "window") +
                     " judged: " + std::string(promotion::name(look.state));
  if (look.state == promotion::Bake::State::rejected && look.verdict) {
    line += "; the last window had " + look.verdict->detail;
  }
  return line;
}

void DemoRecord::add_bake(std::string_view what, const std::vector<promotion::BakeReport>& bake) {
  const auto& look = bake.back().look;
  auto windows = nlohmann::ordered_json::array();
  for (const promotion::BakeReport& report : bake) {
    if (!report.look.verdict) continue;
    windows.push_back({{"verdict", promotion::name(report.look.verdict->kind)},
                       {"samples", report.look.verdict->samples},
                       {"failed", report.look.verdict->failed},
                       {"detail", report.look.verdict->detail}});
  }
  bakes[what] = {{"state", promotion::name(look.state)},
                 {"outcomes", look.outcomes},
                 {"failed", look.failed},
                 {"windows", std::move(windows)},
                 {"rolled_back", bake.back().rollback.has_value()}};
}

Answer describe(const DemoRecord& record) {
  Answer answer;
  auto phases = nlohmann::ordered_json::object();
  for (const auto& [what, times] : record.phases) phases[what] = json_of(times);
  answer.json = {{"tally",
                  {{"reads", record.tally.reads},
                   {"torn", record.tally.torn},
                   {"freed", record.tally.freed},
                   {"backward", record.tally.backward}}},
                 {"ticks", json_of(record.ticks)},
                 {"refusal", record.refusal},
                 {"bakes", record.bakes},
                 {"phases", std::move(phases)}};
  answer.text = describe_tally(record.tally) + "\n" + describe_reads(record.ticks) + "\n" +
                describe_publishing(record.ticks) + "\n" + describe(record.ticks.calibration) +
                "\n\n" + describe_phases(record);
  return answer;
}

}  // namespace knhk::cli
