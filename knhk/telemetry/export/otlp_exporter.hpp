#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "knhk/base/result.hpp"
#include "knhk/telemetry/bounded_queue.hpp"
#include "knhk/telemetry/export/http_post.hpp"
#include "knhk/telemetry/export/otlp_settings.hpp"
#include "knhk/telemetry/export/resource.hpp"
#include "knhk/telemetry/metric.hpp"
#include "knhk/telemetry/trace.hpp"

namespace knhk::telemetry {

/// What became of what was told, by signal; a span, an event or a metric's point is one item.
struct ExportFigures {
  std::array<std::uint64_t, kSignalCount> exported{};  ///< a receiver took them
  std::array<std::uint64_t, kSignalCount> failed{};    ///< refused by it, or given up
  std::uint64_t dropped = 0;  ///< records the queue had no room for, or no time at the end
};

/// Sends what is pushed into its queue, and what metrics say from time to time, to a receiver of
/// OTLP over HTTP, on a thread of its own.
///
/// Whoever pushes never waits for it: what a slow receiver can't take is dropped, oldest first, and
/// counted. A request is repeated where OTLP says so: after 429, 502, 503 and 504 and after a lost
/// connection, later each time, not before the receiver's `Retry-After`, until
/// `OtlpSettings::export_timeout` is over.
///
/// Threads: every function from any. Lifetime: `metrics` must outlive it; what pushes into `queue`
/// must have ended before it. Progress: `stop` and the destructor end within their patience,
/// whatever the receiver does.
class OtlpExporter {
 public:
  /// How long the destructor goes on sending.
  static constexpr std::chrono::milliseconds kPatience{2'000};

  /// Errors: out-of-memory when no thread can be made.
  [[nodiscard]] static Result<std::unique_ptr<OtlpExporter>> start(OtlpSettings settings,
                                                                   Resource resource,
                                                                   const MetricSources& metrics);
  OtlpExporter(const OtlpExporter&) = delete;
  OtlpExporter& operator=(const OtlpExporter&) = delete;
  ~OtlpExporter() { stop(kPatience); }

  [[nodiscard]] BoundedQueue<Record>& queue() noexcept { return queue_; }

  /// Sends at once what was pushed before, and the metrics. Returns: whether that was over within
  /// `patience`, be it that some of it failed.
  bool flush(std::chrono::milliseconds patience);

  /// As `flush`, and ends: what isn't sent when `patience` is over is dropped. Once it was called,
  /// nothing is exported any more; a second call does nothing.
  void stop(std::chrono::milliseconds patience);

  [[nodiscard]] ExportFigures figures() const;
  /// The last failure as a sentence; nothing while all went well.
  [[nodiscard]] std::optional<std::string> last_problem() const;

  /// Appends `knhk.telemetry.exported`, `knhk.telemetry.failed` and `knhk.telemetry.dropped`: a
  /// `MetricSource`'s work. Its own metrics are exported without being among the sources.
  void collect(std::vector<Metric>& metrics) const;

 private:
  using Clock = std::chrono::steady_clock;

  OtlpExporter(OtlpSettings settings, Resource resource, const MetricSources& metrics);

  void run();
  void send_records();
  void send_batch(std::vector<Record> records);
  void send_metrics();
  void send(Signal signal, const std::string& body, std::uint64_t items);
  [[nodiscard]] std::chrono::milliseconds backoff(unsigned repetition);
  /// Waits; false when that was cancelled.
  bool sleep_until(Clock::time_point time);
  void settle(Signal signal, std::uint64_t exported, std::uint64_t failed,
              std::optional<std::string> problem);

  const OtlpSettings settings_;
  const Resource resource_;
  const MetricSources& metrics_;
  const std::chrono::system_clock::time_point start_ = std::chrono::system_clock::now();
  BoundedQueue<Record> queue_;
  HttpPoster poster_;
  std::minstd_rand jitter_;

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::uint64_t flushes_wanted_ = 0;
  std::uint64_t flushes_done_ = 0;
  std::optional<Clock::time_point> stop_at_;  // when `stop` was called: the end of its patience
  bool is_cancelled_ = false;
  bool has_ended_ = false;
  ExportFigures figures_;
  std::optional<std::string> last_problem_;

  std::mutex join_mutex_;
  std::thread thread_;  // last: it uses all the above
};

}  // namespace knhk::telemetry
