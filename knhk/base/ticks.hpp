#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <string_view>

namespace knhk {

/// The finest counter the machine has that runs at a constant rate: the time stamp counter on
/// x86-64, the virtual timer on 64-bit Arm, nanoseconds of the steady clock elsewhere. Its units
/// are no ticks; a `TickCalibration` turns them into ticks.
///
/// Threads: any. Progress: wait-free.
struct TickCounter {
#if defined(__x86_64__)
  static constexpr std::string_view kName = "time stamp counter";
  [[nodiscard, gnu::always_inline]] static inline std::uint64_t now() noexcept {
    return __builtin_ia32_rdtsc();
  }
  /// Reads the counter after everything before it was carried out and before anything after it
  /// starts: two of them bracket a few instructions.
  [[nodiscard, gnu::always_inline]] static inline std::uint64_t bracket() noexcept {
    unsigned processor = 0;
    const std::uint64_t value = __builtin_ia32_rdtscp(&processor);
    __builtin_ia32_lfence();
    return value;
  }
#elif defined(__aarch64__)
  static constexpr std::string_view kName = "virtual timer";
  [[nodiscard, gnu::always_inline]] static inline std::uint64_t now() noexcept {
    std::uint64_t value = 0;
    asm volatile("mrs %0, cntvct_el0" : "=r"(value));
    return value;
  }
  [[nodiscard, gnu::always_inline]] static inline std::uint64_t bracket() noexcept {
    std::uint64_t value = 0;
    asm volatile("isb\n\tmrs %0, cntvct_el0\n\tisb" : "=r"(value)::"memory");
    return value;
  }
#else
  static constexpr std::string_view kName = "steady clock";
  [[nodiscard]] static std::uint64_t now() noexcept {
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                          std::chrono::steady_clock::now().time_since_epoch())
                                          .count());
  }
  [[nodiscard]] static std::uint64_t bracket() noexcept { return now(); }
#endif
};

/// How the counter and the wall clock relate to ticks. A **tick** is one cycle of the core that the
/// calibration ran on, at the frequency it had then.
struct TickCalibration {
  double units_per_tick = 1.0;    ///< counter units that pass in one tick
  double units_per_second = 1e9;  ///< counter units that pass in a second

  [[nodiscard]] double to_ticks(std::uint64_t counter_delta) const noexcept {
    return static_cast<double>(counter_delta) / units_per_tick;
  }
  [[nodiscard]] double to_nanoseconds(std::uint64_t counter_delta) const noexcept {
    return static_cast<double>(counter_delta) * 1e9 / units_per_second;
  }
  [[nodiscard]] double ticks_per_second() const noexcept {
    return units_per_second / units_per_tick;
  }
};

namespace detail {

/// Runs a chain of `4 * quarters` additions, each of which needs the one before: one tick each.
/// Both operands stay in registers that the compiler knows nothing of, since it would fold the
/// additions otherwise, and some cores fold additions of constants while renaming registers.
[[gnu::noinline]] inline std::uint64_t add_in_a_chain(std::uint64_t quarters,
                                                      std::uint64_t one) noexcept {
  std::uint64_t sum = 0;
  const auto add = [&]() noexcept {
    sum += one;
    asm volatile("" : "+r"(sum), "+r"(one));
  };
  for (std::uint64_t i = 0; i < quarters; ++i) {
    add();
    add();
    add();
    add();
  }
  return sum;
}

/// Counter units per tick at this moment, by one chain of `4 * quarters` additions.
[[nodiscard]] inline double units_per_tick_now(std::uint64_t quarters) noexcept {
  const std::uint64_t start = TickCounter::bracket();
  const std::uint64_t sum = add_in_a_chain(quarters, 1);
  const std::uint64_t spent = TickCounter::bracket() - start;
  return static_cast<double>(spent) / static_cast<double>(sum);
}

}  // namespace detail

/// Measures what a tick is, by a chain of dependent additions against the counter and the counter
/// against the steady clock. Takes a few milliseconds on this thread; the best of many rounds
/// counts, so that being interrupted does no harm.
[[nodiscard]] inline TickCalibration calibrate() noexcept {
  using SteadyClock = std::chrono::steady_clock;
  constexpr std::uint64_t kQuarters = 4096;
  constexpr int kRounds = 300;
  TickCalibration calibration;
  double best = std::numeric_limits<double>::infinity();
  const SteadyClock::time_point clock_start = SteadyClock::now();
  const std::uint64_t counter_start = TickCounter::now();
  for (int round = 0; round < kRounds; ++round) {
    best = std::min(best, detail::units_per_tick_now(kQuarters));
  }
  const std::uint64_t counter_spent = TickCounter::now() - counter_start;
  const std::chrono::duration<double> clock_spent = SteadyClock::now() - clock_start;
  if (best > 0) calibration.units_per_tick = best;
  if (clock_spent.count() > 0 && counter_spent != 0) {
    calibration.units_per_second = static_cast<double>(counter_spent) / clock_spent.count();
  }
  return calibration;
}

}  // namespace knhk
