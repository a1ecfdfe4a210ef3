#include "knhk/telemetry/metric.hpp"

#include <algorithm>
#include <iterator>

namespace knhk::telemetry {

std::vector<Metric> MetricSources::collect() const {
  std::vector<Metric> found;
  {
    const std::scoped_lock lock(mutex_);
    for (const MetricSource& source : sources_) source(found);
  }
  std::vector<Metric> metrics;
  for (Metric& metric : found) {
    const auto same = std::find_if(metrics.begin(), metrics.end(), [&](const Metric& before) {
      return before.name == metric.name;
    });
    if (same == metrics.end()) {
      metrics.push_back(std::move(metric));
    } else {
      std::move(metric.points.begin(), metric.points.end(), std::back_inserter(same->points));
    }
  }
  return metrics;
}

}  // namespace knhk::telemetry
