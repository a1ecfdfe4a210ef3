#include <fmt/format.h>

#include "cli/invariants.hpp"
#include "cli/json.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"
#include "cli/workspace.hpp"

namespace knhk::cli {
namespace {

void add_admission(Answer& answer, const store::StoredManifest& stored,
                   const Result<promotion::Evidence>& proof) {
  const store::Manifest& manifest = stored.manifest;
  auto layers = nlohmann::ordered_json::array();
  Table files(4);
  for (const store::Layer& layer : manifest.layers) {
    layers.push_back(json_of(layer));
    files.add({layer.title, with_separators(layer.size) + " bytes", abbreviated(layer.digest)});
  }
  nlohmann::ordered_json evidence = {{"verified", proof.has_value()}};
  if (proof) {
    evidence["time"] = proof->receipt.time;
    evidence["invariants"] = json_of(proof->receipt.invariants);
  } else {
    evidence["error"] = to_string(proof.error());
  }
  answer.json["admissions"].push_back({{"manifest", stored.digest.to_string()},
                                       {"created", manifest.created},
                                       {"domain", manifest.domain},
                                       {"compiler", manifest.compiler},
                                       {"shapes", text_or_null(manifest.shapes)},
                                       {"parent", text_or_null(manifest.parent)},
                                       {"receipt", std::move(evidence)},
                                       {"layers", std::move(layers)}});
  answer.text +=
      fmt::format("  manifest {}\n    admitted {} as {} by {}\n", stored.digest.to_string(),
                  manifest.created, manifest.domain, manifest.compiler);
  if (manifest.shapes) answer.text += "    shapes   " + manifest.shapes->to_string() + "\n";
  if (manifest.parent) answer.text += "    parent   " + manifest.parent->to_string() + "\n";
  answer.text +=
      proof ? "    receipt  signed by a trusted key\n" + to_text(proof->receipt.invariants, 4)
            : "    receipt  NOT to be trusted: " + to_string(proof.error()) + "\n";
  answer.text += files.to_string();
}

}  // namespace

Result<Answer> run(const ShowOptions& options, const Settings& settings) {
  auto workspace = Workspace::open(settings);
  if (!workspace) return forward_error(std::move(workspace));
  const auto snapshot = workspace->store.resolve(options.id);
  if (!snapshot) return tl::unexpected(snapshot.error());
  auto manifests = workspace->store.manifests();
  if (!manifests) return forward_error(std::move(manifests));

  Answer answer;
  answer.json = {{"snapshot", snapshot->to_string()},
                 {"admissions", nlohmann::ordered_json::array()}};
  answer.text = "snapshot " + snapshot->to_string() + "\n";
  for (const store::StoredManifest& stored : *manifests) {
    if (stored.manifest.snapshot != *snapshot) continue;
    const auto proof = workspace->evidence_of(stored.digest);
    if (!proof) answer.exit_code = 1;
    add_admission(answer, stored, proof);
  }
  return answer;
}

}  // namespace knhk::cli
