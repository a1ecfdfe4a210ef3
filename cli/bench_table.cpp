#include "cli/bench_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/text.hpp"
#include "knhk/hot_path/measure_crowd.hpp"
#include "knhk/promotion/cost.hpp"

namespace knhk::cli {
namespace {

using hot_path::Samples;
using Json = nlohmann::ordered_json;

/// What the design promises of a read.
constexpr unsigned kReadBudgetTicks = 3;

struct Promise {
  std::string_view what;
  unsigned budget_ticks;
  double measured_ticks;
  [[nodiscard]] std::string_view verdict() const {
    return measured_ticks <= budget_ticks ? "within" : "above";
  }
};

std::vector<Promise> promises_of(const BenchRecord& record) {
  constexpr unsigned kBudget = promotion::kPromotionBudgetTicks;
  const BenchRecord::Crowd& alone = record.crowds.front();
  const TickFigures::Publish& publish = record.ticks.publish;
  return {{"HotPath::current_id in a loop", kReadBudgetTicks, alone.current_id.median()},
          {"Reader::pin and unpin in a loop", kReadBudgetTicks, alone.pin.median()},
          {"StickyReader::current in a loop", kReadBudgetTicks, alone.sticky.median()},
          {"the publish step, store after store", kBudget, publish.back_to_back.median()},
          {"the publish step, added to a bracket", kBudget, publish.step.median()},
          {"the same beside a spinning reader", kBudget, publish.step_beside_reader.median()}};
}

/// Without decimals: there are hundreds of what is counted.
std::string whole(double number) {
  return with_separators(static_cast<std::uint64_t>(std::lround(number)));
}

/// Median, 10th and 90th percentile, and the time that the median takes.
std::vector<std::string> long_row(const char* what, const Samples& samples,
                                  const BenchRecord& record) {
  std::vector<std::string> row{what};
  for (const double percent : {50.0, 10.0, 90.0}) {
    row.push_back(whole(samples.percentile(percent)));
  }
  row.push_back(
      readable_duration(samples.median() * 1e9 / record.ticks.calibration.ticks_per_second()));
  return row;
}

std::string_view name_of(hot_path::FenceMode mode) {
  return mode == hot_path::FenceMode::asymmetric ? "asymmetric" : "portable";
}

std::string describe_machine(const BenchRecord& record) {
  const hot_path::Machine& machine = record.machine;
  const auto known = [](const std::string& text) { return text.empty() ? "unknown" : text; };
  std::string cores = counted(machine.online_cores, "core") + " online";
  if (machine.usable_cores != machine.online_cores) {
    cores += fmt::format(", {} for this process", machine.usable_cores);
  }
  Table table;
  table.add({"processor", known(machine.processor) + ", " + known(machine.architecture)});
  table.add({"cores", cores + (machine.is_virtual ? ", of a virtual machine" : "")});
  table.add({"kernel", known(machine.kernel)});
  table.add({"compiler", hot_path::this_compiler()});
  table.add({"fences", record.portable_reason.empty()
                           ? "asymmetric: readers have none, membarrier(2) serves the writer"
                           : "portable: " + record.portable_reason});
  return table.to_string() + describe(record.ticks.calibration) +
         fmt::format("\nthe counter moves in steps of {:.1f} ticks\n", record.counter_step_ticks);
}

std::string describe_crowds(const BenchRecord& record) {
  Table table;
  table.add({"ticks per read, readers at once", "median", "p10", "p90"});
  const auto add = [&](const char* what, Samples BenchRecord::Crowd::* way) {
    for (const BenchRecord::Crowd& crowd : record.crowds) {
      std::vector<std::string> row{fmt::format("{}, {}", what, counted(crowd.readers, "reader"))};
      append_ticks(row, crowd.*way);
      table.add(std::move(row));
    }
  };
  add("HotPath::current_id", &BenchRecord::Crowd::current_id);
  add("Reader::pin and unpin", &BenchRecord::Crowd::pin);
  add("StickyReader::current", &BenchRecord::Crowd::sticky);
  return table.to_string();
}

std::string describe_tails(const BenchRecord& record) {
  Table table;
  table.add(
      {fmt::format("ticks per read, {}, batches of {}", counted(record.tail_readers, "reader"),
                   with_separators(hot_path::kReadsPerBatch)),
       "p50", "p99", "p99.9"});
  for (const BenchRecord::Tail& tail : record.tails) {
    const std::string setting = tail.beside_promoter ? fmt::format("{:.0f} promotions a second",
                                                                   record.promotions_per_second)
                                                     : "no promotion";
    table.add({fmt::format("{}, {}", tail.what, setting), ticks_text(tail.p50.median()),
               ticks_text(tail.p99.median()), ticks_text(tail.p999.median())});
  }
  return table.to_string();
}

std::string describe_promotions(const BenchRecord& record) {
  Table table;
  table.add({"ticks of a promotion, freeing the old", "median", "p10", "p90", "time"});
  table.add(long_row("alone", record.promotion_alone, record));
  table.add(long_row("beside a spinning reader", record.promotion_beside_reader, record));
  return table.to_string();
}

std::string describe_visibility(const BenchRecord& record) {
  if (!record.visibility) return "visibility on another core: there is only one core here\n";
  Table table;
  table.add({"ticks until another core has it", "median", "p10", "p90", "time"});
  table.add(long_row("physical limit: one cache line", record.visibility->line, record));
  table.add(long_row("that there is a new snapshot", record.visibility->word, record));
  table.add(long_row("the first pin of it, with its id", record.visibility->pin, record));
  return table.to_string();
}

std::string describe_promises(const BenchRecord& record) {
  Table table;
  table.add({"promised, in ticks by the medians above", "at most", "measured"});
  for (const Promise& promise : promises_of(record)) {
    table.add({std::string(promise.what), std::to_string(promise.budget_ticks),
               ticks_text(promise.measured_ticks), std::string(promise.verdict())});
  }
  return table.to_string();
}

Json json_of_machine(const BenchRecord& record) {
  const hot_path::Machine& machine = record.machine;
  return {{"processor", machine.processor},
          {"architecture", machine.architecture},
          {"kernel", machine.kernel},
          {"compiler", hot_path::this_compiler()},
          {"is_virtual", machine.is_virtual},
          {"online_cores", machine.online_cores},
          {"usable_cores", machine.usable_cores},
          {"fences", name_of(record.fences)},
          {"portable_reason",
           record.portable_reason.empty() ? Json(nullptr) : Json(record.portable_reason)},
          {"counter_step_ticks", record.counter_step_ticks}};
}

Json json_of_crowds(const BenchRecord& record) {
  auto crowds = Json::array();
  for (const BenchRecord::Crowd& crowd : record.crowds) {
    Json json{{"readers", crowd.readers}};
    add_ticks(json, "current_id", crowd.current_id);
    add_ticks(json, "pin", crowd.pin);
    add_ticks(json, "sticky", crowd.sticky);
    crowds.push_back(std::move(json));
  }
  return crowds;
}

Json json_of_tails(const BenchRecord& record) {
  auto batches = Json::array();
  for (const BenchRecord::Tail& tail : record.tails) {
    batches.push_back({{"what", tail.what},
                       {"beside_promoter", tail.beside_promoter},
                       {"p50_ticks", tail.p50.median()},
                       {"p99_ticks", tail.p99.median()},
                       {"p999_ticks", tail.p999.median()}});
  }
  return {{"readers", record.tail_readers},
          {"reads_per_batch", hot_path::kReadsPerBatch},
          {"promotions_per_second", record.promotions_per_second},
          {"batches", std::move(batches)}};
}

Json json_of_promotion(const BenchRecord& record) {
  auto json = Json::object();
  add_ticks(json, "alone", record.promotion_alone);
  add_ticks(json, "beside_reader", record.promotion_beside_reader);
  return json;
}

Json json_of_visibility(const BenchRecord& record) {
  if (!record.visibility) return nullptr;
  auto json = Json::object();
  add_ticks(json, "line", record.visibility->line);
  add_ticks(json, "word", record.visibility->word);
  add_ticks(json, "pin", record.visibility->pin);
  return json;
}

Json json_of_promises(const BenchRecord& record) {
  auto promises = Json::array();
  for (const Promise& promise : promises_of(record)) {
    promises.push_back({{"what", promise.what},
                        {"budget_ticks", promise.budget_ticks},
                        {"measured_ticks", promise.measured_ticks},
                        {"verdict", promise.verdict()}});
  }
  return promises;
}

}  // namespace

Answer describe(const BenchRecord& record) {
  Answer answer;
  answer.json = {
      {"machine", json_of_machine(record)},     {"ticks", json_of(record.ticks)},
      {"crowds", json_of_crowds(record)},       {"beside_promoter", json_of_tails(record)},
      {"promotion", json_of_promotion(record)}, {"visibility", json_of_visibility(record)},
      {"promises", json_of_promises(record)}};
  answer.text = describe_machine(record) + "\n" + describe_reads(record.ticks) + "\n" +
                describe_crowds(record) + "\n" + describe_tails(record) + "\n" +
                describe_publishing(record.ticks) + "\n" + describe_promotions(record) + "\n" +
                describe_visibility(record) + "\n" + describe_promises(record);
  return answer;
}

}  // namespace knhk::cli
