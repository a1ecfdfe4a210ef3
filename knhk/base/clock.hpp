#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>
#include <string>

namespace knhk {

/// The time as the rest of the code sees it, so that tests can set it.
///
/// Threads: implementations are safe to call from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Time of day, for records that people and other machines read.
  [[nodiscard]] virtual std::chrono::system_clock::time_point now() const = 0;
  /// Time that never goes back, for durations.
  [[nodiscard]] virtual std::chrono::steady_clock::time_point steady_now() const = 0;

 protected:
  Clock() = default;
  Clock(const Clock&) = default;
  Clock& operator=(const Clock&) = default;
};

/// The machine's clocks.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] std::chrono::system_clock::time_point now() const override {
    return std::chrono::system_clock::now();
  }
  [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override {
    return std::chrono::steady_clock::now();
  }
  /// One for the whole process; it has no state.
  [[nodiscard]] static const SystemClock& instance() noexcept {
    static const SystemClock clock;
    return clock;
  }
};

/// A clock that stands still until it is moved, for tests. Threads: not to be moved while read.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(std::chrono::system_clock::time_point start = {}) : now_(start) {}
  [[nodiscard]] std::chrono::system_clock::time_point now() const override { return now_; }
  [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override {
    return steady_;
  }
  void advance(std::chrono::nanoseconds by) {
    now_ += std::chrono::duration_cast<std::chrono::system_clock::duration>(by);
    steady_ += std::chrono::duration_cast<std::chrono::steady_clock::duration>(by);
  }

 private:
  std::chrono::system_clock::time_point now_;
  std::chrono::steady_clock::time_point steady_;
};

/// `2026-11-23T09:04:05Z`: UTC to the second, RFC 3339.
[[nodiscard]] inline std::string to_rfc3339(std::chrono::system_clock::time_point time) {
  const std::time_t seconds =
      std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(time));
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text, length};
}

}  // namespace knhk
