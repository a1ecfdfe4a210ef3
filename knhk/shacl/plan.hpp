#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "knhk/rdf/dataset.hpp"
#include "knhk/shacl/compiled_shapes.hpp"

// Compiled shapes, resolved against one data graph. Internal to this folder.
namespace knhk::shacl::detail {

/// From which end the path of a sh:hasValue is walked. Both give one answer.
///
/// Forwards, each focus node asks whether it gets to the value. Backwards, the nodes that get there
/// are gathered once, and each focus node is looked up among them. By counts: backwards when that
/// takes no more steps than the data has triples of the path's predicates, which is what forwards
/// takes when everything that has such a triple is asked. A path of a single predicate is always
/// asked forwards: that is one look-up already.
enum class Direction : std::uint8_t { by_counts, forwards, backwards };

/// Everything that validation asks, as numbers of the data graph's terms. A term of the shapes that
/// the data lack has a number beyond the last one of the data, which no triple holds.
///
/// Constraints that hold whatever the focus node, because the data have no triple that the path of
/// their shape could lead over, are left out.
///
/// Threads: immutable. Lifetime: refers to the shapes and the data it was made from.
class Plan {
 public:
  Plan(const CompiledShapes& shapes, const rdf::Dataset& data,
       Direction direction = Direction::by_counts);

  [[nodiscard]] const CompiledShapes& shapes() const noexcept { return *shapes_; }
  [[nodiscard]] const rdf::Graph& graph() const noexcept { return data_->default_graph(); }
  [[nodiscard]] rdf::TermId id(TermIndex term) const noexcept { return ids_[term]; }
  [[nodiscard]] rdf::Term term(rdf::TermId id) const noexcept;
  /// One more than the greatest number of a term.
  [[nodiscard]] std::size_t term_count() const noexcept {
    return data_->term_count() + shapes_->terms.size();
  }
  /// The triples of a subject, by predicate and object. Complexity: O(1).
  [[nodiscard]] std::span<const rdf::Triple> of_subject(rdf::TermId subject) const noexcept;
  /// Those with one predicate. Complexity: O(log of what the subject has).
  [[nodiscard]] std::span<const rdf::Triple> of_subject_predicate(
      rdf::TermId subject, rdf::TermId predicate) const noexcept;
  [[nodiscard]] bool contains(rdf::TermId subject, rdf::TermId predicate,
                              rdf::TermId object) const noexcept;

  /// in, closed: the terms listed; class_of: the class and its subclasses; has_value: the nodes
  /// that get to the value, if `is_backwards`. Sorted.
  [[nodiscard]] std::span<const rdf::TermId> set(std::uint32_t constraint) const noexcept {
    return sets_[set_of_[constraint]];
  }
  [[nodiscard]] bool is_instance(rdf::TermId node,
                                 std::span<const rdf::TermId> classes) const noexcept;
  /// The constraints of a shape that may fail, as numbers into `shapes().constraints`.
  [[nodiscard]] std::span<const std::uint32_t> constraints(ShapeIndex shape) const noexcept {
    const Range& range = live_of_[shape];
    return std::span(live_).subspan(range.begin, range.size());
  }
  /// Whether the path of `shape` leads nowhere, from wherever.
  [[nodiscard]] bool leads_nowhere(const Shape& shape) const noexcept {
    return shape.path != kNone && !can_lead_[shapes_->paths[shape.path].root];
  }
  /// Whether a constraint of `shape` has to know all values: others ask whether there is one, or
  /// whether a certain one is among them.
  [[nodiscard]] bool needs_values(ShapeIndex shape) const noexcept { return needs_values_[shape]; }
  /// Whether a has_value is answered by its `set`.
  [[nodiscard]] bool is_backwards(std::uint32_t constraint) const noexcept {
    return set_of_[constraint] != 0;
  }

  /// The nodes that the targets of `shape` select, sorted by number.
  [[nodiscard]] std::vector<rdf::TermId> focus_nodes(const Shape& shape) const;

 private:
  void resolve_terms();
  void index_subjects();
  void resolve_sets();
  void resolve_paths();
  void drop_idle_constraints();
  void choose_directions(Direction direction);
  [[nodiscard]] bool may_fail(const Shape& shape, const Constraint& constraint,
                              const std::vector<bool>& is_idle) const;
  [[nodiscard]] bool path_can_lead(const PathNode& path) const;
  /// Triples of the predicates of a path.
  [[nodiscard]] std::size_t edges_of(std::uint32_t path_node) const;
  [[nodiscard]] std::vector<rdf::TermId> class_closure(TermIndex one) const;

  const CompiledShapes* shapes_;
  const rdf::Dataset* data_;
  std::vector<rdf::TermId> ids_;                // by TermIndex
  std::vector<std::uint32_t> subject_begin_;    // by subject, into all triples; or empty
  std::vector<std::vector<rdf::TermId>> sets_;  // the first is empty
  std::vector<std::uint32_t> set_of_;           // by constraint
  std::vector<bool> can_lead_;                  // by path node
  std::vector<std::uint32_t> live_;             // constraints that may fail, by shape
  std::vector<Range> live_of_;                  // by shape
  std::vector<bool> needs_values_;              // by shape
};

}  // namespace knhk::shacl::detail
