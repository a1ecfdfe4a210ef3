#include "cli/tick_table.hpp"

#include <fmt/format.h>

#include "knhk/hot_path/snapshot_descriptor.hpp"
#include "knhk/promotion/cost.hpp"

namespace knhk::cli {
namespace {

using hot_path::Samples;
using Json = nlohmann::ordered_json;

constexpr unsigned kModelTicks =
    promotion::estimate_promotion_cost<sizeof(hot_path::SnapshotDescriptor)>();

double ratio(const Samples& samples, const Samples& limit) {
  return limit.median() > 0 ? samples.median() / limit.median() : 0;
}

std::string describe_one(const TickFigures& figures, const std::string& title,
                         Samples TickFigures::Read::* column) {
  Table table;
  table.add({title, "median", "p10", "p90", "to limit"});
  for (const TickFigures::Read& read : figures.reads) {
    std::vector<std::string> row{std::string(read.what)};
    append_ticks(row, read.*column);
    row.push_back(ticks_text(ratio(read.*column, figures.reads.front().*column)));
    table.add(std::move(row));
  }
  return table.to_string();
}

Json json_of_reads(const TickFigures& figures) {
  auto reads = Json::array();
  for (const TickFigures::Read& read : figures.reads) {
    Json json{{"what", read.what}};
    add_ticks(json, "throughput", read.throughput);
    add_ticks(json, "latency", read.latency);
    json["throughput_to_limit"] = ratio(read.throughput, figures.reads.front().throughput);
    json["latency_to_limit"] = ratio(read.latency, figures.reads.front().latency);
    reads.push_back(std::move(json));
  }
  return reads;
}

}  // namespace

void TickFigures::add(const hot_path::ReadCosts& costs) {
  const auto rows = costs.rows();
  reads.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    reads[i].what = rows[i].what;
    reads[i].throughput.add(rows[i].throughput_ticks);
    reads[i].latency.add(rows[i].latency_ticks);
  }
}

void TickFigures::add(const hot_path::PublishCost& cost) {
  publish.empty_bracket.add(cost.empty_bracket_ticks);
  publish.bracketed.add(cost.bracketed_ticks);
  publish.step.add(cost.step_ticks());
  publish.bracketed_beside_reader.add(cost.bracketed_beside_reader);
  publish.step_beside_reader.add(cost.step_ticks_beside_reader());
  publish.back_to_back.add(cost.back_to_back_ticks);
}

std::string ticks_text(double ticks) { return fmt::format("{:.2f}", ticks); }

void append_ticks(std::vector<std::string>& row, const Samples& samples) {
  for (const double percent : {50.0, 10.0, 90.0}) {
    row.push_back(ticks_text(samples.percentile(percent)));
  }
}

void add_ticks(Json& json, const std::string& name, const Samples& samples) {
  json[name + "_ticks"] = samples.median();
  json[name + "_p10_ticks"] = samples.percentile(10);
  json[name + "_p90_ticks"] = samples.percentile(90);
}

std::string describe_reads(const TickFigures& figures) {
  return describe_one(figures, "ticks per read, in a loop", &TickFigures::Read::throughput) + "\n" +
         describe_one(figures, "ticks per read that needs the one before",
                      &TickFigures::Read::latency);
}

std::string describe_publishing(const TickFigures& figures) {
  Table table;
  table.add({"ticks of the publish step, one store", "median", "p10", "p90"});
  const auto add = [&](const std::string& what, const Samples& samples) {
    std::vector<std::string> row{what};
    append_ticks(row, samples);
    table.add(std::move(row));
  };
  add("nothing between two brackets", figures.publish.empty_bracket);
  add("the store between them", figures.publish.bracketed);
  add("  it adds", figures.publish.step);
  add("the same beside a spinning reader", figures.publish.bracketed_beside_reader);
  add("  it adds", figures.publish.step_beside_reader);
  add("store after store", figures.publish.back_to_back);
  table.add({"the compile-time model of promote()", std::to_string(kModelTicks),
             "budget " + std::to_string(promotion::kPromotionBudgetTicks)});
  return table.to_string();
}

std::string describe(const TickCalibration& calibration) {
  return fmt::format("a tick is {:.3f} ns here ({:.2f} GHz), {:.3f} units of the {}",
                     1e9 / calibration.ticks_per_second(), calibration.ticks_per_second() / 1e9,
                     calibration.units_per_tick, TickCounter::kName);
}

Json json_of(const TickFigures& figures) {
  auto publish = Json::object();
  add_ticks(publish, "empty_bracket", figures.publish.empty_bracket);
  add_ticks(publish, "bracketed", figures.publish.bracketed);
  add_ticks(publish, "step", figures.publish.step);
  add_ticks(publish, "bracketed_beside_reader", figures.publish.bracketed_beside_reader);
  add_ticks(publish, "step_beside_reader", figures.publish.step_beside_reader);
  add_ticks(publish, "back_to_back", figures.publish.back_to_back);
  publish["model_ticks"] = kModelTicks;
  publish["budget_ticks"] = promotion::kPromotionBudgetTicks;
  return {{"reads", json_of_reads(figures)},
          {"publish", std::move(publish)},
          {"calibration",
           {{"counter", TickCounter::kName},
            {"units_per_tick", figures.calibration.units_per_tick},
            {"ticks_per_second", figures.calibration.ticks_per_second()}}}};
}

}  // namespace knhk::cli
