#include "knhk/telemetry/export/resource.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <system_error>

#include "knhk/telemetry/trace.hpp"

namespace knhk::telemetry {
namespace {

constexpr std::string_view kName = "service.name";
constexpr std::string_view kInstance = "service.instance.id";

/// A UUID of version 4 (RFC 9562, section 5.4), made of the same randomness as the ids of traces.
std::string random_uuid() {
  // `root` forces bits of its own in the first byte of each id: two ids give more than is needed.
  const SpanContext one = SpanContext::root();
  const SpanContext other = SpanContext::root();
  std::array<std::uint8_t, 16> bytes{};
  std::copy_n(one.trace_id.begin() + 1, 8, bytes.begin());
  std::copy_n(other.trace_id.begin() + 1, 8, bytes.begin() + 8);
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | 0x40U);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += {kDigits[bytes[i] >> 4U], kDigits[bytes[i] & 15U]};
  }
  return text;
}

bool has(const Attributes& attributes, std::string_view key) {
  return std::any_of(attributes.begin(), attributes.end(),
                     [&](const Attribute& attribute) { return attribute.key == key; });
}

void set(Attributes& attributes, std::string_view key, std::string value) {
  const auto before = std::find_if(attributes.begin(), attributes.end(),
                                   [&](const Attribute& one) { return one.key == key; });
  if (before != attributes.end()) {
    before->value = std::move(value);
  } else {
    attributes.push_back({std::string(key), std::move(value)});
  }
}

}  // namespace

std::string_view scope_version() noexcept { return KNHK_VERSION; }

Resource Resource::from_environment(const Lookup& lookup, std::string_view executable,
                                    std::vector<std::string>& warnings) {
  Resource resource;
  Attributes& attributes = resource.attributes;
  if (const auto listed = set_value(lookup, "OTEL_RESOURCE_ATTRIBUTES")) {
    if (const auto pairs = parse_key_values(*listed)) {
      for (const auto& [key, value] : *pairs) attributes.push_back({key, value});
    } else {
      warnings.emplace_back(
          "OTEL_RESOURCE_ATTRIBUTES is not of the form key=value,...: all of it is ignored");
    }
  }
  if (auto name = set_value(lookup, "OTEL_SERVICE_NAME")) {
    set(attributes, kName, std::move(*name));
  } else if (!has(attributes, kName)) {
    std::string unknown = "unknown_service";
    if (!executable.empty()) unknown.append(":").append(executable);
    set(attributes, kName, std::move(unknown));
  }
  if (!has(attributes, kInstance)) set(attributes, kInstance, random_uuid());
  set(attributes, "telemetry.sdk.name", std::string(kScopeName));
  set(attributes, "telemetry.sdk.language", "cpp");
  set(attributes, "telemetry.sdk.version", std::string(scope_version()));
  return resource;
}

std::string executable_name() {
  std::error_code problem;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", problem);
  return problem ? std::string() : path.filename().string();
}

}  // namespace knhk::telemetry
