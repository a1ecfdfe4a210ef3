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
  std::uint32_t weight = 1;  // for splitting
  std::uint64_t key = 0;     // for sorting: the next bytes to compare
};

/// Sorts by the bytes of the texts. Returns: how many bytes were read to find what many texts have
/// in common, a small multiple of their sizes at most.
std::size_t sort_by_text(std::span<TextEntry> entries);

/// What a part may have.
struct PartLimits {
  std::size_t entries = 0;
  std::uint64_t weight = UINT64_MAX;  // of all entries together
};

/// Moves entries so far that each part has only texts below those of the next part. Returns: the
/// parts, which cover all; within `most` but for single entries of too much weight, and where many
/// are alike, or go on with NUL alone where others end.
[[nodiscard]] std::vector<std::span<TextEntry>> split_by_text(std::span<TextEntry> entries,
                                                              const PartLimits& most);

}  // namespace knhk::rdf::detail
