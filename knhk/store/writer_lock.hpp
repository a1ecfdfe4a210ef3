#pragma once

#include <filesystem>

#include "knhk/base/result.hpp"

namespace knhk::store {

/// The right to change a store. One exists at a time, in this process and in all others.
///
/// Taken without waiting (`flock` on the file `lock`); given back by the destructor, and by the
/// kernel when the process dies, so a crash leaves no stale lock.
/// Threads: move-only; may be given back on another thread.
class WriterLock {
 public:
  /// Takes the lock of the store at `store_path`.
  /// Errors: `store-locked`, with the holder's process id where it is known; `permission-denied`,
  /// `read-only`, `io-error`.
  [[nodiscard]] static Result<WriterLock> take(const std::filesystem::path& store_path);

  WriterLock(WriterLock&& other) noexcept : descriptor_(other.descriptor_) {
    other.descriptor_ = -1;
  }
  WriterLock& operator=(WriterLock&& other) noexcept;
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;
  ~WriterLock() { release(); }

 private:
  explicit WriterLock(int descriptor) noexcept : descriptor_(descriptor) {}
  void release() noexcept;

  int descriptor_;
};

}  // namespace knhk::store
