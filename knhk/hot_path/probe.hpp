#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <new>
#include <vector>

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

/// True on threads that read and never promote: no snapshot may end there (P11).
inline thread_local bool only_reads = false;
/// How many ended there.
inline constinit std::atomic<std::uint64_t> ended_by_readers{0};

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
    if (only_reads) ended_by_readers.fetch_add(1, std::memory_order_relaxed);
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

}  // namespace knhk::hot_path
