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
  const auto gauge = [&](const char* name, const char* description, const char* unit, auto value) {
    metrics.push_back(
        {name, description, unit, telemetry::MetricKind::gauge, {{on_channel, value}}});
  };
  gauge("knhk.snapshots.retired", "Replaced snapshots that are still kept", "{snapshot}",
        std::uint64_t{stats.retired_slots});
  gauge("knhk.snapshots.living", "Snapshots that are kept, the current one among them",
        "{snapshot}", std::uint64_t{stats.living_snapshots});
  gauge("knhk.snapshots.size", "Memory of the snapshots that are kept", "By",
        std::uint64_t{stats.living_bytes});
  gauge("knhk.pin.oldest.age", "Time since the oldest snapshot that a reader holds was replaced",
        "s", std::chrono::duration<double>(stats.oldest_held_for).count());
  gauge("knhk.readers", "Registered readers", "{reader}", std::uint64_t{stats.readers});
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
