// A process that promotes and exports as its environment says: exporting_program PROMOTIONS
// [HOST:PORT]. Beside the promotions it makes one rollback and one admission that is refused. With
// HOST:PORT it is scraped there: it prints `port N` and goes on when a line comes on standard
// input. Last it prints what became of its telemetry, as JSON.

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "knhk/promotion/promotion_pipeline.hpp"
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

/// Makes `count` promotions, and what else is promised above.
void promote(int count, const promotion::PipelineOptions& options) {
  const promotion::testing::TemporaryFolder folder;
  const promotion::testing::EvidenceMaker maker;
  const auto store = must(knhk::store::Store::create(folder.path() / "store", "test"));
  knhk::hot_path::HotPath<Note> path;
  promotion::PromotionPipeline<NoteDomain> pipeline(store, NoteDomain{}, path, maker.keys,
                                                    &maker.key, options);
  const auto admit = [&](const std::string& text) {
    const std::vector<promotion::Source> sources{
        {"note.txt", text, promotion::SourceRole::data, "", ""}};
    return must(pipeline.admit(sources)).snapshot;
  };
  for (int i = 0; i < count; ++i) {
    const auto snapshot = admit("note " + std::to_string(i));
    must(pipeline.promote_snapshot(snapshot, {std::nullopt, "to be told of"}));
  }
  must(pipeline.roll_back({}));
  admit("a note that fails Q1");
}

/// What readers, snapshots and health tell in a process that has them; with values of no meaning.
void collect_what_others_tell(std::vector<telemetry::Metric>& metrics) {
  using telemetry::MetricKind;
  const telemetry::Attributes channel{{"knhk.channel", "main"}};
  const auto add = [&](const char* name, const char* unit, MetricKind kind,
                       telemetry::Attributes attributes) {
    metrics.push_back(
        {name, "As others would tell it", unit, kind, {{std::move(attributes), std::uint64_t{1}}}});
  };
  add("knhk.snapshots.retired", "{snapshot}", MetricKind::gauge, channel);
  add("knhk.snapshots.living", "{snapshot}", MetricKind::gauge, channel);
  add("knhk.snapshots.size", "By", MetricKind::gauge, channel);
  add("knhk.pin.oldest.age", "s", MetricKind::gauge, channel);
  add("knhk.readers", "{reader}", MetricKind::gauge, channel);
  add("knhk.quarantine", "{snapshot}", MetricKind::gauge, channel);
  add("knhk.active.snapshot", "", MetricKind::gauge,
      {{"knhk.channel", "main"},
       {"knhk.snapshot.id", "sha256:00"},
       {"knhk.epoch", std::int64_t{1}}});
  add("knhk.health.outcomes", "{outcome}", MetricKind::counter,
      {{"knhk.channel", "main"}, {"knhk.outcome", "failed"}});
  add("knhk.slo.verdicts", "{verdict}", MetricKind::counter, {{"knhk.verdict", "healthy"}});
}

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
  const auto exporter = must(telemetry::OtlpExporter::start(settings, resource, sources));

  promotion::PipelineOptions options;
  options.actor = "tester";
  options.telemetry = &counts;
  options.traces = &exporter->queue();
  promote(promotions, options);

  if (address) {
    telemetry::MetricSources scraped;
    scraped.add([&](std::vector<telemetry::Metric>& metrics) { metrics = sources.collect(); });
    scraped.add([&](std::vector<telemetry::Metric>& metrics) { exporter->collect(metrics); });
    scraped.add(collect_what_others_tell);
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
