#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "knhk/projections/index.hpp"
#include "knhk/rdf/dataset.hpp"

namespace knhk::ontology {

/// What comparing an index with the dataset it was compiled of showed.
struct IndexAgreement {
  std::optional<std::string> difference;  ///< the first question that the two answer differently
  std::uint64_t questions = 0;
  bool complete = true;           ///< every triple was asked about, not just a sample
  std::uint64_t most_probes = 0;  ///< of any one operation
  std::uint64_t total_probes = 0;
};

/// Asks `index` and `dataset` the same questions in every graph: for each triple every pattern that
/// it matches and one that none does; the totals. Beyond `max_triples` every n-th triple stands for
/// the rest, so that the same dataset is always asked the same.
/// Once `stop` is requested what comes back is worthless: ask it afterwards.
/// Threads: any.
[[nodiscard]] IndexAgreement compare_index(const projections::Index& index,
                                           const rdf::Dataset& dataset, std::size_t max_triples,
                                           const std::stop_token& stop = {});

}  // namespace knhk::ontology
