#include "cli/json.hpp"

namespace knhk::cli {

nlohmann::ordered_json json_of(const receipts::InvariantResults& invariants) {
  auto list = nlohmann::ordered_json::array();
  for (const receipts::InvariantResult& result : invariants) {
    auto measurements = nlohmann::ordered_json::array();
    for (const receipts::Measurement& taken : result.measurements) {
      measurements.push_back({{"name", taken.name}, {"value", taken.value}, {"unit", taken.unit}});
    }
    list.push_back({{"name", result.name},
                    {"title", result.title},
                    {"outcome", receipts::to_string(result.outcome)},
                    {"detail", result.detail},
                    {"measurements", std::move(measurements)}});
  }
  return list;
}

nlohmann::ordered_json json_of(const store::LogEntry& entry) {
  return {{"channel", entry.channel},
          {"epoch", entry.epoch},
          {"action", store::to_string(entry.action)},
          {"snapshot", text_or_null(entry.snapshot)},
          {"manifest", text_or_null(entry.manifest)},
          {"previous", text_or_null(entry.previous)},
          {"actor", entry.actor},
          {"reason", entry.reason},
          {"time", entry.time}};
}

nlohmann::ordered_json json_of(const store::Layer& layer) {
  return {{"name", layer.title},
          {"media_type", layer.media_type},
          {"digest", layer.digest.to_string()},
          {"size_bytes", layer.size}};
}

nlohmann::ordered_json json_of(const telemetry::PhaseTimes& phases) {
  auto object = nlohmann::ordered_json::object();
  for (const telemetry::Phase phase : telemetry::kPhases) {
    const auto time = phases[phase];
    object[std::string(telemetry::name(phase)) + "_ns"] =
        time ? nlohmann::ordered_json(time->count()) : nlohmann::ordered_json(nullptr);
  }
  return object;
}

}  // namespace knhk::cli
