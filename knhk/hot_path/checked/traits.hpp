#pragma once

#include <chrono>
#include <cstddef>

#include "knhk/hot_path/checked/atomic.hpp"
#include "knhk/hot_path/checked/cell.hpp"
#include "knhk/hot_path/checked/fences.hpp"
#include "knhk/hot_path/traits.hpp"

namespace knhk::hot_path::checked {

/// A clock that stands still.
struct StoppedClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<StoppedClock>;
  static constexpr bool is_steady = true;
  static time_point now() noexcept { return {}; }
};

/// The shipped hot path over checked atomics. As few slots as its readers need, so that they are
/// refilled at once; a scan whenever something is settled.
template <bool kAsymmetric, std::size_t kReaders, bool kGlobal>
struct CheckedTraits : DefaultTraits {
  static constexpr bool kIsGlobal = kGlobal;
  static constexpr std::size_t kSlots = kReaders + 3;
  static constexpr std::chrono::milliseconds kScanInterval{0};
  using Clock = StoppedClock;
  template <class U>
  using Atomic = checked::Atomic<U>;
  template <class U>
  using Plain = Cell<U>;
  using Fences = checked::Fences<kAsymmetric>;
};

}  // namespace knhk::hot_path::checked
