// A process that promotes and exports as its environment says: exporting_program PROMOTIONS
// [HOST:PORT]. Beside the promotions it makes one rollback and one admission that is refused. With
// HOST:PORT it is scraped there: it prints `port N` and goes on when a line comes on standard
// input. Last it prints what became of its telemetry, as JSON.

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "knhk/promotion/baking.hpp"
#include "knhk/promotion/channel_metrics.hpp"
#include "knhk/promotion/health.hpp"
#include "knhk/promotion/promotion_pipeline.hpp"
#include "knhk/promotion/slo_policy.hpp"
#include "knhk/promotion/testing/evidence_maker.hpp"
#include "knhk/telemetry/export/otlp_exporter.hpp"
#include "knhk/telemetry/export/prometheus_endpoint.hpp"
#include "knhk/telemetry/read_samples.hpp"

namespace {

namespace telemetry = knhk::telemetry;
namespace promotion = knhk::promotion;
using promotion::testing::must;
using promotion::testing::Note;
using promotion::testing::NoteDomain;

/// A process that has all that can be told of: a store, readers, a trial of what is promoted.
class Shop {
 public:
  explicit Shop(promotion::PipelineOptions options, telemetry::MetricSources& sources)
      : pipeline_(store_, NoteDomain{}, path_, maker_.keys, &maker_.key, with_trials(options)) {
    const std::string channel = "main";
    sources.add(promotion::metrics_of(path_, channel));
    sources.add(promotion::metrics_of(store_));
    sources.add([&baking = *baking_, channel](std::vector<telemetry::Metric>& metrics) {
      baking.collect(channel, metrics);
    });
  }

  /// Makes `count` promotions, and what else is promised above.
  void promote(int count) {
    for (int i = 0; i < count; ++i) {
      const auto snapshot = admit("note " + std::to_string(i));
      must(pipeline_.promote_snapshot(snapshot, {std::nullopt, "to be told of"}));
    }
    must(pipeline_.roll_back({}));
    admit("a note that fails Q1");
  }

 private:
  promotion::PipelineOptions with_trials(promotion::PipelineOptions options) {
    options.baking = baking_.get();
    return options;
  }
  knhk::SnapshotId admit(const std::string& text) {
    const std::vector<promotion::Source> sources{
        {"note.txt", text, promotion::SourceRole::data, "", ""}};
    return must(pipeline_.admit(sources)).snapshot;
  }

  promotion::testing::TemporaryFolder folder_;
  promotion::testing::EvidenceMaker maker_;
  knhk::store::Store store_ = must(knhk::store::Store::create(folder_.path() / "store", "test"));
  knhk::hot_path::HotPath<Note> path_;
  promotion::Health health_;
  std::unique_ptr<promotion::Baking> baking_ =
      must(promotion::Baking::make(health_, promotion::SloPolicy{}));
  promotion::PromotionPipeline<NoteDomain> pipeline_;
};

nlohmann::json to_json(const telemetry::ExportFigures& figures) {
  nlohmann::json json = {{"dropped", figures.dropped}};
  for (const telemetry::Signal signal : telemetry::kSignals) {
    const auto index = static_cast<std::size_t>(signal);
    json["exported"][std::string(name(signal))] = figures.exported[index];
    json["failed"][std::string(name(signal))] = figures.failed[index];
  }
  return json;
}

int run(int promotions, const std::optional<std::string>& address) {
  const telemetry::Lookup environment = telemetry::process_environment();
  const auto settings = telemetry::OtlpSettings::from_environment(environment);
  std::vector<std::string> warnings = settings.warnings;
  const auto resource =
      telemetry::Resource::from_environment(environment, telemetry::executable_name(), warnings);
  telemetry::PromotionTelemetry counts;
  telemetry::ReadSamples reads("main");
  reads.record(100);
  telemetry::MetricSources sources;
  sources.add([&](std::vector<telemetry::Metric>& metrics) { counts.collect(metrics); });
  sources.add([&](std::vector<telemetry::Metric>& metrics) { reads.collect(metrics); });
  // The sources are asked until the exporter ends, so what they ask must outlive it.
  std::optional<Shop> shop;
  const auto exporter = must(telemetry::OtlpExporter::start(settings, resource, sources));

  promotion::PipelineOptions options;
  options.actor = "tester";
  options.telemetry = &counts;
  options.traces = &exporter->queue();
  shop.emplace(options, sources);
  shop->promote(promotions);

  if (address) {
    telemetry::MetricSources scraped;
    scraped.add([&](std::vector<telemetry::Metric>& metrics) { metrics = sources.collect(); });
    scraped.add([&](std::vector<telemetry::Metric>& metrics) { exporter->collect(metrics); });
    const auto endpoint = must(telemetry::PrometheusEndpoint::open(*address, scraped, resource));
    std::cout << "port " << endpoint.port() << std::endl;
    std::string line;
    std::getline(std::cin, line);
  }
  exporter->stop(std::chrono::seconds(20));
  nlohmann::json told = to_json(exporter->figures());
  told["warnings"] = warnings;
  std::cout << told.dump() << std::endl;
  return 0;
}

}  // namespace

int main(int argc, char** argv) try {
  const int promotions = argc > 1 ? static_cast<int>(std::strtol(argv[1], nullptr, 10)) : 1;
  return run(promotions, argc > 2 ? std::optional<std::string>(argv[2]) : std::nullopt);
} catch (const std::exception& problem) {
  std::cerr << "exporting_program: " << problem.what() << "\n";
  return 1;
}
