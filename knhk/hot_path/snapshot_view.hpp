#pragma once

#include <atomic>
#include <cassert>
#include <cstdint>

#include "knhk/base/digest.hpp"

namespace knhk::hot_path {

/// One snapshot as its holder sees it. A view is a pointer: it keeps nothing alive.
///
/// Threads: immutable. Lifetime: valid as long as what it came from says (a pin until it ends, a
/// sticky reader until its next `current()` or `release()`).
/// Progress: every call is wait-free.
template <class T, class Descriptor>
class SnapshotView {
 public:
  explicit SnapshotView(const Descriptor* descriptor) noexcept : descriptor_(descriptor) {}

  /// False before the first promotion: then the id is zero, the epoch 0, and there are no
  /// artifacts.
  [[nodiscard]] explicit operator bool() const noexcept {
    return descriptor_->artifacts != nullptr;
  }
  [[nodiscard]] SnapshotId id() const noexcept { return descriptor_->id(); }
  /// The channel's epoch under which the snapshot was published.
  [[nodiscard]] std::uint64_t epoch() const noexcept {
    return descriptor_->epoch.load(std::memory_order_acquire);
  }
  /// Grows with every publish of this hot path.
  [[nodiscard]] std::uint64_t generation() const noexcept { return descriptor_->generation; }

  /// The artifacts. Requires: the view tests true.
  [[nodiscard]] const T& operator*() const noexcept {
    assert(*this && "there is no snapshot yet: test before reading");
    return *static_cast<const T*>(descriptor_->artifacts);
  }
  [[nodiscard]] const T* operator->() const noexcept { return &**this; }

 private:
  const Descriptor* descriptor_;
};

}  // namespace knhk::hot_path
