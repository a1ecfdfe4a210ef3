#pragma once

#include <stop_token>

#include "knhk/rdf/dataset.hpp"
#include "knhk/shacl/report.hpp"
#include "knhk/shacl/shapes.hpp"

namespace knhk::shacl {

struct ValidateOptions {
  unsigned threads = 0;  // 0: as many as the machine has
  std::stop_token stop = {};
};

/// Validates the default graph of `data`, from which `rdfs:subClassOf` is read too.
///
/// Focus nodes are validated in parallel; the report is the same for every number of threads.
/// A value that a pattern can't be decided on within its work limit counts as not matching.
/// Once `options.stop` is requested what comes back is worthless: ask it afterwards.
/// Threads: safe to call from any thread; blocks until the report is whole.
[[nodiscard]] ValidationReport validate(const Shapes& shapes, const rdf::Dataset& data,
                                        const ValidateOptions& options = {});

}  // namespace knhk::shacl
