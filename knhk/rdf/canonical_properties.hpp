#pragma once

#include <string>

#include "knhk/rdf/canonical.hpp"
#include "knhk/rdf/chosen_quads.hpp"
#include "knhk/rdf/reader.hpp"

namespace knhk::rdf {

/// The first property that canonicalizing breaks, in words; empty when all hold.
///
/// Other labels and another order change nothing, in what is refused neither. The canonical form is
/// its own canonical form.
inline std::string broken_canonical_property(const Statements& statements, std::uint64_t seed,
                                             const CanonicalizeOptions& options) {
  const auto one = canonicalize(dataset_of(statements), options);
  const auto other = canonicalize(dataset_of(disguised(statements, seed)), options);
  if (one.has_value() != other.has_value()) return "one copy is refused, the other is not";
  if (!one) {
    const Errc code = one.error().code;
    if (code != other.error().code) return "the copies are refused for different reasons";
    return code == Errc::work_limit || code == Errc::limit_exceeded
               ? ""
               : "an error that canonicalizing has not: " + to_string(one.error());
  }
  if (one->nquads != other->nquads) return "two copies differ:\n" + one->nquads + other->nquads;
  const auto read = read_dataset(one->nquads, "canonical.nq");
  if (!read) return "the canonical form can't be read: " + to_string(read.error());
  const auto again = canonicalize(*read, options);
  if (!again || again->nquads != one->nquads) return "a canonical form has another one";
  return "";
}

}  // namespace knhk::rdf
