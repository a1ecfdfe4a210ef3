#include "cli/tick_table.hpp"

#include <fmt/format.h>

#include "cli/text.hpp"
#include "knhk/hot_path/snapshot_descriptor.hpp"
#include "knhk/promotion/cost.hpp"

namespace knhk::cli {
namespace {

constexpr unsigned kModelTicks =
    promotion::estimate_promotion_cost<sizeof(hot_path::SnapshotDescriptor)>();

}  // namespace

std::string ticks_text(double ticks) { return fmt::format("{:.2f}", ticks); }

std::string describe(const hot_path::PublishCost& publish) {
  Table steps;
  steps.add({"publish step, in ticks", ""});
  steps.add({"nothing between two brackets", ticks_text(publish.empty_bracket_ticks)});
  steps.add({"the store between them", ticks_text(publish.bracketed_ticks),
             "adds " + ticks_text(publish.step_ticks())});
  steps.add({"the same beside a spinning reader", ticks_text(publish.bracketed_beside_reader),
             "adds " + ticks_text(publish.step_ticks_beside_reader())});
  steps.add({"store after store", ticks_text(publish.back_to_back_ticks)});
  steps.add({"the compile-time model of promote()", std::to_string(kModelTicks),
             "budget " + std::to_string(promotion::kPromotionBudgetTicks)});
  return steps.to_string();
}

nlohmann::ordered_json json_of(const hot_path::PublishCost& publish) {
  return {{"empty_bracket_ticks", publish.empty_bracket_ticks},
          {"bracketed_ticks", publish.bracketed_ticks},
          {"bracketed_beside_reader_ticks", publish.bracketed_beside_reader},
          {"back_to_back_ticks", publish.back_to_back_ticks},
          {"model_ticks", kModelTicks}};
}

std::string describe(const TickCalibration& calibration) {
  return fmt::format("a tick is {:.3f} ns here ({:.2f} GHz), {:.3f} units of the {}\n",
                     1e9 / calibration.ticks_per_second(), calibration.ticks_per_second() / 1e9,
                     calibration.units_per_tick, TickCounter::kName);
}

nlohmann::ordered_json json_of(const TickCalibration& calibration) {
  return {{"counter", TickCounter::kName},
          {"units_per_tick", calibration.units_per_tick},
          {"ticks_per_second", calibration.ticks_per_second()}};
}

}  // namespace knhk::cli
