#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <thread>

namespace knhk::promotion::testing {

/// The threads that this process had, to be told from those that came later.
class Threads {
 public:
  Threads() {
    std::thread([] {}).join();  // a sanitizer starts its own thread with the first one
    had_ = list();
  }

  /// How many there are beside them.
  [[nodiscard]] std::size_t new_count() const {
    const std::set<std::string> now = list();
    return static_cast<std::size_t>(std::count_if(
        now.begin(), now.end(), [&](const std::string& id) { return !had_.contains(id); }));
  }
  /// Comes back when there are none. The kernel lists a thread for a moment after it was joined;
  /// one that doesn't end makes the test run into its time limit.
  void wait_for_the_end_of_new_ones() const {
    while (new_count() != 0) std::this_thread::yield();
  }

 private:
  static std::set<std::string> list() {
    std::set<std::string> ids;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task")) {
      ids.insert(entry.path().filename().string());
    }
    return ids;
  }

  std::set<std::string> had_;
};

/// A door that threads wait at until somebody opens it.
class Door {
 public:
  /// Comes back when the door is open, or `stop` is requested.
  void pass(const std::stop_token& stop = {}) {
    std::unique_lock lock(mutex_);
    ++arrived_;
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
    changed_.wait(lock, [&] { return arrived_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool is_open_ = false;
  int arrived_ = 0;
};

}  // namespace knhk::promotion::testing
