#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace knhk::telemetry {

/// A queue between those who must not wait and one who may: when it is full, the oldest goes and is
/// counted. So a consumer that is slow or dead costs telemetry, never a promotion.
///
/// Threads: any number of producers, one consumer.
/// Progress: `push` waits for nothing but other calls of this object, none of which does anything
/// long under its lock. Effects: `push` may allocate; memory is bounded by the capacity.
template <class T>
class BoundedQueue {
 public:
  /// Requires: `capacity` > 0.
  explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {}

  void push(T item) {
    std::optional<T> dropped;  // destroyed after the lock was given back
    {
      const std::scoped_lock lock(mutex_);
      if (items_.size() == capacity_) {
        dropped.emplace(std::move(items_.front()));
        items_.pop_front();
        ++dropped_;
      }
      items_.push_back(std::move(item));
    }
    arrived_.notify_one();
  }

  /// Takes the oldest, `most` at most, after waiting for one `patience` at most. Returns: nothing
  /// when none came, or when `close` was called and all are taken.
  [[nodiscard]] std::vector<T> pop(std::size_t most, std::chrono::nanoseconds patience) {
    std::unique_lock lock(mutex_);
    arrived_.wait_for(lock, patience, [&] { return !items_.empty() || is_closed_; });
    std::vector<T> taken;
    while (!items_.empty() && taken.size() < most) {
      taken.push_back(std::move(items_.front()));
      items_.pop_front();
    }
    return taken;
  }

  /// Waits until there are `enough`, or `nudge` or `close` was called, for `patience` at most.
  void wait_for(std::size_t enough, std::chrono::nanoseconds patience) {
    std::unique_lock lock(mutex_);
    arrived_.wait_for(lock, patience,
                      [&] { return items_.size() >= enough || is_nudged_ || is_closed_; });
    is_nudged_ = false;
  }

  /// Ends the consumer's `wait_for` once: the one it is in, or its next.
  void nudge() {
    {
      const std::scoped_lock lock(mutex_);
      is_nudged_ = true;
    }
    arrived_.notify_all();
  }

  /// Wakes the consumer, now and whenever it would wait. What is pushed later is kept as before.
  void close() {
    {
      const std::scoped_lock lock(mutex_);
      is_closed_ = true;
    }
    arrived_.notify_all();
  }

  [[nodiscard]] std::size_t size() const {
    const std::scoped_lock lock(mutex_);
    return items_.size();
  }
  /// How many were dropped because the queue was full.
  [[nodiscard]] std::uint64_t dropped() const {
    const std::scoped_lock lock(mutex_);
    return dropped_;
  }

 private:
  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<T> items_;
  std::uint64_t dropped_ = 0;
  bool is_nudged_ = false;
  bool is_closed_ = false;
};

}  // namespace knhk::telemetry
