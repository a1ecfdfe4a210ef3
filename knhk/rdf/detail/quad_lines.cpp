#include "knhk/rdf/detail/quad_lines.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <tuple>
#include <vector>

#include "knhk/base/parallel.hpp"
#include "knhk/rdf/detail/written_terms.hpp"

namespace knhk::rdf::detail {
namespace {

// A quad under its subject: the ranks of its other terms.
struct Rest {
  std::uint32_t predicate;
  std::uint32_t object;
  std::uint32_t graph;

  friend auto operator<=>(const Rest&, const Rest&) = default;
};

// All quads, those of a subject side by side, sorted by the written terms.
class SortedQuads {
 public:
  SortedQuads(const Dataset& dataset, const WrittenTerms& terms) : terms_(terms) {
    starts_.assign(dataset.term_count() + 2, 0);
    for_each_quad(dataset, [&](const Quad& q) { ++starts_[terms.rank(q.subject) + 1]; });
    for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
    rests_.resize(dataset.size());
    std::vector<std::size_t> next(starts_.begin(), starts_.end() - 1);
    for_each_quad(dataset, [&](const Quad& q) {
      rests_[next[terms.rank(q.subject)]++] = {terms.rank(q.predicate), terms.rank(q.object),
                                               terms.rank(q.graph)};
    });
  }

  // How many ranks there may be of a subject.
  [[nodiscard]] std::size_t size() const noexcept { return starts_.size() - 1; }

  // Sorts the quads of subjects `[first, last)`; gives the size of their lines.
  std::size_t sort(std::size_t first, std::size_t last) {
    std::size_t size = 0;
    for (std::size_t subject = first; subject < last; ++subject) {
      const auto begin = rests_.begin() + static_cast<std::ptrdiff_t>(starts_[subject]);
      const auto end = rests_.begin() + static_cast<std::ptrdiff_t>(starts_[subject + 1]);
      if (begin == end) continue;
      std::sort(begin, end);
      size += static_cast<std::size_t>(end - begin) * (text(subject).size() + kBetween);
      for (auto rest = begin; rest != end; ++rest) {
        size += text(rest->predicate).size() + text(rest->object).size();
        if (rest->graph != 0) size += text(rest->graph).size() + 1;
      }
    }
    return size;
  }

  // Writes the lines of subjects `[first, last)`. Requires: they are sorted, and there is room.
  void write(std::size_t first, std::size_t last, char* out) const {
    const auto put = [&out](std::string_view piece) {
      std::memcpy(out, piece.data(), piece.size());
      out += piece.size();
    };
    for (std::size_t subject = first; subject < last; ++subject) {
      for (std::size_t i = starts_[subject]; i < starts_[subject + 1]; ++i) {
        put(text(subject));
        *out++ = ' ';
        put(text(rests_[i].predicate));
        *out++ = ' ';
        put(text(rests_[i].object));
        if (rests_[i].graph != 0) {
          *out++ = ' ';
          put(text(rests_[i].graph));
        }
        put(" .\n");
      }
    }
  }

 private:
  static constexpr std::size_t kBetween = 5;  // the characters of a line that are of no term

  [[nodiscard]] std::string_view text(std::size_t rank) const noexcept {
    return terms_.ranked(static_cast<std::uint32_t>(rank));
  }

  const WrittenTerms& terms_;
  std::vector<std::size_t> starts_;  // by rank of the subject
  std::vector<Rest> rests_;
};

}  // namespace

// Lines compare as their terms do one after the other: no written term is the start of another one
// followed by a character below the blank that ends it, and `.` is below what starts a graph name.
// So quads are sorted by four numbers and no line is compared.
std::string sorted_lines(const Dataset& dataset,
                         const std::function<void(TermId, std::string&)>& write, unsigned threads) {
  constexpr std::size_t kSubjectsPerChunk = 1U << 14U;
  const WrittenTerms terms(dataset.term_count(), write, threads);
  SortedQuads quads(dataset, terms);
  std::vector<std::size_t> offsets(quads.size() / kSubjectsPerChunk + 2);
  parallel_chunks(quads.size(), kSubjectsPerChunk, threads,
                  [&](std::size_t first, std::size_t last) {
                    offsets[first / kSubjectsPerChunk + 1] = quads.sort(first, last);
                  });
  for (std::size_t i = 1; i < offsets.size(); ++i) offsets[i] += offsets[i - 1];
  std::string lines(offsets.back(), '\0');
  parallel_chunks(quads.size(), kSubjectsPerChunk, threads,
                  [&](std::size_t first, std::size_t last) {
                    quads.write(first, last, lines.data() + offsets[first / kSubjectsPerChunk]);
                  });
  return lines;
}

}  // namespace knhk::rdf::detail
