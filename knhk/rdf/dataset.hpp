#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "knhk/base/result.hpp"
#include "knhk/rdf/detail/quad_log.hpp"
#include "knhk/rdf/detail/term_table.hpp"
#include "knhk/rdf/graph.hpp"
#include "knhk/rdf/term.hpp"

namespace knhk::rdf {

/// An RDF dataset: a default graph and named graphs over one table of terms.
///
/// Threads: immutable; safe to read from any thread.
/// Lifetime: terms and views are good while the dataset lives, also after it is moved.
class Dataset {
 public:
  /// No triples, no terms.
  Dataset() = default;
  Dataset(Dataset&&) = default;
  Dataset& operator=(Dataset&&) = default;

  /// Quads in all graphs, each counted once.
  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  /// Terms have the numbers from 0 to `term_count() - 1`.
  [[nodiscard]] std::size_t term_count() const noexcept { return terms_.size(); }
  /// Requires: `id` is a term of this dataset (not `kNoTerm`).
  [[nodiscard]] Term term(TermId id) const noexcept { return terms_.term(id); }
  /// Cheaper than `term(id).kind`. Requires: as for `term`.
  [[nodiscard]] TermKind kind(TermId id) const noexcept { return terms_.kind(id); }
  /// The number of an equal term, or `kNoTerm`. Complexity: O(length of the term).
  [[nodiscard]] TermId find(const Term& term) const noexcept { return terms_.find(term); }
  [[nodiscard]] TermId find_iri(std::string_view iri) const noexcept {
    return terms_.find(Term::iri(iri));
  }

  [[nodiscard]] const Graph& default_graph() const noexcept { return default_graph_; }
  /// The names of the graphs that have triples, in the order of their numbers.
  [[nodiscard]] std::span<const TermId> graph_names() const noexcept { return graph_names_; }
  /// The graph of that name, empty when there is none. `kNoTerm` names the default graph.
  [[nodiscard]] const Graph& graph(TermId name) const noexcept;

  /// All memory held: text, terms, hash, indexes.
  [[nodiscard]] std::size_t size_bytes() const noexcept;

 private:
  friend class DatasetBuilder;

  detail::TermTable terms_;
  Graph default_graph_;
  Graph empty_graph_;
  std::vector<TermId> graph_names_;
  std::vector<Graph> graphs_;  // graphs_[i] is named graph_names_[i]
};

/// Gathers terms and quads, in any order and with repetitions, and makes a dataset of them.
///
/// Threads: one thread at a time.
class DatasetBuilder {
 public:
  /// What 32-bit numbers can name.
  static constexpr std::uint32_t kMaxTerms = 0xFFFFFFFEU;

  /// `max_terms` is for tests of what happens beyond.
  explicit DatasetBuilder(std::uint32_t max_terms = kMaxTerms) : max_terms_(max_terms) {}
  DatasetBuilder(DatasetBuilder&&) = default;
  DatasetBuilder& operator=(DatasetBuilder&&) = default;

  /// The number of `term`; its text is copied. The numbers stay the same in the built dataset.
  /// Blank nodes with one label are one node; `read` keeps those of different files apart.
  /// Errors: `kNoTerm` when there are too many terms or the text is too long; then `status()` says
  /// so.
  [[nodiscard]] TermId intern(const Term& term);
  /// Adds a quad. One with a missing subject, predicate or object is left out.
  void add(TermId subject, TermId predicate, TermId object, TermId graph = kNoTerm);
  void add(const Quad& quad) { add(quad.subject, quad.predicate, quad.object, quad.graph); }
  /// Interns and adds at once.
  void add(const Term& subject, const Term& predicate, const Term& object);
  void add(const Term& subject, const Term& predicate, const Term& object, const Term& graph);

  /// Interns the terms of another table in their order and adds `quads`, whose numbers are of that
  /// table and become those of this builder. Returns: false as `intern` returns `kNoTerm`; quads of
  /// terms that were refused are left out.
  [[nodiscard]] bool absorb(const detail::TermTable& terms, std::span<Quad> quads);

  /// Quads added so far, repetitions included.
  [[nodiscard]] std::size_t size() const noexcept { return quads_.size(); }
  [[nodiscard]] const detail::TermTable& terms() const noexcept { return terms_; }
  /// Forgets all quads from number `count` on, as when a file turned out to be broken. Terms stay.
  void truncate(std::size_t count) noexcept { quads_.truncate(count); }
  /// Errors: `limit-exceeded` once `intern` had to refuse a term.
  [[nodiscard]] Status status() const;
  /// The dataset. Effects: sorts; empties the builder.
  [[nodiscard]] Dataset build() &&;

 private:
  struct GraphTriples {
    TermId name = kNoTerm;
    std::size_t count = 0;
    std::vector<Triple> triples;
  };
  [[nodiscard]] std::vector<GraphTriples> take_triples();

  detail::TermTable terms_;
  detail::QuadLog quads_;
  std::uint32_t max_terms_;
  bool overflowed_ = false;
};

}  // namespace knhk::rdf
