#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "knhk/shacl/evaluator.hpp"

// The order of results, and the texts that they share. Internal to this folder.
namespace knhk::shacl::detail {

/// A finding, and the shape that selected its focus node or one that led to it.
struct Found {
  ShapeIndex target_shape = kNone;
  Finding finding;
};

/// What results say about terms and shapes, each text written once, and ranked among the others.
///
/// Threads: immutable. Lifetime: refers to the plan.
class ResultTexts {
 public:
  ResultTexts(const Plan& plan, std::span<const Found> found);

  /// As in N-Triples. Requires: a finding names the term as focus node, value or predicate.
  [[nodiscard]] std::string_view term(rdf::TermId id) const noexcept {
    return text(entry_of_term_[rdf::index_of(id)]);
  }
  /// The shape's name. Requires: a finding, or the target it came from, has the shape.
  [[nodiscard]] std::string_view shape(ShapeIndex shape) const noexcept {
    return text(entries_of_shape_[shape].name);
  }
  /// The IRI of the constraint component. Requires: a finding has a constraint of this kind.
  [[nodiscard]] std::string_view component(ConstraintKind kind) const noexcept {
    return text(entry_of_kind_[static_cast<std::size_t>(kind)]);
  }
  /// The numbers of `found` in the order of focus node, path, component, severity, value and source
  /// shape, by the text of each: the first members of results. `is_tied` says of each place
  /// whether all of these are the same as in the place before.
  struct Order {
    std::vector<std::size_t> numbers;
    std::vector<bool> is_tied;
  };
  [[nodiscard]] Order order(std::span<const Found> found) const;

 private:
  struct Entry {
    std::size_t begin;
    std::size_t size;
  };
  struct ShapeEntries {
    std::uint32_t name = kNone;
    std::uint32_t path = kNone;
    std::uint32_t severity = kNone;
  };

  void add_term(rdf::TermId id);
  void add_shape(ShapeIndex index);
  void add_kind(ConstraintKind kind);
  std::uint32_t add(std::string_view text);
  std::uint32_t add_ntriples(const rdf::Term& term);
  void rank();
  [[nodiscard]] std::string_view text(std::uint32_t entry) const noexcept {
    return std::string_view(arena_).substr(entries_[entry].begin, entries_[entry].size);
  }

  const Plan& plan_;
  std::string arena_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> rank_of_;  // by entry; equal texts have equal ranks
  std::vector<std::uint32_t> entry_of_term_;
  std::vector<std::uint32_t> entry_of_kind_;
  std::vector<ShapeEntries> entries_of_shape_;
};

}  // namespace knhk::shacl::detail
