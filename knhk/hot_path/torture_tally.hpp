#pragma once

#include <cstdint>
#include <string>

#include "knhk/hot_path/ages.hpp"

namespace knhk::hot_path {

/// What the readers saw. All but `reads` and the ages within their bounds must stay 0.
struct TortureTally {
  std::uint64_t reads = 0;
  std::uint64_t torn = 0;       ///< parts of different snapshots
  std::uint64_t freed = 0;      ///< poison, or another snapshot in its place
  std::uint64_t backward = 0;   ///< older than what this thread had seen
  std::uint64_t crowded = 0;    ///< more snapshots alive than readers can hold and the writer needs
  std::uint64_t misplaced = 0;  ///< snapshots that ended on a reader's thread
  Ages ages;

  [[nodiscard]] std::uint64_t wrong() const noexcept {
    return torn + freed + backward + crowded + misplaced + ages.beyond();
  }
  TortureTally& operator+=(const TortureTally& other) noexcept {
    reads += other.reads;
    torn += other.torn;
    freed += other.freed;
    backward += other.backward;
    crowded += other.crowded;
    misplaced += other.misplaced;
    ages += other.ages;
    return *this;
  }
  [[nodiscard]] std::string to_string() const {
    return std::to_string(reads) + " reads; torn " + std::to_string(torn) + ", freed " +
           std::to_string(freed) + ", backward " + std::to_string(backward) + ", crowded " +
           std::to_string(crowded) + ", misplaced " + std::to_string(misplaced) + "\n" +
           ages.to_string();
  }
};

}  // namespace knhk::hot_path
