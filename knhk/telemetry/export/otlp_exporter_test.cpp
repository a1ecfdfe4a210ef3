#include "knhk/telemetry/export/otlp_exporter.hpp"

#include <gtest/gtest.h>

#include <future>
#include <nlohmann/json.hpp>

#include "knhk/telemetry/export/receiver_for_tests.hpp"

namespace knhk::telemetry {
namespace {

using namespace std::chrono_literals;
using testing::Received;
using testing::Receiver;

constexpr std::chrono::milliseconds kLong = 60s;

/// Everything to `url`, nothing before it is asked for.
OtlpSettings settings(const std::string& url, std::initializer_list<Signal> signals) {
  OtlpSettings made;
  for (const Signal signal : signals) {
    OtlpTarget target;
    target.url = url + "/v1/" + std::string(name(signal));
    target.timeout = kLong;
    made.targets[static_cast<std::size_t>(signal)] = target;
  }
  made.schedule_delay = kLong;
  made.metric_interval = kLong;
  made.export_timeout = kLong;
  made.first_backoff = 1ms;
  return made;
}

Record record(const std::string& text, std::size_t events = 0) {
  Record made;
  Span span;
  span.context = SpanContext::root();
  span.name = text;
  made.spans.push_back(span);
  for (std::size_t i = 0; i < events; ++i) {
    Event event;
    event.name = text;
    made.events.push_back(event);
  }
  return made;
}

std::unique_ptr<OtlpExporter> start(OtlpSettings with, const MetricSources& sources) {
  auto exporter = OtlpExporter::start(std::move(with), Resource{}, sources);
  EXPECT_TRUE(exporter);
  return exporter ? std::move(*exporter) : nullptr;
}

/// The names of the spans in a request.
std::vector<std::string> spans_in(const Received& request) {
  const auto body = nlohmann::json::parse(request.body, nullptr, false);
  std::vector<std::string> names;
  for (const auto& span : body["resourceSpans"][0]["scopeSpans"][0]["spans"]) {
    names.push_back(span["name"]);
  }
  return names;
}

std::uint64_t of(const std::array<std::uint64_t, kSignalCount>& figures, Signal signal) {
  return figures[static_cast<std::size_t>(signal)];
}

TEST(OtlpExporter, sends_each_signal_to_its_own_place_when_flushed) {
  Receiver receiver;
  MetricSources sources;
  sources.add([](std::vector<Metric>& metrics) {
    metrics.push_back({"a.count", "", "", MetricKind::counter, {{{}, std::uint64_t{7}}}});
  });
  const auto exporter =
      start(settings(receiver.url(), {Signal::traces, Signal::metrics, Signal::logs}), sources);
  exporter->queue().push(record("one", 2));
  exporter->queue().push(record("two"));
  EXPECT_TRUE(exporter->flush(kLong));
  const auto received = receiver.received();
  ASSERT_EQ(received.size(), 3U);
  EXPECT_EQ(received[0].path(), "/v1/traces");
  EXPECT_EQ(spans_in(received[0]), (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(received[1].path(), "/v1/logs");
  EXPECT_EQ(received[2].path(), "/v1/metrics");
  EXPECT_NE(received[2].body.find("\"a.count\""), std::string::npos);
  EXPECT_NE(received[2].body.find("\"knhk.telemetry.exported\""), std::string::npos);
  const ExportFigures figures = exporter->figures();
  EXPECT_EQ(figures.exported, (std::array<std::uint64_t, 3>{2, 8, 2}));
  EXPECT_EQ(figures.failed, (std::array<std::uint64_t, 3>{}));
  EXPECT_EQ(figures.dropped, 0U);
  EXPECT_FALSE(exporter->last_problem());
}

TEST(OtlpExporter, sends_unasked_when_a_batch_is_full_and_when_its_time_has_come) {
  Receiver receiver;
  const MetricSources none;
  OtlpSettings full = settings(receiver.url(), {Signal::traces});
  full.max_batch_size = 2;
  const auto exporter = start(full, none);
  for (const char* const name : {"one", "two"}) exporter->queue().push(record(name));
  EXPECT_EQ(spans_in(receiver.wait_for(1)[0]), (std::vector<std::string>{"one", "two"}));
  OtlpSettings often = settings(receiver.url(), {Signal::traces, Signal::metrics});
  often.schedule_delay = 1ms;
  often.metric_interval = 1ms;
  const auto hasty = start(often, none);
  hasty->queue().push(record("three"));
  // Metrics come without end meanwhile: each request is looked at, not only the last there is.
  std::size_t at = 1;
  while (receiver.wait_for(at + 1)[at].path() != "/v1/traces") ++at;
  EXPECT_EQ(spans_in(receiver.received()[at]), std::vector<std::string>{"three"});
}

TEST(OtlpExporter, repeats_a_request_only_where_otlp_says_so) {
  Receiver receiver;
  const MetricSources none;
  const auto exporter = start(settings(receiver.url(), {Signal::traces}), none);
  const auto requests_for = [&](const std::string& answer) {
    const std::size_t before = receiver.received().size();
    receiver.answer_next(answer);
    exporter->queue().push(record("x"));
    EXPECT_TRUE(exporter->flush(kLong));
    return receiver.received().size() - before;
  };
  for (const char* const again : {"429 x", "502 x", "503 x", "504 x", ""}) {
    EXPECT_EQ(requests_for(again), 2U) << again;
  }
  EXPECT_EQ(exporter->figures().exported[0], 5U);
  for (const char* const final : {"400 x", "401 x", "404 x", "413 x", "500 x", "301 x"}) {
    EXPECT_EQ(requests_for(final), 1U) << final;
  }
  EXPECT_EQ(exporter->figures().exported[0], 5U);
  EXPECT_EQ(exporter->figures().failed[0], 6U);
  EXPECT_EQ(exporter->last_problem(), "HTTP status 301");
}

TEST(OtlpExporter, does_not_come_back_before_the_receiver_wants_it_to) {
  Receiver receiver;
  const MetricSources none;
  OtlpSettings with = settings(receiver.url(), {Signal::traces});
  with.export_timeout = 5s;
  const auto exporter = start(with, none);
  // What is wanted is later than the batch may last, so it is given up rather than sent too early.
  receiver.answer_next("503 x\r\nRetry-After: 3600");
  exporter->queue().push(record("x"));
  EXPECT_TRUE(exporter->flush(kLong));
  EXPECT_EQ(receiver.received().size(), 1U);
  EXPECT_EQ(exporter->figures().failed[0], 1U);
}

TEST(OtlpExporter, counts_what_a_receiver_took_in_part_and_never_sends_it_again) {
  Receiver receiver;
  const MetricSources none;
  const auto exporter = start(settings(receiver.url(), {Signal::traces}), none);
  receiver.answer_next("200 OK",
                       R"({"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}})");
  for (int i = 0; i < 5; ++i) exporter->queue().push(record("x"));
  EXPECT_TRUE(exporter->flush(kLong));
  EXPECT_EQ(receiver.received().size(), 1U);
  EXPECT_EQ(exporter->figures().exported[0], 3U);
  EXPECT_EQ(exporter->figures().failed[0], 2U);
  EXPECT_NE(exporter->last_problem().value_or("").find("too old"), std::string::npos);
}

TEST(OtlpExporter, that_nobody_answers_drops_the_oldest_and_lets_every_push_through) {
  Receiver receiver(Receiver::Manner::hangs);
  const MetricSources none;
  OtlpSettings with = settings(receiver.url(), {Signal::traces});
  with.max_queue_size = 4;
  with.max_batch_size = 1;
  const auto exporter = start(with, none);
  exporter->queue().push(record("sent"));
  receiver.wait_for(1);  // the exporter now waits for an answer that won't come
  for (int i = 0; i < 10; ++i) exporter->queue().push(record("x"));
  EXPECT_EQ(exporter->queue().size(), 4U);
  EXPECT_EQ(exporter->figures().dropped, 6U);
  EXPECT_FALSE(exporter->flush(1ms));
  exporter->stop(1ms);
  const ExportFigures figures = exporter->figures();
  EXPECT_EQ(figures.failed[0], 1U);
  EXPECT_EQ(figures.dropped, 10U);
  EXPECT_EQ(receiver.received().size(), 1U);
}

TEST(OtlpExporter, ends_when_its_patience_does_also_while_it_waits_to_try_again) {
  Receiver receiver;
  const MetricSources none;
  OtlpSettings with = settings(receiver.url(), {Signal::traces, Signal::logs});
  with.max_batch_size = 1;
  with.first_backoff = kLong;
  with.export_timeout = kLong * 10;
  const auto exporter = start(with, none);
  receiver.answer_next("503 x");
  exporter->queue().push(record("x", 1));
  receiver.wait_for(1);
  exporter->stop(1ms);
  const ExportFigures figures = exporter->figures();
  EXPECT_EQ(figures.failed[0], 1U);
  EXPECT_EQ(of(figures.failed, Signal::logs) + of(figures.exported, Signal::logs), 1U);
  exporter->stop(kLong);  // a second time changes nothing
  EXPECT_FALSE(exporter->flush(kLong));
}

TEST(OtlpExporter, sends_what_is_left_when_it_ends) {
  Receiver receiver;
  const MetricSources none;
  {
    const auto exporter = start(settings(receiver.url(), {Signal::traces}), none);
    for (int i = 0; i < 1000; ++i) exporter->queue().push(record("x"));
  }
  std::size_t spans = 0;
  for (const Received& request : receiver.received()) spans += spans_in(request).size();
  EXPECT_EQ(spans, 1000U);
}

TEST(OtlpExporter, says_how_it_fares_in_metrics_of_its_own) {
  Receiver receiver;
  const MetricSources none;
  const auto exporter = start(settings(receiver.url(), {Signal::traces}), none);
  receiver.answer_next("400 x");
  exporter->queue().push(record("x"));
  EXPECT_TRUE(exporter->flush(kLong));
  std::vector<Metric> metrics;
  exporter->collect(metrics);
  ASSERT_EQ(metrics.size(), 3U);
  EXPECT_EQ(metrics[1].name, "knhk.telemetry.failed");
  EXPECT_EQ(metrics[1].points[0].attributes, (Attributes{{"knhk.signal", "traces"}}));
  EXPECT_EQ(std::get<std::uint64_t>(metrics[1].points[0].value), 1U);
  EXPECT_EQ(metrics[2].name, "knhk.telemetry.dropped");
}

TEST(OtlpExporter, is_flushed_and_filled_by_several_threads_at_once) {
  Receiver receiver;
  const MetricSources none;
  const auto exporter = start(settings(receiver.url(), {Signal::traces}), none);
  std::vector<std::future<bool>> flushes;
  for (int t = 0; t < 4; ++t) {
    flushes.push_back(std::async(std::launch::async, [&] {
      for (int i = 0; i < 50; ++i) exporter->queue().push(record("x"));
      return exporter->flush(kLong);
    }));
  }
  for (auto& flushed : flushes) EXPECT_TRUE(flushed.get());
  EXPECT_EQ(exporter->figures().exported[0], 200U);
}

}  // namespace
}  // namespace knhk::telemetry
