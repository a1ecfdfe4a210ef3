#pragma once

#include <span>
#include <vector>

#include "knhk/rdf/graph.hpp"
#include "knhk/rdf/term.hpp"

namespace knhk::rdf {

/// `start` and everything that reaches one of them over triples of `predicate`, against their
/// direction: with `rdfs:subClassOf`, the classes and all their subclasses.
///
/// Returns: sorted by number, each once. Cycles are fine. Complexity: O(answer * log size).
[[nodiscard]] std::vector<TermId> reaching(const Graph& graph, TermId predicate,
                                           std::span<const TermId> start);

/// `start` and everything reached from them over triples of `predicate`: with `rdfs:subClassOf`,
/// the classes and all their superclasses. Otherwise as `reaching`.
[[nodiscard]] std::vector<TermId> reachable(const Graph& graph, TermId predicate,
                                            std::span<const TermId> start);

/// The nodes whose `type` is one of `classes` (sorted by number): the instances, subclasses counted
/// when `classes` is their closure.
///
/// Returns: sorted by number, each once.
[[nodiscard]] std::vector<TermId> instances_of(const Graph& graph, TermId type,
                                               std::span<const TermId> classes);

}  // namespace knhk::rdf
