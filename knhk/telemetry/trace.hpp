#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "knhk/telemetry/attribute.hpp"

namespace knhk::telemetry {

/// What names one span in the world: the trace that it belongs to, and itself in it. Never all
/// zero, as W3C Trace Context wants it; a zero trace id stands for "none".
struct SpanContext {
  std::array<std::uint8_t, 16> trace_id{};
  std::array<std::uint8_t, 8> span_id{};

  [[nodiscard]] bool is_valid() const noexcept {
    return trace_id != std::array<std::uint8_t, 16>{} && span_id != std::array<std::uint8_t, 8>{};
  }
  /// The first span of a new trace: 24 bytes of the system's randomness.
  [[nodiscard]] static SpanContext root() noexcept;
  /// Another span of the same trace.
  [[nodiscard]] SpanContext child() const noexcept;

  friend bool operator==(const SpanContext&, const SpanContext&) = default;
};

/// Something that took time.
struct Span {
  SpanContext context;
  std::optional<SpanContext> parent;
  std::string name;
  std::chrono::system_clock::time_point start;
  std::chrono::nanoseconds duration{0};
  Attributes attributes;
  std::optional<std::string> error;  ///< what went wrong; nothing: it went well
  std::vector<SpanContext> links;    ///< spans that led to this one without being its parents
};

/// The severities of OpenTelemetry's log data model that we use, with their numbers.
enum class Severity : std::uint8_t { info = 9, warning = 13, error = 17 };

/// Something that happened.
struct Event {
  std::chrono::system_clock::time_point time;
  std::string name;  ///< `knhk.promotion.failed`
  Severity severity = Severity::info;
  std::string body;  ///< a sentence for people
  Attributes attributes;
  std::optional<SpanContext> span;  ///< in which it happened
};

/// What one attempt, or one thing that happened beside attempts, has to tell.
struct Record {
  std::vector<Span> spans;
  std::vector<Event> events;
};

}  // namespace knhk::telemetry
