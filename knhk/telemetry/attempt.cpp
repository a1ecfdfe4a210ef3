#include "knhk/telemetry/attempt.hpp"

#include <utility>

namespace knhk::telemetry {
namespace {

using TimePoint = std::chrono::system_clock::time_point;

TimePoint after(TimePoint start, std::chrono::nanoseconds by) {
  return start + std::chrono::duration_cast<TimePoint::duration>(by);
}

/// The name of the phase that began last, where a failure must have happened or just after.
std::optional<Phase> last_phase(const PhaseTimes& phases) {
  std::optional<Phase> last;
  for (const Phase phase : kPhases) {
    if (phases[phase] && (!last || phases.begin(phase) >= phases.begin(*last))) last = phase;
  }
  return last;
}

}  // namespace

Record trace_of(const Attempt& attempt) {
  const std::string prefix = "knhk." + std::string(name(attempt.action));
  Record record;
  Span root{attempt.context, std::nullopt,       prefix,       attempt.start,
            attempt.total,   attempt.attributes, std::nullopt, attempt.links};
  if (attempt.error) {
    const std::string code(name(*attempt.error));
    root.error = attempt.error_text.empty() ? code : attempt.error_text;
    root.attributes.push_back({"error.type", code});
    Event failed{after(attempt.start, attempt.total),
                 prefix + ".failed",
                 Severity::error,
                 *root.error,
                 root.attributes,
                 attempt.context};
    if (const auto phase = last_phase(attempt.phases)) {
      failed.attributes.push_back({"knhk.phase", std::string(name(*phase))});
    }
    record.events.push_back(std::move(failed));
  }
  record.spans.push_back(std::move(root));
  for (const Phase phase : kPhases) {
    const auto duration = attempt.phases[phase];
    if (!duration) continue;
    Span span;
    span.context = attempt.context.child();
    span.parent = attempt.context;
    span.name = prefix + "." + std::string(name(phase));
    span.start = after(attempt.start, attempt.phases.begin(phase));
    span.duration = *duration;
    record.spans.push_back(std::move(span));
  }
  return record;
}

}  // namespace knhk::telemetry
