#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace knhk::hot_path {

/// What a hot path keeps alive, and what its scans did. Each figure was true at some moment of the
/// call; together they are consistent when no promotion runs meanwhile.
struct ReclamationStats {
  std::uint64_t generation = 0;      ///< currently published; 1 before the first promotion
  std::size_t slots = 0;             ///< all of them: Traits::kSlots
  std::size_t retired_slots = 0;     ///< waiting for a scan or for a reader
  std::size_t living_snapshots = 0;  ///< distinct artifacts kept alive, the current ones among them
  std::size_t living_bytes = 0;      ///< their sizes together
  std::size_t readers = 0;           ///< registered now
  std::size_t reader_records = 0;    ///< most that were ever registered at once
  std::uint64_t scans = 0;           ///< looks at the hazards that were carried out
  std::uint64_t failed_barriers =
      0;                       ///< scans given up because membarrier failed: garbage was kept
  std::size_t held_slots = 0;  ///< retired slots that the last scan found held by readers
  std::uint64_t oldest_held_generation = 0;  ///< the oldest among them; 0: none
  /// For how long that one had been replaced when this was asked; zero: none. What was let go since
  /// the last scan still counts: `HotPath::reclaim()` looks anew.
  std::chrono::nanoseconds oldest_held_for{0};
};

}  // namespace knhk::hot_path
