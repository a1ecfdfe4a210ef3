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

// Requires: all are equal before `depth`.
void sort_by_rest(std::span<TextEntry> entries, std::size_t depth) {
  std::sort(entries.begin(), entries.end(), [depth](const TextEntry& a, const TextEntry& b) {
    return a.text.substr(depth) < b.text.substr(depth);
  });
}

std::uint64_t weight_of(std::span<const TextEntry> entries) noexcept {
  std::uint64_t weight = 0;
  for (const TextEntry& entry : entries) weight += entry.weight;
  return weight;
}

bool is_within(const PartLimits& most, std::size_t entries, std::uint64_t weight) noexcept {
  return entries <= most.entries && weight <= most.weight;
}

class Sorter {
 public:
  [[nodiscard]] std::size_t bytes_read() const noexcept { return bytes_read_; }

  // Requires, as below: all are equal before `depth`.
  void sort(std::span<TextEntry> entries, std::size_t depth = 0, unsigned level = 0) {
    constexpr std::size_t kFew = 16;
    if (entries.size() <= kFew || level == kMostLevels) return sort_by_rest(entries, depth);
    sort_by_next_bytes(entries, depth, [&](std::span<TextEntry> run, std::size_t common) {
      // All of them once more: they are alike, or one ends where others go on with NUL.
      if (run.size() == entries.size()) return sort_by_rest(run, common);
      if (run.size() > 1) sort(run, common, level + 1);
    });
  }

  template <class Add>
  void split(std::span<TextEntry> entries, const PartLimits& most, const Add& add,
             std::size_t depth = 0, unsigned level = 0) {
    if (entries.size() == 1 || is_within(most, entries.size(), weight_of(entries))) {
      return add(entries);
    }
    if (level == kMostLevels) {
      sort_by_rest(entries, depth);
      return for_each_run(
          entries, [](const TextEntry& a, const TextEntry& b) { return a.text == b.text; }, add);
    }
    sort_by_next_bytes(entries, depth, [&](std::span<TextEntry> run, std::size_t common) {
      if (run.size() == entries.size()) return add(run);  // as in sort
      split(run, most, add, common, level + 1);
    });
  }

 private:
  // Each level looks at all texts once more, though it may take a single one of them away. Beyond
  // these levels texts are compared as a whole, which takes no more than a logarithm of levels.
  static constexpr unsigned kMostLevels = 64;

  template <class IsEqual, class Visit>
  static void for_each_run(std::span<TextEntry> entries, const IsEqual& is_equal,
                           const Visit& visit) {
    for (std::size_t first = 0; first < entries.size();) {
      std::size_t last = first + 1;
      while (last < entries.size() && is_equal(entries[first], entries[last])) ++last;
      visit(entries.subspan(first, last - first));
      first = last;
    }
  }

  // How far all are alike. In steps: what lies beyond, where some are alike and others are not,
  // would be read again at every level.
  std::size_t common_length_of(std::span<const TextEntry> entries, std::size_t depth) {
    std::size_t common = depth;
    for (std::size_t step = 64;; step *= 2) {
      const std::size_t from = common;
      common += step;
      for (const TextEntry& entry : entries) {
        common = common_length(entries.front().text, entry.text, from, common);
        bytes_read_ += common - from;
      }
      if (common < from + step) return common;
    }
  }

  // Sorts by eight bytes behind what all have in common, and calls `visit(run, depth)` for each run
  // of entries that are equal up to there, from first to last: IRIs begin alike, and most
  // comparisons of whole texts would read the same beginning again.
  template <class Visit>
  void sort_by_next_bytes(std::span<TextEntry> entries, std::size_t depth, const Visit& visit) {
    const std::size_t common = common_length_of(entries, depth);
    for (TextEntry& entry : entries) entry.key = key_at(entry.text, common);
    std::sort(entries.begin(), entries.end(),
              [](const TextEntry& a, const TextEntry& b) { return a.key < b.key; });
    for_each_run(
        entries, [](const TextEntry& a, const TextEntry& b) { return a.key == b.key; },
        [&](std::span<TextEntry> run) { visit(run, common); });
  }

  std::size_t bytes_read_ = 0;
};

}  // namespace

std::size_t sort_by_text(std::span<TextEntry> entries) {
  Sorter sorter;
  sorter.sort(entries);
  return sorter.bytes_read();
}

std::vector<std::span<TextEntry>> split_by_text(std::span<TextEntry> entries,
                                                const PartLimits& most) {
  std::vector<std::span<TextEntry>> parts;
  if (entries.empty()) return parts;
  std::uint64_t last_weight = 0;
  Sorter().split(entries, most, [&](std::span<TextEntry> run) {
    const std::uint64_t weight = weight_of(run);
    if (!parts.empty() && is_within(most, parts.back().size() + run.size(), last_weight + weight)) {
      parts.back() = {parts.back().data(), parts.back().size() + run.size()};
      last_weight += weight;
    } else {
      parts.push_back(run);
      last_weight = weight;
    }
  });
  return parts;
}

}  // namespace knhk::rdf::detail
