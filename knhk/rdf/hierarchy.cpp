#include "knhk/rdf/hierarchy.hpp"

#include <algorithm>
#include <unordered_set>

namespace knhk::rdf {
namespace {

void sort_unique(std::vector<TermId>& terms) {
  std::sort(terms.begin(), terms.end());
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
}

template <class Next>
std::vector<TermId> closure(std::span<const TermId> start, const Next& next) {
  std::unordered_set<TermId> seen(start.begin(), start.end());
  std::vector<TermId> found(seen.begin(), seen.end());
  for (std::size_t i = 0; i < found.size(); ++i) {
    next(found[i], [&](TermId term) {
      if (seen.insert(term).second) found.push_back(term);
    });
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

std::vector<TermId> reaching(const Graph& graph, TermId predicate, std::span<const TermId> start) {
  return closure(start, [&](TermId term, const auto& visit) {
    for (const Triple& triple : graph.of_predicate_object(predicate, term)) visit(triple.subject);
  });
}

std::vector<TermId> reachable(const Graph& graph, TermId predicate, std::span<const TermId> start) {
  return closure(start, [&](TermId term, const auto& visit) {
    for (const Triple& triple : graph.of_subject_predicate(term, predicate)) visit(triple.object);
  });
}

std::vector<TermId> instances_of(const Graph& graph, TermId type, std::span<const TermId> classes) {
  std::vector<TermId> found;
  for (const TermId one : classes) {
    for (const Triple& triple : graph.of_predicate_object(type, one)) {
      found.push_back(triple.subject);
    }
  }
  sort_unique(found);
  return found;
}

}  // namespace knhk::rdf
