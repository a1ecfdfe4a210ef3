#pragma once

#include <string_view>

#include "knhk/base/result.hpp"
#include "knhk/promotion/admission.hpp"
#include "knhk/promotion/promotion_report.hpp"
#include "knhk/telemetry/attempt.hpp"

namespace knhk::promotion::detail {

/// What is known of an attempt before it is made. `wanted`: what shall be promoted; zero: unknown.
[[nodiscard]] telemetry::Attempt begin_attempt(telemetry::Action action, std::string_view reason,
                                               const SnapshotId& wanted,
                                               const PipelineOptions& options) noexcept;

/// Counts an attempt and tells its trace, where `options` say that somebody wants to know; a report
/// gets the span's name. Memory that runs out here costs the trace, never the result.
void end_attempt(telemetry::Attempt attempt, const Result<Admission>& result,
                 const PipelineOptions& options) noexcept;
void end_attempt(telemetry::Attempt attempt, Result<PromotionReport>& result,
                 const PipelineOptions& options) noexcept;

}  // namespace knhk::promotion::detail
