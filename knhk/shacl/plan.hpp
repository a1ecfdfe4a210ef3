#pragma once

#include <span>
#include <vector>

#include "knhk/rdf/dataset.hpp"
#include "knhk/shacl/compiled_shapes.hpp"

// Compiled shapes, resolved against one data graph. Internal to this folder.
namespace knhk::shacl::detail {

/// Everything that validation asks, as numbers of the data graph's terms. A term of the shapes that
/// the data lack has a number beyond the last one of the data, which no triple holds.
///
/// Threads: immutable. Lifetime: refers to the shapes and the data it was made from.
class Plan {
 public:
  Plan(const CompiledShapes& shapes, const rdf::Dataset& data);

  [[nodiscard]] const CompiledShapes& shapes() const noexcept { return *shapes_; }
  [[nodiscard]] const rdf::Graph& graph() const noexcept { return data_->default_graph(); }
  [[nodiscard]] rdf::TermId id(TermIndex term) const noexcept { return ids_[term]; }
  [[nodiscard]] rdf::Term term(rdf::TermId id) const noexcept;
  /// in, closed: the terms listed; class_of: the class and its subclasses. Sorted.
  [[nodiscard]] std::span<const rdf::TermId> set(std::uint32_t constraint) const noexcept {
    return sets_[set_of_[constraint]];
  }
  [[nodiscard]] bool is_instance(rdf::TermId node,
                                 std::span<const rdf::TermId> classes) const noexcept;
  /// The nodes that the targets of `shape` select, sorted by number.
  [[nodiscard]] std::vector<rdf::TermId> focus_nodes(const Shape& shape) const;
  /// Puts what `shape`'s path leads to from `focus` into `values`, each once; `focus` itself for a
  /// node shape.
  void values(const Shape& shape, rdf::TermId focus, std::vector<rdf::TermId>& values) const;

 private:
  void resolve_terms();
  void resolve_sets();
  [[nodiscard]] std::vector<rdf::TermId> class_closure(TermIndex one) const;
  void follow(std::uint32_t node, rdf::TermId start, std::vector<rdf::TermId>& out) const;
  void follow_sequence(const PathNode& path, rdf::TermId start,
                       std::vector<rdf::TermId>& out) const;
  void follow_closure(const PathNode& path, rdf::TermId start, std::vector<rdf::TermId>& out) const;

  const CompiledShapes* shapes_;
  const rdf::Dataset* data_;
  std::vector<rdf::TermId> ids_;                // by TermIndex
  std::vector<std::vector<rdf::TermId>> sets_;  // the first is empty
  std::vector<std::uint32_t> set_of_;           // by constraint
};

}  // namespace knhk::shacl::detail
