#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <system_error>
#include <utility>

#include "cli/admit.hpp"
#include "cli/input.hpp"
#include "cli/interruption.hpp"
#include "cli/json.hpp"
#include "cli/observation.hpp"
#include "cli/text.hpp"
#include "cli/workspace.hpp"

namespace knhk::cli {
namespace {

bool is_hex(std::string_view text) {
  return !text.empty() &&
         text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

/// True for the one target that names a snapshot instead of a file.
bool names_snapshot(const std::vector<std::string>& targets) {
  if (targets.size() != 1) return false;
  std::error_code ignored;
  const std::string& target = targets.front();
  return target.starts_with("sha256:") ||
         (is_hex(target) && !std::filesystem::exists(target, ignored));
}

/// The epoch that `text` says, if it is a number too short to be meant as an id.
std::optional<std::uint64_t> as_epoch(std::string_view text) {
  std::uint64_t epoch = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), epoch);
  if (problem != std::errc() || end != text.data() + text.size() || text.size() > 15) {
    return std::nullopt;
  }
  return epoch;
}

Answer describe_step(const promotion::PromotionReport& report) {
  const bool forward = report.action == store::Action::promote;
  Answer answer;
  answer.json = {{"action", store::to_string(report.action)},
                 {"snapshot", text_or_null(report.snapshot)},
                 {"manifest", text_or_null(report.manifest)},
                 {"channel", report.channel},
                 {"epoch", report.epoch},
                 {"generation", report.generation},
                 {"previous", text_or_null(report.previous)},
                 {"recorded", !report.not_recorded.has_value()},
                 {"durable", report.durable},
                 {"phases", json_of(report.phases)},
                 {"total_ns", report.total.count()}};
  answer.text = fmt::format("{} {}\n  channel {}, epoch {}, before: {}\n  took {}\n",
                            forward ? "promoted" : "rolled back to",
                            report.snapshot.is_zero() ? "nothing" : report.snapshot.to_string(),
                            report.channel, report.epoch,
                            report.previous.is_zero() ? "nothing" : report.previous.to_string(),
                            readable_duration(static_cast<double>(report.total.count())));
  if (!report.durable) {
    answer.warnings.emplace_back("the log's folder could not be synced: a power cut may undo this");
  }
  if (report.not_recorded) {
    answer.exit_code = 1 + static_cast<int>(blame(report.not_recorded->code));
    answer.warnings.push_back(to_string(*report.not_recorded));
  }
  return answer;
}

promotion::PipelineOptions pipeline_options(const std::string& channel, Observation& observation) {
  promotion::PipelineOptions options;
  options.channel = channel;
  options.actor = actor();
  observation.watch(options);
  return options;
}

/// The snapshot to promote: the one that is named, or the one that the files make; then `manifest`
/// is their admission, unless another is asked for. A refused admission is an answer already.
Result<SnapshotId> find_snapshot(const PromoteOptions& options, const Workspace& workspace,
                                 Pipeline& pipeline, std::stop_token stop,
                                 std::optional<Digest>& manifest, std::optional<Answer>& refused) {
  if (names_snapshot(options.targets)) {
    return workspace.store.resolve(options.targets.front());
  }
  InputOptions input = options.input;
  input.files = options.targets;
  const auto sources = read_sources(input);
  if (!sources) return tl::unexpected(sources.error());
  promotion::AdmitOptions admit_options;
  admit_options.stop = std::move(stop);
  const auto admission = pipeline.admit(*sources, admit_options);
  if (!admission) return tl::unexpected(admission.error());
  if (admission->outcome == promotion::AdmissionOutcome::refused) {
    refused = describe(*admission, *sources, input.limits);
  }
  if (!manifest) manifest = admission->manifest;
  return admission->snapshot;
}

}  // namespace

Result<Answer> run(const PromoteOptions& options, const Settings& settings) {
  const Interruption interruption;
  promotion::PromoteOptions promote_options{std::nullopt, options.reason};
  promote_options.stop = interruption.token();
  if (!options.manifest.empty()) {
    promote_options.manifest = Digest::parse(options.manifest);
    if (!promote_options.manifest) {
      return fail(Errc::malformed_id, options.manifest,
                  "is not a digest (sha256: and 64 hex digits)");
    }
  }
  auto workspace = Workspace::open(settings);
  if (!workspace) return forward_error(std::move(workspace));
  const auto key = workspace->signing_key();
  if (!key) return tl::unexpected(key.error());

  Observation observation;
  ontology::OntologyHotPath path;
  Pipeline pipeline(workspace->store, ontology::OntologyDomain({}, options.input.limits), path,
                    workspace->trusted, &*key, pipeline_options(options.channel, observation));
  std::optional<Answer> refused;
  const auto snapshot = find_snapshot(options, *workspace, pipeline, promote_options.stop,
                                      promote_options.manifest, refused);
  if (!snapshot) return tl::unexpected(snapshot.error());
  if (refused) return std::move(*refused);
  const auto report = pipeline.promote_snapshot(*snapshot, promote_options);
  if (!report) return tl::unexpected(report.error());
  return describe_step(*report);
}

Result<Answer> run(const RollbackOptions& options, const Settings& settings) {
  const Interruption interruption;
  auto workspace = Workspace::open(settings);
  if (!workspace) return forward_error(std::move(workspace));
  const auto key = workspace->signing_key();
  if (!key) return tl::unexpected(key.error());
  promotion::RollbackOptions rollback_options;
  rollback_options.reason = options.reason;
  rollback_options.stop = interruption.token();
  rollback_options.record_first = true;  // there are no readers in this process
  if (const auto epoch = as_epoch(options.to); epoch) {
    rollback_options.to = *epoch;
  } else if (!options.to.empty()) {
    const auto snapshot = workspace->store.resolve(options.to);
    if (!snapshot) return tl::unexpected(snapshot.error());
    rollback_options.to = *snapshot;
  }

  Observation observation;
  ontology::OntologyHotPath path;
  Pipeline pipeline(workspace->store, ontology::OntologyDomain(), path, workspace->trusted, &*key,
                    pipeline_options(options.channel, observation));
  const auto report = pipeline.roll_back(rollback_options);
  if (!report) return tl::unexpected(report.error());
  return describe_step(*report);
}

}  // namespace knhk::cli
