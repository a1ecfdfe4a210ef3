#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "bench/contestants/contestant.hpp"
#include "knhk/hot_path/measure.hpp"

namespace knhk::bench {

/// What every contestant keeps current: an id and some artifacts, 1 KiB together. All parts of the
/// id say the snapshot's number.
struct alignas(64) Snapshot {
  static inline std::atomic<std::size_t> living{0};

  explicit Snapshot(std::uint64_t number) noexcept {
    for (auto& part : id) part.store(number, std::memory_order_relaxed);
    living.fetch_add(1, std::memory_order_relaxed);
  }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  ~Snapshot() { living.fetch_sub(1, std::memory_order_relaxed); }

  std::array<std::atomic<std::uint64_t>, 4> id;
  std::array<std::byte, 992> artifacts;  // neither written nor read: only its place counts
};
static_assert(sizeof(Snapshot) == 1024);

/// Produces `part` of a snapshot in registers; gives one of them. The id is copied by four loads of
/// 8 bytes, as the hot path has to.
template <Part part>
[[gnu::always_inline]] inline std::uint64_t take(const Snapshot* snapshot) noexcept {
  if constexpr (part == Part::address) {
    return hot_path::detail::keep(snapshot);
  } else {
    std::uint64_t first = snapshot->id[0].load(std::memory_order_relaxed);
    std::uint64_t second = snapshot->id[1].load(std::memory_order_relaxed);
    std::uint64_t third = snapshot->id[2].load(std::memory_order_relaxed);
    std::uint64_t fourth = snapshot->id[3].load(std::memory_order_relaxed);
    asm volatile("" : "+r"(first), "+r"(second), "+r"(third), "+r"(fourth));
    return first;
  }
}

}  // namespace knhk::bench
