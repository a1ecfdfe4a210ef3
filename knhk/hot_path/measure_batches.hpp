#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "knhk/hot_path/measure.hpp"

namespace knhk::hot_path {

/// What batches of reads took, in ticks per read, over all readers: the tail tells what promotions,
/// other readers and the operating system do to a read.
struct BatchCost {
  double p50_ticks = 0;
  double p99_ticks = 0;
  double p999_ticks = 0;
  std::uint64_t batches = 0;     ///< all that were measured
  std::uint64_t promotions = 0;  ///< made meanwhile
};

/// Who reads, and beside whom.
struct BatchSetting {
  bool sticky = false;                   ///< `StickyReader::current`, else `Reader::pin` and unpin
  std::size_t readers = 1;               ///< threads
  std::chrono::nanoseconds interval{0};  ///< between promotions; 0: nobody promotes
};

namespace detail {

struct MeasuredArtifacts {
  std::uint64_t value = 0;
};
using MeasuredPath = HotPath<MeasuredArtifacts>;

/// Promotes once, without evidence. Errors: false when the path refused.
inline bool promote_unproven(MeasuredPath& path, std::uint64_t epoch) {
  SnapshotId id;
  id.bytes.fill(1);
  auto publication = path.prepare(id, std::make_shared<const MeasuredArtifacts>(), epoch);
  if (!publication) return false;
  publication->publish();
  return true;
}

/// Times batches of `read()` until `stop`; what a batch took, in ticks per read, goes to `samples`
/// as long as there is room.
template <class Read>
void time_batches(const Read& read, const std::atomic<bool>& stop, std::vector<float>& samples) {
  constexpr std::size_t kReads = 256;
  double units_per_tick = knhk::detail::units_per_tick_now(2048);
  while (!stop.load(std::memory_order_relaxed) && samples.size() < samples.capacity()) {
    const std::uint64_t start = TickCounter::bracket();
    for (std::size_t i = 0; i < kReads; ++i) static_cast<void>(keep(read()));
    const auto spent = static_cast<double>(TickCounter::bracket() - start);
    samples.push_back(static_cast<float>(spent / units_per_tick / kReads));
    if (samples.size() % 4096 == 0) units_per_tick = knhk::detail::units_per_tick_now(2048);
  }
}

[[nodiscard]] inline double percentile(std::vector<float>& samples, double share) {
  if (samples.empty()) return 0;
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(samples.size() - 1));
  std::nth_element(samples.begin(), samples.begin() + at, samples.end());
  return static_cast<double>(samples[static_cast<std::size_t>(at)]);
}

}  // namespace detail

/// Lets threads read a hot path of their own for `time` and tells what their batches took.
/// Effects: starts the threads, allocates some megabytes. Errors: throws std::bad_alloc,
/// std::system_error.
[[nodiscard]] inline BatchCost measure_batches(const BatchSetting& setting,
                                               std::chrono::duration<double> time) {
  constexpr std::size_t kMostBatches = std::size_t{1} << 18U;
  const auto path = std::make_unique<detail::MeasuredPath>();
  std::uint64_t epoch = 1;
  detail::promote_unproven(*path, epoch);
  std::vector<std::vector<float>> samples(setting.readers);
  for (auto& of_one : samples) of_one.reserve(kMostBatches);
  std::atomic<std::size_t> ready{0};
  std::atomic<bool> stop{false};
  BatchCost cost;
  {
    std::vector<std::jthread> readers;
    for (auto& of_one : samples) {
      readers.emplace_back([&] {
        ready.fetch_add(1, std::memory_order_relaxed);
        while (ready.load(std::memory_order_relaxed) < setting.readers) std::this_thread::yield();
        if (setting.sticky) {
          StickyReader reader(*path);
          detail::time_batches([&] { return reader.current().operator->(); }, stop, of_one);
        } else {
          Reader reader(*path);
          detail::time_batches(
              [&] {
                const auto pin = reader.pin();
                return pin.operator->();
              },
              stop, of_one);
        }
      });
    }
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end) {
      if (setting.interval.count() == 0) {
        std::this_thread::sleep_until(end);
      } else {
        std::this_thread::sleep_for(setting.interval);
        if (detail::promote_unproven(*path, ++epoch)) ++cost.promotions;
      }
    }
    stop.store(true, std::memory_order_relaxed);
  }
  std::vector<float> all;
  for (const auto& of_one : samples) all.insert(all.end(), of_one.begin(), of_one.end());
  cost.batches = all.size();
  cost.p50_ticks = detail::percentile(all, 0.5);
  cost.p99_ticks = detail::percentile(all, 0.99);
  cost.p999_ticks = detail::percentile(all, 0.999);
  return cost;
}

}  // namespace knhk::hot_path
