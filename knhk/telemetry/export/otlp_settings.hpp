#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "knhk/telemetry/export/environment.hpp"

namespace knhk::telemetry {

/// OpenTelemetry's three kinds of what is told: spans, metrics, events.
enum class Signal : std::uint8_t { traces, metrics, logs };

inline constexpr std::size_t kSignalCount = 3;

/// Every signal, for loops.
inline constexpr std::array<Signal, kSignalCount> kSignals{Signal::traces, Signal::metrics,
                                                           Signal::logs};

/// The name of `signal` as in paths and metrics: `traces`.
[[nodiscard]] constexpr std::string_view name(Signal signal) noexcept {
  constexpr std::array<std::string_view, kSignalCount> kNames{"traces", "metrics", "logs"};
  return kNames[static_cast<std::size_t>(signal)];
}

/// Where one signal goes over HTTP, and how.
struct OtlpTarget {
  std::string url;  ///< the whole of it, `http://localhost:4318/v1/traces`
  KeyValues headers;
  std::chrono::milliseconds timeout{10'000};  ///< of one request
  bool gzip = false;
  std::string certificate;         ///< file of the authorities to trust; empty: the system's
  std::string client_certificate;  ///< file
  std::string client_key;          ///< file
};

/// What OpenTelemetry's environment variables say about exporting. `docs/telemetry.md` lists them.
struct OtlpSettings {
  /// Nothing: that signal isn't exported over OTLP.
  std::array<std::optional<OtlpTarget>, kSignalCount> targets;
  /// `host:port` to be scraped at, when `OTEL_METRICS_EXPORTER` names prometheus.
  std::optional<std::string> prometheus;

  std::chrono::milliseconds metric_interval{60'000};
  std::chrono::milliseconds schedule_delay{5'000};   ///< longest that a record waits for others
  std::chrono::milliseconds export_timeout{30'000};  ///< of a batch with all its repetitions
  std::size_t max_queue_size = 2048;
  std::size_t max_batch_size = 512;
  std::chrono::milliseconds first_backoff{1'000};  ///< doubled with each repetition

  /// What was set to something that can't be used, and what holds instead. Never repeats the value
  /// of a header: those hold secrets.
  std::vector<std::string> warnings;

  /// A signal is exported when its `OTEL_*_EXPORTER` names otlp; or, where that is unset, when an
  /// endpoint is set for it or for all. Unlike OpenTelemetry's own SDKs nothing is sent to
  /// localhost unasked.
  [[nodiscard]] static OtlpSettings from_environment(const Lookup& lookup);

  [[nodiscard]] const std::optional<OtlpTarget>& operator[](Signal signal) const noexcept {
    return targets[static_cast<std::size_t>(signal)];
  }
  /// Whether anything is exported over OTLP.
  [[nodiscard]] bool exports() const noexcept {
    return targets[0].has_value() || targets[1].has_value() || targets[2].has_value();
  }
};

}  // namespace knhk::telemetry
