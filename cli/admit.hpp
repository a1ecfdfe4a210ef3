#pragma once

#include <span>
#include <vector>

#include "cli/verbs.hpp"
#include "knhk/base/result.hpp"
#include "knhk/ontology/current_snapshot.hpp"
#include "knhk/ontology/domain.hpp"
#include "knhk/promotion/promotion_pipeline.hpp"
#include "knhk/shacl/report.hpp"

namespace knhk::cli {

using Pipeline = promotion::PromotionPipeline<ontology::OntologyDomain>;

/// Everything in `sources` that violates their shapes; nothing to report without shapes.
[[nodiscard]] Result<shacl::ValidationReport> report_on(
    std::span<const promotion::Source> sources, const ontology::SnapshotLimits& limits = {});

/// What an admission came to, for people and for programs. A refused one comes with the report of
/// what violates the shapes.
[[nodiscard]] Answer describe(const promotion::Admission& admission,
                              std::span<const promotion::Source> sources,
                              const ontology::SnapshotLimits& limits = {});

}  // namespace knhk::cli
