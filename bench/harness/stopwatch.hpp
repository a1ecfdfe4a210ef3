#pragma once

#include <algorithm>
#include <cstdint>

#include "knhk/base/ticks.hpp"

namespace knhk::bench {

/// Counter units per tick, from a chain of additions beside what is measured: cores change their
/// frequency. The shorter of two, since one of them may be interrupted.
[[nodiscard]] inline double units_per_tick() noexcept {
  return std::min(knhk::detail::units_per_tick_now(1024), knhk::detail::units_per_tick_now(1024));
}

/// What `run()` takes, in ticks.
template <class Run>
[[nodiscard]] double ticks_of(const Run& run) {
  const double units = units_per_tick();
  const std::uint64_t start = TickCounter::bracket();
  run();
  return static_cast<double>(TickCounter::bracket() - start) / units;
}

}  // namespace knhk::bench
