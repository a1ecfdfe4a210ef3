// What a read costs, ours and the peers', beside the physical limit.

#include <benchmark/benchmark.h>

#include <string>

#include "bench/harness/program.hpp"
#include "bench/harness/read_costs.hpp"
#include "bench/harness/stopwatch.hpp"

namespace knhk::bench {
namespace {

void measure_all(const Contests& contests, Crew& crew, const Effort& effort, Figures& figures) {
  measure_reads(contests, crew, effort, figures);
  measure_readers(contests, crew, effort, figures);
  measure_beside_promoter(contests, crew, effort, figures);
}

void run(benchmark::State& state, Contest& contest, Part part, Order order) {
  constexpr std::size_t kReads = 512;
  const auto seat = contest.sit();
  seat->resume();
  double ticks = 0;
  for (auto _ : state) ticks += ticks_of([&] { seat->read(part, order, kReads); });
  seat->rest();
  const auto reads = static_cast<std::int64_t>(state.iterations()) * std::int64_t{kReads};
  state.SetItemsProcessed(reads);
  state.counters["ticks"] = ticks / static_cast<double>(reads);
}

void register_all(const Contests& contests) {
  for (const auto& contest : contests) {
    const Profile& profile = contest->profile();
    const auto add = [&](Part part, Order order) {
      const std::string name = profile.name + "/" + std::string(name_of(part)) +
                               (order == Order::chained ? "/latency" : "/throughput");
      benchmark::RegisterBenchmark(name.c_str(),
                                   [&contest = *contest, part, order](benchmark::State& state) {
                                     run(state, contest, part, order);
                                   });
    };
    for (const Order order : {Order::independent, Order::chained}) {
      if (order == Order::chained && !profile.can_chain) continue;
      if (profile.gives_artifacts) add(Part::address, order);
      add(Part::id, order);
    }
  }
}

}  // namespace
}  // namespace knhk::bench

int main(int argc, char** argv) {
  using namespace knhk::bench;
  return run_program({"hot_path_bench", measure_all, register_all}, argc, argv);
}
