#pragma once

#include <utility>

#include "knhk/hot_path/hot_path.hpp"

namespace knhk::hot_path {

/// One thread's access for loops: what was seen last stays held, so that seeing it again costs one
/// load and one compare.
///
///   StickyReader reader(path);              // once per thread
///   for (;;) {
///     const auto& snapshot = reader.current();  // once per iteration: one view for the request
///     if (snapshot) serve(request, *snapshot);
///     reader.release();                     // before blocking for long: nothing old is kept
///     request = wait();
///   }
///
/// Use `Reader` where reads are far apart or nest: a sticky reader that is neither used nor
/// released keeps one old snapshot in memory.
///
/// Threads: one at a time; may be handed to another thread. Lifetime: as `Reader`.
template <class T, class Traits = DefaultTraits>
class StickyReader {
 public:
  using View = typename HotPath<T, Traits>::View;

  /// Registers with `path`. Progress: lock-free. Effects: allocates 64 bytes unless a former reader
  /// left its own; the first one makes up to two system calls. Errors: throws std::bad_alloc.
  explicit StickyReader(HotPath<T, Traits>& path) : path_(&path) {
    path.init();
    record_ = path.readers_.take();
  }
  /// Moving hands over the registration and what is held; references that `other` gave are over.
  StickyReader(StickyReader&& other) noexcept
      : path_(other.path_),
        held_(std::exchange(other.held_, detail::kHoldsNothing)),
        record_(std::exchange(other.record_, nullptr)) {
    if (held_ != detail::kHoldsNothing) view_.show(path_->slot(held_));
  }
  StickyReader& operator=(StickyReader&&) = delete;
  ~StickyReader() {
    if (record_ != nullptr) HotPath<T, Traits>::Registry::hand_back(record_);
  }

  /// The current snapshot. Ends the life of what the call before showed: the reference is the same,
  /// the artifacts are others.
  /// Progress: wait-free. Effects: no allocation, no system call.
  [[nodiscard, gnu::always_inline]] inline const View& current() noexcept {
    // [R1s] Equal words mean the same publish, whose slot was acquired when it was first seen, and
    // the hazard still stands from then: no fence, and no acquire, in either mode. Relaxed: all
    // that a newer word leads to is [R5].
    if (path_->word_.load(std::memory_order_relaxed) != held_) [[unlikely]] {
      // Without `this`: nobody else knows the address of a reader that lives in a function, so its
      // members can stay in registers.
      held_ = path_->hold_current(*record_);
      view_.show(path_->slot(held_));
    }
    // Not computed from the word: the processor goes on before the load has come back.
    return view_;
  }

  /// Forgets what was held, so that it can be freed; the views of it are over. Progress: wait-free.
  void release() noexcept {
    held_ = detail::kHoldsNothing;
    record_->hazard.store(detail::kNoHazard, std::memory_order_release);  // [R7] pairs with [W5]
  }

 private:
  HotPath<T, Traits>* path_;
  detail::Word held_ = detail::kHoldsNothing;
  View view_{};
  typename HotPath<T, Traits>::Record* record_;
};

}  // namespace knhk::hot_path
