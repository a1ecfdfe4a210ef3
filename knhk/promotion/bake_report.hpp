#pragma once

#include <optional>
#include <string>

#include "knhk/promotion/baking.hpp"
#include "knhk/promotion/promotion_report.hpp"
#include "knhk/telemetry/trace.hpp"

namespace knhk::promotion {

/// What tending a bake saw and did.
struct BakeReport {
  Baking::Look look;
  std::optional<PromotionReport> rollback;  ///< when it was rejected and still current
  std::optional<Error> not_quarantined;     ///< when it was rejected and that couldn't be kept
};

namespace detail {

/// Why `look` ended with a rollback, as the log, the quarantine and people shall read it.
[[nodiscard]] std::string reason_to_reject(const Baking::Look& look);

/// The verdict of `look` as an event, and the decision, if it is one, as another.
[[nodiscard]] telemetry::Record events_of(const Baking::Look& look, const PipelineOptions& options);

}  // namespace detail

}  // namespace knhk::promotion
