#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "knhk/promotion/detail/attempts.hpp"

namespace knhk::promotion::detail {
namespace {

using telemetry::Attempt;
using telemetry::Attributes;

void add_id(Attributes& attributes, std::string_view key, const auto& id) {
  if (!id.is_zero()) attributes.push_back({std::string(key), id.to_string()});
}

void describe(Attempt& attempt, const Admission& admission) {
  add_id(attempt.attributes, "knhk.snapshot.id", admission.snapshot);
  add_id(attempt.attributes, "knhk.manifest.digest", admission.manifest);
  for (const receipts::InvariantResult& invariant : admission.invariants) {
    if (invariant.outcome != receipts::Outcome::failed) continue;
    if (!attempt.error_text.empty()) attempt.error_text += "; ";
    attempt.error_text += invariant.name + ": " + invariant.detail;
  }
}

void describe(Attempt& attempt, const PromotionReport& report) {
  add_id(attempt.attributes, "knhk.snapshot.id", report.snapshot);
  add_id(attempt.attributes, "knhk.snapshot.previous.id", report.previous);
  add_id(attempt.attributes, "knhk.manifest.digest", report.manifest);
  const auto number = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
  attempt.attributes.push_back({"knhk.epoch", number(report.epoch)});
  attempt.attributes.push_back({"knhk.generation", number(report.generation)});
  attempt.attributes.push_back({"knhk.recorded", !report.not_recorded.has_value()});
}

std::optional<Errc> error_of(const Admission& admission) {
  if (admission.outcome != AdmissionOutcome::refused) return std::nullopt;
  return Errc::invariant_failed;
}
std::optional<Errc> error_of(const PromotionReport&) { return std::nullopt; }

template <class T>
void end(Attempt attempt, const Result<T>& result, const PipelineOptions& options) noexcept try {
  attempt.error = result ? error_of(*result) : result.error().code;
  if (options.telemetry != nullptr) options.telemetry->record(attempt);
  if (options.traces == nullptr) return;
  if (result) {
    describe(attempt, *result);
  } else {
    attempt.error_text = to_string(result.error());
  }
  options.traces->push(telemetry::trace_of(attempt));
} catch (const std::exception&) {
  // Memory ran out for what is only told.
}

}  // namespace

Attempt begin_attempt(telemetry::Action action, std::string_view reason, const SnapshotId& wanted,
                      const PipelineOptions& options) noexcept {
  Attempt attempt;
  attempt.action = action;
  attempt.start = options.clock->now();
  if (options.traces == nullptr) return attempt;
  attempt.context = telemetry::SpanContext::root();
  try {
    attempt.attributes = {{"knhk.channel", options.channel}, {"knhk.actor", options.actor}};
    if (!reason.empty()) attempt.attributes.push_back({"knhk.reason", std::string(reason)});
    add_id(attempt.attributes, "knhk.snapshot.wanted.id", wanted);
  } catch (const std::exception&) {
    attempt.attributes.clear();  // memory ran out for what is only told
  }
  return attempt;
}

void end_attempt(Attempt attempt, const Result<Admission>& result,
                 const PipelineOptions& options) noexcept {
  end(std::move(attempt), result, options);
}

void end_attempt(Attempt attempt, Result<PromotionReport>& result,
                 const PipelineOptions& options) noexcept {
  if (result) result->trace = attempt.context;
  end(std::move(attempt), result, options);
}

}  // namespace knhk::promotion::detail
