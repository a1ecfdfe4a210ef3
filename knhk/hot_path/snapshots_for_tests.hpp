#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <memory>
#include <thread>
#include <utility>

#include "knhk/hot_path/hot_path.hpp"

namespace knhk::hot_path {

/// An id whose four parts all say `n`, so that a mixed one is noticed.
[[nodiscard]] inline SnapshotId id_of(std::uint64_t n) {
  return IdParts{n, ~n, n * 0x9E3779B97F4A7C15U, n ^ 0x5555555555555555U}.to_id();
}
/// The `n` of an id, or 0 when its parts don't belong together.
[[nodiscard]] inline std::uint64_t number_of(const SnapshotId& id) {
  std::uint64_t n = 0;
  std::memcpy(&n, id.bytes.data(), sizeof n);
  return id == id_of(n) ? n : 0;
}

/// Scans whenever it settles.
struct EagerTraits : DefaultTraits {
  static constexpr std::chrono::milliseconds kScanInterval{0};
};

/// A snapshot of a stated size that reports the thread that destroys it.
struct Sized {
  std::size_t bytes = 0;
  std::atomic<int>* alive = nullptr;
  std::thread::id* destroyed_by = nullptr;

  Sized(std::size_t size, std::atomic<int>& counter, std::thread::id* thread = nullptr)
      : bytes(size), alive(&counter), destroyed_by(thread) {
    ++*alive;
  }
  Sized(const Sized&) = delete;
  Sized& operator=(const Sized&) = delete;
  ~Sized() {
    --*alive;
    if (destroyed_by != nullptr) *destroyed_by = std::this_thread::get_id();
  }
  [[nodiscard]] std::size_t size_bytes() const noexcept { return bytes; }
};

/// Prepares, publishes and settles in one go.
template <class T, class Traits>
void promote(HotPath<T, Traits>& path, std::uint64_t n, std::shared_ptr<const T> artifacts) {
  auto publication = path.prepare(id_of(n), std::move(artifacts), n);
  ASSERT_TRUE(publication) << to_string(publication.error());
  publication->publish();
  publication->settle();
}

}  // namespace knhk::hot_path
