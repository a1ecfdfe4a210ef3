#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <system_error>

#include "cli/json.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"
#include "cli/workspace.hpp"

namespace knhk::cli {
namespace {

namespace fs = std::filesystem;

/// A layer's title is whatever the manifest says; only a plain file name is written to.
bool is_plain_file_name(const std::string& title) {
  return !title.empty() && title != "." && title != ".." &&
         title.find_first_of(std::string("/\0", 2)) == std::string::npos;
}

Status write_file(const fs::path& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file.fail()) return {};
  std::error_code ignored;
  fs::remove(path, ignored);
  return fail(Errc::io_error, path.string(), "cannot be written");
}

Status write_layers(const store::Store& store, const store::Manifest& manifest,
                    const fs::path& folder) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (problem) return fail(Errc::io_error, folder.string(), problem.message());
  for (const store::Layer& layer : manifest.layers) {
    if (!is_plain_file_name(layer.title)) {
      return fail(Errc::manifest_damaged, layer.title, "is not a plain file name");
    }
    auto bytes = store.blob(layer.digest);
    if (!bytes) return forward_error(std::move(bytes));
    if (auto written = write_file(folder / layer.title, *bytes); !written) return written;
  }
  return {};
}

}  // namespace

Result<Answer> run(const ArtifactsOptions& options, const Settings& settings) {
  auto workspace = Workspace::open(settings);
  if (!workspace) return forward_error(std::move(workspace));
  const auto snapshot = workspace->store.resolve(options.id);
  if (!snapshot) return tl::unexpected(snapshot.error());
  auto stored = workspace->store.newest(*snapshot);
  if (!stored) return forward_error(std::move(stored));
  if (auto evidence = workspace->evidence_of(stored->digest); !evidence) {
    return forward_error(std::move(evidence));
  }
  if (!options.out.empty()) {
    auto written = write_layers(workspace->store, stored->manifest, options.out);
    if (!written) return forward_error(std::move(written));
  }

  Answer answer;
  auto artifacts = nlohmann::ordered_json::array();
  Table table;
  for (const store::Layer& layer : stored->manifest.layers) {
    const std::string name =
        options.out.empty() ? layer.title : (fs::path(options.out) / layer.title).string();
    auto artifact = json_of(layer);
    if (!options.out.empty()) artifact["path"] = name;
    artifacts.push_back(std::move(artifact));
    table.add({name, with_separators(layer.size) + " bytes", layer.media_type});
  }
  answer.json = {{"snapshot", snapshot->to_string()},
                 {"manifest", stored->digest.to_string()},
                 {"artifacts", std::move(artifacts)}};
  answer.text = table.to_string();
  return answer;
}

}  // namespace knhk::cli
