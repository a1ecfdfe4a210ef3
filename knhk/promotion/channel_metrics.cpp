#include "knhk/promotion/channel_metrics.hpp"

#include <chrono>
#include <cstdint>

#include "knhk/store/quarantine.hpp"

namespace knhk::promotion {
namespace detail {

void collect_channel(const std::string& channel, const hot_path::ReclamationStats& stats,
                     const hot_path::Published& published,
                     std::vector<telemetry::Metric>& metrics) {
  const telemetry::Attributes on_channel{{"knhk.channel", channel}};
  using telemetry::MetricKind;
  const auto point = [&](auto value) {
    return std::vector<telemetry::MetricPoint>{{on_channel, value}};
  };
  metrics.push_back({"knhk.snapshots.retired", "Replaced snapshots that are still kept",
                     "{snapshot}", MetricKind::gauge, point(std::uint64_t{stats.retired_slots})});
  metrics.push_back({"knhk.snapshots.living", "Snapshots that are kept, the current one among them",
                     "{snapshot}", MetricKind::gauge,
                     point(std::uint64_t{stats.living_snapshots})});
  metrics.push_back({"knhk.snapshots.size", "Memory of the snapshots that are kept", "By",
                     MetricKind::gauge, point(std::uint64_t{stats.living_bytes})});
  const double age = std::chrono::duration<double>(stats.oldest_held_for).count();
  metrics.push_back({"knhk.pin.oldest.age",
                     "Time since the oldest snapshot that a reader holds was replaced", "s",
                     MetricKind::gauge, point(age)});
  metrics.push_back({"knhk.readers", "Registered readers", "{reader}", MetricKind::gauge,
                     point(std::uint64_t{stats.readers})});
  if (published.id.is_zero()) return;
  // Which snapshot it is stands here alone: as an attribute of counters it would make a new series
  // of each with every promotion.
  metrics.push_back({"knhk.active.snapshot",
                     "1; its attributes say what is current",
                     "",
                     telemetry::MetricKind::gauge,
                     {{{{"knhk.channel", channel},
                        {"knhk.snapshot.id", published.id.to_string()},
                        {"knhk.epoch", static_cast<std::int64_t>(published.epoch)}},
                       std::uint64_t{1}}}});
}

}  // namespace detail

telemetry::MetricSource metrics_of(store::Store store) {
  return
      [quarantine = store::Quarantine(std::move(store))](std::vector<telemetry::Metric>& metrics) {
        const auto items = quarantine.items();
        if (!items) return;
        metrics.push_back({"knhk.quarantine",
                           "Snapshots that must not become current",
                           "{snapshot}",
                           telemetry::MetricKind::gauge,
                           {{{}, std::uint64_t{items->size()}}}});
      };
}

}  // namespace knhk::promotion
