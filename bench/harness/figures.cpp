#include "bench/harness/figures.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <utility>

#include "bench/contestants/list.hpp"
#include "bench/harness/crew.hpp"
#include "knhk/hot_path/machine.hpp"

namespace knhk::bench {
namespace {

using Json = nlohmann::ordered_json;

std::string_view name_of(Garbage garbage) {
  switch (garbage) {
    case Garbage::never_freed:
      return "never freed";
    case Garbage::bounded:
      return "bounded";
    case Garbage::unbounded:
      return "unbounded";
    case Garbage::waits_for_it:
      return "none: the promotion waits";
  }
  return "";
}

Json host() {
  const hot_path::Machine machine = hot_path::this_machine();
  return {{"processor", machine.processor.empty() ? "unknown" : machine.processor},
          {"cores", usable_cores().size()},
          {"kernel", machine.kernel},
          {"architecture", machine.architecture}};
}

Json to_json(const Profile& profile) {
  return {{"name", profile.name},
          {"library", profile.library},
          {"way", profile.way},
          {"garbage", name_of(profile.garbage)},
          {"peer", profile.is_peer},
          {"nests", profile.nests},
          {"gives_artifacts", profile.gives_artifacts}};
}

}  // namespace

Effort Effort::smoke() {
  Effort effort;
  effort.repetitions = 3;
  effort.reads = 256;
  effort.slices = 1;
  effort.slice_seconds = 0.002;
  effort.rounds = 3;
  effort.batches = 3;
  effort.batch_seconds = 0.0001;
  effort.promotions_beside_a_stalled_reader = 20;
  effort.most_registered_readers = 100;
  return effort;
}

template <class Value>
Value percentile(std::vector<Value>& values, double share) {
  const auto rank = static_cast<std::size_t>(static_cast<double>(values.size() - 1) * share);
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(values.begin(), place, values.end());
  return *place;
}
template double percentile(std::vector<double>&, double);
template std::uint32_t percentile(std::vector<std::uint32_t>&, double);

double mean_of_most(std::vector<double>& values) {
  const std::size_t kept = std::max<std::size_t>(1, values.size() / 8 * 7);
  const auto end = values.begin() + static_cast<std::ptrdiff_t>(kept);
  std::nth_element(values.begin(), end - 1, values.end());
  return std::accumulate(values.begin(), end, 0.0) / static_cast<double>(kept);
}

std::string_view name_of(Part part) { return part == Part::address ? "address" : "id"; }

void Figures::add(Name name, std::string unit, std::vector<double> samples) {
  if (samples.empty()) {
    skip(name.figure + ", " + name.contestant, "nothing was sampled");
    return;
  }
  const double median = percentile(samples, 0.5);
  const double low = percentile(samples, 0.1);
  const double high = percentile(samples, 0.9);
  figures_.push_back({std::move(name), std::move(unit), median, low, high, samples.size()});
}

void Figures::add(Name name, std::string unit, double count) {
  figures_.push_back({std::move(name), std::move(unit), count, count, count, 1});
}

void Figures::skip(std::string what, std::string reason) {
  skipped_.push_back({std::move(what), std::move(reason)});
}

bool Figures::write(const std::string& path, const Contests& contests, bool is_smoke) const {
  Json document = {{"program", program_},
                   {"smoke", is_smoke},
                   {"compiler", hot_path::this_compiler()},
                   {"host", host()},
                   {"counter", TickCounter::kName},
                   {"counter_units_per_tick", calibration_.units_per_tick},
                   {"counter_step_ticks", calibration_.to_ticks(hot_path::counter_step())},
                   {"ticks_per_second", calibration_.ticks_per_second()},
                   {"contestants", Json::array()},
                   {"skipped", Json::array()},
                   {"figures", Json::array()}};
  for (const auto& contest : contests) {
    document["contestants"].push_back(to_json(contest->profile()));
  }
  std::vector<Absence> skipped = absences();
  skipped.insert(skipped.end(), skipped_.begin(), skipped_.end());
  for (const Absence& absence : skipped) {
    document["skipped"].push_back({{"what", absence.name}, {"reason", absence.reason}});
  }
  for (const Figure& figure : figures_) {
    document["figures"].push_back({{"figure", figure.name.figure},
                                   {"contestant", figure.name.contestant},
                                   {"part", figure.name.part},
                                   {"setting", figure.name.setting},
                                   {"unit", figure.unit},
                                   {"median", figure.median},
                                   {"low", figure.low},
                                   {"high", figure.high},
                                   {"samples", figure.samples}});
  }
  std::ofstream file(path);
  file << document.dump(1) << '\n';
  return static_cast<bool>(file.flush());
}

}  // namespace knhk::bench
