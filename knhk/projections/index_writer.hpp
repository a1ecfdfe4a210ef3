#pragma once

#include <stop_token>
#include <string>

#include "knhk/base/digest.hpp"
#include "knhk/base/result.hpp"
#include "knhk/rdf/dataset.hpp"

namespace knhk::projections {

/// The index image (see `index_format.hpp`) of all graphs of `dataset`, carrying `id`.
///
/// The bytes depend on the terms and quads and on `id` alone: not on how terms are numbered in the
/// dataset, nor on `thread_count` (0: as many threads as the machine has).
/// Errors: limit-exceeded (more terms than 32 bits can number); cancelled soon after `stop` is
/// requested.
[[nodiscard]] Result<std::string> build_index(const rdf::Dataset& dataset, const SnapshotId& id,
                                              unsigned thread_count = 0,
                                              const std::stop_token& stop = {});

}  // namespace knhk::projections
