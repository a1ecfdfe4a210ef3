#pragma once

#include <string>
#include <utility>
#include <vector>

#include "knhk/hot_path/hot_path.hpp"
#include "knhk/store/store.hpp"
#include "knhk/telemetry/metric.hpp"

namespace knhk::promotion {

namespace detail {

/// Appends `knhk.snapshots.retired`, `knhk.snapshots.living`, `knhk.snapshots.size`,
/// `knhk.pin.oldest.age`, `knhk.readers` and `knhk.active.snapshot`.
void collect_channel(const std::string& channel, const hot_path::ReclamationStats& stats,
                     const hot_path::Published& published, std::vector<telemetry::Metric>& metrics);

}  // namespace detail

/// Tells what is current on `path`, what it keeps alive, and for how long the oldest snapshot that
/// a reader still holds has been replaced. It looks for garbage first, at a cost of a system call
/// and, where there is some, of its destruction on the exporter's thread.
/// Lifetime: `path` must outlive the source.
template <class T, class Traits>
[[nodiscard]] telemetry::MetricSource metrics_of(hot_path::HotPath<T, Traits>& path,
                                                 std::string channel) {
  return [&path, channel = std::move(channel)](std::vector<telemetry::Metric>& metrics) {
    path.reclaim();  // when a promotion is under way, the figures are those of the scan before
    detail::collect_channel(channel, path.stats(), path.published(), metrics);
  };
}

/// Tells how many snapshots of `store` are in quarantine, as `knhk.quarantine`; nothing when the
/// store can't be read.
[[nodiscard]] telemetry::MetricSource metrics_of(store::Store store);

}  // namespace knhk::promotion
