#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "knhk/rdf/term.hpp"

namespace knhk::rdf::detail {

/// All terms as they are written.
///
/// Threads: immutable.
class WrittenTerms {
 public:
  /// Writes the terms 0 to `count - 1` with `write(id, out)`, which is called on up to `threads`
  /// threads at once (0: as many as the machine has). Errors: throws `std::bad_alloc`.
  WrittenTerms(std::size_t count, const std::function<void(TermId, std::string&)>& write,
               unsigned threads);

  /// Requires: one of the terms (not `kNoTerm`).
  [[nodiscard]] std::string_view text(TermId id) const noexcept { return texts_[index_of(id)]; }

 private:
  std::vector<std::string> blocks_;  // of text
  std::vector<std::string_view> texts_;
};

}  // namespace knhk::rdf::detail
