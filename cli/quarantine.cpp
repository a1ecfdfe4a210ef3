#include "knhk/store/quarantine.hpp"

#include <fmt/format.h>

#include <string_view>

#include "cli/json.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"
#include "cli/workspace.hpp"

namespace knhk::cli {
namespace {

std::string_view until_text(store::Quarantine::Until until) {
  return until == store::Quarantine::Until::cleared ? "cleared" : "recorded";
}

}  // namespace

Result<Answer> run(const QuarantineOptions& options, const Settings& settings) {
  auto workspace = Workspace::open(settings);
  if (!workspace) return forward_error(std::move(workspace));
  const store::Quarantine quarantine(workspace->store);
  Answer answer;
  answer.json["cleared"] = nullptr;
  if (!options.clear.empty()) {
    const auto snapshot = workspace->store.resolve(options.clear);
    if (!snapshot) return tl::unexpected(snapshot.error());
    const auto reason = quarantine.find(*snapshot);
    if (!reason) return tl::unexpected(reason.error());
    if (!*reason) {
      return fail(Errc::unknown_id, snapshot->to_string(), "is not in quarantine");
    }
    if (Status cleared = quarantine.clear(*snapshot); !cleared) {
      return forward_error(std::move(cleared));
    }
    answer.json["cleared"] = snapshot->to_string();
    answer.text = fmt::format("cleared {}\n  it was there because: {}\n", snapshot->to_string(),
                              on_one_line(**reason));
  }
  auto items = quarantine.items();
  if (!items) return forward_error(std::move(items));
  auto listed = nlohmann::ordered_json::array();
  for (const auto& item : *items) {
    listed.push_back({{"snapshot", item.snapshot.to_string()},
                      {"reason", item.reason},
                      {"until", until_text(item.until)}});
    answer.text += fmt::format("{}\n  until {}: {}\n", item.snapshot.to_string(),
                               until_text(item.until), on_one_line(item.reason));
  }
  if (items->empty()) answer.text += "nothing is in quarantine\n";
  answer.json["quarantined"] = std::move(listed);
  return answer;
}

}  // namespace knhk::cli
