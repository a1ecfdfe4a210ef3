#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "knhk/rdf/term.hpp"

namespace knhk::rdf {

/// The triples of one graph, in three orders, each a contiguous array built once.
///
/// All views are sorted by the numbers of the terms, not by their text.
/// Threads: immutable; safe to read from any thread.
/// Lifetime: views are good while the graph's dataset lives, also after the dataset is moved.
/// Complexity: each view is found in O(log size()).
class Graph {
 public:
  Graph() = default;
  /// Sorts `triples` and drops repeated ones.
  explicit Graph(std::vector<Triple> triples);

  [[nodiscard]] std::size_t size() const noexcept { return spo_.size(); }
  [[nodiscard]] bool empty() const noexcept { return spo_.empty(); }
  /// All of them, by subject, predicate, object.
  [[nodiscard]] std::span<const Triple> triples() const noexcept { return spo_; }
  /// By predicate, object.
  [[nodiscard]] std::span<const Triple> of_subject(TermId subject) const noexcept;
  /// By object.
  [[nodiscard]] std::span<const Triple> of_subject_predicate(TermId subject,
                                                             TermId predicate) const noexcept;
  /// By object, subject.
  [[nodiscard]] std::span<const Triple> of_predicate(TermId predicate) const noexcept;
  /// By subject.
  [[nodiscard]] std::span<const Triple> of_predicate_object(TermId predicate,
                                                            TermId object) const noexcept;
  /// By subject, predicate.
  [[nodiscard]] std::span<const Triple> of_object(TermId object) const noexcept;
  /// By predicate.
  [[nodiscard]] std::span<const Triple> of_object_subject(TermId object,
                                                          TermId subject) const noexcept;
  [[nodiscard]] bool contains(TermId subject, TermId predicate, TermId object) const noexcept;
  [[nodiscard]] bool contains(const Triple& triple) const noexcept {
    return contains(triple.subject, triple.predicate, triple.object);
  }
  /// Memory held by the three arrays.
  [[nodiscard]] std::size_t size_bytes() const noexcept;

 private:
  std::vector<Triple> spo_;
  std::vector<Triple> pos_;
  std::vector<Triple> osp_;
};

}  // namespace knhk::rdf
