#include "knhk/telemetry/export/prometheus_endpoint.hpp"

#include <prometheus/collectable.h>
#include <prometheus/exposer.h>
#include <prometheus/metric_family.h>

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <exception>
#include <limits>
#include <mutex>
#include <utility>
#include <variant>
#include <vector>

namespace knhk::telemetry {
namespace {

using Labels = std::vector<prometheus::ClientMetric::Label>;

constexpr std::size_t kThreads = 2;

/// `text` with `_` for whatever Prometheus doesn't take in a name, and no two of them in a row.
std::string with_legal_characters(std::string_view text) {
  std::string legal;
  for (const char c : text) {
    const bool is_digit = c >= '0' && c <= '9';
    const bool is_legal = is_digit || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (is_digit && legal.empty()) legal += '_';
    if (is_legal) {
      legal += c;
    } else if (legal.empty() || legal.back() != '_') {
      legal += '_';
    }
  }
  return legal;
}

/// A unit of UCUM in Prometheus's words; annotations (`{snapshot}`) and what has no unit have none.
std::string_view unit_suffix(std::string_view unit) {
  if (unit == "s") return "_seconds";
  if (unit == "By") return "_bytes";
  return "";
}

std::string text_of(const Attribute::Value& value) {
  struct ToText {
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(double number) const { return std::to_string(number); }
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
  };
  return std::visit(ToText{}, value);
}

/// Attributes whose names become one label are one, with their values one after the other.
Labels labels_of(const Attributes& attributes) {
  Labels labels;
  for (const Attribute& attribute : attributes) {
    const std::string label = prometheus_label(attribute.key);
    Labels::iterator same = labels.begin();
    while (same != labels.end() && same->name != label) ++same;
    if (same != labels.end()) {
      same->value.append(";").append(text_of(attribute.value));
    } else {
      labels.push_back({label, text_of(attribute.value)});
    }
  }
  return labels;
}

prometheus::ClientMetric::Histogram histogram_of(const HistogramPoint& point) {
  prometheus::ClientMetric::Histogram histogram;
  for (std::size_t i = 0; i < point.counts.size(); ++i) {
    histogram.sample_count += point.counts[i];
    histogram.bucket.push_back(
        {histogram.sample_count,
         i < point.bounds.size() ? point.bounds[i] : std::numeric_limits<double>::infinity()});
  }
  histogram.sample_sum = point.sum;
  return histogram;
}

prometheus::ClientMetric sample_of(const MetricPoint& point, MetricKind kind) {
  prometheus::ClientMetric sample;
  sample.label = labels_of(point.attributes);
  sample.label.push_back({"otel_scope_name", std::string(kScopeName)});
  sample.label.push_back({"otel_scope_version", std::string(scope_version())});
  double value = 0;
  if (const auto* const whole = std::get_if<std::uint64_t>(&point.value)) {
    value = static_cast<double>(*whole);
  } else if (const auto* const real = std::get_if<double>(&point.value)) {
    value = *real;
  } else {
    sample.histogram = histogram_of(std::get<HistogramPoint>(point.value));
  }
  sample.counter.value = kind == MetricKind::counter ? value : 0;
  sample.gauge.value = kind == MetricKind::gauge ? value : 0;
  return sample;
}

prometheus::MetricType type_of(MetricKind kind) {
  switch (kind) {
    case MetricKind::counter:
      return prometheus::MetricType::Counter;
    case MetricKind::gauge:
      return prometheus::MetricType::Gauge;
    case MetricKind::histogram:
      return prometheus::MetricType::Histogram;
  }
  return prometheus::MetricType::Untyped;
}

/// What sources say, in the form that the exposer writes out.
class Families final : public prometheus::Collectable {
 public:
  Families(const MetricSources& metrics, const Resource& resource) : metrics_(metrics) {
    target_.name = "target_info";
    target_.help = "Who is scraped";
    target_.type = prometheus::MetricType::Gauge;
    prometheus::ClientMetric info;
    info.label = labels_of(resource.attributes);
    info.gauge.value = 1;
    target_.metric.push_back(std::move(info));
  }

  [[nodiscard]] std::vector<prometheus::MetricFamily> Collect() const override {
    const std::uint64_t begun = begin_scrape();
    std::vector<prometheus::MetricFamily> families;
    try {
      families.push_back(target_);
      for (const Metric& metric : metrics_.collect()) {
        prometheus::MetricFamily family;
        family.name = prometheus_name(metric.name, metric.unit, metric.kind);
        family.help = metric.description;
        family.type = type_of(metric.kind);
        for (const MetricPoint& point : metric.points) {
          const bool is_histogram = std::holds_alternative<HistogramPoint>(point.value);
          if (is_histogram != (metric.kind == MetricKind::histogram)) continue;
          family.metric.push_back(sample_of(point, metric.kind));
        }
        families.push_back(std::move(family));
      }
    } catch (const std::exception&) {
      families.clear();  // memory ran out: a scrape without figures, not the end of the process
    }
    count_scrape(begun);
    return families;
  }

  /// Waits for a scrape that begins from now on; not if there was none before.
  bool wait_for_a_scrape(std::chrono::milliseconds patience) const {
    std::unique_lock lock(mutex_);
    if (begun_ == 0) return false;
    const std::uint64_t before = begun_;
    return scraped_.wait_for(lock, patience, [&] { return newest_done_ > before; });
  }

 private:
  std::uint64_t begin_scrape() const {
    const std::scoped_lock lock(mutex_);
    return ++begun_;
  }
  void count_scrape(std::uint64_t begun) const {
    {
      const std::scoped_lock lock(mutex_);
      newest_done_ = std::max(newest_done_, begun);
    }
    scraped_.notify_all();
  }

  mutable std::mutex mutex_;
  mutable std::condition_variable scraped_;
  mutable std::uint64_t begun_ = 0;
  mutable std::uint64_t newest_done_ = 0;  // when the scrape that was begun as this one was over
  const MetricSources& metrics_;
  prometheus::MetricFamily target_;
};

/// Whether `address` is `host:port` and nothing that the web server's own options could mean more
/// by: it takes lists, and letters after the port.
bool is_host_and_port(std::string_view address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view host = address.substr(0, colon);
  const std::string_view digits = address.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (problem != std::errc() || end != digits.data() + digits.size()) return false;
  const bool in_brackets = host.front() == '[' && host.back() == ']';
  return host.find_first_of(", \t\r\n") == std::string_view::npos &&
         (in_brackets || host.find_first_of(":[]") == std::string_view::npos);
}

}  // namespace

std::string prometheus_name(std::string_view name, std::string_view unit, MetricKind kind) {
  std::string mapped = with_legal_characters(name);
  const std::string_view suffix = unit_suffix(unit);
  if (!mapped.ends_with(suffix)) mapped += suffix;
  if (kind == MetricKind::counter && !mapped.ends_with("_total")) mapped += "_total";
  return mapped;
}

std::string prometheus_label(std::string_view key) { return with_legal_characters(key); }

struct PrometheusEndpoint::State {
  State(const std::string& address, const MetricSources& metrics, const Resource& resource)
      : families(std::make_shared<Families>(metrics, resource)), exposer(address, kThreads) {
    exposer.RegisterCollectable(families);
  }

  std::shared_ptr<Families> families;
  prometheus::Exposer exposer;  // last: it asks the families until it ends
};

PrometheusEndpoint::PrometheusEndpoint(std::unique_ptr<State> state) noexcept
    : state_(std::move(state)) {}
PrometheusEndpoint::PrometheusEndpoint(PrometheusEndpoint&&) noexcept = default;
PrometheusEndpoint& PrometheusEndpoint::operator=(PrometheusEndpoint&&) noexcept = default;
PrometheusEndpoint::~PrometheusEndpoint() = default;

Result<PrometheusEndpoint> PrometheusEndpoint::open(std::string_view address,
                                                    const MetricSources& metrics,
                                                    const Resource& resource) {
  const std::string where(address);
  if (!is_host_and_port(address)) {
    return fail(Errc::usage, where, "is no address to be scraped at, such as 127.0.0.1:9464");
  }
  try {
    return PrometheusEndpoint(std::make_unique<State>(where, metrics, resource));
  } catch (const std::exception&) {  // the library says no more than that it couldn't
    return fail(Errc::io_error, where, "cannot listen there; is the port taken?");
  }
}

bool PrometheusEndpoint::wait_for_a_scrape(std::chrono::milliseconds patience) const {
  return state_->families->wait_for_a_scrape(patience);
}

std::uint16_t PrometheusEndpoint::port() const noexcept {
  const std::vector<int> ports = state_->exposer.GetListeningPorts();
  return ports.empty() ? std::uint16_t{0} : static_cast<std::uint16_t>(ports.front());
}

}  // namespace knhk::telemetry
