#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "knhk/telemetry/export/resource.hpp"
#include "knhk/telemetry/metric.hpp"
#include "knhk/telemetry/trace.hpp"

namespace knhk::telemetry {

/// Bodies of OTLP's export requests in its JSON encoding (opentelemetry-proto,
/// docs/specification.md, "JSON Protobuf Encoding"): ids in hexadecimal, 64-bit integers as decimal
/// strings, enumerations as numbers, names in lowerCamelCase. Bytes that are not UTF-8 are
/// replaced.

/// For `/v1/traces`.
[[nodiscard]] std::string traces_request(const Resource& resource, std::span<const Span> spans);

/// For `/v1/logs`.
[[nodiscard]] std::string logs_request(const Resource& resource, std::span<const Event> events);

/// For `/v1/metrics`. Counters and histograms are cumulative since `start`.
[[nodiscard]] std::string metrics_request(const Resource& resource, std::span<const Metric> metrics,
                                          std::chrono::system_clock::time_point start,
                                          std::chrono::system_clock::time_point now);

/// What a receiver didn't take of a request that it answered with 200.
struct PartialSuccess {
  std::uint64_t rejected = 0;
  std::string message;
};

/// Reads the answer to a request. Returns: nothing when all was taken, or when the answer isn't
/// OTLP's; that is no reason to send a request again.
[[nodiscard]] std::optional<PartialSuccess> read_partial_success(std::string_view answer);

}  // namespace knhk::telemetry
