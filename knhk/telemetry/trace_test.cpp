#include <gtest/gtest.h>

#include <chrono>
#include <set>

#include "knhk/telemetry/attempt.hpp"
#include "knhk/telemetry/metric.hpp"
#include "knhk/telemetry/read_samples.hpp"

namespace knhk::telemetry {
namespace {

using namespace std::chrono_literals;

Attempt promotion() {
  Attempt attempt;
  attempt.context = SpanContext::root();
  attempt.start = std::chrono::system_clock::time_point(1'795'392'000s);
  attempt.phases.set(Phase::guard_creation, 5ms, 1ms);
  attempt.phases.set(Phase::ready, 7ms, 6ms);
  attempt.total = 20ms;
  attempt.attributes = {{"knhk.channel", "main"}};
  return attempt;
}

TEST(Trace, of_an_attempt_has_a_span_for_it_and_one_in_that_for_each_phase_it_reached) {
  const Attempt attempt = promotion();
  const Record record = trace_of(attempt);
  EXPECT_TRUE(record.events.empty());
  ASSERT_EQ(record.spans.size(), 3U);
  const Span& root = record.spans[0];
  EXPECT_EQ(root.name, "knhk.promotion");
  EXPECT_EQ(root.context, attempt.context);
  EXPECT_FALSE(root.parent);
  EXPECT_EQ(root.duration, 20ms);
  EXPECT_FALSE(root.error);
  EXPECT_EQ(record.spans[1].name, "knhk.promotion.guard_creation");
  EXPECT_EQ(record.spans[2].name, "knhk.promotion.ready");
  EXPECT_EQ(record.spans[2].start, attempt.start + 6ms);
  EXPECT_EQ(record.spans[2].duration, 7ms);
  std::set<std::array<std::uint8_t, 8>> ids{root.context.span_id};
  for (std::size_t i = 1; i < record.spans.size(); ++i) {
    EXPECT_EQ(record.spans[i].parent, root.context);
    EXPECT_EQ(record.spans[i].context.trace_id, root.context.trace_id);
    EXPECT_TRUE(ids.insert(record.spans[i].context.span_id).second);
  }
}

TEST(Trace, of_a_failure_has_an_event_with_the_errors_code_and_the_phase_it_came_to) {
  Attempt attempt = promotion();
  attempt.error = Errc::store_locked;
  attempt.error_text = "the store is locked";
  const Record record = trace_of(attempt);
  EXPECT_EQ(record.spans[0].error, "the store is locked");
  EXPECT_FALSE(record.spans[1].error);
  ASSERT_EQ(record.events.size(), 1U);
  const Event& event = record.events[0];
  EXPECT_EQ(event.name, "knhk.promotion.failed");
  EXPECT_EQ(event.severity, Severity::error);
  EXPECT_EQ(event.body, "the store is locked");
  EXPECT_EQ(event.span, attempt.context);
  EXPECT_EQ(event.time, attempt.start + 20ms);
  const Attributes expected{
      {"knhk.channel", "main"}, {"error.type", "store-locked"}, {"knhk.phase", "ready"}};
  EXPECT_EQ(event.attributes, expected);
}

TEST(Trace, ids_are_valid_and_never_the_same) {
  EXPECT_FALSE(SpanContext{}.is_valid());
  std::set<std::array<std::uint8_t, 16>> traces;
  for (int i = 0; i < 1000; ++i) {
    const SpanContext context = SpanContext::root();
    EXPECT_TRUE(context.is_valid());
    EXPECT_TRUE(traces.insert(context.trace_id).second);
  }
}

TEST(MetricSources, put_points_of_one_name_into_one_metric) {
  MetricSources sources;
  for (const std::string channel : {"main", "beta"}) {
    sources.add([channel](std::vector<Metric>& metrics) {
      metrics.push_back({"knhk.epoch",
                         "",
                         "",
                         MetricKind::gauge,
                         {{{{"knhk.channel", channel}}, std::uint64_t{7}}}});
    });
  }
  sources.add([](std::vector<Metric>& metrics) {
    metrics.push_back({"knhk.other", "", "", MetricKind::gauge, {}});
  });
  const std::vector<Metric> metrics = sources.collect();
  ASSERT_EQ(metrics.size(), 2U);
  EXPECT_EQ(metrics[0].points.size(), 2U);
  EXPECT_EQ(metrics[0].points[1].attributes, (Attributes{{"knhk.channel", "beta"}}));
}

TEST(ReadSampler, times_one_read_in_so_many_and_gives_what_was_read) {
  ReadSamples samples("main");
  ReadSampler sampler(samples);
  const int value = 42;
  std::uint64_t other = 0;
  for (std::uint32_t i = 0; i < 3 * ReadSamples::kEvery + 1; ++i) {
    const int& read = sampler([&]() -> const int& { return value; });
    other += &read == &value ? 0U : 1U;
  }
  EXPECT_EQ(other, 0U);
  EXPECT_EQ(samples.reads(), 3U * ReadSamples::kEvery);
  std::vector<Metric> metrics;
  samples.collect(metrics);
  ASSERT_EQ(metrics.size(), 2U);
  EXPECT_EQ(metrics[0].name, "knhk.reads");
  const auto& shown = std::get<HistogramPoint>(metrics[1].points[0].value);
  std::uint64_t timed = 0;
  for (const std::uint64_t count : shown.counts) timed += count;
  EXPECT_EQ(timed, 3U);
}

}  // namespace
}  // namespace knhk::telemetry
