#pragma once

#include <atomic>
#include <cassert>
#include <cstdint>

#include "knhk/base/digest.hpp"

namespace knhk::hot_path {

template <class T, class Traits>
class Pin;
template <class T, class Traits>
class StickyReader;

/// One snapshot as its holder sees it. It keeps nothing alive, so it is handed out by reference and
/// not copied.
///
/// Threads: immutable while it is valid. Lifetime: what it shows is valid as long as what it came
/// from says (a pin until it ends, a sticky reader until its next `current()` or `release()`).
/// Progress: every call is wait-free.
template <class T, class Descriptor>
class SnapshotView {
 public:
  SnapshotView(const SnapshotView&) = delete;
  SnapshotView& operator=(const SnapshotView&) = delete;

  /// False before the first promotion: then the id is zero, the epoch 0, and there are no
  /// artifacts.
  [[nodiscard]] explicit operator bool() const noexcept { return artifacts_ != nullptr; }
  [[nodiscard, gnu::always_inline]] inline SnapshotId id() const noexcept {
    return descriptor_->id();
  }
  /// The channel's epoch under which the snapshot was published.
  [[nodiscard]] std::uint64_t epoch() const noexcept {
    return descriptor_->epoch.load(std::memory_order_acquire);
  }
  /// Grows with every publish of this hot path.
  [[nodiscard]] std::uint64_t generation() const noexcept { return descriptor_->generation; }

  /// The artifacts. Requires: the view tests true.
  [[nodiscard, gnu::always_inline]] inline const T& operator*() const noexcept {
    assert(artifacts_ != nullptr && "there is no snapshot yet: test before reading");
    return *artifacts_;
  }
  [[nodiscard, gnu::always_inline]] inline const T* operator->() const noexcept { return &**this; }

 private:
  template <class, class>
  friend class Pin;
  template <class, class>
  friend class StickyReader;

  SnapshotView() noexcept = default;
  [[gnu::always_inline]] inline explicit SnapshotView(const Descriptor& descriptor) noexcept {
    show(descriptor);
  }
  [[gnu::always_inline]] inline void show(const Descriptor& descriptor) noexcept {
    descriptor_ = &descriptor;
    const void* const artifacts = descriptor.artifacts;
    artifacts_ = static_cast<const T*>(artifacts);
  }

  // The artifacts' address is kept beside the descriptor's: getting at them takes one load less.
  const Descriptor* descriptor_ = nullptr;
  const T* artifacts_ = nullptr;
};

}  // namespace knhk::hot_path
