#include "knhk/telemetry/export/otlp_settings.hpp"

#include <gtest/gtest.h>

#include <map>

namespace knhk::telemetry {
namespace {

using namespace std::chrono_literals;
using Variables = std::map<std::string, std::string>;

OtlpSettings read(const Variables& variables) {
  return OtlpSettings::from_environment([&](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

/// What a signal's URL comes to, `-` when it isn't exported.
std::string url(const OtlpSettings& settings, Signal signal) {
  return settings[signal] ? settings[signal]->url : "-";
}

struct Case {
  Variables variables;
  std::array<const char*, kSignalCount> urls;
  std::size_t warnings = 0;
};

TEST(OtlpSettings, say_where_each_signal_goes) {
  const std::string endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
  const std::string traces = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
  const Case cases[] = {
      {{}, {"-", "-", "-"}},
      {{{endpoint, "http://h:1"}},
       {"http://h:1/v1/traces", "http://h:1/v1/metrics", "http://h:1/v1/logs"}},
      {{{endpoint, "HTTPS://h/x/"}},
       {"HTTPS://h/x/v1/traces", "HTTPS://h/x/v1/metrics", "HTTPS://h/x/v1/logs"}},
      {{{endpoint, "  "}}, {"-", "-", "-"}},
      {{{endpoint, "h:4318"}}, {"-", "-", "-"}, 1},
      {{{endpoint, "grpc://h:4317"}}, {"-", "-", "-"}, 1},
      {{{traces, "http://t:2"}}, {"http://t:2/", "-", "-"}},
      {{{traces, "http://t:2?k=v"}}, {"http://t:2/?k=v", "-", "-"}},
      {{{traces, "http://t:2/own"}, {endpoint, "http://h:1"}},
       {"http://t:2/own", "http://h:1/v1/metrics", "http://h:1/v1/logs"}},
      {{{traces, "nonsense"}, {endpoint, "http://h:1"}},
       {"http://h:1/v1/traces", "http://h:1/v1/metrics", "http://h:1/v1/logs"},
       1},
      {{{"OTEL_TRACES_EXPORTER", "otlp"}}, {"http://localhost:4318/v1/traces", "-", "-"}},
      {{{"OTEL_LOGS_EXPORTER", " OTLP "}}, {"-", "-", "http://localhost:4318/v1/logs"}},
      {{{"OTEL_METRICS_EXPORTER", "none"}, {endpoint, "http://h:1"}},
       {"http://h:1/v1/traces", "-", "http://h:1/v1/logs"}},
      {{{"OTEL_METRICS_EXPORTER", "zipkin"}, {endpoint, "http://h:1"}},
       {"http://h:1/v1/traces", "http://h:1/v1/metrics", "http://h:1/v1/logs"},
       1},
      {{{"OTEL_TRACES_EXPORTER", "console"}}, {"-", "-", "-"}, 1},
      {{{"OTEL_TRACES_EXPORTER", "console,otlp"}},
       {"http://localhost:4318/v1/traces", "-", "-"},
       1},
      {{{"OTEL_TRACES_EXPORTER", "prometheus"}}, {"-", "-", "-"}, 1},
      {{{endpoint, "http://h:1"}, {"OTEL_SDK_DISABLED", "True"}}, {"-", "-", "-"}},
      {{{endpoint, "http://h:1"}, {"OTEL_SDK_DISABLED", "1"}},
       {"http://h:1/v1/traces", "http://h:1/v1/metrics", "http://h:1/v1/logs"},
       1},
      {{{endpoint, "http://h:1"}, {"OTEL_TRACES_SAMPLER", "always_off"}},
       {"-", "http://h:1/v1/metrics", "http://h:1/v1/logs"}},
      {{{endpoint, "http://h:1"}, {"OTEL_TRACES_SAMPLER", "traceidratio"}},
       {"http://h:1/v1/traces", "http://h:1/v1/metrics", "http://h:1/v1/logs"},
       1},
  };
  for (const Case& one : cases) {
    const OtlpSettings settings = read(one.variables);
    std::string what;
    for (const auto& [name, value] : one.variables) what += name + "=" + value + " ";
    for (const Signal signal : kSignals) {
      EXPECT_EQ(url(settings, signal), one.urls[static_cast<std::size_t>(signal)]) << what;
    }
    EXPECT_EQ(settings.warnings.size(), one.warnings) << what;
  }
}

TEST(OtlpSettings, of_one_signal_win_over_those_of_all) {
  const OtlpSettings settings = read({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://h:1"},
                                      {"OTEL_EXPORTER_OTLP_HEADERS", "key=of%20all"},
                                      {"OTEL_EXPORTER_OTLP_LOGS_HEADERS", "Key=own,x=y"},
                                      {"OTEL_EXPORTER_OTLP_TIMEOUT", "2000"},
                                      {"OTEL_EXPORTER_OTLP_LOGS_TIMEOUT", "3000"},
                                      {"OTEL_EXPORTER_OTLP_COMPRESSION", "GZIP"},
                                      {"OTEL_EXPORTER_OTLP_LOGS_COMPRESSION", "none"},
                                      {"OTEL_EXPORTER_OTLP_CERTIFICATE", "all.pem"},
                                      {"OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE", "own.pem"},
                                      {"OTEL_EXPORTER_OTLP_CLIENT_KEY", "key.pem"},
                                      {"OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "client.pem"}});
  EXPECT_TRUE(settings.warnings.empty());
  const OtlpTarget& traces = *settings[Signal::traces];
  const OtlpTarget& logs = *settings[Signal::logs];
  EXPECT_EQ(traces.headers, (KeyValues{{"key", "of all"}}));
  EXPECT_EQ(logs.headers, (KeyValues{{"Key", "own"}, {"x", "y"}}));
  EXPECT_EQ(traces.timeout, 2000ms);
  EXPECT_EQ(logs.timeout, 3000ms);
  EXPECT_TRUE(traces.gzip);
  EXPECT_FALSE(logs.gzip);
  EXPECT_EQ(traces.certificate, "all.pem");
  EXPECT_EQ(logs.certificate, "own.pem");
  EXPECT_EQ(logs.client_key, "key.pem");
  EXPECT_EQ(logs.client_certificate, "client.pem");
}

TEST(OtlpSettings, have_the_defaults_of_the_specification) {
  const OtlpSettings settings = read({{"OTEL_TRACES_EXPORTER", "otlp"}});
  EXPECT_EQ(settings[Signal::traces]->timeout, 10s);
  EXPECT_FALSE(settings[Signal::traces]->gzip);
  EXPECT_EQ(settings.metric_interval, 60s);
  EXPECT_EQ(settings.schedule_delay, 5s);
  EXPECT_EQ(settings.export_timeout, 30s);
  EXPECT_EQ(settings.max_queue_size, 2048U);
  EXPECT_EQ(settings.max_batch_size, 512U);
  EXPECT_TRUE(settings.exports());
  EXPECT_FALSE(read({}).exports());
}

TEST(OtlpSettings, take_numbers_that_are_whole_and_warn_of_others) {
  const OtlpSettings good = read({{"OTEL_METRIC_EXPORT_INTERVAL", "1"},
                                  {"OTEL_BSP_SCHEDULE_DELAY", "20"},
                                  {"OTEL_BSP_EXPORT_TIMEOUT", "2147483647"},
                                  {"OTEL_BSP_MAX_QUEUE_SIZE", "300"},
                                  {"OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "40"}});
  EXPECT_TRUE(good.warnings.empty());
  EXPECT_EQ(good.metric_interval, 1ms);
  EXPECT_EQ(good.schedule_delay, 20ms);
  EXPECT_EQ(good.export_timeout, 2147483647ms);
  EXPECT_EQ(good.max_queue_size, 300U);
  EXPECT_EQ(good.max_batch_size, 40U);
  for (const char* const value : {"0", "-1", "1.5", "5s", "x", "2147483648", "99999999999999"}) {
    const OtlpSettings bad = read({{"OTEL_BSP_SCHEDULE_DELAY", value}});
    EXPECT_EQ(bad.schedule_delay, 5s) << value;
    ASSERT_EQ(bad.warnings.size(), 1U) << value;
    EXPECT_EQ(bad.warnings[0],
              "OTEL_BSP_SCHEDULE_DELAY is no whole number from 1 to 2147483647: 5000 is used "
              "instead");
  }
  const OtlpSettings small = read({{"OTEL_BSP_MAX_QUEUE_SIZE", "10"}});
  EXPECT_EQ(small.max_batch_size, 10U);
  EXPECT_TRUE(small.warnings.empty());
  EXPECT_EQ(read({{"OTEL_BSP_MAX_QUEUE_SIZE", "10"}, {"OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "11"}})
                .warnings.size(),
            1U);
}

TEST(OtlpSettings, speak_http_json_whatever_is_asked_for_and_say_so) {
  const auto warnings = [](const char* protocol) {
    return read({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://h:1"},
                 {"OTEL_EXPORTER_OTLP_PROTOCOL", protocol}})
        .warnings;
  };
  EXPECT_TRUE(warnings("").empty());
  EXPECT_TRUE(warnings("HTTP/JSON").empty());
  EXPECT_EQ(warnings("http/protobuf"),
            (std::vector<std::string>{"OTEL_EXPORTER_OTLP_PROTOCOL is http/protobuf, which knhk "
                                      "doesn't have: http/json is used"}));
  EXPECT_EQ(warnings("grpc").size(), 1U);
  EXPECT_EQ(warnings("smoke signals").size(), 1U);
}

TEST(OtlpSettings, never_repeat_a_header_and_let_none_smuggle_in_another) {
  for (const char* const headers :
       {"secret", "authorization=secret,x", "a=secret%0D%0Ab: c", "a b=secret", "a%3A=secret"}) {
    const OtlpSettings settings = read(
        {{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://h:1"}, {"OTEL_EXPORTER_OTLP_HEADERS", headers}});
    EXPECT_TRUE(settings[Signal::traces]->headers.empty()) << headers;
    ASSERT_EQ(settings.warnings.size(), 1U) << headers;
    EXPECT_EQ(settings.warnings[0].find("secret"), std::string::npos) << settings.warnings[0];
  }
}

TEST(OtlpSettings, name_the_address_that_prometheus_scrapes) {
  EXPECT_EQ(read({{"OTEL_METRICS_EXPORTER", "prometheus"}}).prometheus, "127.0.0.1:9464");
  const OtlpSettings both = read({{"OTEL_METRICS_EXPORTER", "otlp,Prometheus"},
                                  {"OTEL_EXPORTER_PROMETHEUS_HOST", "0.0.0.0"},
                                  {"OTEL_EXPORTER_PROMETHEUS_PORT", "1234"}});
  EXPECT_EQ(both.prometheus, "0.0.0.0:1234");
  EXPECT_EQ(url(both, Signal::metrics), "http://localhost:4318/v1/metrics");
  EXPECT_EQ(read({{"OTEL_METRICS_EXPORTER", "otlp"}}).prometheus, std::nullopt);
}

}  // namespace
}  // namespace knhk::telemetry
