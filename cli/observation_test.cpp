#include "cli/observation.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "knhk/telemetry/export/receiver_for_tests.hpp"

namespace knhk::cli {
namespace {

using telemetry::testing::Receiver;

/// A variable that is set until the test ends. No other thread runs when that changes.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    setenv(name, value.c_str(), 1);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { unsetenv(name_); }

 private:
  const char* name_;
};

TEST(Observation, that_nobody_asked_for_counts_and_keeps_no_traces) {
  Observation observation;
  promotion::PipelineOptions options;
  observation.watch(options);
  EXPECT_NE(options.telemetry, nullptr);
  EXPECT_EQ(options.traces, nullptr);
  const auto port = observation.serve_metrics(std::nullopt);
  ASSERT_TRUE(port);
  EXPECT_FALSE(*port);
}

TEST(Observation, sends_what_is_left_when_it_ends) {
  Receiver receiver;
  const Variable endpoint("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url());
  {
    Observation observation;
    observation.sources().add([](std::vector<telemetry::Metric>& metrics) {
      metrics.push_back({"a.figure", "", "", telemetry::MetricKind::gauge, {{{}, 1.0}}});
    });
    promotion::PipelineOptions options;
    observation.watch(options);
    ASSERT_NE(options.traces, nullptr);
    options.traces->push(telemetry::trace_of({}));
  }
  const auto received = receiver.received();
  ASSERT_EQ(received.size(), 2U);
  EXPECT_EQ(received[0].path(), "/v1/traces");
  EXPECT_NE(received[1].body.find("\"a.figure\""), std::string::npos);
}

TEST(Observation, lets_itself_be_scraped_where_it_is_told_or_where_the_environment_says) {
  const Receiver taken;
  const Variable exporter("OTEL_METRICS_EXPORTER", "prometheus");
  const Variable where("OTEL_EXPORTER_PROMETHEUS_PORT", std::to_string(taken.port()));
  Observation observation;
  const auto refused = observation.serve_metrics(std::nullopt);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().where, "127.0.0.1:" + std::to_string(taken.port()));
  const auto malformed = observation.serve_metrics("nowhere");
  ASSERT_FALSE(malformed);
  EXPECT_EQ(malformed.error().code, Errc::usage);
  const auto served = observation.serve_metrics("127.0.0.1:0");
  ASSERT_TRUE(served) << to_string(served.error());
  EXPECT_GT(**served, 0);
}

}  // namespace
}  // namespace knhk::cli
