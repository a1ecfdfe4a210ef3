#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "bench/contestants/contestant.hpp"

namespace knhk::bench {

/// The cores that this process may run on.
[[nodiscard]] const std::vector<int>& usable_cores();

/// Where the threads of one job meet. They spin, each on a core of its own, so that all leave at
/// the same moment; where there are fewer cores than threads they yield meanwhile.
class Meeting {
 public:
  explicit Meeting(std::size_t threads) noexcept : threads_(threads) {}
  void arrive_and_wait() noexcept;

 private:
  const std::size_t threads_;
  alignas(64) std::atomic<std::size_t> arrived_{0};
  alignas(64) std::atomic<std::size_t> round_{0};
};

/// Threads that measure, each pinned to a core as long as there are enough, each with a seat in
/// every contest. All figures come from them, never from the main thread: libraries leave out locks
/// and locked instructions as long as a process has one thread.
class Crew {
 public:
  /// What a job runs with, on its thread.
  struct Worker {
    std::size_t index;
    std::vector<std::unique_ptr<Seat>> seats;  // as the contests are ordered
  };
  using Job = std::function<void(Worker&)>;

  Crew(std::size_t workers, const Contests& contests);
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  ~Crew();

  [[nodiscard]] std::size_t size() const noexcept { return threads_.size(); }
  /// Runs `job` on the first `workers` of the crew at once, and waits until all are done. An
  /// exception ends the program: a figure is missing then.
  void run(std::size_t workers, const Job& job);

 private:
  void work(std::size_t index, const Contests& contests);

  const Job* job_ = nullptr;
  std::size_t wanted_ = 0;
  std::atomic<std::size_t> jobs_{0};
  std::atomic<std::size_t> busy_{0};
  std::vector<std::thread> threads_;
};

}  // namespace knhk::bench
