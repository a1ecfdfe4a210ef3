#include "knhk/telemetry/shown_histogram.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace knhk::telemetry {
namespace {

constexpr auto kBoundsNs = [] {
  std::array<std::uint64_t, 16> bounds{};
  for (std::size_t i = 0; i < bounds.size(); ++i) bounds[i] = std::uint64_t{1} << (4 + 2 * i);
  return bounds;
}();

}  // namespace

HistogramPoint show_seconds(const Histogram& nanoseconds) {
  HistogramPoint point;
  point.counts = nanoseconds.counts_below(kBoundsNs);
  for (const std::uint64_t bound : kBoundsNs) {
    // A bucket's bound belongs to it: the last whole nanosecond below ours.
    point.bounds.push_back(static_cast<double>(bound - 1) / 1e9);
  }
  point.sum = static_cast<double>(nanoseconds.sum()) / 1e9;
  return point;
}

}  // namespace knhk::telemetry
