#pragma once

#include <atomic>
#include <stop_token>
#include <thread>
#include <vector>

#include "knhk/hot_path/machine.hpp"
#include "knhk/hot_path/measure.hpp"

namespace knhk::hot_path {

/// Threads that pin a path's snapshot over and over while this object lives: what a promoter is
/// measured beside. All of them are at work once it is made, on cores of their own but the first,
/// which is left to the promoter.
///
/// Requires: a snapshot is published. Threads: made and destroyed by one thread. Lifetime: must end
/// before its path.
template <class T, class Traits>
class SpinningReaders {
 public:
  SpinningReaders(HotPath<T, Traits>& path, unsigned count) {
    threads_.reserve(count);
    for (unsigned i = 0; i < count; ++i) {
      threads_.emplace_back([this, &path, i](const std::stop_token& stop) {
        stay_on_core(1 + i);  // where there are so many; else wherever it is put
        spin(path, stop);
      });
    }
    while (at_work_.load(std::memory_order_relaxed) < count) std::this_thread::yield();
  }
  SpinningReaders(const SpinningReaders&) = delete;
  SpinningReaders& operator=(const SpinningReaders&) = delete;

 private:
  void spin(HotPath<T, Traits>& path, const std::stop_token& stop) {
    constexpr int kReads = 256;
    Reader<T, Traits> reader(path);
    for (bool first = true; first || !stop.stop_requested(); first = false) {
      for (int i = 0; i < kReads; ++i) {
        const auto pin = reader.pin();
        static_cast<void>(detail::keep(pin.operator->()));
      }
      // Relaxed: says only that this thread runs.
      if (first) at_work_.fetch_add(1, std::memory_order_relaxed);
    }
  }

  std::atomic<unsigned> at_work_{0};
  std::vector<std::jthread> threads_;  // last: stopped and joined before the rest goes
};

}  // namespace knhk::hot_path
