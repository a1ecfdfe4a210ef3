#pragma once

#include <cstdint>

#include "knhk/hot_path/checked/cell.hpp"

namespace knhk::hot_path::checked {

/// A snapshot that shows whether it is whole and alive.
struct Snapshot {
  static constexpr std::uint64_t kPoison = 0xDEADDEADDEADDEADU;
  explicit Snapshot(std::uint64_t n) : first(n), last(n) {}
  ~Snapshot() {
    first = kPoison;
    last = kPoison;
  }
  Cell<std::uint64_t> first;
  Cell<std::uint64_t> last;
};

}  // namespace knhk::hot_path::checked
