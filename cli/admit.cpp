#include "cli/admit.hpp"

#include <fmt/format.h>

#include "cli/input.hpp"
#include "cli/interruption.hpp"
#include "cli/invariants.hpp"
#include "cli/json.hpp"
#include "cli/observation.hpp"
#include "cli/text.hpp"
#include "cli/workspace.hpp"
#include "knhk/shacl/validate.hpp"

namespace knhk::cli {
namespace {

constexpr std::size_t kShownResults = 20;

std::string_view name_of(promotion::AdmissionOutcome outcome) {
  switch (outcome) {
    case promotion::AdmissionOutcome::admitted:
      return "admitted";
    case promotion::AdmissionOutcome::already_admitted:
      return "already-admitted";
    case promotion::AdmissionOutcome::refused:
      return "refused";
  }
  return "";
}

/// The admission kept only how each invariant fared; who has to mend the data wants every result.
void add_validation_report(Answer& answer, std::span<const promotion::Source> sources,
                           const ontology::SnapshotLimits& limits) {
  const auto report = report_on(sources, limits);
  if (!report) return;
  answer.json["report"] = nlohmann::ordered_json::parse(shacl::to_json(*report), nullptr, false);
  if (report->conforms) return;
  shacl::TextOptions options;
  options.limit = kShownResults;
  answer.text += "\n" + shacl::to_text(*report, options);
}

}  // namespace

Result<shacl::ValidationReport> report_on(std::span<const promotion::Source> sources,
                                          const ontology::SnapshotLimits& limits) {
  const auto snapshot = ontology::Snapshot::read(sources, limits);
  if (!snapshot) return tl::unexpected(snapshot.error());
  if (snapshot->rules() == nullptr) return shacl::ValidationReport{};
  return shacl::validate(*snapshot->rules(), snapshot->data().dataset);
}

Answer describe(const promotion::Admission& admission, std::span<const promotion::Source> sources,
                const ontology::SnapshotLimits& limits) {
  const bool refused = admission.outcome == promotion::AdmissionOutcome::refused;
  Answer answer;
  auto artifacts = nlohmann::ordered_json::array();
  for (const receipts::Subject& artifact : admission.artifacts) {
    artifacts.push_back({{"name", artifact.name}, {"digest", artifact.digest.to_string()}});
  }
  answer.json = {
      {"snapshot", admission.snapshot.to_string()},   {"outcome", name_of(admission.outcome)},
      {"manifest", text_or_null(admission.manifest)}, {"shapes", text_or_null(admission.shapes)},
      {"invariants", json_of(admission.invariants)},  {"artifacts", std::move(artifacts)},
      {"phases", json_of(admission.phases)}};
  answer.text = admission.snapshot.to_string() + "\n" + to_text(admission.invariants, 2);
  if (refused) {
    answer.exit_code = 1;
    answer.text += "refused: nothing was stored\n";
    add_validation_report(answer, sources, limits);
  } else {
    answer.text += fmt::format(
        "{}, manifest {}\n",
        admission.outcome == promotion::AdmissionOutcome::admitted ? "admitted" : "admitted before",
        admission.manifest.to_string());
  }
  if (admission.shapes && admission.invariants[0].outcome == receipts::Outcome::vacuous) {
    answer.warnings.emplace_back(
        "no shape of --shapes has a target: nothing was checked with them");
  }
  if (!admission.shapes) {
    answer.warnings.emplace_back("no --shapes: completeness (Q1) and correctness (Q3) say little");
  }
  return answer;
}

Result<Answer> run(const AdmitOptions& options, const Settings& settings) {
  const Interruption interruption;
  promotion::AdmitOptions admit_options;
  admit_options.stop = interruption.token();
  if (!options.parent.empty()) {
    admit_options.parent = Digest::parse(options.parent);
    if (!admit_options.parent) {
      return fail(Errc::malformed_id, options.parent,
                  "is not a digest (sha256: and 64 hex digits)");
    }
  }
  auto workspace = Workspace::open(settings);
  if (!workspace) return forward_error(std::move(workspace));
  const auto key = workspace->signing_key();
  if (!key) return tl::unexpected(key.error());
  const auto sources = read_sources(options.input);
  if (!sources) return tl::unexpected(sources.error());

  Observation observation;
  promotion::PipelineOptions pipeline_options;
  pipeline_options.actor = actor();
  observation.watch(pipeline_options);
  ontology::OntologyHotPath unread;
  Pipeline pipeline(workspace->store, ontology::OntologyDomain({}, options.input.limits), unread,
                    workspace->trusted, &*key, pipeline_options);
  const auto admission = pipeline.admit(*sources, admit_options);
  if (!admission) return tl::unexpected(admission.error());
  return describe(*admission, *sources, options.input.limits);
}

}  // namespace knhk::cli
