#pragma once

// One reader's counts of how snapshots fared: written by that reader alone, read by whoever judges.
//
//   1. The reader counts without a locked instruction, since nobody else writes.
//   2. Two banks of cells hold the two newest epochs that the reader met. A bank is given to a new
//      epoch so: its epoch becomes 0, its cells 0, its epoch the new one. Epochs of one bank only
//      grow, so none comes back.
//   3. The judge reads a bank's epoch, its cells, its epoch again, and throws away what it read
//      when the two differ. Every store is a release and every load of a cell an acquire, so that
//      who has seen a cell of the new epoch also sees that the old one is over (as for the ids of
//      descriptors, see snapshot_descriptor.hpp).

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <type_traits>

// Where ThreadSanitizer looks, it must see the store.
#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
#if !defined(__has_feature)
#define KNHK_COUNTS_WITH_ONE_INSTRUCTION
#elif !__has_feature(thread_sanitizer)
#define KNHK_COUNTS_WITH_ONE_INSTRUCTION
#endif
#endif

namespace knhk::promotion::detail {

/// The cells of one epoch. Two lines are kept apart from others': processors fetch lines in pairs.
template <class Traits>
struct alignas(128) HealthBank {
  template <class U>
  using Atomic = typename Traits::template Atomic<U>;

  Atomic<std::uint64_t> epoch{0};  ///< whose outcomes these are; 0: nobody's
  std::array<Atomic<std::uint64_t>, Traits::kCells> cells{};

  /// One more in `cell`. Threads: the reader's.
  [[gnu::always_inline]] inline void count(std::size_t cell) noexcept {
#if defined(KNHK_COUNTS_WITH_ONE_INSTRUCTION)
    if constexpr (std::is_same_v<Atomic<std::uint64_t>, std::atomic<std::uint64_t>>) {
      static_assert(sizeof(cells[cell]) == 8 && std::atomic<std::uint64_t>::is_always_lock_free);
      // [H2] An add to memory, not locked, since nobody else writes here. Its store is a release as
      // every store is on x86, and "memory" keeps the compiler to that. Of what stands below g++ 12
      // makes three instructions, the load of which may have to wait for the store before it.
      asm volatile("incq %0"
                   : "+m"(reinterpret_cast<std::uint64_t&>(cells[cell]))
                   :
                   : "cc", "memory");
      return;
    }
#endif
    // [H2] pairs with [H4]: who sees this count sees whose it is. The load is of the same thread's
    // own stores. Weakened: HealthSchedules.need_every_order.
    cells[cell].store(cells[cell].load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }

  /// Forgets what was counted; from here on it is `next`'s. Threads: the reader's.
  void begin(std::uint64_t next) noexcept {
    epoch.store(0, std::memory_order_relaxed);
    // [H1] pairs with [H4]: who sees a cell emptied sees, at [H5], that the epoch before is over.
    for (auto& cell : cells) cell.store(0, std::memory_order_release);
    epoch.store(next, std::memory_order_release);  // [H3] pairs with [H6]: the cells are empty
  }

  /// Calls `visit(cell, outcomes)` for each, and returns true if all of them were counted for
  /// `wanted`; else what was visited means nothing. Threads: any.
  template <class Visit>
  [[nodiscard]] bool read(std::uint64_t wanted, const Visit& visit) const {
    // [H6] pairs with [H3]: no cell is seen as it was for the epoch before.
    if (epoch.load(std::memory_order_acquire) != wanted) return false;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      visit(i, cells[i].load(std::memory_order_acquire));  // [H4] pairs with [H1], [H2]
    }
    // [H5] Relaxed: the acquire loads before it keep it behind them.
    return epoch.load(std::memory_order_relaxed) == wanted;
  }
};

/// What one reader counts, and the owner's side of it.
template <class Traits>
struct HealthRecord {
  template <class U>
  using Atomic = typename Traits::template Atomic<U>;
  using Bank = HealthBank<Traits>;

  std::array<Bank, 2> banks{};
  /// Outcomes of epochs older than the two newest: they came too late to count.
  Atomic<std::uint64_t> late{0};

  /// The bank that counts for `epoch`; null when there are two newer ones. Threads: the reader's.
  [[nodiscard]] Bank* bank_for(std::uint64_t epoch) noexcept {
    // Relaxed: the reader's own stores.
    const std::uint64_t first = banks[0].epoch.load(std::memory_order_relaxed);
    const std::uint64_t second = banks[1].epoch.load(std::memory_order_relaxed);
    if (first == epoch) return &banks[0];
    if (second == epoch) return &banks[1];
    Bank& older = first <= second ? banks[0] : banks[1];
    if (epoch < (first <= second ? first : second)) return nullptr;
    older.begin(epoch);
    return &older;
  }
};

}  // namespace knhk::promotion::detail

#undef KNHK_COUNTS_WITH_ONE_INSTRUCTION
