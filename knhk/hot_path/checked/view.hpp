#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace knhk::hot_path::checked {

inline constexpr std::size_t kMostThreads = 8;
inline constexpr std::size_t kMostLocations = 96;

/// What a thread knows of the others: of each atomic how new a value it must see at least, of each
/// thread how far its past reaches. Joining two views is what synchronising does.
struct View {
  std::array<std::uint16_t, kMostLocations> seen{};  ///< place in the location's history
  std::array<std::uint32_t, kMostThreads> clock{};   ///< steps of each thread that happened before

  void join(const View& other) noexcept {
    for (std::size_t i = 0; i < seen.size(); ++i) seen[i] = std::max(seen[i], other.seen[i]);
    for (std::size_t i = 0; i < clock.size(); ++i) clock[i] = std::max(clock[i], other.clock[i]);
  }
};

}  // namespace knhk::hot_path::checked
