// The torture with one part of the protocol taken away; it must not stay unnoticed.
//
// usage: weakened_torture none|stores|loads|hazards|membarrier
//
// Built with ThreadSanitizer, which must report stores, loads and hazards (ctest). A membarrier
// that does nothing is for the optimised build: on two cores or more the torture counts freed
// snapshots within seconds to minutes (KNHK_TORTURE_SECONDS), so no test waits for it. Exits with 1
// when something is wrong.

#include <atomic>
#include <cstdio>
#include <string_view>
#include <type_traits>

#include "knhk/hot_path/torture.hpp"

namespace knhk::hot_path {
namespace {

enum class Weakened { nothing, stores, loads };

/// An atomic whose release stores, or acquire loads, are relaxed.
template <class U, Weakened kWhat>
class WeakAtomic {
 public:
  constexpr WeakAtomic() noexcept = default;
  constexpr explicit WeakAtomic(U value) noexcept : value_(value) {}
  U load(std::memory_order order) const noexcept {
    return value_.load(kWhat == Weakened::loads ? std::memory_order_relaxed : order);
  }
  void store(U value, std::memory_order order) noexcept {
    value_.store(value, kWhat == Weakened::stores ? std::memory_order_relaxed : order);
  }
  bool compare_exchange_strong(U& expected, U desired, std::memory_order success,
                               std::memory_order failure) noexcept {
    return value_.compare_exchange_strong(expected, desired, success, failure);
  }
  bool compare_exchange_weak(U& expected, U desired, std::memory_order success,
                             std::memory_order failure) noexcept {
    return value_.compare_exchange_weak(expected, desired, success, failure);
  }

 private:
  std::atomic<U> value_{};
};

struct TightTraits : EagerTraits {
  static constexpr std::size_t kSlots = 8;
};
struct WeakStores : TightTraits {
  template <class U>
  using Atomic = WeakAtomic<U, Weakened::stores>;
};
struct WeakLoads : TightTraits {
  template <class U>
  using Atomic = WeakAtomic<U, Weakened::loads>;
};
struct HazardsIgnored : TightTraits {
  static constexpr bool kHonourHazards = false;
};

struct IdleMembarrier : detail::Membarrier {
  static bool is_forbidden() noexcept { return false; }
  static bool heavy() noexcept { return true; }
};
struct NoMembarrier : TightTraits {
  using Fences = IdleMembarrier;
};

template <class Traits>
int torture() {
  // Under ThreadSanitizer plain cells, whose races it sees; else cells that count what is read.
  using Cell =
      std::conditional_t<detail::kThreadSanitizer, std::uint64_t, std::atomic<std::uint64_t>>;
  Torture<Traits, Cell, !detail::kThreadSanitizer> subject;
  const TortureTally tally =
      subject.run({.seed = torture_seed(), .time = torture_time(1.0), .stops_at_first = true});
  std::printf("%llu reads, %llu wrong\n", static_cast<unsigned long long>(tally.reads),
              static_cast<unsigned long long>(tally.wrong()));
  return tally.wrong() != 0 ? 1 : 0;
}

}  // namespace
}  // namespace knhk::hot_path

int main(int count, char** arguments) {
  using namespace knhk::hot_path;
  const std::string_view what = count == 2 ? arguments[1] : "";
  if (what == "none") return torture<TightTraits>();
  if (what == "stores") return torture<WeakStores>();
  if (what == "loads") return torture<WeakLoads>();
  if (what == "hazards") return torture<HazardsIgnored>();
  if (what == "membarrier") return torture<NoMembarrier>();
  std::fputs("usage: weakened_torture none|stores|loads|hazards|membarrier\n", stderr);
  return 2;
}
