#include "knhk/telemetry/export/otlp_json.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

namespace knhk::telemetry {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

constexpr std::chrono::system_clock::time_point kStart{1'544'712'660'000'000'000ns};

Resource shop() { return Resource{{{"service.name", std::string("shop")}}}; }

SpanContext context(std::uint8_t first) {
  SpanContext made;
  for (std::size_t i = 0; i < made.trace_id.size(); ++i) {
    made.trace_id[i] = static_cast<std::uint8_t>(first + i);
  }
  for (std::size_t i = 0; i < made.span_id.size(); ++i) {
    made.span_id[i] = static_cast<std::uint8_t>(0xF0 + i);
  }
  return made;
}

Json expected_resource() {
  return Json::parse(R"({"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]})");
}
Json expected_scope() { return {{"name", "knhk"}, {"version", scope_version()}}; }

TEST(OtlpJson, spells_spans_as_the_specification_does) {
  Span span;
  span.context = context(0);
  span.parent = context(0);
  span.name = "knhk.promotion";
  span.start = kStart;
  span.duration = 1'500ns;
  span.attributes = {
      {"text", std::string("x")}, {"whole", std::int64_t{-5}}, {"real", 0.5}, {"flag", true}};
  span.error = "it broke";
  span.links = {context(16)};
  const Json body = Json::parse(traces_request(shop(), std::vector{span}));
  Json expected = Json::parse(R"({"resourceSpans":[{"scopeSpans":[{"spans":[{
    "traceId":"000102030405060708090a0b0c0d0e0f","spanId":"f0f1f2f3f4f5f6f7",
    "parentSpanId":"f0f1f2f3f4f5f6f7","flags":257,"name":"knhk.promotion","kind":1,
    "startTimeUnixNano":"1544712660000000000","endTimeUnixNano":"1544712660000001500",
    "attributes":[{"key":"text","value":{"stringValue":"x"}},
      {"key":"whole","value":{"intValue":"-5"}},{"key":"real","value":{"doubleValue":0.5}},
      {"key":"flag","value":{"boolValue":true}}],
    "links":[{"traceId":"101112131415161718191a1b1c1d1e1f","spanId":"f0f1f2f3f4f5f6f7"}],
    "status":{"message":"it broke","code":2}}]}]}]})");
  expected["resourceSpans"][0]["resource"] = expected_resource();
  expected["resourceSpans"][0]["scopeSpans"][0]["scope"] = expected_scope();
  EXPECT_EQ(body, expected);
}

TEST(OtlpJson, says_nothing_of_a_parent_links_or_a_status_that_a_span_doesnt_have) {
  Span span;
  span.context = context(0);
  span.start = kStart;
  const Json body = Json::parse(traces_request(shop(), std::vector{span}));
  const Json& one = body["resourceSpans"][0]["scopeSpans"][0]["spans"][0];
  for (const char* const key : {"parentSpanId", "links", "status"}) EXPECT_FALSE(one.contains(key));
}

TEST(OtlpJson, spells_events_as_log_records_with_a_name) {
  Event event;
  event.time = kStart;
  event.name = "knhk.promotion.failed";
  event.severity = Severity::error;
  event.body = "it broke";
  event.attributes = {{"error.type", std::string("io-error")}};
  event.span = context(0);
  const Json body = Json::parse(logs_request(shop(), std::vector{event}));
  Json expected = Json::parse(R"({"resourceLogs":[{"scopeLogs":[{"logRecords":[{
    "timeUnixNano":"1544712660000000000","observedTimeUnixNano":"1544712660000000000",
    "severityNumber":17,"severityText":"ERROR","eventName":"knhk.promotion.failed",
    "body":{"stringValue":"it broke"},
    "attributes":[{"key":"error.type","value":{"stringValue":"io-error"}}],
    "traceId":"000102030405060708090a0b0c0d0e0f","spanId":"f0f1f2f3f4f5f6f7"}]}]}]})");
  expected["resourceLogs"][0]["resource"] = expected_resource();
  expected["resourceLogs"][0]["scopeLogs"][0]["scope"] = expected_scope();
  EXPECT_EQ(body, expected);
}

TEST(OtlpJson, spells_counters_gauges_and_histograms) {
  const Metric counter{
      "c", "counts", "{x}", MetricKind::counter, {{{{"k", std::string("v")}}, std::uint64_t{7}}}};
  const Metric gauge{"g", "", "s", MetricKind::gauge, {{{}, 2.5}, {{}, std::uint64_t{3}}}};
  const Metric histogram{
      "h", "", "s", MetricKind::histogram, {{{}, HistogramPoint{{0.5, 1.5}, {1, 2, 3}, 9.5}}}};
  const Json body = Json::parse(
      metrics_request(shop(), std::vector{counter, gauge, histogram}, kStart, kStart + 1s));
  const Json expected = Json::parse(R"([
    {"name":"c","description":"counts","unit":"{x}","sum":{"dataPoints":[{
      "attributes":[{"key":"k","value":{"stringValue":"v"}}],"asInt":"7",
      "startTimeUnixNano":"1544712660000000000","timeUnixNano":"1544712661000000000"}],
      "aggregationTemporality":2,"isMonotonic":true}},
    {"name":"g","description":"","unit":"s","gauge":{"dataPoints":[
      {"attributes":[],"asDouble":2.5,"timeUnixNano":"1544712661000000000"},
      {"attributes":[],"asInt":"3","timeUnixNano":"1544712661000000000"}]}},
    {"name":"h","description":"","unit":"s","histogram":{"dataPoints":[{"attributes":[],
      "startTimeUnixNano":"1544712660000000000","timeUnixNano":"1544712661000000000",
      "count":"6","sum":9.5,"bucketCounts":["1","2","3"],"explicitBounds":[0.5,1.5]}],
      "aggregationTemporality":2}}])");
  EXPECT_EQ(body["resourceMetrics"][0]["scopeMetrics"][0]["metrics"], expected);
  EXPECT_EQ(body["resourceMetrics"][0]["resource"], expected_resource());
  EXPECT_EQ(body["resourceMetrics"][0]["scopeMetrics"][0]["scope"], expected_scope());
}

TEST(OtlpJson, stays_json_whatever_is_told) {
  Event event;
  event.body = std::string("\xFF\x00\"\\", 4);
  const Json logs = Json::parse(logs_request(shop(), std::vector{event}));
  EXPECT_EQ(logs["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0]["body"]["stringValue"],
            std::string("\xEF\xBF\xBD\0\"\\", 6));
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const Metric gauge{"g",
                     "",
                     "",
                     MetricKind::gauge,
                     {{{}, std::numeric_limits<double>::quiet_NaN()}, {{}, -kInfinity}}};
  const Metric muddled{"m", "", "", MetricKind::histogram, {{{}, 1.0}}};
  const Json body =
      Json::parse(metrics_request(shop(), std::vector{gauge, muddled}, kStart, kStart));
  const Json& metrics = body["resourceMetrics"][0]["scopeMetrics"][0]["metrics"];
  EXPECT_EQ(metrics[0]["gauge"]["dataPoints"][0]["asDouble"], "NaN");
  EXPECT_EQ(metrics[0]["gauge"]["dataPoints"][1]["asDouble"], "-Infinity");
  EXPECT_EQ(metrics[1]["histogram"]["dataPoints"].size(), 0U);
}

TEST(OtlpJson, reads_what_a_receiver_did_not_take) {
  const auto read = [](const char* text) {
    const auto partial = read_partial_success(text);
    return partial ? std::to_string(partial->rejected) + " " + partial->message : "all";
  };
  EXPECT_EQ(read(R"({"partialSuccess":{"rejectedSpans":"3","errorMessage":"no"}})"), "3 no");
  EXPECT_EQ(read(R"({"partialSuccess":{"rejectedDataPoints":4}})"), "4 ");
  EXPECT_EQ(read(R"({"partialSuccess":{"rejectedLogRecords":"5"}})"), "5 ");
  EXPECT_EQ(read(R"({"partialSuccess":{"errorMessage":"advice"}})"), "0 advice");
  for (const char* const text : {"", "{}", "[]", "x", R"({"partialSuccess":{}})",
                                 R"({"partialSuccess":null})", R"({"partialSuccess":[1]})"}) {
    EXPECT_EQ(read(text), "all") << text;
  }
}

}  // namespace
}  // namespace knhk::telemetry
