#pragma once

#include <cstddef>
#include <stop_token>
#include <string>
#include <vector>

#include "knhk/rdf/dataset.hpp"

namespace knhk::ontology {

/// A reason why no world can be as the statements say.
struct Contradiction {
  std::string rule;    ///< what it breaks: `functional property`
  std::string detail;  ///< a sentence that names the terms, as in N-Triples

  friend auto operator<=>(const Contradiction&, const Contradiction&) = default;
};

/// The contradictions in one graph.
struct ConsistencyReport {
  std::vector<Contradiction> first;  ///< sorted; at most `kMostReported`
  std::size_t count = 0;             ///< all of them
  std::size_t axioms = 0;            ///< disjointness, functionality and so on that were looked at

  static constexpr std::size_t kMostReported = 1000;
};

/// Looks for contradictions in the default graph, by OWL 2's meaning of it.
///
/// There is no unique name assumption: two IRIs under a functional property are one individual with
/// two names, and that is a contradiction only when they are also said to differ. Two literals are
/// different when their values are. Domains and ranges are no constraints either: they say what
/// else a node is, and that may be disjoint with what it is.
///
/// What is followed: `sameAs` (also as it follows from functional and inverse-functional
/// properties), `subClassOf`, `equivalentClass`, `subPropertyOf`, `equivalentProperty`,
/// `inverseOf`, symmetric properties, `domain`, `range`. What is a contradiction: disjoint or
/// complementary classes (`disjointWith`, `complementOf`, `AllDisjointClasses`, `disjointUnionOf`)
/// with a common member, a member of `owl:Nothing`, disjoint properties (`propertyDisjointWith`,
/// `AllDisjointProperties`) with a common pair, an asymmetric property both ways, an irreflexive
/// one from a node to itself, two values of a functional data property, `sameAs` beside
/// `differentFrom` or `AllDifferent`, a pair that a negative property assertion denies, a value
/// where a restriction's maximum cardinality (qualified or not) is zero, a literal that is not in
/// the lexical space of its datatype or whose value is not in a datatype that is its property's
/// range: all inconsistency rules of OWL 2 RL (OWL 2 Profiles section 4.3), and more. What is not
/// followed: what restrictions and class expressions imply, property chains, transitivity, keys.
/// The check is sound, not complete: what it reports is a contradiction, but there may be others.
///
/// Once `stop` is requested what comes back is worthless: ask it afterwards.
/// Threads: any. Complexity: O(n log n) for each round of equalities found.
[[nodiscard]] ConsistencyReport find_contradictions(const rdf::Dataset& dataset,
                                                    const std::stop_token& stop = {});

}  // namespace knhk::ontology
