#include <fmt/format.h>

#include "cli/json.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"
#include "cli/workspace.hpp"
#include "knhk/store/last_known_good.hpp"
#include "knhk/store/promotion_log.hpp"
#include "knhk/store/quarantine.hpp"

namespace knhk::cli {
namespace {

std::string snapshot_text(const SnapshotId& snapshot) {
  return snapshot.is_zero() ? "nothing" : abbreviated(snapshot);
}

std::vector<std::string> row_of(const store::LogEntry& entry) {
  return {entry.channel,
          "epoch " + std::to_string(entry.epoch),
          std::string(store::to_string(entry.action)),
          snapshot_text(entry.snapshot),
          entry.time,
          on_one_line(entry.actor),
          on_one_line(entry.reason)};
}

}  // namespace

Result<Answer> run(const StatusOptions&, const Settings& settings) {
  auto workspace = Workspace::open(settings);
  if (!workspace) return forward_error(std::move(workspace));
  const store::Store& store = workspace->store;
  auto log = store::PromotionLog(store, workspace->trusted).read();
  if (!log) return forward_error(std::move(log));
  auto manifests = store.manifests();
  if (!manifests) return forward_error(std::move(manifests));
  auto quarantine = store::Quarantine(store).items();
  if (!quarantine) return forward_error(std::move(quarantine));

  Answer answer;
  auto channels = nlohmann::ordered_json::array();
  Table table;
  for (const auto& [channel, index] : log->heads()) {
    channels.push_back(json_of(log->entries()[index]));
    table.add(row_of(log->entries()[index]));
  }
  auto quarantined = nlohmann::ordered_json::array();
  for (const auto& item : *quarantine) {
    quarantined.push_back({{"snapshot", item.snapshot.to_string()}, {"reason", item.reason}});
  }
  const store::LastKnownGood last_known_good(store);
  auto good = nlohmann::ordered_json::object();
  std::string good_text;
  for (const auto& [channel, index] : log->heads()) {
    auto found = last_known_good.find(channel);
    if (!found) {
      answer.warnings.push_back(to_string(found.error()));
    } else if (*found) {
      good[channel] = {{"snapshot", (*found)->snapshot.to_string()}, {"epoch", (*found)->epoch}};
      good_text += fmt::format("last known good on {}: {} (epoch {})\n", channel,
                               abbreviated((*found)->snapshot), (*found)->epoch);
    }
  }
  answer.json = {{"store", settings.store},
                 {"name", store.name()},
                 {"channels", std::move(channels)},
                 {"admissions", manifests->size()},
                 {"log_entries", log->size()},
                 {"log_root", log->root().to_string()},
                 {"quarantined", std::move(quarantined)},
                 {"last_known_good", std::move(good)}};
  answer.text = fmt::format(
      "{}  ({}, {} in the log)\n", store.name(), counted(manifests->size(), "admission"),
      log->size() == 1 ? "1 entry" : with_separators(log->size()) + " entries");
  answer.text += log->heads().empty() ? "nothing was promoted yet\n" : table.to_string();
  answer.text += good_text;
  for (const auto& item : *quarantine) {
    answer.text +=
        fmt::format("quarantined: {} ({})\n", abbreviated(item.snapshot), on_one_line(item.reason));
  }
  return answer;
}

Result<Answer> run(const HistoryOptions& options, const Settings& settings) {
  auto workspace = Workspace::open(settings);
  if (!workspace) return forward_error(std::move(workspace));
  auto log = store::PromotionLog(workspace->store, workspace->trusted).read();
  if (!log) return forward_error(std::move(log));
  if (!options.channel.empty() && log->head(options.channel) == nullptr) {
    return fail(Errc::unknown_channel, options.channel, "nothing was ever promoted there");
  }
  Answer answer;
  auto entries = nlohmann::ordered_json::array();
  Table table;
  for (const store::LogEntry& entry : log->entries()) {
    if (!options.channel.empty() && entry.channel != options.channel) continue;
    entries.push_back(json_of(entry));
    table.add(row_of(entry));
  }
  answer.json = {{"entries", std::move(entries)}, {"log_root", log->root().to_string()}};
  answer.text = log->size() == 0 ? "nothing was promoted yet\n" : table.to_string();
  return answer;
}

}  // namespace knhk::cli
