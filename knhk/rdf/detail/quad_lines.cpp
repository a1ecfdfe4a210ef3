#include "knhk/rdf/detail/quad_lines.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <tuple>
#include <utility>
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

// Whose turn it is to hand on a chunk, in the order of their numbers, and buffers for the next
// ones. Chunks are begun in that order, so the one whose turn it is never waits for another.
class Turns {
 public:
  // Empty where there is none left over.
  std::string take_buffer() {
    const std::lock_guard lock(mutex_);
    if (buffers_.empty()) return {};
    std::string buffer = std::move(buffers_.back());
    buffers_.pop_back();
    return buffer;
  }
  // False when another chunk gave up.
  bool wait_for(std::size_t number) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return has_given_up_ || turn_ == number; });
    return !has_given_up_;
  }
  void end(std::string buffer) {
    const std::lock_guard lock(mutex_);
    buffers_.push_back(std::move(buffer));
    ++turn_;
    changed_.notify_all();
  }
  void give_up() {
    const std::lock_guard lock(mutex_);
    has_given_up_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> buffers_;
  std::size_t turn_ = 0;
  bool has_given_up_ = false;
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

void for_sorted_lines(const Dataset& dataset,
                      const std::function<void(TermId, std::string&)>& write, unsigned threads,
                      const std::function<void(std::string_view)>& consume) {
  constexpr std::size_t kSubjectsPerChunk = 1U << 10U;
  const WrittenTerms terms(dataset.term_count(), write, threads);
  SortedQuads quads(dataset, terms);
  Turns turns;
  parallel_chunks(quads.size(), kSubjectsPerChunk, threads,
                  [&](std::size_t first, std::size_t last) {
                    const std::size_t number = first / kSubjectsPerChunk;
                    try {
                      std::string buffer = turns.take_buffer();
                      const std::size_t size = quads.sort(first, last);
                      if (buffer.size() < size) buffer.resize(size);
                      quads.write(first, last, buffer.data());
                      if (!turns.wait_for(number)) return;
                      consume(std::string_view(buffer).substr(0, size));
                      turns.end(std::move(buffer));
                    } catch (...) {
                      turns.give_up();
                      throw;
                    }
                  });
}

}  // namespace knhk::rdf::detail
