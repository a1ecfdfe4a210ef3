#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "knhk/hot_path/hot_path.hpp"

namespace knhk::hot_path {

template <class T, class Traits>
bool HotPath<T, Traits>::take_token() noexcept {
  bool taken = false;
  // [W7] pairs with the release in give_token_back(): the ledger as the last writer left it.
  return token_.compare_exchange_strong(taken, true, std::memory_order_acquire,
                                        std::memory_order_relaxed);
}

template <class T, class Traits>
void HotPath<T, Traits>::give_token_back() noexcept {
  word_at_prepare_.store(detail::kNoHazard, std::memory_order_relaxed);
  token_.store(false, std::memory_order_release);  // [W7]
}

template <class T, class Traits>
Errc HotPath<T, Traits>::reason_to_refuse() const noexcept {
  // A hint for people: whoever has the token may be done by the time this is read.
  const Word before = word_at_prepare_.load(std::memory_order_relaxed);
  const Word now = word_.load(std::memory_order_relaxed);
  return before == detail::kNoHazard || before == now ? Errc::writer_busy
                                                      : Errc::promotion_unsettled;
}

template <class T, class Traits>
Result<Publication<T, Traits>> HotPath<T, Traits>::prepare(
    const SnapshotId& id, std::shared_ptr<const T> artifacts, std::uint64_t epoch,
    std::optional<std::uint64_t> roll_back_epoch) {
  assert((artifacts != nullptr || id.is_zero()) && "a snapshot without artifacts");
  init();
  const bool empty = artifacts == nullptr;
  const std::size_t size_bytes = empty ? 0 : detail::size_bytes_of(*artifacts);
  if (!take_token()) {
    const Errc reason = reason_to_refuse();
    return fail(reason, "",
                reason == Errc::writer_busy ? "another promotion is being prepared or settled"
                                            : "the promotion before is published, but not settled");
  }
  Garbage garbage;  // destroyed last: a snapshot's destructor may use this hot path
  const bool scanned = ledger_.free_slots() >= 2 || scan(garbage);
  if (ledger_.free_slots() < 2) {
    give_token_back();
    std::string detail = std::to_string(ledger_.retired_slots()) + " of " + std::to_string(kSlots) +
                         " slots wait for readers to let go, and fewer than two are free";
    if (!scanned) detail += "; membarrier failed, so garbage had to be kept";
    return fail(Errc::slots_exhausted, "", std::move(detail));
  }
  detail::Holding<T>* const holding =
      empty ? nullptr : ledger_.hold(std::move(artifacts), size_bytes);
  if (holding == nullptr && !empty) {
    give_token_back();
    return fail(Errc::out_of_memory, "", "no memory to keep another snapshot");
  }
  const Word outgoing = word_.load(std::memory_order_relaxed);  // only the token's holder stores it
  const std::uint64_t generation = detail::generation_of(outgoing);
  const Word next = detail::make_word(generation + 1, ledger_.take());
  const Word roll_back = detail::make_word(generation + 2, ledger_.take());
  ledger_.assign(detail::slot_of(next), holding);
  ledger_.assign(detail::slot_of(roll_back), ledger_.holding(detail::slot_of(outgoing)));
  const Descriptor& old = slot(outgoing);
  slots_[detail::slot_of(next)].fill(id, empty ? nullptr : holding->artifacts.get(), generation + 1,
                                     epoch);
  slots_[detail::slot_of(roll_back)].fill(
      old.id(), old.artifacts, generation + 2,
      old.artifacts == nullptr ? 0 : roll_back_epoch.value_or(epoch + 1));
  word_at_prepare_.store(outgoing, std::memory_order_relaxed);
  return Publication<T, Traits>(*this, outgoing, next, roll_back);
}

/// Books the end of a publication: what was published stays, what readers may hold is retired, what
/// they never saw is free. Requires: the writer token, which the caller then gives back.
template <class T, class Traits>
void HotPath<T, Traits>::conclude(Word outgoing, Word next, Word roll_back,
                                  Garbage& garbage) noexcept {
  const Word current = word_.load(std::memory_order_relaxed);
  const TimePoint now = Traits::Clock::now();
  if (current != outgoing) ledger_.retire(detail::slot_of(outgoing), now);
  if (current == roll_back) {
    ledger_.retire(detail::slot_of(next), now);
  } else {
    ledger_.give_back(detail::slot_of(roll_back), garbage);
    if (current == outgoing) ledger_.give_back(detail::slot_of(next), garbage);
  }
  if (ledger_.retired_slots() != 0 && is_scan_due(retired_bytes(), now)) {
    static_cast<void>(scan(garbage));  // a failure keeps the garbage for the next time
  }
}

template <class T, class Traits>
std::size_t HotPath<T, Traits>::retired_bytes() const noexcept {
  const auto* const current =
      ledger_.holding(detail::slot_of(word_.load(std::memory_order_relaxed)));
  return ledger_.living_bytes() - (current == nullptr ? 0 : current->size_bytes);
}

template <class T, class Traits>
bool HotPath<T, Traits>::is_scan_due(std::size_t retired_bytes, TimePoint now) const noexcept {
  return retired_bytes > Traits::kRetiredBudgetBytes || now - last_scan_ >= Traits::kScanInterval;
}

/// Frees the retired slots that no reader holds. Requires: the writer token.
template <class T, class Traits>
bool HotPath<T, Traits>::scan(Garbage& garbage) noexcept {
  const Word current = word_.load(std::memory_order_relaxed);
  last_scan_ = Traits::Clock::now();
  // [W4] pairs with [R4], [R5]: whoever stored a hazard before this is seen below; whoever stores
  // one later sees the current word, so cannot get a retired slot.
  // Weakened: `weakened_torture membarrier` counts freed snapshots.
  if (mode_.load(std::memory_order_relaxed) == Mode::asymmetric) {
    if (!Traits::Fences::heavy()) {
      failed_barriers_.fetch_add(1, std::memory_order_relaxed);
      return false;
    }
  } else {
    // The publish was a release store. Storing the same word once more gives it a place in the
    // single order of sequentially consistent operations, before the loads of the hazards.
    word_.store(current, std::memory_order_seq_cst);  // [W4]
  }
  detail::SlotSet<kSlots> held;
  std::uint64_t oldest = 0;
  TimePoint oldest_since{};
  std::size_t held_count = 0;
  if constexpr (Traits::kHonourHazards) {
    const std::size_t current_slot = detail::slot_of(current);
    readers_.scan(current, [&](Word hazard) {
      if (!detail::names_slot(hazard)) return;
      const std::size_t held_slot = detail::slot_of(hazard);
      if (held_slot == current_slot || held.contains(held_slot)) return;
      held.insert(held_slot);
      ++held_count;
      const std::uint64_t generation = detail::generation_of(hazard);
      if (oldest != 0 && oldest < generation) return;
      oldest = generation;
      oldest_since = ledger_.retired_at(held_slot);
    });
  }
  ledger_.reclaim(held, garbage);
  scans_.fetch_add(1, std::memory_order_relaxed);
  held_slots_.store(held_count, std::memory_order_relaxed);
  oldest_held_.store(oldest, std::memory_order_relaxed);
  oldest_held_since_.store(oldest_since, std::memory_order_relaxed);
  return true;
}

template <class T, class Traits>
bool HotPath<T, Traits>::reclaim() {
  if (!take_token()) return false;
  init();
  Garbage garbage;
  const bool done = scan(garbage);
  give_token_back();
  return done;
}

template <class T, class Traits>
HotPath<T, Traits>::~HotPath() {
  Garbage garbage;
  const auto free_what_can_be = [&]() noexcept {
    // Without readers nothing is held, even if membarrier failed. But of a global's, one may be
    // made right now that still sees the word before: its garbage is left to the end of the
    // process.
    if (scan(garbage) || readers_.is_global()) return;
    if (readers_.count_taken() == 0) ledger_.reclaim({}, garbage);
  };
  // A global path dies while other threads may still read it, and later destructors may start to.
  // They find the empty descriptor from here on; what is held is left to the end of the process.
  if (ledger_.free_slots() == 0) free_what_can_be();
  if (ledger_.free_slots() == 0) return;
  const Word current = word_.load(std::memory_order_relaxed);
  const std::uint64_t generation = detail::generation_of(current) + 1;
  const std::size_t empty_slot = ledger_.take();
  slots_[empty_slot].fill(SnapshotId{}, nullptr, generation, 0);
  word_.store(detail::make_word(generation, empty_slot), std::memory_order_release);  // [W2]
  ledger_.retire(detail::slot_of(current), Traits::Clock::now());
  free_what_can_be();
}

template <class T, class Traits>
ReclamationStats HotPath<T, Traits>::stats() const noexcept {
  ReclamationStats stats;
  stats.generation = generation();
  stats.slots = kSlots;
  stats.retired_slots = ledger_.retired_slots();
  stats.living_snapshots = ledger_.living_snapshots();
  stats.living_bytes = ledger_.living_bytes();
  stats.readers = readers_.count_taken();
  stats.reader_records = readers_.count_records();
  stats.scans = scans_.load(std::memory_order_relaxed);
  stats.failed_barriers = failed_barriers_.load(std::memory_order_relaxed);
  stats.held_slots = held_slots_.load(std::memory_order_relaxed);
  stats.oldest_held_generation = oldest_held_.load(std::memory_order_relaxed);
  if (const TimePoint since = oldest_held_since_.load(std::memory_order_relaxed);
      since != TimePoint{}) {
    stats.oldest_held_for =
        std::chrono::duration_cast<std::chrono::nanoseconds>(Traits::Clock::now() - since);
  }
  return stats;
}

}  // namespace knhk::hot_path
