#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "knhk/rdf/term.hpp"

namespace knhk::rdf::detail {

/// All terms as they are written, and their ranks when sorted by code point.
///
/// Threads: immutable.
class WrittenTerms {
 public:
  /// Writes the terms 0 to `count - 1` with `write(id, out)`, which is called on up to `threads`
  /// threads at once (0: as many as the machine has). Errors: throws `std::bad_alloc`.
  WrittenTerms(std::size_t count, const std::function<void(TermId, std::string&)>& write,
               unsigned threads);

  /// From 1; 0 for "no term". Terms written alike have different ranks.
  [[nodiscard]] std::uint32_t rank(TermId id) const noexcept {
    return id == kNoTerm ? 0 : ranks_[index_of(id)];
  }
  /// Requires: a rank of a term.
  [[nodiscard]] std::string_view ranked(std::uint32_t rank) const noexcept {
    return sorted_[rank - 1].text;
  }

 private:
  struct Entry {
    std::string_view text;
    std::uint32_t id;
    std::uint64_t key;  // the next bytes to compare
  };

  void sort(unsigned threads);
  // Sorts entries that are equal before `depth`. Parts of at most `largest` entries are left to
  // `later`.
  static void sort_part(std::span<Entry> part, std::size_t depth, std::size_t largest,
                        std::vector<std::span<Entry>>* later);

  std::vector<std::string> blocks_;  // of text
  std::vector<Entry> sorted_;
  std::vector<std::uint32_t> ranks_;  // by number of term
};

}  // namespace knhk::rdf::detail
