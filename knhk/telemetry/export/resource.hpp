#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "knhk/telemetry/attribute.hpp"
#include "knhk/telemetry/export/environment.hpp"

namespace knhk::telemetry {

/// The name and version of what tells: OpenTelemetry's instrumentation scope.
inline constexpr std::string_view kScopeName = "knhk";
[[nodiscard]] std::string_view scope_version() noexcept;

/// Who tells: attributes that hold of everything a process exports.
struct Resource {
  Attributes attributes;

  /// From `OTEL_RESOURCE_ATTRIBUTES`, and `OTEL_SERVICE_NAME`, which wins. Without a name the
  /// service is `unknown_service:<executable>`; without an instance id it has a random one (UUID
  /// version 4). Attributes that can't be read are left out as a whole, with a warning.
  [[nodiscard]] static Resource from_environment(const Lookup& lookup, std::string_view executable,
                                                 std::vector<std::string>& warnings);
};

/// The name of the file that this process runs, without its folder; empty where it can't be told.
[[nodiscard]] std::string executable_name();

}  // namespace knhk::telemetry
