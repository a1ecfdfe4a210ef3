#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "knhk/hot_path/detail/word.hpp"
#include "knhk/hot_path/traits.hpp"

namespace knhk::hot_path::detail {

/// One reader's line. The hazard lies at byte 48: ids lie at bytes 0-31 of their lines, and a store
/// whose address agrees with a later load's in its low 12 bits delays that load.
template <template <class> class Atomic, template <class> class Plain>
struct alignas(64) HazardRecord {
  Plain<HazardRecord*> next{
      nullptr};  // written before the record is linked in, constant from then on
  Atomic<bool> taken{true};
  std::array<std::uint64_t, 4> unused{};
  Atomic<Word> hazard{kNoHazard};
};
using DefaultHazardRecord = HazardRecord<std::atomic, DefaultTraits::Plain>;
static_assert(offsetof(DefaultHazardRecord, hazard) == 48);
static_assert(sizeof(DefaultHazardRecord) == 64);

/// All readers' records of one hot path: a list that only grows. Records are handed back and taken
/// again, so the list is as long as there ever were readers at once.
///
/// Threads: take() and hand_back() from any; the scan is the writer's.
template <class Traits>
class HazardRegistry {
 public:
  using Record = HazardRecord<Traits::template Atomic, Traits::template Plain>;

  constexpr HazardRegistry() noexcept
      : is_global_(std::is_constant_evaluated() || Traits::kIsGlobal) {}
  HazardRegistry(const HazardRegistry&) = delete;
  HazardRegistry& operator=(const HazardRegistry&) = delete;
  ~HazardRegistry() {
    // What is initialised at compile time is taken for a global, whose end is no end to its use:
    // threads that go on may be walking the list in take(), and who reads late takes a record from
    // it. So its records stay to the end of the process (also those of a plug-in that is closed
    // before); any other registry outlives those who walk it. Left out:
    // Lifetime.a_reader_may_register_while_a_global_path_ends.
    if (is_global_) return;
    // A record that is still taken belongs to a reader that outlives the path: its line stays,
    // because that reader will write to it. The list is loaded relaxed: who ends a path knows of
    // all readers that were made.
    for (Record* record = head_.load(std::memory_order_relaxed); record != nullptr;) {
      Record* const next = record->next;
      // [R8d] pairs with [W8]: what the record's last reader wrote to it comes before its end.
      if (!record->taken.load(std::memory_order_acquire)) delete record;
      record = next;
    }
    head_.store(nullptr, std::memory_order_relaxed);  // for readers made after the path's end
  }

  /// A record for one reader. Progress: lock-free. Effects: allocates when no record is free.
  /// Errors: throws std::bad_alloc.
  [[nodiscard]] Record* take() {
    // [R9a] pairs with [R9]: the record is seen as its maker left it.
    for (Record* record = head_.load(std::memory_order_acquire); record != nullptr;
         record = record->next) {
      bool taken = record->taken.load(std::memory_order_relaxed);
      // [R8] pairs with [W8]: what the last owner wrote to the line comes before what we write.
      if (!taken && record->taken.compare_exchange_strong(taken, true, std::memory_order_acquire,
                                                          std::memory_order_relaxed)) {
        return record;
      }
    }
    auto* const record = new Record;
    Record* head = head_.load(std::memory_order_relaxed);
    do {
      record->next = head;
      // [R9] pairs with [W9]: a scan that does not find the record comes before it in the single
      // order of sequentially consistent operations, so this reader's first pin sees the word that
      // the scan was about. (In asymmetric mode the membarrier says the same.)
    } while (!head_.compare_exchange_weak(head, record, std::memory_order_seq_cst,
                                          std::memory_order_relaxed));
    return record;
  }

  /// Clears the record, then makes it free for another reader.
  static void hand_back(Record* record) noexcept {
    record->hazard.store(kNoHazard, std::memory_order_release);  // [R7] pairs with [W5]
    record->taken.store(false, std::memory_order_release);       // [W8] pairs with [R8]
  }

  /// Calls `visit(hazard)` with what each record holds, after helping every reader that is loading.
  /// Requires: the writer token, `current` published, and a heavy fence or its portable equivalent
  /// after that publish.
  template <class Visit>
  void scan(Word current, const Visit& visit) {
    for (Record* record = head_.load(std::memory_order_seq_cst);  // [W9] pairs with [R9]
         record != nullptr; record = record->next) {
      // [W5] pairs with [R4], [R5], [R6], [R7]. Acquire: the reader's last access to a snapshot
      // comes before our freeing it; every store to a hazard releases, as a release sequence does
      // not go on over plain stores. Sequentially consistent: in portable mode, either we see the
      // hazard, or the reader's load of the word sees the publish that [W4] repeated.
      // Weakened: hot_path.weakened_torture.loads.
      Word hazard = record->hazard.load(std::memory_order_seq_cst);
      // [W6] pairs with [R6]: either the reader narrows `loading` to the word it loaded and we see
      // that one, or we put the current word there and the reader takes it.
      if (hazard == kLoading &&
          record->hazard.compare_exchange_strong(hazard, current, std::memory_order_acq_rel,
                                                 std::memory_order_acquire)) {
        hazard = current;
      }
      visit(hazard);
    }
  }

  /// Readers may be made while the path ends, and after it.
  [[nodiscard]] bool is_global() const noexcept { return is_global_; }

  [[nodiscard]] std::size_t count_records() const noexcept {
    return count([](const Record&) { return true; });
  }
  [[nodiscard]] std::size_t count_taken() const noexcept {
    // [R8d] pairs with [W8]: who finds no reader may free what the last of them read.
    return count([](const Record& r) { return r.taken.load(std::memory_order_acquire); });
  }

 private:
  template <class Predicate>
  [[nodiscard]] std::size_t count(const Predicate& predicate) const noexcept {
    std::size_t found = 0;
    // [R9a] pairs with [R9].
    for (const Record* record = head_.load(std::memory_order_acquire); record != nullptr;
         record = record->next) {
      if (predicate(*record)) ++found;
    }
    return found;
  }

  typename Traits::template Atomic<Record*> head_{nullptr};
  bool is_global_;
};

}  // namespace knhk::hot_path::detail
