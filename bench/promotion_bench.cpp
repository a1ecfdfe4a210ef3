// What a promotion costs, ours and the peers', in its parts and as a whole.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bench/harness/program.hpp"
#include "bench/harness/promotion_costs.hpp"
#include "bench/harness/stopwatch.hpp"
#include "knhk/hot_path/measure.hpp"
#include "knhk/promotion/cost.hpp"
#include "knhk/promotion/promotion_guard.hpp"
#include "knhk/promotion/testing/evidence_maker.hpp"

namespace knhk::bench {
namespace {

/// One store after another, which a promotion never does: what a store costs at least.
void measure_stores_in_a_row(Crew& crew, const Effort& effort, Figures& figures) {
  std::vector<double> ticks;
  crew.run(1, [&](Crew::Worker&) {
    for (std::size_t i = 0; i < effort.batches; ++i) {
      ticks.push_back(hot_path::measure_publish(calibrate()).back_to_back_ticks);
    }
  });
  figures.add({"publish step", "Publication::publish", "", "back to back"}, "ticks per step",
              std::move(ticks));
}

/// PromotionGuard::promote, which the cost model is about, beside what the model says.
void measure_guard(Crew& crew, const Effort& effort, Figures& figures) {
  namespace made = promotion::testing;
  std::vector<double> empty, bracketed, excess;
  crew.run(1, [&](Crew::Worker&) {
    const made::EvidenceMaker maker;
    const auto proof = maker.proof("a note");
    const auto path = std::make_unique<hot_path::HotPath<made::Note>>();
    std::vector<double> with, without;
    std::uint64_t epoch = 0;
    const auto promote_once = [&](double units) {
      auto ready =
          promotion::PromotionGuard<made::Note, promotion::Preparing>(proof, *path).ready(++epoch);
      if (!ready) return;
      const std::uint64_t before = TickCounter::bracket();
      without.push_back(static_cast<double>(TickCounter::bracket() - before) / units);
      ready->prefetch();
      const std::uint64_t start = TickCounter::bracket();
      auto promoted = std::move(*ready).promote();
      const std::uint64_t spent = TickCounter::bracket() - start;
      with.push_back(static_cast<double>(spent) / units);
      std::move(promoted).settle();
    };
    for (std::size_t batch = 0; batch < effort.batches; ++batch) {
      with.clear();
      without.clear();
      const double units = units_per_tick();
      for (int i = 0; i < 64; ++i) promote_once(units);
      if (with.empty()) return;
      bracketed.push_back(mean_of_most(with));
      empty.push_back(mean_of_most(without));
      excess.push_back(std::max(0.0, bracketed.back() - empty.back()));
    }
  });
  const auto add = [&](const char* setting, std::vector<double>& samples) {
    figures.add({"model", "PromotionGuard::promote", "", setting}, "ticks", std::move(samples));
  };
  add("empty bracket", empty);
  add("bracketed", bracketed);
  add("more than the bracket", excess);
  figures.add({"model", "estimate_promotion_cost", "", "at compile time"}, "ticks",
              promotion::estimate_promotion_cost<sizeof(hot_path::SnapshotDescriptor)>());
}

void measure_all(const Contests& contests, Crew& crew, const Effort& effort, Figures& figures) {
  measure_stores_in_a_row(crew, effort, figures);
  measure_guard(crew, effort, figures);
  measure_publish_steps(contests, crew, effort, figures);
  measure_promotions(contests, crew, effort, figures);
  measure_visibility(contests, crew, effort, figures);
  measure_garbage(contests, crew, effort, figures);
  measure_registered_readers(contests, crew, effort, figures);
}

void run(benchmark::State& state, Contest& contest) {
  const auto promoter = contest.promoter();
  std::uint64_t number = 1;
  double ticks = 0;
  for (auto _ : state) ticks += ticks_of([&] { promoter->promote(++number); });
  promoter->drain();
  state.counters["ticks"] = ticks / static_cast<double>(state.iterations());
}

void register_all(const Contests& contests) {
  for (const auto& contest : contests) {
    benchmark::RegisterBenchmark(
        ("promotion/" + contest->profile().name).c_str(),
        [&contest = *contest](benchmark::State& state) { run(state, contest); });
  }
}

}  // namespace
}  // namespace knhk::bench

int main(int argc, char** argv) {
  using namespace knhk::bench;
  return run_program({"promotion_bench", measure_all, register_all}, argc, argv);
}
