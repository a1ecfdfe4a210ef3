#pragma once

#include "knhk/hot_path/hot_path.hpp"

namespace knhk::hot_path {

template <class T, class Traits>
FenceMode HotPath<T, Traits>::init() noexcept {
  // Relaxed: the mode is all that is handed on. Should another thread's registration not be through
  // yet, heavy() fails, and garbage is kept.
  Mode mode = mode_.load(std::memory_order_relaxed);
  if (mode == Mode::undecided) {
    const bool can_be_asymmetric = !Traits::Fences::is_forbidden() && Traits::Fences::enroll();
    const Mode wanted = can_be_asymmetric ? Mode::asymmetric : Mode::portable;
    if (mode_.compare_exchange_strong(mode, wanted, std::memory_order_relaxed,
                                      std::memory_order_relaxed)) {
      mode = wanted;
    }
  }
  return mode == Mode::asymmetric ? FenceMode::asymmetric : FenceMode::portable;
}

template <class T, class Traits>
IdParts HotPath<T, Traits>::load_id_after_retry() const noexcept {
  for (;;) {
    const Word word = word_.load(std::memory_order_acquire);       // [R1]
    const IdParts id = slot(word).load_id();                       // [R2]
    if (word_.load(std::memory_order_relaxed) == word) return id;  // [R3]
  }
}

template <class T, class Traits>
Published HotPath<T, Traits>::published() const noexcept {
  for (;;) {
    const Word word = word_.load(std::memory_order_acquire);  // [R1]
    const Descriptor& descriptor = slot(word);
    const SnapshotId id = descriptor.id();                                         // [R2]
    const std::uint64_t epoch = descriptor.epoch.load(std::memory_order_acquire);  // [R2]
    if (word_.load(std::memory_order_relaxed) == word) {                           // [R3]
      return {id, epoch, detail::generation_of(word)};
    }
  }
}

/// Makes `record` hold the current snapshot and says which that is. Wait-free: a scan that comes in
/// between finishes the job. What the record held before is given up.
template <class T, class Traits>
detail::Word HotPath<T, Traits>::hold_current(Record& record) noexcept {
  Word word = detail::kNoHazard;
  if (mode_.load(std::memory_order_relaxed) == Mode::asymmetric) {
    // [R5] pairs with [W5]; release, as every store to a hazard (see there).
    record.hazard.store(detail::kLoading, std::memory_order_release);
    Traits::Fences::light();
    // [R5b] pairs with [W2]. Against the heavy fence [W4]: either `loading` comes before it and the
    // scan sees it, or this load comes after it and sees what was published before the scan.
    word = word_.load(std::memory_order_acquire);
  } else {
    // The same two orders, by the single order of sequentially consistent operations.
    // Weakened: hot_path.weakened_torture.stores.
    record.hazard.store(detail::kLoading, std::memory_order_seq_cst);  // [R5]
    word = word_.load(std::memory_order_seq_cst);                      // [R5b]
  }
  Word hazard = detail::kLoading;
  // [R6] pairs with [W6]. Relaxed: an exchange goes on with the release sequence that [R5] heads,
  // so a scan that sees our word has our past behind it all the same.
  if (record.hazard.compare_exchange_strong(hazard, word, std::memory_order_relaxed,
                                            std::memory_order_relaxed)) {
    return word;
  }
  // [R6a] pairs with [W6]: the word that a scan put there, whose slot was filled before. It stays
  // until we change it. A load of its own, since some compilers warn of an exchange whose failure
  // asks for more than its success.
  return record.hazard.load(std::memory_order_acquire);
}

}  // namespace knhk::hot_path
