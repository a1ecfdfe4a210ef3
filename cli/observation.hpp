#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "knhk/base/result.hpp"
#include "knhk/promotion/promotion_report.hpp"
#include "knhk/telemetry/export/otlp_exporter.hpp"
#include "knhk/telemetry/export/prometheus_endpoint.hpp"
#include "knhk/telemetry/metric.hpp"
#include "knhk/telemetry/promotion_telemetry.hpp"

namespace knhk::cli {

/// Tells of what a verb does, when the environment asks for it (`docs/telemetry.md`), and changes
/// nothing else: neither what the verb answers, nor its exit code, nor standard output. What can't
/// be told is a warning on standard error.
///
/// Lifetime: must outlive the pipelines that it watches, and what is added to `sources` must be
/// there until `finish` is called. Its end waits for what is still to be sent, for `kPatience` at
/// most.
class Observation {
 public:
  static constexpr std::chrono::milliseconds kPatience{2'000};

  Observation();
  Observation(const Observation&) = delete;
  Observation& operator=(const Observation&) = delete;
  ~Observation() { finish(); }

  /// Sends what is still to be sent, and tells and asks nothing any more. Idempotent.
  void finish();

  /// Lets a pipeline with `options` count its attempts here, and leave their traces.
  void watch(promotion::PipelineOptions& options);

  /// Where further figures of the process can be added, while it works.
  [[nodiscard]] telemetry::MetricSources& sources() noexcept { return sources_; }

  /// Lets Prometheus scrape all figures at `address`, `host:port`, or if that is nothing where
  /// `OTEL_METRICS_EXPORTER=prometheus` says; else does nothing. For verbs that go on for a while.
  /// Returns: the port; nothing when nobody asked. Errors: those of `PrometheusEndpoint::open`.
  [[nodiscard]] Result<std::optional<std::uint16_t>> serve_metrics(
      const std::optional<std::string>& address);

 private:
  telemetry::PromotionTelemetry counts_;
  telemetry::MetricSources sources_;
  telemetry::MetricSources scraped_;  // the above, and what the exporter says of itself
  telemetry::Resource resource_;
  std::optional<std::string> scrape_address_;  // what the environment says
  std::unique_ptr<telemetry::OtlpExporter> exporter_;
  bool is_finished_ = false;
  std::optional<telemetry::PrometheusEndpoint> endpoint_;  // last: it asks all of these
};

}  // namespace knhk::cli
