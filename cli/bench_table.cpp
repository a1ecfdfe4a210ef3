#include <fmt/format.h>

#include <algorithm>

#include "cli/bench.hpp"
#include "cli/text.hpp"
#include "cli/tick_table.hpp"

namespace knhk::cli {
namespace {

std::string_view name(hot_path::FenceMode mode) {
  return mode == hot_path::FenceMode::asymmetric ? "asymmetric" : "portable";
}

std::string describe(const MachineFacts& machine) {
  Table table;
  table.add({"processor", machine.processor + ", " + counted(machine.cores, "core")});
  table.add({"kernel", machine.kernel});
  table.add({"compiler", machine.compiler});
  table.add({"fences", machine.fences == hot_path::FenceMode::asymmetric
                           ? "asymmetric: a scan calls membarrier, a pin needs no fence"
                           : "portable: membarrier is refused, missing or switched off, so each "
                             "pin pays a fence"});
  return table.to_string();
}

std::string range_text(const Spread& spread) {
  return ticks_text(spread.p10) + "-" + ticks_text(spread.p90);
}

/// `reads` beside the physical limit, which is its first.
std::string describe(const std::vector<ReadFigure>& reads) {
  Table table;
  table.add({"ticks per read", "throughput", "p10-p90", "x limit", "latency"});
  for (const ReadFigure& read : reads) {
    const double limit = reads.front().throughput.median;
    table.add({read.what, ticks_text(read.throughput.median), range_text(read.throughput),
               limit > 0 ? ticks_text(read.throughput.median / limit) : "-",
               ticks_text(read.latency.median)});
  }
  return table.to_string();
}

std::string describe(const hot_path::BatchSetting& setting) {
  std::string text = counted(setting.readers, "reader") + (setting.sticky ? ", sticky" : ", pins");
  if (setting.interval.count() != 0) text += ", beside 1,000 promotions a second";
  return text;
}

std::string describe(const std::vector<BatchFigure>& batches) {
  Table table;
  table.add({"batches of 256 reads, in ticks per read", "p50", "p99", "p99.9"});
  for (const BatchFigure& batch : batches) {
    table.add({describe(batch.setting), ticks_text(batch.cost.p50_ticks),
               ticks_text(batch.cost.p99_ticks), ticks_text(batch.cost.p999_ticks)});
  }
  return table.to_string();
}

std::string describe_promotion(const BenchRecord& record) {
  Table table;
  table.add({"whole promotion with a scan, no log",
             with_separators(static_cast<std::uint64_t>(record.promotion.ticks)) + " ticks",
             readable_duration(record.promotion.nanoseconds)});
  if (record.visibility) {
    const auto line = static_cast<std::uint64_t>(record.visibility->cache_line_ticks);
    const auto promotion =
        static_cast<std::uint64_t>(std::max(0.0, record.visibility->promotion_ticks));
    table.add({"until another core sees it", with_separators(promotion) + " ticks",
               "a bare cache line takes " + with_separators(line)});
  } else {
    table.add({"until another core sees it", "not measured", "there is one core"});
  }
  return table.to_string();
}

nlohmann::ordered_json json_of(const Spread& spread) {
  return {{"median", spread.median}, {"p10", spread.p10}, {"p90", spread.p90}};
}

nlohmann::ordered_json json_of(const MachineFacts& machine) {
  return {{"processor", machine.processor},
          {"cores", machine.cores},
          {"kernel", machine.kernel},
          {"compiler", machine.compiler},
          {"fences", name(machine.fences)}};
}

nlohmann::ordered_json json_of(const BatchFigure& batch) {
  const auto interval = static_cast<double>(batch.setting.interval.count());
  return {{"way", batch.setting.sticky ? "sticky" : "pin"},
          {"readers", batch.setting.readers},
          {"promotions_per_second", interval > 0 ? 1e9 / interval : 0.0},
          {"p50_ticks", batch.cost.p50_ticks},
          {"p99_ticks", batch.cost.p99_ticks},
          {"p999_ticks", batch.cost.p999_ticks},
          {"batches", batch.cost.batches}};
}

}  // namespace

Spread spread_of(std::vector<double> values) {
  if (values.empty()) return {};
  std::ranges::sort(values);
  const auto at = [&](double share) {
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
  };
  return {at(0.5), at(0.1), at(0.9)};
}

Answer describe(const BenchRecord& record) {
  Answer answer;
  auto reads = nlohmann::ordered_json::array();
  for (const ReadFigure& read : record.reads) {
    reads.push_back({{"what", read.what},
                     {"throughput_ticks", json_of(read.throughput)},
                     {"latency_ticks", json_of(read.latency)}});
  }
  auto batches = nlohmann::ordered_json::array();
  for (const BatchFigure& batch : record.batches) batches.push_back(json_of(batch));
  answer.json = {
      {"machine", json_of(record.machine)},
      {"calibration", json_of(record.calibration)},
      {"reads", std::move(reads)},
      {"batches", std::move(batches)},
      {"publish", json_of(record.publish)},
      {"promotion",
       {{"ticks", record.promotion.ticks}, {"nanoseconds", record.promotion.nanoseconds}}},
      {"visibility", nullptr}};
  if (record.visibility) {
    answer.json["visibility"] = {{"cache_line_ticks", record.visibility->cache_line_ticks},
                                 {"promotion_ticks", record.visibility->promotion_ticks}};
  }
  answer.text = describe(record.machine) + describe(record.calibration) + "\n" +
                describe(record.reads) + "\n" + describe(record.batches) + "\n" +
                describe(record.publish) + "\n" + describe_promotion(record);
  return answer;
}

}  // namespace knhk::cli
