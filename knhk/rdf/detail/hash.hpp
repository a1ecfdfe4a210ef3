#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace knhk::rdf::detail {

/// Mixes all bits of `value` into all bits (the finalizer of MurmurHash3).
[[nodiscard]] constexpr std::uint64_t mix_bits(std::uint64_t value) noexcept {
  value ^= value >> 33U;
  value *= 0xFF51AFD7ED558CCDULL;
  value ^= value >> 33U;
  value *= 0xC4CEB9FE1A85EC53ULL;
  value ^= value >> 33U;
  return value;
}

/// A hash of `text` for tables in memory; it never leaves the process.
[[nodiscard]] inline std::uint64_t hash_text(std::string_view text, std::uint64_t seed) noexcept {
  std::uint64_t hash = seed ^ (text.size() * 0x9E3779B97F4A7C15ULL);
  const char* next = text.data();
  std::size_t left = text.size();
  for (; left >= 8; left -= 8, next += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, next, 8);
    hash = std::rotl((hash ^ word) * 0x9FB21C651E98DF25ULL, 29);
  }
  std::uint64_t word = 0;
  if (left != 0) std::memcpy(&word, next, left);
  return mix_bits(hash ^ word);
}

}  // namespace knhk::rdf::detail
