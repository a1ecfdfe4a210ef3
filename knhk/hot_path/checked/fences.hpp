#pragma once

#include <source_location>

#include "knhk/hot_path/checked/machine.hpp"

namespace knhk::hot_path::checked {

/// In the place of membarrier(2).
template <bool kAllowed>
struct Fences {
  using Where = std::source_location;
  [[nodiscard]] static bool is_forbidden() noexcept { return !kAllowed; }
  [[nodiscard]] static bool enroll() noexcept { return true; }
  static void light(const Where& where = Where::current()) noexcept {
    Machine::current().light_fence(Site::of(where, Operation::light_fence));
  }
  [[nodiscard]] static bool heavy(const Where& where = Where::current()) noexcept {
    return Machine::current().heavy_fence(Site::of(where, Operation::heavy_fence));
  }
};

}  // namespace knhk::hot_path::checked
