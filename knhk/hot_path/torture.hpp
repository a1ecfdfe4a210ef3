#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <random>
#include <thread>
#include <vector>

#include "knhk/hot_path/reader.hpp"
#include "knhk/hot_path/snapshots_for_tests.hpp"
#include "knhk/hot_path/sticky_reader.hpp"

namespace knhk::hot_path {

/// Memory for probes that stays mapped until the process ends, and is handed out again at once: the
/// last one freed is the next one taken (P2). A reader that looks at a freed probe then reads
/// poison or another snapshot, and not what a lazy allocator happens to have left.
class ReusedMemory {
 public:
  [[nodiscard]] static void* take(std::size_t size) {
    const std::lock_guard lock(all_.mutex_);
    if (all_.free_.empty()) return ::operator new(size, std::align_val_t{64});
    void* const memory = all_.free_.back();
    all_.free_.pop_back();
    return memory;
  }
  static void give_back(void* memory) {
    const std::lock_guard lock(all_.mutex_);
    all_.free_.push_back(memory);
  }
  ~ReusedMemory() {
    for (void* const memory : free_) ::operator delete(memory, std::align_val_t{64});
  }

 private:
  ReusedMemory() = default;
  static ReusedMemory all_;
  std::mutex mutex_;
  std::vector<void*> free_;
};
inline constinit ReusedMemory ReusedMemory::all_;

/// A snapshot that shows when it is mixed or freed: its number stands in its first and in its last
/// line, and its destructor poisons both. `Cell` is plain where a wrong access should be seen by a
/// sanitizer, atomic where it should only be counted; `kReused` picks `ReusedMemory`.
template <class Cell, bool kReused>
struct alignas(64) Probe {
  static constexpr std::uint64_t kPoison = 0xDEADDEADDEADDEADU;
  Cell first;
  std::array<std::byte, 256> between{};
  Cell last;

  explicit Probe(std::uint64_t n) : first(n), last(n) {}
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;
  ~Probe() {
    first = kPoison;
    last = kPoison;
    asm volatile("" ::"r"(this) : "memory");  // stores to an object that ends are not left out
  }
  static void* operator new(std::size_t size) {
    if constexpr (kReused) return ReusedMemory::take(size);
    return ::operator new(size, std::align_val_t{64});
  }
  static void operator delete(void* memory) {
    if constexpr (kReused) return ReusedMemory::give_back(memory);
    ::operator delete(memory, std::align_val_t{64});
  }
};

/// What the readers saw. All but `reads` must stay 0.
struct TortureTally {
  std::uint64_t reads = 0;
  std::uint64_t torn = 0;      ///< parts of different snapshots
  std::uint64_t freed = 0;     ///< poison, or another snapshot in its place
  std::uint64_t backward = 0;  ///< older than what this thread had seen
  std::uint64_t stale = 0;     ///< older than what was current when the read began (ageing)

  [[nodiscard]] std::uint64_t wrong() const noexcept { return torn + freed + backward + stale; }
  TortureTally& operator+=(const TortureTally& other) noexcept {
    reads += other.reads;
    torn += other.torn;
    freed += other.freed;
    backward += other.backward;
    stale += other.stale;
    return *this;
  }
};

/// How long each torture runs: KNHK_TORTURE_SECONDS, by default `otherwise`.
[[nodiscard]] inline std::chrono::duration<double> torture_time(double otherwise) {
  const char* const text = std::getenv("KNHK_TORTURE_SECONDS");
  return std::chrono::duration<double>(text == nullptr ? otherwise : std::atof(text));
}

/// Threads that read in all three ways beside threads that promote, undo and drop.
template <class Traits, class Cell, bool kReused>
class Torture {
 public:
  using ProbeType = Probe<Cell, kReused>;
  using Path = HotPath<ProbeType, Traits>;

  /// Runs for `time`, or until something is wrong when `stops_at_first`. The seed is printed by the
  /// caller with a failure.
  [[nodiscard]] TortureTally run(std::uint64_t seed, std::chrono::duration<double> time,
                                 bool stops_at_first = false) {
    std::vector<std::thread> threads;
    threads.reserve(6);
    for (std::uint64_t i = 0; i < 2; ++i) threads.emplace_back([this, s = seed + i] { write(s); });
    for (std::uint64_t i = 0; i < 2; ++i) {
      threads.emplace_back([this, s = seed + 10 + i] { pin(s); });
      threads.emplace_back([this, s = seed + 20 + i] { follow(s); });
    }
    threads.emplace_back([this] { watch_ids(); });
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end) {
      if (stops_at_first && wrong_.load(std::memory_order_relaxed)) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    stop_.store(true, std::memory_order_relaxed);
    for (std::thread& thread : threads) thread.join();
    return tally_;
  }
  [[nodiscard]] const Path& path() const noexcept { return path_; }

 private:
  [[nodiscard]] bool goes_on() const noexcept { return !stop_.load(std::memory_order_relaxed); }

  void report(const TortureTally& seen) {
    if (seen.wrong() != 0) wrong_.store(true, std::memory_order_relaxed);
    const std::lock_guard lock(tally_mutex_);
    tally_ += seen;
  }

  template <class Held>
  void look(const Held& held, std::uint64_t began_at, std::uint64_t& newest, TortureTally& seen) {
    ++seen.reads;
    const std::uint64_t generation = held.generation();
    if (generation < newest) ++seen.backward;
    if (generation < began_at) ++seen.stale;
    newest = generation;
    if (!held) {
      if (!held.id().is_zero()) ++seen.torn;
      return;
    }
    const std::uint64_t n = number_of(held.id());
    if (n == 0) ++seen.torn;
    const auto& probe = *held;
    if (probe.first != n || probe.last != n) ++seen.freed;
    if (seen.wrong() != 0) wrong_.store(true, std::memory_order_relaxed);
  }

  void pin(std::uint64_t seed) {
    std::minstd_rand random(static_cast<unsigned>(seed));
    std::optional<Reader<ProbeType, Traits>> reader(path_);
    TortureTally seen;
    std::uint64_t newest = 0;
    while (goes_on()) {
      const std::uint64_t began_at = path_.generation();
      const unsigned kind = static_cast<unsigned>(random()) % 64;
      if (kind == 0) reader.emplace(path_);
      const auto pin = reader->pin();
      look(pin, began_at, newest, seen);
      if (kind < 8) std::this_thread::yield();  // promotions pass by while it is pinned
      const auto inner = reader->pin();
      look(inner, began_at, newest, seen);
      look(pin, began_at, newest, seen);
    }
    report(seen);
  }

  void follow(std::uint64_t seed) {
    std::minstd_rand random(static_cast<unsigned>(seed));
    StickyReader<ProbeType, Traits> reader(path_);
    TortureTally seen;
    std::uint64_t newest = 0;
    while (goes_on()) {
      const std::uint64_t began_at = path_.generation();
      const auto& view = reader.current();
      look(view, began_at, newest, seen);
      const unsigned kind = static_cast<unsigned>(random()) % 64;
      if (kind < 8) std::this_thread::yield();
      look(view, began_at, newest, seen);
      if (kind == 9) reader.release();
    }
    report(seen);
  }

  void watch_ids() {
    TortureTally seen;
    std::uint64_t newest = 0;
    while (goes_on()) {
      ++seen.reads;
      const SnapshotId id = path_.current_id();
      if (!id.is_zero() && number_of(id) == 0) ++seen.torn;
      const Published published = path_.published();
      if (published.generation < newest) ++seen.backward;
      newest = published.generation;
      if (!published.id.is_zero() && number_of(published.id) == 0) ++seen.torn;
    }
    report(seen);
  }

  void write(std::uint64_t seed) {
    std::minstd_rand random(static_cast<unsigned>(seed));
    while (goes_on()) {
      const std::uint64_t n = next_.fetch_add(1, std::memory_order_relaxed);
      auto publication =
          path_.prepare(id_of(n), std::shared_ptr<const ProbeType>(new ProbeType(n)), n);
      if (!publication) {  // the other promoter is at work
        std::this_thread::yield();
        continue;
      }
      const unsigned kind = static_cast<unsigned>(random()) % 16;
      if (kind == 0) continue;  // dropped
      publication->publish();
      if (kind == 1) publication->undo();
      if (kind == 2) std::this_thread::yield();
      publication->settle();
    }
  }

  Path path_;
  std::atomic<std::uint64_t> next_{1};
  std::atomic<bool> stop_{false};
  std::atomic<bool> wrong_{false};
  std::mutex tally_mutex_;
  TortureTally tally_;
};

}  // namespace knhk::hot_path
