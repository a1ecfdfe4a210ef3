#pragma once

#include <atomic>
#include <cstdint>
#include <random>
#include <thread>
#include <type_traits>

namespace knhk::hot_path {

/// Promotions that a torture published; what a stalled thread waits for.
inline constinit std::atomic<std::uint64_t> torture_promotions{0};

/// Of a thread that takes part in a torture.
struct TortureThread {
  unsigned stalls_one_in = 0;         ///< held up before one in so many operations; 0: never
  bool is_reading = false;            ///< it is inside a read
  bool is_hoisted = false;            ///< this read is one that forgets to load (a mutant)
  unsigned loads_in_read = 0;         ///< loads of 64 bits since the read began
  std::uint64_t remembered_word = 0;  ///< the word that the last read began with
  std::minstd_rand random{1};
};
inline thread_local TortureThread torture_thread;

/// Marks the calling thread as inside a read while it lives.
class ReadScope {
 public:
  ReadScope() noexcept {
    torture_thread.is_reading = true;
    torture_thread.loads_in_read = 0;
  }
  ReadScope(const ReadScope&) = delete;
  ReadScope& operator=(const ReadScope&) = delete;
  ~ReadScope() { torture_thread.is_reading = false; }
};

/// An atomic whose thread is taken off its processor before an operation now and then, until a
/// promotion has passed by; for a while only, as there may be none.
template <class U>
class StallingAtomic : public std::atomic<U> {
  using Base = std::atomic<U>;

 public:
  using Base::Base;
  [[nodiscard]] U load(std::memory_order order) const noexcept {
    stall();
    return Base::load(order);
  }
  void store(U value, std::memory_order order) noexcept {
    stall();
    Base::store(value, order);
  }
  bool compare_exchange_strong(U& expected, U desired, std::memory_order success,
                               std::memory_order failure) noexcept {
    stall();
    return Base::compare_exchange_strong(expected, desired, success, failure);
  }
  bool compare_exchange_weak(U& expected, U desired, std::memory_order success,
                             std::memory_order failure) noexcept {
    stall();
    return Base::compare_exchange_weak(expected, desired, success, failure);
  }

 private:
  static void stall() noexcept {
    TortureThread& thread = torture_thread;
    if (thread.stalls_one_in == 0 || thread.random() % thread.stalls_one_in != 0) return;
    const std::uint64_t before = torture_promotions.load(std::memory_order_relaxed);
    for (int i = 0; i < 16 && torture_promotions.load(std::memory_order_relaxed) == before; ++i) {
      std::this_thread::yield();
    }
  }
};

/// A mutant: as if a compiler had moved the load of the word out of the loop. Every other read
/// begins with the word that the read before began with, and confirms it with that word. `kFirst`
/// is the load that begins it: 0 for a sticky reader and for an id, 1 for a pin, which looks at its
/// hazard before.
template <class U, unsigned kFirst>
class HoistedAtomic : public std::atomic<U> {
  using Base = std::atomic<U>;

 public:
  using Base::Base;
  [[nodiscard]] U load(std::memory_order order) const noexcept {
    if constexpr (std::is_same_v<U, std::uint64_t>) {
      TortureThread& thread = torture_thread;
      if (thread.is_reading) {
        const unsigned index = thread.loads_in_read++;
        if (index == kFirst) {
          thread.is_hoisted = thread.remembered_word != 0 && thread.random() % 2 == 0;
          if (!thread.is_hoisted) thread.remembered_word = Base::load(order);
          return thread.remembered_word;
        }
        const bool confirms = kFirst == 1 ? index == 2 : order == std::memory_order_relaxed;
        if (index > kFirst && thread.is_hoisted && confirms) return thread.remembered_word;
      }
    }
    return Base::load(order);
  }
};

}  // namespace knhk::hot_path
