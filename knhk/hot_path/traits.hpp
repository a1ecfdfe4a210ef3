#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "knhk/hot_path/detail/membarrier.hpp"

namespace knhk::hot_path {

/// How readers and the writer of a hot path agree on what is held. Chosen once, before the first
/// reader, because the two sides must use the same.
enum class FenceMode : std::uint8_t {
  asymmetric,  ///< readers pay a compiler barrier, each scan pays a membarrier(2)
  portable,    ///< readers pay a sequentially consistent store, nothing but C++ is relied on
};

/// What a `HotPath` can be told at compile time. Derive from it and hide what should differ.
struct DefaultTraits {
  /// Descriptors per hot path, at most 1,024. With readers + 3 slots a promotion is never refused
  /// for want of one. (64 bytes each, inside the hot path.)
  static constexpr std::size_t kSlots = 1024;

  /// Settling looks for garbage at most this often, because a scan interrupts every core...
  static constexpr std::chrono::milliseconds kScanInterval{2};
  /// ... except when the retired snapshots are larger than this together: then at once.
  static constexpr std::size_t kRetiredBudgetBytes = std::size_t{64} << 20U;
  using Clock = std::chrono::steady_clock;

  /// The atomics and fences that the protocol is written in; tests put checked ones in their place.
  template <class U>
  using Atomic = std::atomic<U>;
  /// What several threads touch, but never at the same time.
  template <class U>
  using Plain = U;
  using Fences = detail::Membarrier;

  /// True for a path that is used until the process ends although it is not initialised at compile
  /// time, as other globals are: its readers' records outlive it.
  static constexpr bool kIsGlobal = false;

  /// False breaks the promise to readers on purpose: scans then free what is being read. It is
  /// there so that a test can show that it would notice.
  static constexpr bool kHonourHazards = true;
};

}  // namespace knhk::hot_path
