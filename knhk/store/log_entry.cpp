#include "knhk/store/log_entry.hpp"

#include <utility>

#include "knhk/receipts/strict_json.hpp"
#include "knhk/store/store.hpp"

namespace knhk::store {
namespace {

using receipts::Fields;
using receipts::Json;

template <class Tag>
Json value_or_null(const Sha256Value<Tag>& value) {
  return value.is_zero() ? Json(nullptr) : Json(value.to_string());
}

std::string problem_of(const LogEntry& entry) {
  if (entry.version != LogEntry::kVersion) return "the entry is of another version";
  if (!is_valid_name(entry.channel)) return "\"channel\" is not a channel's name";
  if (entry.epoch == 0) return "\"epoch\" is zero";
  if (entry.snapshot.is_zero() != entry.manifest.is_zero()) {
    return "only one of \"snapshot\" and \"manifest\" is null";
  }
  if (!receipts::is_utc_time(entry.time)) return "\"time\" is not like 2026-01-31T09:04:05Z";
  return {};
}

}  // namespace

std::string_view to_string(Action action) noexcept {
  return action == Action::promote ? "promote" : "rollback";
}

Result<std::string> to_json(const LogEntry& entry) {
  Json json = Json::object();
  json["version"] = entry.version;
  json["channel"] = entry.channel;
  json["epoch"] = entry.epoch;
  json["action"] = to_string(entry.action);
  json["snapshot"] = value_or_null(entry.snapshot);
  json["manifest"] = value_or_null(entry.manifest);
  json["previous"] = value_or_null(entry.previous);
  json["actor"] = entry.actor;
  json["reason"] = entry.reason;
  json["time"] = entry.time;
  Result<std::string> text = receipts::dump_json(json, Errc::invalid_encoding, "log entry");
  if (text && text->size() > kMaxEntryBytes) {
    return fail(Errc::limit_exceeded, "log entry",
                "is longer than " + std::to_string(kMaxEntryBytes) + " bytes; shorten the reason");
  }
  return text;
}

Result<LogEntry> parse_log_entry(std::string_view json, std::string_view where) {
  const auto damaged = [&](std::string detail) {
    return fail(Errc::log_damaged, std::string(where), std::move(detail));
  };
  const Result<Json> parsed = receipts::parse_json(
      json, {.max_bytes = kMaxEntryBytes, .malformed = Errc::log_damaged, .where = where});
  if (!parsed) return damaged(parsed.error().detail);
  Fields fields(*parsed, "");
  LogEntry entry;
  entry.version = fields.unsigned_number("version");
  entry.channel = fields.text("channel");
  entry.epoch = fields.unsigned_number("epoch");
  const std::string action = fields.text("action");
  entry.action = action == to_string(Action::promote) ? Action::promote : Action::roll_back;
  if (action != to_string(entry.action)) fields.note("\"action\" is unknown");
  entry.snapshot = SnapshotId{fields.nullable_digest("snapshot").bytes};
  entry.manifest = fields.nullable_digest("manifest");
  entry.previous = SnapshotId{fields.nullable_digest("previous").bytes};
  entry.actor = fields.text("actor");
  entry.reason = fields.text("reason");
  entry.time = fields.text("time");
  if (fields.ok()) fields.note(problem_of(entry));
  if (!fields.ok()) return damaged(fields.problem());
  // One entry has one spelling, so that nothing in it is signed and yet unseen.
  const Result<std::string> again = to_json(entry);
  if (!again || *again != json) return damaged("the entry is not spelled as it is written");
  return entry;
}

}  // namespace knhk::store
