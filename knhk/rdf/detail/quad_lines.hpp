#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "knhk/rdf/dataset.hpp"

namespace knhk::rdf::detail {

/// Calls `visit` for each quad of `dataset`: the default graph first, then each named one.
template <class Visit>
void for_each_quad(const Dataset& dataset, const Visit& visit) {
  for (const Triple& t : dataset.default_graph().triples()) {
    visit(Quad{t.subject, t.predicate, t.object, kNoTerm});
  }
  for (const TermId name : dataset.graph_names()) {
    for (const Triple& t : dataset.graph(name).triples()) {
      visit(Quad{t.subject, t.predicate, t.object, name});
    }
  }
}

/// The N-Quads lines of all quads, sorted by code point, with terms written by `write(id, out)`,
/// which is called on up to `threads` threads at once (0: as many as the machine has).
/// Errors: throws `std::bad_alloc`, `std::length_error`.
[[nodiscard]] std::string sorted_lines(const Dataset& dataset,
                                       const std::function<void(TermId, std::string&)>& write,
                                       unsigned threads = 0);

/// The same lines in pieces: calls `consume` for one after the other, from any of the threads but
/// one at a time. A piece has the lines of some subjects and no more than 32768, or all those of
/// one subject that has more. Each thread holds one piece at most.
void for_sorted_lines(const Dataset& dataset,
                      const std::function<void(TermId, std::string&)>& write, unsigned threads,
                      const std::function<void(std::string_view)>& consume);

}  // namespace knhk::rdf::detail
