#include "knhk/promotion/bake_report.hpp"

#include <cstdint>
#include <string>
#include <utility>

namespace knhk::promotion::detail {
namespace {

using telemetry::Severity;

telemetry::Event event_of(const Baking::Look& look, const PipelineOptions& options,
                          std::string name, Severity severity, std::string body) {
  telemetry::Event event;
  event.time = options.clock->now();
  event.name = std::move(name);
  event.severity = severity;
  event.body = std::move(body);
  event.attributes = {{"knhk.channel", options.channel},
                      {"knhk.snapshot.id", look.snapshot.to_string()},
                      {"knhk.epoch", static_cast<std::int64_t>(look.epoch)},
                      {"knhk.health.outcomes", static_cast<std::int64_t>(look.outcomes)},
                      {"knhk.health.failed", static_cast<std::int64_t>(look.failed)}};
  if (look.promotion.is_valid()) event.span = look.promotion;
  return event;
}

Severity severity_of(SloVerdict::Kind kind) {
  return kind == SloVerdict::Kind::breached ? Severity::warning : Severity::info;
}

}  // namespace

std::string reason_to_reject(const Baking::Look& look) {
  std::string reason = "SLO violated in epoch " + std::to_string(look.epoch);
  if (look.last_verdict) reason += ": " + look.last_verdict->detail;
  return reason + "; " + std::to_string(look.outcomes) + " outcomes served, " +
         std::to_string(look.failed) + " failed";
}

telemetry::Record events_of(const Baking::Look& look, const PipelineOptions& options) {
  telemetry::Record record;
  if (!look.verdict) return record;
  const std::string kind(name(look.verdict->kind));
  record.events.push_back(event_of(look, options, "knhk.slo." + kind,
                                   severity_of(look.verdict->kind), look.verdict->detail));
  if (look.state != Bake::State::baking) {
    const bool is_rejected = look.state == Bake::State::rejected;
    record.events.push_back(event_of(look, options, "knhk.bake." + std::string(name(look.state)),
                                     is_rejected ? Severity::error : Severity::info,
                                     is_rejected ? reason_to_reject(look) : look.verdict->detail));
  }
  return record;
}

}  // namespace knhk::promotion::detail
