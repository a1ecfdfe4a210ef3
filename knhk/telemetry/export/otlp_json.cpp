#include "knhk/telemetry/export/otlp_json.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <type_traits>
#include <utility>
#include <variant>

#include "knhk/base/hex.hpp"

namespace knhk::telemetry {
namespace {

using Json = nlohmann::ordered_json;
using TimePoint = std::chrono::system_clock::time_point;

constexpr int kInternalSpan = 1;
constexpr int kStatusError = 2;
constexpr int kCumulative = 2;
/// Sampled (W3C Trace Context), and known not to have a remote parent (SpanFlags of trace.proto).
constexpr int kSpanFlags = 0x101;

std::string to_nanoseconds(TimePoint time) {
  return std::to_string(
      std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count());
}

/// JSON has no number for these; proto3's mapping has words.
Json number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  return value;
}

Json value_of(const Attribute::Value& value) {
  return std::visit(
      [](const auto& held) -> Json {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::string>) {
          return {{"stringValue", held}};
        } else if constexpr (std::is_same_v<Held, std::int64_t>) {
          return {{"intValue", std::to_string(held)}};
        } else if constexpr (std::is_same_v<Held, double>) {
          return {{"doubleValue", number(held)}};
        } else {
          return {{"boolValue", held}};
        }
      },
      value);
}

Json to_json(const Attributes& attributes) {
  Json list = Json::array();
  for (const Attribute& attribute : attributes) {
    list.push_back({{"key", attribute.key}, {"value", value_of(attribute.value)}});
  }
  return list;
}

Json to_json(const Span& span) {
  Json json = {{"traceId", to_hex(span.context.trace_id)},
               {"spanId", to_hex(span.context.span_id)}};
  if (span.parent) json["parentSpanId"] = to_hex(span.parent->span_id);
  json["flags"] = kSpanFlags;
  json["name"] = span.name;
  json["kind"] = kInternalSpan;
  json["startTimeUnixNano"] = to_nanoseconds(span.start);
  json["endTimeUnixNano"] =
      to_nanoseconds(span.start + std::chrono::duration_cast<TimePoint::duration>(span.duration));
  json["attributes"] = to_json(span.attributes);
  for (const SpanContext& link : span.links) {
    json["links"].push_back({{"traceId", to_hex(link.trace_id)}, {"spanId", to_hex(link.span_id)}});
  }
  if (span.error) json["status"] = {{"message", *span.error}, {"code", kStatusError}};
  return json;
}

std::string_view severity_text(Severity severity) {
  switch (severity) {
    case Severity::info:
      return "INFO";
    case Severity::warning:
      return "WARN";
    case Severity::error:
      return "ERROR";
  }
  return "";
}

Json to_json(const Event& event) {
  Json json = {{"timeUnixNano", to_nanoseconds(event.time)},
               {"observedTimeUnixNano", to_nanoseconds(event.time)},
               {"severityNumber", static_cast<int>(event.severity)},
               {"severityText", severity_text(event.severity)},
               {"eventName", event.name},
               {"body", {{"stringValue", event.body}}},
               {"attributes", to_json(event.attributes)}};
  if (event.span) {
    json["traceId"] = to_hex(event.span->trace_id);
    json["spanId"] = to_hex(event.span->span_id);
  }
  return json;
}

/// Adds what is measured; false when the value isn't of the metric's kind.
bool add_value(Json& point, MetricKind kind, const MetricPoint& measured) {
  if (kind == MetricKind::histogram) {
    const auto* const histogram = std::get_if<HistogramPoint>(&measured.value);
    if (histogram == nullptr) return false;
    std::uint64_t count = 0;
    Json counts = Json::array();
    for (const std::uint64_t one : histogram->counts) {
      count += one;
      counts.push_back(std::to_string(one));
    }
    point["count"] = std::to_string(count);
    point["sum"] = histogram->sum;
    point["bucketCounts"] = std::move(counts);
    point["explicitBounds"] = histogram->bounds;
    return true;
  }
  if (const auto* const whole = std::get_if<std::uint64_t>(&measured.value)) {
    constexpr auto kMost = std::uint64_t{std::numeric_limits<std::int64_t>::max()};
    point["asInt"] = std::to_string(std::min(*whole, kMost));
    return true;
  }
  if (const auto* const real = std::get_if<double>(&measured.value)) {
    point["asDouble"] = number(*real);
    return true;
  }
  return false;
}

Json to_json(const Metric& metric, const std::string& start, const std::string& now) {
  Json points = Json::array();
  for (const MetricPoint& measured : metric.points) {
    Json point = {{"attributes", to_json(measured.attributes)}};
    if (metric.kind != MetricKind::gauge) point["startTimeUnixNano"] = start;
    point["timeUnixNano"] = now;
    if (add_value(point, metric.kind, measured)) points.push_back(std::move(point));
  }
  Json json = {{"name", metric.name}, {"description", metric.description}, {"unit", metric.unit}};
  switch (metric.kind) {
    case MetricKind::counter:
      json["sum"] = {{"dataPoints", std::move(points)},
                     {"aggregationTemporality", kCumulative},
                     {"isMonotonic", true}};
      break;
    case MetricKind::gauge:
      json["gauge"] = {{"dataPoints", std::move(points)}};
      break;
    case MetricKind::histogram:
      json["histogram"] = {{"dataPoints", std::move(points)},
                           {"aggregationTemporality", kCumulative}};
      break;
  }
  return json;
}

/// The frame around `items`: `resourceSpans`, in that `scopeSpans`, in that `spans`.
std::string request(const Resource& resource, const char* per_resource, const char* per_scope,
                    const char* named, Json items) {
  Json scoped = {{"scope", {{"name", kScopeName}, {"version", scope_version()}}}};
  scoped[named] = std::move(items);
  Json of_resource = {{"resource", {{"attributes", to_json(resource.attributes)}}}};
  of_resource[per_scope] = Json::array({std::move(scoped)});
  Json body;
  body[per_resource] = Json::array({std::move(of_resource)});
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// A count that proto3's JSON mapping writes as a string, and accepts as a number too.
std::uint64_t count_of(const Json& json) {
  if (json.is_number_unsigned()) return json.get<std::uint64_t>();
  std::uint64_t count = 0;
  if (const auto* const text = json.get_ptr<const std::string*>()) {
    std::from_chars(text->data(), text->data() + text->size(), count);
  }
  return count;
}

}  // namespace

std::string traces_request(const Resource& resource, std::span<const Span> spans) {
  Json items = Json::array();
  for (const Span& span : spans) items.push_back(to_json(span));
  return request(resource, "resourceSpans", "scopeSpans", "spans", std::move(items));
}

std::string logs_request(const Resource& resource, std::span<const Event> events) {
  Json items = Json::array();
  for (const Event& event : events) items.push_back(to_json(event));
  return request(resource, "resourceLogs", "scopeLogs", "logRecords", std::move(items));
}

std::string metrics_request(const Resource& resource, std::span<const Metric> metrics,
                            TimePoint start, TimePoint now) {
  const std::string start_text = to_nanoseconds(start);
  const std::string now_text = to_nanoseconds(now);
  Json items = Json::array();
  for (const Metric& metric : metrics) items.push_back(to_json(metric, start_text, now_text));
  return request(resource, "resourceMetrics", "scopeMetrics", "metrics", std::move(items));
}

std::optional<PartialSuccess> read_partial_success(std::string_view answer) {
  const Json json = Json::parse(answer, nullptr, false);
  if (!json.is_object() || !json.contains("partialSuccess")) return std::nullopt;
  const Json& told = json["partialSuccess"];
  if (!told.is_object()) return std::nullopt;
  PartialSuccess partial;
  for (const char* const key : {"rejectedSpans", "rejectedDataPoints", "rejectedLogRecords"}) {
    if (told.contains(key)) partial.rejected += count_of(told[key]);
  }
  if (told.contains("errorMessage") && told["errorMessage"].is_string()) {
    partial.message = told["errorMessage"].get<std::string>();
  }
  if (partial.rejected == 0 && partial.message.empty()) return std::nullopt;
  return partial;
}

}  // namespace knhk::telemetry
