#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <thread>

#include "knhk/hot_path/hot_path.hpp"

namespace knhk::hot_path {

/// A thread that promotes a path at a steady rate while this object lives: what readers are
/// measured beside. Each promotion has artifacts of its own, so that there is something to free.
///
/// Threads: made, asked and destroyed by one thread. Lifetime: must end before its path.
template <class T, class Traits>
class SteadyPromoter {
 public:
  SteadyPromoter(HotPath<T, Traits>& path, std::chrono::nanoseconds interval)
      : path_(path),
        interval_(interval),
        thread_([this](const std::stop_token& stop) { run(stop); }) {}
  SteadyPromoter(const SteadyPromoter&) = delete;
  SteadyPromoter& operator=(const SteadyPromoter&) = delete;

  /// How many it has made so far.
  [[nodiscard]] std::uint64_t promotions() const noexcept {
    return promotions_.load(std::memory_order_relaxed);
  }

 private:
  void run(const std::stop_token& stop) {
    using Clock = std::chrono::steady_clock;
    auto next = Clock::now();
    for (std::uint64_t epoch = 1; !stop.stop_requested(); ++epoch) {
      auto publication = path_.prepare(SnapshotId{}, std::make_shared<const T>(), epoch);
      if (publication) {
        publication->prefetch();
        publication->publish();
        publication->settle();
        promotions_.fetch_add(1, std::memory_order_relaxed);
      }
      // What was late isn't made up for: a burst would be another rate.
      next = std::max(next + interval_, Clock::now());
      std::this_thread::sleep_until(next);
    }
  }

  HotPath<T, Traits>& path_;
  std::chrono::nanoseconds interval_;
  std::atomic<std::uint64_t> promotions_{0};
  std::jthread thread_;  // last: stopped and joined before the rest goes
};

}  // namespace knhk::hot_path
