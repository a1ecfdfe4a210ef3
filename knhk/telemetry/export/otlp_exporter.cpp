#include "knhk/telemetry/export/otlp_exporter.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <system_error>
#include <utility>

#include "knhk/telemetry/export/otlp_json.hpp"

namespace knhk::telemetry {
namespace {

using std::chrono::milliseconds;

milliseconds until(std::chrono::steady_clock::time_point time) {
  const auto left =
      std::chrono::duration_cast<milliseconds>(time - std::chrono::steady_clock::now());
  return std::max(left, milliseconds(0));
}

}  // namespace

Result<std::unique_ptr<OtlpExporter>> OtlpExporter::start(OtlpSettings settings, Resource resource,
                                                          const MetricSources& metrics) {
  std::unique_ptr<OtlpExporter> exporter(
      new OtlpExporter(std::move(settings), std::move(resource), metrics));
  try {
    exporter->thread_ = std::thread([&self = *exporter] { self.run(); });
  } catch (const std::system_error& problem) {
    return fail(Errc::out_of_memory, "telemetry", problem.what());
  }
  return exporter;
}

OtlpExporter::OtlpExporter(OtlpSettings settings, Resource resource, const MetricSources& metrics)
    : settings_(std::move(settings)),
      resource_(std::move(resource)),
      metrics_(metrics),
      queue_(settings_.max_queue_size),
      jitter_(std::random_device{}()) {}

bool OtlpExporter::flush(milliseconds patience) {
  std::unique_lock lock(mutex_);
  const std::uint64_t mine = ++flushes_wanted_;
  queue_.nudge();
  const auto is_over = [&] { return flushes_done_ >= mine || has_ended_; };
  return changed_.wait_for(lock, patience, is_over) && flushes_done_ >= mine;
}

void OtlpExporter::stop(milliseconds patience) {
  const std::scoped_lock joining(join_mutex_);
  if (!thread_.joinable()) return;
  {
    std::unique_lock lock(mutex_);
    stop_at_ = Clock::now() + patience;
    queue_.close();
    if (!changed_.wait_until(lock, *stop_at_, [&] { return has_ended_; })) {
      is_cancelled_ = true;
      changed_.notify_all();
      poster_.cancel();
    }
  }
  thread_.join();
  const std::scoped_lock lock(mutex_);
  figures_.dropped += queue_.size();
}

ExportFigures OtlpExporter::figures() const {
  const std::scoped_lock lock(mutex_);
  ExportFigures figures = figures_;
  figures.dropped += queue_.dropped();
  return figures;
}

std::optional<std::string> OtlpExporter::last_problem() const {
  const std::scoped_lock lock(mutex_);
  return last_problem_;
}

void OtlpExporter::collect(std::vector<Metric>& metrics) const {
  const ExportFigures now = figures();
  Metric exported{"knhk.telemetry.exported",
                  "Spans, events and metric points that a receiver took",
                  "{item}",
                  MetricKind::counter,
                  {}};
  Metric failed{"knhk.telemetry.failed",
                "Spans, events and metric points that were refused or given up",
                "{item}",
                MetricKind::counter,
                {}};
  for (const Signal signal : kSignals) {
    const Attributes attributes{{"knhk.signal", std::string(name(signal))}};
    exported.points.push_back({attributes, now.exported[static_cast<std::size_t>(signal)]});
    failed.points.push_back({attributes, now.failed[static_cast<std::size_t>(signal)]});
  }
  metrics.push_back(std::move(exported));
  metrics.push_back(std::move(failed));
  metrics.push_back({"knhk.telemetry.dropped",
                     "Records of attempts that the export queue had no room for",
                     "{record}",
                     MetricKind::counter,
                     {{{}, now.dropped}}});
}

void OtlpExporter::run() {
  auto next_records = Clock::now() + settings_.schedule_delay;
  auto next_metrics = Clock::now() + settings_.metric_interval;
  bool goes_on = true;
  while (goes_on) {
    queue_.wait_for(settings_.max_batch_size, std::min(next_records, next_metrics) - Clock::now());
    std::uint64_t flush = 0;
    {
      const std::scoped_lock lock(mutex_);
      flush = flushes_wanted_;
      goes_on = !stop_at_;
    }
    const bool all = !goes_on || flush != flushes_done_;
    try {
      if (all || Clock::now() >= next_records || queue_.size() >= settings_.max_batch_size) {
        send_records();
        next_records = Clock::now() + settings_.schedule_delay;
      }
      if (all || Clock::now() >= next_metrics) {
        send_metrics();
        next_metrics = Clock::now() + settings_.metric_interval;
      }
    } catch (const std::exception& problem) {  // memory ran out for what is only told
      const std::scoped_lock lock(mutex_);
      last_problem_ = problem.what();
    }
    const std::scoped_lock lock(mutex_);
    flushes_done_ = flush;
    changed_.notify_all();
  }
  const std::scoped_lock lock(mutex_);
  has_ended_ = true;
  changed_.notify_all();
}

void OtlpExporter::send_records() {
  // What is pushed meanwhile is the next round's, lest one that pushes fast holds up the metrics.
  std::size_t left = queue_.size();
  while (left > 0) {
    {
      const std::scoped_lock lock(mutex_);
      if (is_cancelled_) return;
    }
    const std::size_t most = std::min(left, settings_.max_batch_size);
    send_batch(queue_.pop(most, milliseconds(0)));
    left -= most;
  }
}

void OtlpExporter::send_batch(std::vector<Record> records) {
  std::vector<Span> spans;
  std::vector<Event> events;
  for (Record& record : records) {
    std::move(record.spans.begin(), record.spans.end(), std::back_inserter(spans));
    std::move(record.events.begin(), record.events.end(), std::back_inserter(events));
  }
  if (settings_[Signal::traces] && !spans.empty()) {
    send(Signal::traces, traces_request(resource_, spans), spans.size());
  }
  if (settings_[Signal::logs] && !events.empty()) {
    send(Signal::logs, logs_request(resource_, events), events.size());
  }
}

void OtlpExporter::send_metrics() {
  if (!settings_[Signal::metrics]) return;
  std::vector<Metric> metrics = metrics_.collect();
  collect(metrics);
  std::uint64_t points = 0;
  for (const Metric& metric : metrics) points += metric.points.size();
  send(Signal::metrics,
       metrics_request(resource_, metrics, start_, std::chrono::system_clock::now()), points);
}

void OtlpExporter::send(Signal signal, const std::string& body, std::uint64_t items) {
  const OtlpTarget& target = *settings_[signal];
  const auto give_up = Clock::now() + settings_.export_timeout;
  for (unsigned repetition = 0;; ++repetition) {
    const auto answer = poster_.post(target, body, until(give_up));
    if (!answer) return settle(signal, 0, items, to_string(answer.error()));
    if (answer->is_success()) {
      const auto partial = read_partial_success(answer->body);
      const std::uint64_t rejected = partial ? std::min(partial->rejected, items) : 0;
      return settle(signal, items - rejected, rejected,
                    partial ? std::optional(target.url + ": " + partial->message) : std::nullopt);
    }
    const std::string problem =
        answer->status == 0 ? answer->problem : "HTTP status " + std::to_string(answer->status);
    // No earlier than the receiver wants; else later with each repetition.
    const auto wake = Clock::now() +
                      std::max<milliseconds>(backoff(repetition),
                                             answer->retry_after.value_or(std::chrono::seconds(0)));
    auto last = give_up;
    {
      const std::scoped_lock lock(mutex_);
      if (stop_at_) last = std::min(last, *stop_at_);
    }
    if (!answer->is_retryable() || wake >= last || !sleep_until(wake)) {
      return settle(signal, 0, items, problem);
    }
  }
}

milliseconds OtlpExporter::backoff(unsigned repetition) {
  constexpr unsigned kMostDoublings = 5;
  const milliseconds middle = settings_.first_backoff * (1 << std::min(repetition, kMostDoublings));
  // A fifth more or less, so that many processes don't come back at one moment.
  std::uniform_real_distribution<double> factor(0.8, 1.2);
  return milliseconds(
      static_cast<std::int64_t>(static_cast<double>(middle.count()) * factor(jitter_)));
}

bool OtlpExporter::sleep_until(Clock::time_point time) {
  std::unique_lock lock(mutex_);
  // A stop that comes now may leave less time than there was; it cancels when that is over.
  return !changed_.wait_until(lock, time, [&] { return is_cancelled_; });
}

void OtlpExporter::settle(Signal signal, std::uint64_t exported, std::uint64_t failed,
                          std::optional<std::string> problem) {
  const std::scoped_lock lock(mutex_);
  figures_.exported[static_cast<std::size_t>(signal)] += exported;
  figures_.failed[static_cast<std::size_t>(signal)] += failed;
  if (problem) last_problem_ = std::move(problem);
}

}  // namespace knhk::telemetry
