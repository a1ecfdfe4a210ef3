#include "knhk/rdf/detail/quad_lines.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "knhk/base/parallel.hpp"
#include "knhk/rdf/detail/text_order.hpp"
#include "knhk/rdf/detail/written_terms.hpp"

namespace knhk::rdf::detail {
namespace {

// A quad under its subject.
struct Rest {
  std::uint32_t predicate;  // its rank
  TermId object;
  TermId graph;
};

// All quads, those of a subject side by side, in parts of whole subjects that follow each other in
// the order of their lines. Within a part they are in order once it is sorted: then the first parts
// can be used while others are being sorted.
class SortedQuads {
 public:
  SortedQuads(const Dataset& dataset, const WrittenTerms& terms, unsigned threads) : terms_(terms) {
    constexpr PartLimits kMost = {.entries = 1U << 12U, .weight = 1U << 15U};
    starts_.assign(dataset.term_count() + 1, 0);
    ranks_.assign(dataset.term_count(), 0);
    std::size_t subject_count = 0;
    for_each_quad(dataset, [&](const Quad& q) {
      if (starts_[index_of(q.subject) + 1]++ == 0) ++subject_count;
      ranks_[index_of(q.predicate)] = 1;
    });
    subjects_.reserve(subject_count);
    for (std::uint32_t id = 0; id < dataset.term_count(); ++id) {
      const TextEntry entry{.text = terms.text(TermId{id}), .number = id};
      if (starts_[id + 1] != 0) {
        subjects_.push_back(entry);
        subjects_.back().weight =
            static_cast<std::uint32_t>(std::min<std::size_t>(starts_[id + 1], UINT32_MAX));
      }
      if (ranks_[id] != 0) predicates_.push_back(entry);
      starts_[id + 1] += starts_[id];
    }
    parallel_chunks(2, 1, threads, [&](std::size_t task, std::size_t) {
      if (task == 0) {
        parts_ = split_by_text(subjects_, kMost);
      } else {
        gather(dataset);
      }
    });
  }

  [[nodiscard]] std::size_t part_count() const noexcept { return parts_.size(); }

  // Gives the size of the lines. Threads: different parts may be sorted at once.
  std::size_t sort(std::size_t part) {
    sort_by_text(parts_[part]);
    std::size_t size = 0;
    for (const TextEntry& subject : parts_[part]) {
      const std::span<Rest> rests = rests_of(subject);
      sort_rests(rests);
      size += rests.size() * (subject.text.size() + kBetween);
      for (const Rest& rest : rests) {
        size += predicates_[rest.predicate].text.size() + terms_.text(rest.object).size();
        if (rest.graph != kNoTerm) size += terms_.text(rest.graph).size() + 1;
      }
    }
    return size;
  }

  // Writes the lines of a part. Requires: it is sorted, and there is room.
  void write(std::size_t part, char* out) {
    const auto put = [&out](std::string_view piece) {
      std::memcpy(out, piece.data(), piece.size());
      out += piece.size();
    };
    for (const TextEntry& subject : parts_[part]) {
      for (const Rest& rest : rests_of(subject)) {
        put(subject.text);
        *out++ = ' ';
        put(predicates_[rest.predicate].text);
        *out++ = ' ';
        put(terms_.text(rest.object));
        if (rest.graph != kNoTerm) {
          *out++ = ' ';
          put(terms_.text(rest.graph));
        }
        put(" .\n");
      }
    }
  }

 private:
  static constexpr std::size_t kFew = 16;
  static constexpr std::size_t kBetween = 5;  // the characters of a line that are of no term

  // Ranks the predicates and puts each quad to its subject.
  void gather(const Dataset& dataset) {
    sort_by_text(predicates_);
    for (std::uint32_t i = 0; i < predicates_.size(); ++i) ranks_[predicates_[i].number] = i;
    rests_.resize(starts_.back());
    std::vector<std::size_t> next(starts_.begin(), starts_.end() - 1);
    for_each_quad(dataset, [&](const Quad& q) {
      rests_[next[index_of(q.subject)]++] = {ranks_[index_of(q.predicate)], q.object, q.graph};
    });
  }

  [[nodiscard]] std::span<Rest> rests_of(const TextEntry& subject) noexcept {
    return {rests_.data() + starts_[subject.number], rests_.data() + starts_[subject.number + 1]};
  }

  void sort_rests(std::span<Rest> rests) const {
    if (rests.size() <= kFew) return sort_by_comparing(rests);
    const auto by_predicate = [](const Rest& a, const Rest& b) {
      return a.predicate < b.predicate;
    };
    std::sort(rests.begin(), rests.end(), by_predicate);
    for (auto first = rests.begin(); first != rests.end();) {
      const auto last = std::upper_bound(first, rests.end(), *first, by_predicate);
      sort_objects({first, last});
      first = last;
    }
  }

  // Plain comparison sort; best for few.
  void sort_by_comparing(std::span<Rest> rests) const {
    std::sort(rests.begin(), rests.end(),
              [this](const Rest& a, const Rest& b) { return is_before(a, b); });
  }

  // Whether `a` comes before `b`, a quad of the same subject.
  [[nodiscard]] bool is_before(const Rest& a, const Rest& b) const noexcept {
    if (a.predicate != b.predicate) return a.predicate < b.predicate;
    const auto text = [this](TermId id) {
      return id == kNoTerm ? std::string_view() : terms_.text(id);
    };
    if (a.object != b.object) {
      const int order = text(a.object).compare(text(b.object));
      if (order != 0) return order < 0;
    }
    return text(a.graph) < text(b.graph);
  }

  // Sorts quads of one subject and predicate. There may be a great many.
  void sort_objects(std::span<Rest> rests) const {
    const bool is_one_object = std::all_of(rests.begin(), rests.end(), [&](const Rest& rest) {
      return rest.object == rests.front().object;
    });
    if (is_one_object || rests.size() <= kFew) return sort_by_comparing(rests);
    std::vector<TextEntry> objects;
    objects.reserve(rests.size());
    for (std::uint32_t i = 0; i < rests.size(); ++i) {
      objects.push_back({.text = terms_.text(rests[i].object), .number = i});
    }
    sort_by_text(objects);
    const std::vector<Rest> unsorted(rests.begin(), rests.end());
    for (std::size_t i = 0; i < rests.size(); ++i) rests[i] = unsorted[objects[i].number];
    for (auto first = rests.begin(); first != rests.end();) {
      const std::string_view object = terms_.text(first->object);
      const auto last = std::find_if(
          first, rests.end(), [&](const Rest& rest) { return terms_.text(rest.object) != object; });
      sort_by_comparing({first, last});
      first = last;
    }
  }

  const WrittenTerms& terms_;
  std::vector<std::size_t> starts_;  // of the quads of a subject, by its number
  // Of a predicate, by its number; until predicates are sorted: 1 for each, 0 for other terms.
  std::vector<std::uint32_t> ranks_;
  std::vector<TextEntry> subjects_;
  std::vector<TextEntry> predicates_;        // by rank
  std::vector<std::span<TextEntry>> parts_;  // of subjects_
  std::vector<Rest> rests_;
};

// Whose turn it is to hand on a part, in the order of their numbers, and buffers for the next
// ones. Parts are begun in that order, so the one whose turn it is never waits for another.
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
  // False when another part gave up.
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
// So quads are sorted by four texts and no line is compared.
std::string sorted_lines(const Dataset& dataset,
                         const std::function<void(TermId, std::string&)>& write, unsigned threads) {
  const WrittenTerms terms(dataset.term_count(), write, threads);
  SortedQuads quads(dataset, terms, threads);
  std::vector<std::size_t> offsets(quads.part_count() + 1);
  parallel_chunks(quads.part_count(), 1, threads,
                  [&](std::size_t part, std::size_t) { offsets[part + 1] = quads.sort(part); });
  for (std::size_t i = 1; i < offsets.size(); ++i) offsets[i] += offsets[i - 1];
  std::string lines(offsets.back(), '\0');
  parallel_chunks(quads.part_count(), 1, threads, [&](std::size_t part, std::size_t) {
    quads.write(part, lines.data() + offsets[part]);
  });
  return lines;
}

void for_sorted_lines(const Dataset& dataset,
                      const std::function<void(TermId, std::string&)>& write, unsigned threads,
                      const std::function<void(std::string_view)>& consume) {
  const WrittenTerms terms(dataset.term_count(), write, threads);
  SortedQuads quads(dataset, terms, threads);
  Turns turns;
  parallel_chunks(quads.part_count(), 1, threads, [&](std::size_t part, std::size_t) {
    try {
      std::string buffer = turns.take_buffer();
      const std::size_t size = quads.sort(part);
      if (buffer.size() < size) {
        buffer = std::string();  // so that its bytes are not kept beside the new ones
        buffer.resize(size);
      }
      quads.write(part, buffer.data());
      if (!turns.wait_for(part)) return;
      consume(std::string_view(buffer).substr(0, size));
      turns.end(std::move(buffer));
    } catch (...) {
      turns.give_up();
      throw;
    }
  });
}

}  // namespace knhk::rdf::detail
