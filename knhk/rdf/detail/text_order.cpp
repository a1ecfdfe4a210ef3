#include "knhk/rdf/detail/text_order.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace knhk::rdf::detail {
namespace {

// The eight bytes at `depth`, so that numbers compare as text does; zero beyond its end.
std::uint64_t key_at(std::string_view text, std::size_t depth) noexcept {
  std::uint64_t key = 0;
  if (text.size() >= depth + sizeof key) {
    std::memcpy(&key, text.data() + depth, sizeof key);
  } else if (depth < text.size()) {
    std::memcpy(&key, text.data() + depth, text.size() - depth);
  }
  return std::endian::native == std::endian::little ? __builtin_bswap64(key) : key;
}

// Requires: the texts are equal before `from`.
std::size_t common_length(std::string_view a, std::string_view b, std::size_t from,
                          std::size_t to) noexcept {
  to = std::min({to, a.size(), b.size()});
  while (from + sizeof(std::uint64_t) <= to) {
    const std::uint64_t differing = key_at(a, from) ^ key_at(b, from);
    if (differing != 0) return from + static_cast<std::size_t>(std::countl_zero(differing)) / 8;
    from += sizeof differing;
  }
  while (from < to && a[from] == b[from]) ++from;
  return from;
}

void sort_by_whole_text(std::span<TextEntry> entries) {
  std::sort(entries.begin(), entries.end(),
            [](const TextEntry& a, const TextEntry& b) { return a.text < b.text; });
}

// Sorts by eight bytes behind what all have in common, and calls `visit(run, depth)` for each run
// of entries that are equal up to there, from first to last: IRIs begin alike, and most comparisons
// of whole texts would read the same beginning again. Requires: all are equal before `depth`.
template <class Visit>
void sort_by_next_bytes(std::span<TextEntry> entries, std::size_t depth, const Visit& visit) {
  std::size_t common = entries.front().text.size();
  for (const TextEntry& entry : entries) {
    common = common_length(entries.front().text, entry.text, depth, common);
  }
  for (TextEntry& entry : entries) entry.key = key_at(entry.text, common);
  std::sort(entries.begin(), entries.end(),
            [](const TextEntry& a, const TextEntry& b) { return a.key < b.key; });
  for (std::size_t first = 0; first < entries.size();) {
    std::size_t last = first + 1;
    while (last < entries.size() && entries[last].key == entries[first].key) ++last;
    visit(entries.subspan(first, last - first), common);
    first = last;
  }
}

void sort_from(std::span<TextEntry> entries, std::size_t depth) {
  constexpr std::size_t kFew = 16;
  if (entries.size() <= kFew) return sort_by_whole_text(entries);
  sort_by_next_bytes(entries, depth, [&](std::span<TextEntry> run, std::size_t common) {
    // All of them once more: they are alike, or one ends where others go on with NUL.
    if (run.size() == entries.size()) return sort_by_whole_text(run);
    if (run.size() > 1) sort_from(run, common);
  });
}

void split_from(std::span<TextEntry> entries, std::size_t depth, std::size_t largest,
                std::vector<std::span<TextEntry>>& parts) {
  const auto add = [&](std::span<TextEntry> run) {
    if (!parts.empty() && parts.back().size() + run.size() <= largest) {
      parts.back() = {parts.back().data(), parts.back().size() + run.size()};
    } else {
      parts.push_back(run);
    }
  };
  if (entries.size() <= largest) return add(entries);
  sort_by_next_bytes(entries, depth, [&](std::span<TextEntry> run, std::size_t common) {
    if (run.size() == entries.size()) return add(run);  // as in sort_from
    split_from(run, common, largest, parts);
  });
}

}  // namespace

void sort_by_text(std::span<TextEntry> entries) { sort_from(entries, 0); }

std::vector<std::span<TextEntry>> split_by_text(std::span<TextEntry> entries, std::size_t largest) {
  std::vector<std::span<TextEntry>> parts;
  if (!entries.empty()) split_from(entries, 0, largest, parts);
  return parts;
}

}  // namespace knhk::rdf::detail
