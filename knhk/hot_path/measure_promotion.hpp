#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <thread>

#include "knhk/hot_path/measure_batches.hpp"

namespace knhk::hot_path {

/// What a promotion costs the promoter, without evidence and log: to prepare, publish, settle, scan
/// and free what was replaced.
struct PromotionCost {
  double ticks = 0;
  double nanoseconds = 0;
};

/// When another core sees what this one wrote, in ticks.
struct VisibilityCost {
  double cache_line_ticks = 0;  ///< a bare cache line, one way: what physics asks
  double promotion_ticks = 0;   ///< from the publish step to a sticky reader's new snapshot
};

/// Measures whole promotions on a path with one idle reader.
/// Effects: promotes for `time` on this thread. Errors: throws std::bad_alloc.
[[nodiscard]] inline PromotionCost measure_promotion(const TickCalibration& calibration,
                                                     std::chrono::duration<double> time) {
  const auto path = std::make_unique<detail::MeasuredPath>();
  const Reader reader(*path);
  std::uint64_t promotions = 0;
  const auto end = std::chrono::steady_clock::now() + time;
  const std::uint64_t start = TickCounter::now();
  while (promotions == 0 || std::chrono::steady_clock::now() < end) {
    detail::promote_unproven(*path, ++promotions);
    path->reclaim();  // whatever the interval: this is the whole cost
  }
  const std::uint64_t spent = TickCounter::now() - start;
  const auto count = static_cast<double>(promotions);
  return {calibration.to_ticks(spent) / count, calibration.to_nanoseconds(spent) / count};
}

/// Measures how long a promotion takes to another core; nothing where there is only one.
/// Effects: starts a thread that spins; takes some milliseconds. Errors: throws std::bad_alloc,
/// std::system_error.
[[nodiscard]] inline std::optional<VisibilityCost> measure_visibility(
    const TickCalibration& calibration) {
  if (std::thread::hardware_concurrency() < 2) return std::nullopt;
  constexpr std::uint64_t kRounds = 2001;
  struct alignas(64) Line {
    std::atomic<std::uint64_t> value{0};
    void await(std::uint64_t wanted) const noexcept {
      while (value.load(std::memory_order_acquire) != wanted) continue;
    }
  };
  const auto path = std::make_unique<detail::MeasuredPath>();
  Line there;
  Line back;
  // First the lines alone go to and fro, then a promotion goes there and a line comes back.
  const std::jthread other([&] {
    for (std::uint64_t i = 1; i <= kRounds; ++i) {
      there.await(i);
      back.value.store(i, std::memory_order_release);
    }
    StickyReader reader(*path);
    for (std::uint64_t i = 1; i <= kRounds; ++i) {
      while (reader.current().epoch() != i) continue;
      back.value.store(kRounds + i, std::memory_order_release);
    }
  });
  std::array<std::uint64_t, kRounds> rounds{};
  for (std::uint64_t i = 1; i <= kRounds; ++i) {
    const std::uint64_t start = TickCounter::bracket();
    there.value.store(i, std::memory_order_release);
    back.await(i);
    rounds[i - 1] = TickCounter::bracket() - start;
  }
  VisibilityCost cost;
  cost.cache_line_ticks = calibration.to_ticks(detail::median(rounds)) / 2;
  const auto nothing = std::make_shared<const detail::MeasuredArtifacts>();
  SnapshotId id;
  id.bytes.fill(1);
  for (std::uint64_t i = 1; i <= kRounds; ++i) {
    auto publication = path->prepare(id, nothing, i);
    // One slot is held, so it is never refused; were it, the other thread would wait for ever.
    while (!publication) publication = path->prepare(id, nothing, i);
    publication->prefetch();
    const std::uint64_t start = TickCounter::bracket();
    publication->publish();
    back.await(kRounds + i);
    rounds[i - 1] = TickCounter::bracket() - start;
  }
  cost.promotion_ticks = calibration.to_ticks(detail::median(rounds)) - cost.cache_line_ticks;
  return cost;
}

}  // namespace knhk::hot_path
