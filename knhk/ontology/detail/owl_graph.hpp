#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "knhk/rdf/dataset.hpp"

namespace knhk::ontology::detail {

/// Two nodes that a property joins, each named by the representative of what it is the same as.
using Pair = std::pair<rdf::TermId, rdf::TermId>;

/// A graph seen through OWL: who is the same as whom, what a property's pairs and a class's members
/// are once the hierarchies have been followed.
///
/// Threads: one at a time; it remembers what it worked out.
class OwlGraph {
 public:
  explicit OwlGraph(const rdf::Dataset& dataset);

  [[nodiscard]] const rdf::Dataset& dataset() const { return dataset_; }
  [[nodiscard]] const rdf::Graph& graph() const { return dataset_.default_graph(); }
  /// `kNoTerm` when the dataset doesn't know it; that matches nothing.
  [[nodiscard]] rdf::TermId iri(std::string_view text) const { return dataset_.find_iri(text); }
  [[nodiscard]] rdf::TermId owl(std::string_view name) const;
  [[nodiscard]] std::string text(rdf::TermId id) const;
  [[nodiscard]] bool is_literal(rdf::TermId id) const {
    return dataset_.kind(id) == rdf::TermKind::literal;
  }
  /// Subjects of the triples with this predicate and object.
  [[nodiscard]] std::vector<rdf::TermId> subjects(rdf::TermId predicate, rdf::TermId object) const;
  [[nodiscard]] std::vector<rdf::TermId> objects(rdf::TermId subject, rdf::TermId predicate) const;
  /// The members of an RDF list; stops where the list is broken or goes in circles.
  [[nodiscard]] std::vector<rdf::TermId> list(rdf::TermId head) const;

  /// The node that stands for all that are the same as `node`.
  [[nodiscard]] rdf::TermId representative(rdf::TermId node) const;
  /// Pairs that `property` joins, those of its subproperties and inverses among them. Sorted.
  [[nodiscard]] std::vector<Pair> pairs(rdf::TermId property) const;
  /// Members of `class_id` and its subclasses, by representatives. Sorted.
  [[nodiscard]] std::vector<rdf::TermId> members(rdf::TermId class_id) const;

 private:
  void merge_equals();
  bool merge(rdf::TermId a, rdf::TermId b);
  bool merge_values_of(const std::vector<Pair>& pairs);

  const rdf::Dataset& dataset_;
  mutable std::vector<rdf::TermId> parents_;  // union-find over the terms
};

}  // namespace knhk::ontology::detail
