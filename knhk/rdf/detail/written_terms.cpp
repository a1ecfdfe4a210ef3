#include "knhk/rdf/detail/written_terms.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>
#include <exception>
#include <new>

#include "knhk/base/parallel.hpp"

namespace knhk::rdf::detail {
namespace {

// The eight bytes at `depth`, so that numbers compare as text does; zero beyond its end.
std::uint64_t key_at(std::string_view text, std::size_t depth) noexcept {
  std::uint64_t key = 0;
  if (depth < text.size()) {
    std::memcpy(&key, text.data() + depth, std::min(text.size() - depth, sizeof key));
  }
  return std::endian::native == std::endian::little ? __builtin_bswap64(key) : key;
}

std::size_t common_length(std::string_view a, std::string_view b, std::size_t from,
                          std::size_t to) noexcept {
  to = std::min({to, a.size(), b.size()});
  while (from < to && a[from] == b[from]) ++from;
  return from;
}

}  // namespace

WrittenTerms::WrittenTerms(std::size_t count,
                           const std::function<void(TermId, std::string&)>& write,
                           unsigned threads) {
  constexpr std::size_t kTermsPerBlock = 1U << 14U;
  blocks_.resize(count / kTermsPerBlock + 1);
  sorted_.resize(count);
  std::atomic<bool> out_of_memory{false};
  parallel_chunks(count, kTermsPerBlock, threads, [&](std::size_t first, std::size_t last) {
    try {
      std::string& block = blocks_[first / kTermsPerBlock];
      std::vector<std::size_t> starts;
      starts.reserve(last - first + 1);
      for (std::size_t i = first; i < last; ++i) {
        starts.push_back(block.size());
        write(TermId{static_cast<std::uint32_t>(i)}, block);
      }
      starts.push_back(block.size());
      for (std::size_t i = first; i < last; ++i) {
        const std::size_t start = starts[i - first];
        sorted_[i] = {std::string_view(block).substr(start, starts[i - first + 1] - start),
                      static_cast<std::uint32_t>(i), 0};
      }
    } catch (const std::exception&) {                        // bad_alloc or length_error
      out_of_memory.store(true, std::memory_order_relaxed);  // joining publishes it
    }
  });
  if (out_of_memory) throw std::bad_alloc();
  sort(threads);
  ranks_.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    ranks_[sorted_[i].id] = static_cast<std::uint32_t>(i + 1);
  }
}

void WrittenTerms::sort(unsigned threads) {
  constexpr std::size_t kParts = 64;
  constexpr std::size_t kSmallest = 1U << 12U;
  std::vector<std::span<Entry>> parts;
  sort_part(sorted_, 0, std::max(kSmallest, sorted_.size() / kParts), &parts);
  parallel_chunks(parts.size(), 1, threads, [&parts](std::size_t first, std::size_t) {
    sort_part(parts[first], 0, 0, nullptr);
  });
}

// Sorts by eight bytes behind what all have in common, then each part that is equal there: IRIs
// begin alike, and most comparisons of whole texts would read the same beginning again.
void WrittenTerms::sort_part(std::span<Entry> part, std::size_t depth, std::size_t largest,
                             std::vector<std::span<Entry>>* later) {
  constexpr std::size_t kFew = 16;
  if (later != nullptr && part.size() <= largest) {
    later->push_back(part);
    return;
  }
  if (part.size() <= kFew) {
    std::sort(part.begin(), part.end(),
              [](const Entry& a, const Entry& b) { return a.text < b.text; });
    return;
  }
  std::size_t common = part.front().text.size();
  for (const Entry& entry : part) {
    common = common_length(part.front().text, entry.text, depth, common);
  }
  bool all_ended = true;
  for (Entry& entry : part) {
    entry.key = key_at(entry.text, common);
    all_ended = all_ended && entry.text.size() <= common;
  }
  if (all_ended) return;  // written alike
  std::sort(part.begin(), part.end(), [](const Entry& a, const Entry& b) { return a.key < b.key; });
  for (std::size_t first = 0; first < part.size();) {
    std::size_t last = first + 1;
    while (last < part.size() && part[last].key == part[first].key) ++last;
    if (last - first == part.size()) {  // one text ends where others go on with NUL
      std::sort(part.begin(), part.end(),
                [](const Entry& a, const Entry& b) { return a.text < b.text; });
    } else if (last - first > 1) {
      sort_part(part.subspan(first, last - first), common, largest, later);
    }
    first = last;
  }
}

}  // namespace knhk::rdf::detail
