#include "cli/observation.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "cli/output.hpp"
#include "cli/text.hpp"

namespace knhk::cli {
namespace {

void warn_of_loss(const telemetry::ExportFigures& figures,
                  const std::optional<std::string>& problem) {
  std::uint64_t failed = 0;
  for (const std::uint64_t of_signal : figures.failed) failed += of_signal;
  if (failed == 0 && figures.dropped == 0 && !problem) return;
  std::string warning = "telemetry was not delivered: " + counted(failed, "item") + " refused, " +
                        counted(figures.dropped, "record") + " dropped";
  if (problem) warning += " (" + *problem + ")";
  print_warning(warning);
}

}  // namespace

Observation::Observation() {
  const telemetry::Lookup environment = telemetry::process_environment();
  auto settings = telemetry::OtlpSettings::from_environment(environment);
  std::vector<std::string> warnings = std::move(settings.warnings);
  scrape_address_ = std::move(settings.prometheus);
  sources_.add([this](std::vector<telemetry::Metric>& metrics) { counts_.collect(metrics); });
  scraped_.add([this](std::vector<telemetry::Metric>& metrics) {
    metrics = sources_.collect();  // the first to be asked, so nothing is there yet
    if (exporter_) exporter_->collect(metrics);
  });
  std::vector<std::string> about_resource;
  resource_ = telemetry::Resource::from_environment(environment, telemetry::executable_name(),
                                                    about_resource);
  if (settings.exports() || scrape_address_) {  // else nobody is told who this is
    warnings.insert(warnings.end(), about_resource.begin(), about_resource.end());
  }
  if (settings.exports()) {
    auto started = telemetry::OtlpExporter::start(std::move(settings), resource_, sources_);
    if (started) {
      exporter_ = std::move(*started);
    } else {
      warnings.push_back(to_string(started.error()));
    }
  }
  for (const std::string& warning : warnings) print_warning(warning);
}

void Observation::finish() {
  if (endpoint_) endpoint_->wait_for_a_scrape(kPatience);
  endpoint_.reset();
  if (!exporter_ || std::exchange(is_finished_, true)) return;
  exporter_->stop(kPatience);
  warn_of_loss(exporter_->figures(), exporter_->last_problem());
}

void Observation::watch(promotion::PipelineOptions& options) {
  options.telemetry = &counts_;
  if (exporter_) options.traces = &exporter_->queue();
}

Result<std::optional<std::uint16_t>> Observation::serve_metrics(
    const std::optional<std::string>& address) {
  const std::optional<std::string>& where = address ? address : scrape_address_;
  if (!where) return std::nullopt;
  auto opened = telemetry::PrometheusEndpoint::open(*where, scraped_, resource_);
  if (!opened) return forward_error(std::move(opened));
  endpoint_.emplace(std::move(*opened));
  return endpoint_->port();
}

}  // namespace knhk::cli
