// What a promotion costs, ours and the peers', in its parts and as a whole.

#include <benchmark/benchmark.h>

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

/// The publish step as knhk measures it anywhere: back to back, and beside a reader that spins.
void measure_own_step(Crew& crew, const Effort& effort, Figures& figures) {
  std::vector<double> empty, alone, beside, row, bracketed_alone, bracketed_beside;
  crew.run(1, [&](Crew::Worker&) {
    for (std::size_t i = 0; i < effort.promotion_batches; ++i) {
      const hot_path::PublishCost cost = hot_path::measure_publish(calibrate());
      empty.push_back(cost.empty_bracket_ticks);
      bracketed_alone.push_back(cost.bracketed_ticks);
      bracketed_beside.push_back(cost.bracketed_beside_reader);
      alone.push_back(cost.step_ticks());
      beside.push_back(cost.step_ticks_beside_reader());
      row.push_back(cost.back_to_back_ticks);
    }
  });
  const auto add = [&](const char* setting, std::vector<double>& samples) {
    figures.add({"own publish step", "Publication::publish", "", setting}, "ticks",
                std::move(samples));
  };
  add("empty bracket", empty);
  add("in the bracket", bracketed_alone);
  add("in the bracket, beside a reader", bracketed_beside);
  add("more than the bracket", alone);
  add("more than the bracket, beside a reader", beside);
  add("back to back", row);
}

/// PromotionGuard::promote, which the cost model is about, beside what the model says.
void measure_guard(Crew& crew, const Effort& effort, Figures& figures) {
  namespace made = promotion::testing;
  std::vector<double> empty, bracketed;
  crew.run(1, [&](Crew::Worker&) {
    const made::EvidenceMaker maker;
    const auto proof = maker.proof("a note");
    const auto path = std::make_unique<hot_path::HotPath<made::Note>>();
    std::uint64_t epoch = 0;
    for (std::size_t i = 0; i < effort.publishes; ++i) {
      auto ready =
          promotion::PromotionGuard<made::Note, promotion::Preparing>(proof, *path).ready(++epoch);
      if (!ready) break;
      const double units = units_per_tick();
      ready->prefetch();
      const std::uint64_t start = TickCounter::bracket();
      auto promoted = std::move(*ready).promote();
      const std::uint64_t spent = TickCounter::bracket() - start;
      std::move(promoted).settle();
      bracketed.push_back(static_cast<double>(spent) / units);
      empty.push_back(ticks_of([] {}));
    }
  });
  const auto add = [&](const char* setting, std::vector<double> samples) {
    figures.add({"model", "PromotionGuard::promote", "", setting}, "ticks", std::move(samples));
  };
  add("empty bracket", std::move(empty));
  add("in the bracket", std::move(bracketed));
  figures.add({"model", "estimate_promotion_cost", "", "at compile time"}, "ticks",
              promotion::estimate_promotion_cost<sizeof(hot_path::SnapshotDescriptor)>());
}

void measure_all(const Contests& contests, Crew& crew, const Effort& effort, Figures& figures) {
  measure_own_step(crew, effort, figures);
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
