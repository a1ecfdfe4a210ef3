#pragma once

#include "knhk/telemetry/histogram.hpp"
#include "knhk/telemetry/metric.hpp"

namespace knhk::telemetry {

/// A histogram of nanoseconds as exporters show it, in seconds: its buckets end just
/// below powers of 4 from 16 ns to 17 s, where the histogram's own do, so that the counts are
/// exact.
[[nodiscard]] HistogramPoint show_seconds(const Histogram& nanoseconds);

}  // namespace knhk::telemetry
