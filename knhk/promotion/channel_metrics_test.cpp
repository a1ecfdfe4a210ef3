#include "knhk/promotion/channel_metrics.hpp"

#include <gtest/gtest.h>

#include "knhk/hot_path/sticky_reader.hpp"
#include "knhk/promotion/testing/pipeline_fixture.hpp"

namespace knhk::promotion {
namespace {

using testing::id_of;
using testing::must;
using testing::PipelineTest;

class ChannelMetrics : public PipelineTest {
 protected:
  /// The only point of a metric; nothing when there is none.
  std::optional<telemetry::MetricPoint> point(std::string_view name) {
    telemetry::MetricSources sources;
    sources.add(metrics_of(path, "main"));
    sources.add(metrics_of(store));
    for (const telemetry::Metric& metric : sources.collect()) {
      if (metric.name == name && metric.points.size() == 1) return metric.points[0];
    }
    return std::nullopt;
  }
  std::uint64_t count(std::string_view name) {
    return std::get<std::uint64_t>(point(name).value().value);
  }
};

TEST_F(ChannelMetrics, say_what_is_current_and_what_is_kept_for_whom) {
  EXPECT_FALSE(point("knhk.active.snapshot"));
  admit_and_promote("one");
  hot_path::StickyReader reader(path);
  EXPECT_TRUE(reader.current());
  admit_and_promote("two");
  EXPECT_EQ(count("knhk.snapshots.retired"), 1U);
  EXPECT_EQ(count("knhk.snapshots.living"), 2U);
  EXPECT_EQ(count("knhk.snapshots.size"), 2 * sizeof(testing::Note));
  EXPECT_EQ(count("knhk.readers"), 1U);
  EXPECT_GT(std::get<double>(point("knhk.pin.oldest.age").value().value), 0.0);
  const telemetry::Attributes expected{{"knhk.channel", "main"},
                                       {"knhk.snapshot.id", id_of("two").to_string()},
                                       {"knhk.epoch", std::int64_t{2}}};
  EXPECT_EQ(point("knhk.active.snapshot")->attributes, expected);
  reader.release();
  EXPECT_EQ(count("knhk.snapshots.retired"), 0U) << "asking frees what nobody holds";
  EXPECT_EQ(std::get<double>(point("knhk.pin.oldest.age").value().value), 0.0);
}

TEST_F(ChannelMetrics, count_what_is_in_quarantine) {
  EXPECT_EQ(count("knhk.quarantine"), 0U);
  must(store::Quarantine(store).add(id_of("bad"), "it was bad").map([] { return 0; }));
  EXPECT_EQ(count("knhk.quarantine"), 1U);
}

}  // namespace
}  // namespace knhk::promotion
