#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "knhk/telemetry/attribute.hpp"

namespace knhk::telemetry {

enum class MetricKind : std::uint8_t {
  counter,    ///< only grows, from the start of the process
  gauge,      ///< as it is now
  histogram,  ///< only grows, like a counter
};

/// How many values fell between given bounds.
struct HistogramPoint {
  std::vector<double> bounds;         ///< ascending; each is the largest value of its bucket
  std::vector<std::uint64_t> counts;  ///< one more than bounds: the last is of what is above all
  double sum = 0;
};

/// One value of a metric. Counters have `std::uint64_t`.
struct MetricPoint {
  Attributes attributes;
  std::variant<std::uint64_t, double, HistogramPoint> value;
};

/// A figure that is watched over time. Named and measured as OpenTelemetry's conventions say:
/// lowercase with dots, no unit in the name; the unit in UCUM (`s`, `By`, `{snapshot}`).
struct Metric {
  std::string name;
  std::string description;
  std::string unit;
  MetricKind kind = MetricKind::counter;
  std::vector<MetricPoint> points;
};

/// Appends what it has to say now. Called by exporters on their own threads, beside everything.
using MetricSource = std::function<void(std::vector<Metric>&)>;

/// Everything in a process that has figures to show, asked whenever an exporter wants them.
/// Threads: any. Lifetime: what a source refers to must outlive this object.
class MetricSources {
 public:
  void add(MetricSource source) {
    const std::scoped_lock lock(mutex_);
    sources_.push_back(std::move(source));
  }

  /// What all sources say now; metrics of one name are one metric with all their points.
  [[nodiscard]] std::vector<Metric> collect() const;

 private:
  mutable std::mutex mutex_;
  std::vector<MetricSource> sources_;
};

}  // namespace knhk::telemetry
