// What the ways to read and the parts of a promotion cost. `ticks` is what counts: core cycles per
// operation, calibrated beside each run; the time columns include the loop.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

#include "knhk/hot_path/binder.hpp"
#include "knhk/hot_path/measure.hpp"

namespace knhk::hot_path {
namespace {

struct Table {
  std::uint64_t first = 0;
};

constinit HotPath<Table> path;

/// Before the first benchmark: something to read.
void publish_once(const benchmark::State&) {
  if (!path.current_id().is_zero()) return;
  SnapshotId id;
  id.bytes.fill(1);
  auto publication = path.prepare(id, std::make_shared<const Table>(), 1);
  if (publication) publication->publish();
}

/// Runs `step` for the benchmark and counts the ticks per call: the median over its iterations, so
/// that being interrupted does no harm.
template <class Step>
void run(benchmark::State& state, const Step& step) {
  constexpr int kSteps = 512;
  std::vector<std::uint64_t> samples;
  samples.reserve(static_cast<std::size_t>(state.max_iterations));
  const double before = knhk::detail::units_per_tick_now(65536);
  for (auto _ : state) {
    const std::uint64_t start = TickCounter::bracket();
    for (int i = 0; i < kSteps; ++i) step();
    samples.push_back(TickCounter::bracket() - start);
  }
  const double units_per_tick = (before + knhk::detail::units_per_tick_now(65536)) / 2;
  const auto middle = samples.begin() + static_cast<std::ptrdiff_t>(samples.size() / 2);
  std::nth_element(samples.begin(), middle, samples.end());
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * kSteps);
  state.counters["ticks"] = benchmark::Counter(
      static_cast<double>(*middle) / units_per_tick / kSteps, benchmark::Counter::kAvgThreads);
}

void physical_limit(benchmark::State& state) {
  static SnapshotDescriptor descriptor;
  static std::atomic<const SnapshotDescriptor*> current{&descriptor};
  run(state, [] { detail::keep(current.load(std::memory_order_acquire)->id()); });
}
BENCHMARK(physical_limit)->ThreadRange(1, 2);

void current_id(benchmark::State& state) {
  run(state, [] { detail::keep(path.current_id()); });
}
BENCHMARK(current_id)->Setup(publish_once)->ThreadRange(1, 2);

void reader_pin(benchmark::State& state) {
  Reader<Table> reader(path);
  run(state, [&] {
    const auto pin = reader.pin();
    detail::keep(pin.operator->());
  });
}
BENCHMARK(reader_pin)->Setup(publish_once)->ThreadRange(1, 2);

void nested_pin(benchmark::State& state) {
  Reader<Table> reader(path);
  const auto outer = reader.pin();
  run(state, [&] {
    const auto pin = reader.pin();
    detail::keep(pin.operator->());
  });
}
BENCHMARK(nested_pin)->Setup(publish_once);

void binder_pin(benchmark::State& state) {
  run(state, [] {
    const auto pin = HotPathBinder<path>::pin();
    detail::keep(pin.operator->());
  });
}
BENCHMARK(binder_pin)->Setup(publish_once)->ThreadRange(1, 2);

void sticky_current(benchmark::State& state) {
  StickyReader<Table> reader(path);
  run(state, [&] { detail::keep(reader.current().operator->()); });
}
BENCHMARK(sticky_current)->Setup(publish_once)->ThreadRange(1, 2);

/// The slow path: each read finds that it holds nothing.
void sticky_after_release(benchmark::State& state) {
  StickyReader<Table> reader(path);
  run(state, [&] {
    reader.release();
    detail::keep(reader.current().operator->());
  });
}
BENCHMARK(sticky_after_release)->Setup(publish_once);

/// One whole promotion without evidence and log: prepare, publish, settle, scan, free the old one.
/// The argument is the number of registered readers, all of them idle.
void promotion(benchmark::State& state) {
  const auto busy = std::make_unique<HotPath<Table>>();
  std::vector<Reader<Table>> readers;
  for (int i = 0; i < state.range(0); ++i) readers.emplace_back(*busy);
  std::uint64_t epoch = 0;
  for (auto _ : state) {
    auto publication = busy->prepare(SnapshotId{}, std::make_shared<const Table>(), ++epoch);
    if (!publication) {
      state.SkipWithError("refused");
      break;
    }
    publication->publish();
    publication->settle();
    busy->reclaim();  // whatever the interval: this is the whole cost
  }
}
BENCHMARK(promotion)->RangeMultiplier(10)->Range(1, 10'000);

void publish_step(benchmark::State& state) {
  PublishCost cost;
  for (auto _ : state) cost = measure_publish(calibrate());
  state.counters["ticks"] = cost.step_ticks();
  state.counters["ticks_beside_reader"] = cost.step_ticks_beside_reader();
  state.counters["ticks_back_to_back"] = cost.back_to_back_ticks;
  state.counters["empty_bracket"] = cost.empty_bracket_ticks;
}
BENCHMARK(publish_step)->Iterations(1);

}  // namespace
}  // namespace knhk::hot_path
