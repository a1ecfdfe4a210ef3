#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace knhk::telemetry {

/// One fact about a span, an event or a metric's point: a name of OpenTelemetry's kind, lowercase
/// with dots (`knhk.channel`), and a value.
struct Attribute {
  using Value = std::variant<std::string, std::int64_t, double, bool>;

  std::string key;
  Value value;

  friend bool operator==(const Attribute&, const Attribute&) = default;
};

using Attributes = std::vector<Attribute>;

}  // namespace knhk::telemetry
