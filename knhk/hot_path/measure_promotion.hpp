#pragma once

#include <cstdint>
#include <future>
#include <memory>

#include "knhk/hot_path/machine.hpp"
#include "knhk/hot_path/measure.hpp"
#include "knhk/hot_path/samples.hpp"
#include "knhk/hot_path/spinning_readers.hpp"

namespace knhk::hot_path {

namespace detail {

/// As measure_promotion(), on this thread, which stays on the first core from then on.
[[nodiscard]] inline double measure_promotion_here(unsigned readers) {
  struct Nothing {};
  constexpr int kPromotions = 64;
  const auto path = std::make_unique<HotPath<Nothing>>();
  const auto promote = [&path](std::uint64_t epoch) {
    auto publication = path->prepare(SnapshotId{}, std::make_shared<const Nothing>(), epoch);
    if (!publication) return false;
    publication->prefetch();
    publication->publish();
    publication->settle();
    return path->reclaim();  // whatever the interval
  };
  promote(1);
  const SpinningReaders spinning(*path, readers);
  stay_on_core(0);  // not before: the readers would have to stay there, too
  Samples ticks;
  for (std::uint64_t epoch = 2; epoch <= kPromotions + 1; ++epoch) {
    const double units_per_tick = knhk::detail::units_per_tick_now(512);
    const std::uint64_t start = TickCounter::bracket();
    if (!promote(epoch)) continue;
    ticks.add(static_cast<double>(TickCounter::bracket() - start) / units_per_tick);
  }
  return ticks.median();
}

}  // namespace detail

/// The median ticks of a whole promotion in memory while `readers` threads spin on other cores:
/// artifacts are made, prepared, published, settled, and what was current before is freed at once.
/// Evidence and log are not part of it. A reader on the promoter's core would hide what
/// interrupting another core costs. Effects: promotes some dozen times, starts the threads. Errors:
/// throws std::bad_alloc, or std::system_error where no more threads can be started.
[[nodiscard]] inline double measure_promotion(unsigned readers) {
  return std::async(std::launch::async, detail::measure_promotion_here, readers).get();
}

}  // namespace knhk::hot_path
