// Promotions go on, whatever becomes of what is told about them.

#include <gtest/gtest.h>

#include "knhk/promotion/testing/pipeline_fixture.hpp"
#include "knhk/telemetry/export/otlp_exporter.hpp"
#include "knhk/telemetry/export/receiver_for_tests.hpp"

namespace knhk::promotion::testing {
namespace {

using namespace std::chrono_literals;
using telemetry::Signal;
using telemetry::testing::Receiver;

constexpr std::size_t kQueue = 8;
constexpr std::uint64_t kPromotions = 25;
constexpr std::uint64_t kRecords = 2 * kPromotions;  // each is admitted first

class SlowReceiver : public PipelineTest {
 protected:
  std::unique_ptr<telemetry::OtlpExporter> exporter_to(const std::string& url) {
    telemetry::OtlpSettings settings;
    telemetry::OtlpTarget target;
    target.url = url;
    target.timeout = 10min;
    settings.targets[static_cast<std::size_t>(Signal::traces)] = target;
    settings.export_timeout = 10min;
    settings.max_queue_size = kQueue;
    settings.max_batch_size = 1;
    return must(telemetry::OtlpExporter::start(settings, telemetry::Resource{}, sources));
  }
  /// Makes that many promotions, all of which must succeed and reach each of their phases.
  void promote_all(telemetry::OtlpExporter& exporter, std::uint64_t count) {
    PipelineOptions with = options();
    with.traces = &exporter.queue();
    Pipeline promoting = pipeline(with);
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::string text = "note " + std::to_string(++made);
      ASSERT_TRUE(promoting.admit(note(text)));
      const auto report = promoting.promote_snapshot(id_of(text));
      ASSERT_TRUE(report) << to_string(report.error());
      EXPECT_TRUE(report->trace.is_valid());
      for (const auto phase : {telemetry::Phase::ready, telemetry::Phase::atomic_promotion,
                               telemetry::Phase::verification}) {
        EXPECT_TRUE(report->phases[phase]);
      }
    }
  }

  telemetry::MetricSources sources;
  std::uint64_t made = 0;
};

TEST_F(SlowReceiver, that_never_answers_delays_no_promotion_and_costs_the_oldest_telemetry) {
  const Receiver receiver(Receiver::Manner::hangs);
  const auto exporter = exporter_to(receiver.url());
  exporter->queue().push({{telemetry::Span{}}, {}});
  receiver.wait_for(1);
  // From here to the end the exporter is in the middle of that first request.
  promote_all(*exporter, kPromotions);
  EXPECT_EQ(receiver.received().size(), 1U);
  EXPECT_FALSE(exporter->flush(1ms));
  EXPECT_EQ(telemetry.snapshot()[telemetry::Action::promotion].succeeded, kPromotions);
  EXPECT_EQ(exporter->queue().size(), kQueue);
  EXPECT_EQ(exporter->figures().dropped, kRecords - kQueue);
  exporter->stop(1ms);
  EXPECT_EQ(receiver.received().size(), 1U);
  EXPECT_EQ(exporter->figures().failed[0], 1U);
  EXPECT_EQ(exporter->figures().dropped, kRecords);
}

TEST_F(SlowReceiver, that_is_dead_delays_no_promotion_and_all_is_counted) {
  std::string dead;
  {
    const Receiver gone;
    dead = gone.url();
  }
  const auto exporter = exporter_to(dead);
  promote_all(*exporter, kPromotions);
  EXPECT_EQ(telemetry.snapshot()[telemetry::Action::promotion].succeeded, kPromotions);
  exporter->stop(1ms);
  const telemetry::ExportFigures figures = exporter->figures();
  EXPECT_EQ(figures.exported[0], 0U);
  // One record at most was being sent: an admission has three spans, a promotion five.
  EXPECT_GE(figures.dropped, kRecords - 1);
  EXPECT_LE(figures.dropped, kRecords);
  EXPECT_EQ(figures.failed[0] != 0, figures.dropped == kRecords - 1);
  EXPECT_TRUE(exporter->last_problem() || figures.dropped == kRecords);
}

}  // namespace
}  // namespace knhk::promotion::testing
