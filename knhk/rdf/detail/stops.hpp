#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "knhk/rdf/detail/text.hpp"

namespace knhk::rdf::detail {

/// Bytes that are looked at at once.
using ByteBlock = std::uint8_t __attribute__((vector_size(16)));

/// Each says of a byte, or of all bytes of a block at once, whether it ends a run of plain
/// characters; with `|`, as `||` does not take vectors. Within `<…>`: the end, an escape, what may
/// not be there.
inline constexpr auto kStopsIri = [](auto c) {
  return (c <= 0x20) | (c == '<') | (c == '>') | (c == '"') | (c == '{') | (c == '}') | (c == '|') |
         (c == '^') | (c == '`') | (c == '\\');
};
template <char kQuote>
inline constexpr auto kStopsString =
    [](auto c) { return (c == kQuote) | (c == '\\') | (c == '\n') | (c == '\r'); };

static_assert([] {
  for (std::uint32_t c = 0; c <= 0xFF; ++c) {
    const bool is_stop = c < 0x80 && !is_iri_character(c);
    if ((kStopsIri(static_cast<std::uint8_t>(c)) != 0) != is_stop) return false;
  }
  return true;
}());

/// The first byte from `at` on that stops, or the end. Requires: `at` is not behind the end.
template <class Stops>
[[nodiscard]] std::size_t find_stop(std::string_view text, std::size_t at,
                                    const Stops& stops) noexcept {
  for (; text.size() - at >= sizeof(ByteBlock); at += sizeof(ByteBlock)) {
    ByteBlock block;
    std::memcpy(&block, text.data() + at, sizeof block);
    const auto is_stop = stops(block);
    std::uint64_t halves[2];
    std::memcpy(halves, &is_stop, sizeof halves);
    if ((halves[0] | halves[1]) == 0) continue;
    const std::size_t half = halves[0] == 0 ? 1 : 0;
    const int bits = std::endian::native == std::endian::little ? std::countr_zero(halves[half])
                                                                : std::countl_zero(halves[half]);
    return at + half * sizeof halves[0] + static_cast<std::size_t>(bits) / 8;
  }
  while (at < text.size() && stops(static_cast<std::uint8_t>(text[at])) == 0) ++at;
  return at;
}

}  // namespace knhk::rdf::detail
