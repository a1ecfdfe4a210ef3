#pragma once

#include <array>
#include <atomic>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "knhk/base/digest.hpp"
#include "knhk/base/result.hpp"
#include "knhk/hot_path/detail/hazard_registry.hpp"
#include "knhk/hot_path/detail/slot_ledger.hpp"
#include "knhk/hot_path/detail/word.hpp"
#include "knhk/hot_path/reclamation_stats.hpp"
#include "knhk/hot_path/snapshot_descriptor.hpp"
#include "knhk/hot_path/snapshot_view.hpp"
#include "knhk/hot_path/traits.hpp"

namespace knhk::hot_path {

template <class T, class Traits = DefaultTraits>
class Publication;
template <class T, class Traits>
class Reader;
template <class T, class Traits>
class Pin;
template <class T, class Traits>
class StickyReader;

/// What is published at one moment, all of one publish.
struct Published {
  SnapshotId id;
  std::uint64_t epoch = 0;
  std::uint64_t generation = 0;

  friend bool operator==(const Published&, const Published&) = default;
};

/// Keeps one immutable snapshot of type `T` current: any number of threads read it at the cost of a
/// load, one promoter at a time replaces it with one store.
///
/// Three ways to read, from the least to the most they give:
///  | Way                       | Gives           | Needs                 | For |
///  |---------------------------|-----------------|-----------------------|--------------------------|
///  | `current_id()`            | the id          | nothing               | logs, caches, signals |
///  | `Reader` and `Pin`        | id and artifacts| a reader per thread   | a read here and there |
///  | `StickyReader`            | id and artifacts| a reader per thread   | request loops |
/// To replace it, `prepare()` a `Publication` and publish that.
///
/// Threads: all members from any thread. A `T` is read by many threads at once and destroyed by the
/// one that promotes, reclaims or destroys the path, never by a reader.
/// Lifetime: constant-initialised, so a global may be read before `main`. It must outlive its
/// readers and publications; a global's readers may outlive it until the process ends, or be made
/// after its end: they then find no snapshot, and what they still hold is kept. The child of a fork
/// may read, and promote unless another thread was promoting when it was forked.
template <class T, class Traits = DefaultTraits>
class HotPath {
 public:
  using Artifacts = T;
  using Descriptor = BasicSnapshotDescriptor<Traits::template Atomic, Traits::template Plain>;
  using View = SnapshotView<T, Descriptor>;

  constexpr HotPath() noexcept { slots_[0].generation = detail::kFirstGeneration; }
  HotPath(const HotPath&) = delete;
  HotPath& operator=(const HotPath&) = delete;
  /// Frees every snapshot that no reader holds.
  ~HotPath();

  /// Registers the process for membarrier(2) and settles the fence mode, which the first reader or
  /// promoter would do otherwise. Idempotent. `KNHK_PORTABLE_FENCES=1` in the environment forces
  /// the portable mode; builds with ThreadSanitizer always have it. Effects: up to two system
  /// calls, once.
  FenceMode init() noexcept;

  /// The id of the current snapshot; zero before the first promotion.
  /// Progress: lock-free, and safe in a signal handler. Effects: no write to memory, no call.
  [[nodiscard, gnu::always_inline]] inline SnapshotId current_id() const noexcept {
    // [R1] pairs with [W2]: the slot was filled before the word was published.
    const detail::Word word = word_.load(std::memory_order_acquire);
    IdParts id = slot(word).load_id();
    // [R3] relies on [R2]: if one part was rewritten, this is a newer word; if it is the same word,
    // none was. Relaxed: the acquire loads before it keep it behind them.
    // Left out: Torture.ids_read_without_a_reader_are_never_torn.
    if (word_.load(std::memory_order_relaxed) != word) [[unlikely]]
      id = load_id_after_retry();
    return id.to_id();
  }

  /// Id, epoch and generation of the current snapshot, all of the same publish.
  /// Progress: lock-free.
  [[nodiscard]] Published published() const noexcept;

  /// The generation of the current snapshot. Progress: wait-free.
  [[nodiscard]] std::uint64_t generation() const noexcept {
    // [R1] pairs with [W2]: who sees a generation sees what its promoter did before.
    return detail::generation_of(word_.load(std::memory_order_acquire));
  }

  /// Takes the writer token and readies everything for publishing `artifacts` as snapshot `id`
  /// under the channel's `epoch`, and for taking that back: then the outgoing snapshot comes back
  /// under `roll_back_epoch` (by default `epoch + 1`, the log's next). Nothing is visible to
  /// readers yet.
  ///
  /// Null artifacts stand for no snapshot: what a rollback of the first promotion publishes.
  /// Requires: `id` and `epoch` are zero then. Threads: any; one publication exists at a time.
  /// Progress: never waits. Effects: allocates, may scan (a system call), may destroy old
  /// snapshots. Errors: writer-busy (another publication is being prepared, settled or reclaimed),
  /// promotion-unsettled (another was published and is not settled), slots-exhausted (readers hold
  /// too many old snapshots), out-of-memory. After an error everything is as before.
  [[nodiscard]] Result<Publication<T, Traits>> prepare(
      const SnapshotId& id, std::shared_ptr<const T> artifacts, std::uint64_t epoch,
      std::optional<std::uint64_t> roll_back_epoch = std::nullopt);

  /// Frees what can be freed now, whatever the scan interval. True when a scan was carried out;
  /// false when a promotion is under way or membarrier failed, and garbage was kept.
  bool reclaim();

  /// Threads: any. Progress: lock-free.
  [[nodiscard]] ReclamationStats stats() const noexcept;

 private:
  friend class Publication<T, Traits>;
  friend class Reader<T, Traits>;
  friend class Pin<T, Traits>;
  friend class StickyReader<T, Traits>;
  static constexpr std::size_t kSlots = Traits::kSlots;
  static_assert(kSlots >= 3 && kSlots <= detail::kMostSlots, "a hot path has 3 to 1,024 slots");
  template <class U>
  using Atomic = typename Traits::template Atomic<U>;
  using Word = detail::Word;
  using Registry = detail::HazardRegistry<Traits>;
  using Record = typename Registry::Record;
  using Garbage = detail::Garbage<T>;
  using TimePoint = typename Traits::Clock::time_point;
  enum class Mode : std::uint8_t { undecided, asymmetric, portable };

  [[nodiscard, gnu::always_inline]] inline const Descriptor& slot(Word word) const noexcept {
    if constexpr (sizeof(Descriptor) == detail::kSlotStride) {
      // The offset is added as it stands: dividing by the size to index again costs an instruction.
      const auto* const first = reinterpret_cast<const std::byte*>(slots_.data());
      return *reinterpret_cast<const Descriptor*>(first + (word & detail::kOffsetMask));
    } else {
      return slots_[detail::slot_of(word)];
    }
  }

  [[gnu::noinline, gnu::cold]] IdParts load_id_after_retry() const noexcept;
  [[gnu::noinline, gnu::cold]] Word hold_current(Record& record) noexcept;

  [[nodiscard]] bool take_token() noexcept;
  void give_token_back() noexcept;
  [[nodiscard]] Errc reason_to_refuse() const noexcept;
  [[nodiscard]] bool scan(Garbage& garbage) noexcept;
  [[nodiscard]] bool is_scan_due(std::size_t retired_bytes, TimePoint now) const noexcept;
  void conclude(Word outgoing, Word next, Word roll_back, Garbage& garbage) noexcept;
  [[nodiscard]] std::size_t retired_bytes() const noexcept;

  // Readers' part. The word has its line alone: it changes when a promotion is published, only
  // then.
  alignas(64) Atomic<Word> word_{detail::make_word(detail::kFirstGeneration, 0)};
  std::array<Descriptor, kSlots> slots_{};
  // The writer's part.
  alignas(64) Atomic<Word> never_{detail::kNeverMatches};
  Atomic<Mode> mode_{Mode::undecided};
  Atomic<bool> token_{false};
  Atomic<Word> word_at_prepare_{detail::kNoHazard};
  Registry readers_{};
  detail::SlotLedger<T, kSlots, TimePoint> ledger_{};
  TimePoint last_scan_{};
  std::atomic<std::uint64_t> scans_{0};
  std::atomic<std::uint64_t> failed_barriers_{0};
  std::atomic<std::size_t> held_slots_{0};
  std::atomic<std::uint64_t> oldest_held_{0};
  std::atomic<TimePoint> oldest_held_since_{TimePoint{}};
};

}  // namespace knhk::hot_path

#include "knhk/hot_path/detail/hot_path_readers.hpp"
#include "knhk/hot_path/detail/hot_path_writer.hpp"
#include "knhk/hot_path/publication.hpp"
