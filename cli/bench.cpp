#include "cli/bench.hpp"

#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>
#include <utility>

namespace knhk::cli {
namespace {

using Seconds = std::chrono::duration<double>;

std::string processor() {
  std::ifstream facts("/proc/cpuinfo");
  for (std::string line; std::getline(facts, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  utsname system{};
  return uname(&system) == 0 ? system.machine : "unknown";
}

unsigned usable_cores() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (sched_getaffinity(0, sizeof cores, &cores) != 0) return 1;
  return static_cast<unsigned>(CPU_COUNT(&cores));
}

MachineFacts facts_of_this_machine() {
  utsname system{};
  const bool is_known = uname(&system) == 0;
  MachineFacts facts;
  facts.processor = processor();
  facts.cores = usable_cores();
  facts.kernel = is_known ? std::string(system.sysname) + " " + system.release : "unknown";
#if defined(__clang__)
  facts.compiler = "clang " __clang_version__;
#else
  facts.compiler = "g++ " __VERSION__;
#endif
  facts.fences = std::make_unique<hot_path::detail::MeasuredPath>()->init();
  return facts;
}

/// Says on a terminal's standard error what is under way, in one line that is wiped away.
class Progress {
 public:
  explicit Progress(std::size_t steps) : steps_(steps), is_shown_(isatty(STDERR_FILENO) == 1) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() {
    if (is_shown_) std::fputs("\r\033[K", stderr);
  }
  void step(const char* what) {
    ++step_;
    if (!is_shown_) return;
    constexpr std::size_t kWidth = 20;
    const std::size_t done = kWidth * step_ / steps_;
    const std::string bar = std::string(done, '#') + std::string(kWidth - done, '.');
    std::fprintf(stderr, "\r\033[K[%s] %s", bar.c_str(), what);
  }

 private:
  std::size_t steps_;
  bool is_shown_;
  std::size_t step_ = 0;
};

/// Every way in each repetition, so that what changes on the machine meanwhile meets them all.
std::vector<ReadFigure> measure_ways_to_read(Seconds time) {
  constexpr std::size_t kLeast = 5;
  const auto path = std::make_unique<hot_path::detail::MeasuredPath>();
  hot_path::detail::promote_unproven(*path, 1);
  std::array<std::vector<double>, 6> throughput;
  std::array<std::vector<double>, 6> latency;
  std::array<hot_path::ReadCost, 6> rows;
  const auto end = std::chrono::steady_clock::now() + time;
  while (throughput[0].size() < kLeast || std::chrono::steady_clock::now() < end) {
    rows = hot_path::measure_reads(*path).rows();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      throughput[i].push_back(rows[i].throughput_ticks);
      latency[i].push_back(rows[i].latency_ticks);
    }
  }
  std::vector<ReadFigure> figures;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    figures.push_back({std::string(rows[i].what), spread_of(std::move(throughput[i])),
                       spread_of(std::move(latency[i]))});
  }
  return figures;
}

/// One reader alone, all at once, and one beside a promoter: each way to read.
std::vector<hot_path::BatchSetting> settings_for(std::size_t most_readers) {
  std::vector<std::size_t> counts;
  for (std::size_t count = 1; count < most_readers; count *= 2) counts.push_back(count);
  counts.push_back(most_readers);
  std::vector<hot_path::BatchSetting> settings;
  for (const bool sticky : {false, true}) {
    for (const std::size_t count : counts) settings.push_back({sticky, count, {}});
    settings.push_back({sticky, 1, std::chrono::milliseconds(1)});
  }
  return settings;
}

}  // namespace

Result<Answer> run(const BenchOptions& options, const Settings&) {
  BenchRecord record;
  record.machine = facts_of_this_machine();
  const std::size_t readers = options.readers == 0 ? record.machine.cores : options.readers;
  const auto settings = settings_for(readers);
  const Seconds third = Seconds(options.seconds) / 3;
  {
    Progress progress(settings.size() + 4);
    progress.step("calibrating, then reading in every way");
    record.calibration = calibrate();
    record.reads = measure_ways_to_read(third);
    for (const hot_path::BatchSetting& setting : settings) {
      progress.step("reading in batches");
      const Seconds time = third / static_cast<double>(settings.size());
      record.batches.push_back({setting, hot_path::measure_batches(setting, time)});
    }
    progress.step("the publish step");
    record.publish = hot_path::measure_publish(record.calibration);
    progress.step("whole promotions");
    record.promotion = hot_path::measure_promotion(record.calibration, third / 2);
    progress.step("promotions as another core sees them");
    if (record.machine.cores > 1) {
      record.visibility = hot_path::measure_visibility(record.calibration);
    }
  }
  return describe(record);
}

}  // namespace knhk::cli
