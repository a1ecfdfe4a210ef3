#pragma once

#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <mutex>
#include <stop_token>
#include <thread>

namespace knhk::promotion::testing {

/// How many threads this process has.
inline std::size_t thread_count() {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator("/proc/self/task"), {}));
}

/// Comes back when the process has `count` threads. The kernel lists a thread for a moment after it
/// was joined; one that doesn't end makes the test run into its time limit.
inline void wait_for_thread_count(std::size_t count) {
  while (thread_count() != count) std::this_thread::yield();
}

/// A door that threads wait at until somebody opens it.
class Door {
 public:
  /// Comes back when the door is open, or `stop` is requested.
  void pass(const std::stop_token& stop = {}) {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, stop, [&] { return is_open_; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }
  /// Comes back when that many have come to the door.
  void wait_for_arrivals(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool is_open_ = false;
  int waiting_ = 0;
};

}  // namespace knhk::promotion::testing
