#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "knhk/base/result.hpp"
#include "knhk/telemetry/export/resource.hpp"
#include "knhk/telemetry/metric.hpp"

namespace knhk::telemetry {

/// The name of a metric for Prometheus: `knhk.phase.duration` in `s` is
/// `knhk_phase_duration_seconds`, the counter `knhk.attempts` is `knhk_attempts_total`
/// (OpenTelemetry, compatibility/prometheus_and_openmetrics.md, "Metric Metadata").
[[nodiscard]] std::string prometheus_name(std::string_view name, std::string_view unit,
                                          MetricKind kind);

/// A label's name for an attribute: `knhk.phase` is `knhk_phase`.
[[nodiscard]] std::string prometheus_label(std::string_view key);

/// Answers Prometheus's scrapes of `/metrics` over HTTP with what metric sources say just then.
/// The resource is `target_info`.
/// Threads: it has its own, on which sources are asked; see `MetricSources`.
class PrometheusEndpoint {
 public:
  /// Listens on `address`, `host:port`; with port 0 on any that is free. An IPv6 host stands in
  /// brackets.
  /// Errors: usage (no `host:port`), io-error (the port is taken, or can't be had).
  [[nodiscard]] static Result<PrometheusEndpoint> open(std::string_view address,
                                                       const MetricSources& metrics,
                                                       const Resource& resource);
  PrometheusEndpoint(PrometheusEndpoint&&) noexcept;
  PrometheusEndpoint& operator=(PrometheusEndpoint&&) noexcept;
  ~PrometheusEndpoint();

  [[nodiscard]] std::uint16_t port() const noexcept;

  /// Waits until a scrape that begins after this call has its figures, `patience` at most: for the
  /// end of a process, so that what happened last is seen. Returns: false when none came; at once
  /// when nobody ever scraped.
  bool wait_for_a_scrape(std::chrono::milliseconds patience) const;

 private:
  struct State;
  explicit PrometheusEndpoint(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

}  // namespace knhk::telemetry
