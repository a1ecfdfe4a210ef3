#pragma once

#include <nlohmann/json.hpp>

#include "knhk/receipts/receipt.hpp"
#include "knhk/store/log_entry.hpp"
#include "knhk/store/manifest.hpp"
#include "knhk/telemetry/phase.hpp"

namespace knhk::cli {

/// The forms that the command's JSON gives to what several verbs speak of. `docs/schemas` describes
/// them; they change by addition only.
[[nodiscard]] nlohmann::ordered_json json_of(const receipts::InvariantResults& invariants);
[[nodiscard]] nlohmann::ordered_json json_of(const store::LogEntry& entry);
[[nodiscard]] nlohmann::ordered_json json_of(const store::Layer& layer);
[[nodiscard]] nlohmann::ordered_json json_of(const telemetry::PhaseTimes& phases);

/// The text of an optional id or digest, else null.
template <class Value>
[[nodiscard]] nlohmann::ordered_json text_or_null(const std::optional<Value>& value) {
  return value ? nlohmann::ordered_json(value->to_string()) : nlohmann::ordered_json(nullptr);
}
/// The text of an id or digest, null when it is zero, which stands for none.
template <class Tag>
[[nodiscard]] nlohmann::ordered_json text_or_null(const Sha256Value<Tag>& value) {
  return value.is_zero() ? nlohmann::ordered_json(nullptr)
                         : nlohmann::ordered_json(value.to_string());
}

}  // namespace knhk::cli
