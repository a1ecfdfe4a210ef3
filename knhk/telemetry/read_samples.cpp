#include "knhk/telemetry/read_samples.hpp"

#include <utility>

#include "knhk/telemetry/shown_histogram.hpp"

namespace knhk::telemetry {

void ReadSamples::collect(std::vector<Metric>& metrics) const {
  const Attributes channel{{"knhk.channel", channel_}};
  metrics.push_back({"knhk.reads",
                     "Reads of snapshots, told from samples",
                     "{read}",
                     MetricKind::counter,
                     {{channel, reads()}}});
  metrics.push_back({"knhk.read.duration",
                     "Time that sampled reads took",
                     "s",
                     MetricKind::histogram,
                     {{channel, show_seconds(duration_ns_)}}});
}

}  // namespace knhk::telemetry
