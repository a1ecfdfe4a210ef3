#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace knhk::rdf::detail {

/// A text to be sorted, and what it is of.
struct TextEntry {
  std::string_view text;
  std::uint32_t number = 0;
  std::uint64_t key = 0;  // for sorting: the next bytes to compare
};

/// Sorts by the bytes of the texts. Returns: how many bytes were read to find what many texts have
/// in common, a small multiple of their sizes at most.
std::size_t sort_by_text(std::span<TextEntry> entries);

/// Moves entries so far that each part has only texts below those of the next part. Returns: the
/// parts, which cover all; of at most `largest` entries each but where many are alike, or go on
/// with NUL alone where others end.
[[nodiscard]] std::vector<std::span<TextEntry>> split_by_text(std::span<TextEntry> entries,
                                                              std::size_t largest);

}  // namespace knhk::rdf::detail
