#pragma once

#include <cstdint>
#include <utility>

#include "knhk/hot_path/hot_path.hpp"

namespace knhk::hot_path {

/// One thread's access to a hot path: make it once, pin often.
///
///   Reader reader(path);                    // once per thread
///   const auto pin = reader.pin();          // per use: what is current now, until the block ends
///   if (pin) route(pin->table);
///
/// Threads: one at a time; may be handed to another thread while no pin is alive.
/// Lifetime: must not outlive its path, except as `HotPath` says of globals.
template <class T, class Traits = DefaultTraits>
class Reader {
 public:
  /// Registers with `path`. Progress: lock-free. Effects: allocates 64 bytes unless a former reader
  /// left its own; the first one makes up to two system calls. Errors: throws std::bad_alloc.
  explicit Reader(HotPath<T, Traits>& path) : path_(&path) {
    first_ = path.init() == FenceMode::asymmetric ? &path.word_ : &path.never_;
    record_ = path.readers_.take();
  }
  Reader(Reader&& other) noexcept
      : path_(other.path_), first_(other.first_), record_(std::exchange(other.record_, nullptr)) {}
  Reader& operator=(Reader&&) = delete;
  /// A pin that is still alive, as when exit() is called inside it, keeps its snapshot.
  ~Reader() {
    if (record_ == nullptr) return;
    if (record_->hazard.load(std::memory_order_relaxed) != detail::kNoHazard) return;
    HotPath<T, Traits>::Registry::hand_back(record_);
  }

  /// Holds the current snapshot for the block. Within another pin of this reader: the same
  /// snapshot. Not in a signal handler (`HotPath::current_id()` is fine there). Progress:
  /// wait-free. Effects: no allocation, no system call.
  [[nodiscard, gnu::always_inline]] inline Pin<T, Traits> pin() noexcept {
    return Pin<T, Traits>(*this);
  }

 private:
  friend class Pin<T, Traits>;

  HotPath<T, Traits>* path_;
  const typename HotPath<T, Traits>::template Atomic<detail::Word>* first_;
  typename HotPath<T, Traits>::Record* record_;
};

/// Keeps one snapshot alive and in view while it lives. A snapshot that is pinned for long stays in
/// memory for long, but holds up nobody: promotions go on, one old snapshot stays per pin.
///
/// Pins of one reader end in reverse order, which is why they can be neither copied nor moved.
/// Threads: the reader's. Lifetime: must end before its reader.
template <class T, class Traits = DefaultTraits>
class [[nodiscard]] Pin {
 public:
  using View = typename HotPath<T, Traits>::View;

  /// What Reader::pin() does.
  [[gnu::always_inline]] inline explicit Pin(Reader<T, Traits>& reader) noexcept
      : record_(*reader.record_) {
    const HotPath<T, Traits>& path = *reader.path_;
    // Relaxed: the hazard is this thread's own, except while it is loading, which it is not here.
    const detail::Word outer = record_.hazard.load(std::memory_order_relaxed);
    if (outer != detail::kNoHazard) [[unlikely]] {
      is_outermost_ = false;
      view_.show(path.slot(outer));
      return;
    }
    // [R4a] Only a guess, confirmed by [R4b]; in portable mode a guess that is never right.
    const detail::Word word = reader.first_->load(std::memory_order_relaxed);
    // [R4] pairs with [W4], [W5]. Either this store comes before the heavy fence, then the scan
    // sees it and keeps the slot; or the load [R4b] comes after it, then that load sees the newer
    // word and the guess is dropped. Release: see [W5].
    // Weakened: hot_path.weakened_torture.stores; without the fences, `weakened_torture
    // membarrier`.
    record_.hazard.store(word, std::memory_order_release);
    Traits::Fences::light();
    // [R4b] pairs with [W2]: acquire, so that the slot is seen as it was filled.
    if (path.word_.load(std::memory_order_acquire) == word) [[likely]] {
      view_.show(path.slot(word));
    } else {
      view_.show(path.slot(reader.path_->hold_current(record_)));
    }
  }
  Pin(const Pin&) = delete;
  Pin& operator=(const Pin&) = delete;
  [[gnu::always_inline]] inline ~Pin() {
    // [R7] pairs with [W5]: our last read of the snapshot comes before a scan that sees this.
    // Weakened: hot_path.weakened_torture.stores.
    if (is_outermost_) record_.hazard.store(detail::kNoHazard, std::memory_order_release);
  }

  /// False before the first promotion: then the id is zero, the epoch 0, and there are no
  /// artifacts.
  [[nodiscard, gnu::always_inline]] inline explicit operator bool() const noexcept {
    return static_cast<bool>(view_);
  }
  [[nodiscard, gnu::always_inline]] inline SnapshotId id() const noexcept { return view_.id(); }
  [[nodiscard]] std::uint64_t epoch() const noexcept { return view_.epoch(); }
  [[nodiscard]] std::uint64_t generation() const noexcept { return view_.generation(); }

  /// The artifacts, while the pin lives. Requires: the pin tests true.
  [[nodiscard, gnu::always_inline]] inline const T& operator*() const& noexcept { return *view_; }
  [[nodiscard, gnu::always_inline]] inline const T* operator->() const& noexcept { return &*view_; }
  /// Refused: a pin without a name ends with the expression, and what it gave would dangle.
  const T& operator*() const&& = delete;
  const T* operator->() const&& = delete;

 private:
  typename HotPath<T, Traits>::Record& record_;
  View view_{};
  bool is_outermost_ = true;
};

}  // namespace knhk::hot_path
