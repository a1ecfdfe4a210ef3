#include "knhk/telemetry/export/otlp_settings.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <utility>

namespace knhk::telemetry {
namespace {

constexpr std::string_view kDefaultBase = "http://localhost:4318";
constexpr std::array<std::string_view, kSignalCount> kInCapitals{"TRACES", "METRICS", "LOGS"};

std::string_view capitals(Signal signal) { return kInCapitals[static_cast<std::size_t>(signal)]; }

bool is_one_of(std::string_view choice, std::initializer_list<std::string_view> known) {
  return std::find(known.begin(), known.end(), choice) != known.end();
}

bool is_http(std::string_view url) {
  const std::string scheme = as_choice(url.substr(0, url.find("://")));
  return url.find("://") != std::string_view::npos && is_one_of(scheme, {"http", "https"}) &&
         url.size() > scheme.size() + 3;
}

/// What can stand in a header's name (RFC 9110, section 5.6.2) and in its value.
bool is_header(const std::string& key, const std::string& value) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  const bool is_token = std::all_of(key.begin(), key.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kMarks.find(c) != std::string_view::npos;
  });
  const bool is_value = std::none_of(value.begin(), value.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t') || byte == 0x7F;
  });
  return is_token && is_value;
}

/// A variable that is set, with its name for warnings.
struct Found {
  std::string name;
  std::string value;
};

/// Reads variables; what can't be used becomes a warning, and counts as unset.
class EnvironmentReader {
 public:
  EnvironmentReader(const Lookup& lookup, std::vector<std::string>& warnings)
      : lookup_(lookup), warnings_(warnings) {}

  [[nodiscard]] std::optional<Found> find(const std::string& name) const {
    auto value = set_value(lookup_, name);
    if (!value) return std::nullopt;
    return Found{name, std::move(*value)};
  }
  /// `OTEL_EXPORTER_OTLP_TRACES_<what>`, which wins, or `OTEL_EXPORTER_OTLP_<what>`.
  [[nodiscard]] std::optional<Found> find_for(Signal signal, const std::string& what) const {
    if (auto own = find(own_name(signal, what))) return own;
    return find(std::string("OTEL_EXPORTER_OTLP_").append(what));
  }
  [[nodiscard]] static std::string own_name(Signal signal, const std::string& what) {
    return std::string("OTEL_EXPORTER_OTLP_").append(capitals(signal)).append("_").append(what);
  }
  void warn(const std::string& name, const std::string& problem) {
    std::string warning = name + " " + problem;
    // What holds for all signals is looked at for each of them.
    if (std::find(warnings_.begin(), warnings_.end(), warning) == warnings_.end()) {
      warnings_.push_back(std::move(warning));
    }
  }

  /// A whole number from 1 on, in `number`, which else stays as it is.
  void read_number(const std::optional<Found>& found, std::uint32_t& number) {
    if (!found) return;
    std::uint32_t read = 0;
    const char* const end = found->value.data() + found->value.size();
    const auto [stop, problem] = std::from_chars(found->value.data(), end, read);
    if (problem == std::errc() && stop == end && read > 0 &&
        read <= std::uint32_t{std::numeric_limits<std::int32_t>::max()}) {
      number = read;
    } else {
      warn(found->name, "is no whole number from 1 to 2147483647: " + std::to_string(number) +
                            " is used instead");
    }
  }
  void read_number(const std::string& name, std::size_t& number) {
    auto read = static_cast<std::uint32_t>(number);
    read_number(find(name), read);
    number = read;
  }
  void read_milliseconds(const std::optional<Found>& found, std::chrono::milliseconds& time) {
    auto read = static_cast<std::uint32_t>(time.count());
    read_number(found, read);
    time = std::chrono::milliseconds(read);
  }
  void read_milliseconds(const std::string& name, std::chrono::milliseconds& time) {
    read_milliseconds(find(name), time);
  }
  [[nodiscard]] bool read_flag(const std::string& name) {
    const auto found = find(name);
    if (!found) return false;
    const std::string choice = as_choice(found->value);
    if (!is_one_of(choice, {"true", "false"})) warn(name, "is neither true nor false: it is false");
    return choice == "true";
  }

  /// An endpoint, when it can be one.
  [[nodiscard]] std::optional<std::string> read_url(const std::string& name) {
    auto found = find(name);
    if (!found) return std::nullopt;
    if (is_http(found->value)) return std::move(found->value);
    warn(name, "is no http:// or https:// URL: it is ignored");
    return std::nullopt;
  }

 private:
  const Lookup& lookup_;
  std::vector<std::string>& warnings_;
};

/// Which of the known exporters `OTEL_<signal>_EXPORTER` names.
struct Exporters {
  bool is_set = false;  ///< something that is known is named, be it `none`
  bool otlp = false;
  bool prometheus = false;
};

Exporters read_exporters(EnvironmentReader& reader, Signal signal) {
  Exporters exporters;
  const std::string name = std::string("OTEL_").append(capitals(signal)).append("_EXPORTER");
  const auto found = reader.find(name);
  if (!found) return exporters;
  for (const std::string& part : split_list(found->value)) {
    const std::string choice = as_choice(part);
    if (choice == "otlp") {
      exporters.otlp = true;
    } else if (choice == "prometheus" && signal == Signal::metrics) {
      exporters.prometheus = true;
    } else if (choice == "console") {
      reader.warn(name, "names console, which knhk doesn't have: it is ignored");
      continue;
    } else if (choice != "none") {
      reader.warn(name, "names an exporter that knhk doesn't know: it is ignored");
      continue;
    }
    exporters.is_set = true;
  }
  return exporters;
}

/// The URL for a signal: its own as it is, but for a missing path; else the one for all with the
/// signal's path below it.
std::string url_of(Signal signal, const std::optional<std::string>& own,
                   const std::optional<std::string>& base) {
  if (own) {
    const std::size_t authority = own->find("://") + 3;
    const std::size_t path = own->find_first_of("/?#", authority);
    std::string url = *own;
    if (path == std::string::npos) {
      url += '/';
    } else if ((*own)[path] != '/') {
      url.insert(path, "/");
    }
    return url;
  }
  std::string url = base.value_or(std::string(kDefaultBase));
  if (!url.ends_with('/')) url += '/';
  return url.append("v1/").append(name(signal));
}

void read_headers(EnvironmentReader& reader, Signal signal, KeyValues& headers) {
  const auto found = reader.find_for(signal, "HEADERS");
  if (!found) return;
  auto pairs = parse_key_values(found->value);
  const bool are_headers = pairs && std::all_of(pairs->begin(), pairs->end(), [](const auto& pair) {
                             return is_header(pair.first, pair.second);
                           });
  if (are_headers) {
    headers = std::move(*pairs);
  } else {
    reader.warn(found->name, "is not of the form key=value,...: all of it is ignored");
  }
}

void read_choices(EnvironmentReader& reader, Signal signal, OtlpTarget& target) {
  if (const auto found = reader.find_for(signal, "COMPRESSION")) {
    const std::string choice = as_choice(found->value);
    target.gzip = choice == "gzip";
    if (!is_one_of(choice, {"gzip", "none"})) {
      reader.warn(found->name, "is neither gzip nor none: none is used");
    }
  }
  if (const auto found = reader.find_for(signal, "PROTOCOL")) {
    const std::string choice = as_choice(found->value);
    if (is_one_of(choice, {"grpc", "http/protobuf"})) {
      reader.warn(found->name, "is " + choice + ", which knhk doesn't have: http/json is used");
    } else if (choice != "http/json") {
      reader.warn(found->name, "names no protocol: http/json is used");
    }
  }
}

OtlpTarget read_target(EnvironmentReader& reader, Signal signal, std::string url) {
  OtlpTarget target;
  target.url = std::move(url);
  read_headers(reader, signal, target.headers);
  reader.read_milliseconds(reader.find_for(signal, "TIMEOUT"), target.timeout);
  read_choices(reader, signal, target);
  const auto file = [&](const std::string& what) {
    const auto found = reader.find_for(signal, what);
    return found ? found->value : std::string();
  };
  target.certificate = file("CERTIFICATE");
  target.client_certificate = file("CLIENT_CERTIFICATE");
  target.client_key = file("CLIENT_KEY");
  return target;
}

/// Attempts are few and each is of interest: they are all traced, or none.
bool drops_all_traces(EnvironmentReader& reader) {
  const auto found = reader.find("OTEL_TRACES_SAMPLER");
  if (!found) return false;
  const std::string choice = as_choice(found->value);
  if (is_one_of(choice, {"always_off", "parentbased_always_off"})) return true;
  if (!is_one_of(choice, {"always_on", "parentbased_always_on"})) {
    reader.warn(found->name, "names a sampler that knhk doesn't have: every attempt is traced");
  }
  return false;
}

std::string prometheus_address(EnvironmentReader& reader) {
  std::size_t port = 9464;
  reader.read_number("OTEL_EXPORTER_PROMETHEUS_PORT", port);
  const auto host = reader.find("OTEL_EXPORTER_PROMETHEUS_HOST");
  return (host ? host->value : std::string("127.0.0.1")) + ":" + std::to_string(port);
}

}  // namespace

OtlpSettings OtlpSettings::from_environment(const Lookup& lookup) {
  OtlpSettings settings;
  EnvironmentReader reader(lookup, settings.warnings);
  if (reader.read_flag("OTEL_SDK_DISABLED")) return settings;
  const auto base = reader.read_url("OTEL_EXPORTER_OTLP_ENDPOINT");
  for (const Signal signal : kSignals) {
    const auto own = reader.read_url(EnvironmentReader::own_name(signal, "ENDPOINT"));
    const Exporters exporters = read_exporters(reader, signal);
    if (exporters.prometheus) settings.prometheus = prometheus_address(reader);
    const bool is_wanted = exporters.is_set ? exporters.otlp : own.has_value() || base.has_value();
    if (!is_wanted) continue;
    if (signal == Signal::traces && drops_all_traces(reader)) continue;
    settings.targets[static_cast<std::size_t>(signal)] =
        read_target(reader, signal, url_of(signal, own, base));
  }
  reader.read_milliseconds("OTEL_METRIC_EXPORT_INTERVAL", settings.metric_interval);
  reader.read_milliseconds("OTEL_BSP_SCHEDULE_DELAY", settings.schedule_delay);
  reader.read_milliseconds("OTEL_BSP_EXPORT_TIMEOUT", settings.export_timeout);
  reader.read_number("OTEL_BSP_MAX_QUEUE_SIZE", settings.max_queue_size);
  reader.read_number("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", settings.max_batch_size);
  if (settings.max_batch_size > settings.max_queue_size) {
    if (reader.find("OTEL_BSP_MAX_EXPORT_BATCH_SIZE")) {
      reader.warn("OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
                  "is more than the queue holds: " + std::to_string(settings.max_queue_size) +
                      " is used instead");
    }
    settings.max_batch_size = settings.max_queue_size;
  }
  return settings;
}

}  // namespace knhk::telemetry
