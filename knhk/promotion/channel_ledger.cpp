#include "knhk/promotion/channel_ledger.hpp"

#include <cstdint>

namespace knhk::promotion {

Status ChannelLedger::check_request(std::string_view reason) const {
  if (signer_ == nullptr) {
    return fail(Errc::key_missing, "channel " + channel_,
                "without a signing key nothing can be recorded in the log");
  }
  store::LogEntry longest;
  longest.channel = channel_;
  longest.epoch = UINT64_MAX;
  longest.action = store::Action::roll_back;
  for (auto* id : {&longest.snapshot.bytes, &longest.manifest.bytes, &longest.previous.bytes}) {
    id->fill(1);
  }
  longest.actor = actor_;
  longest.reason = std::string(reason);
  longest.time = to_rfc3339(clock_->now());
  auto json = store::to_json(longest);
  if (!json) return forward_error(std::move(json));
  return {};
}

Result<store::PendingEntry> ChannelLedger::begin(store::Action action,
                                                 const std::optional<Station>& station,
                                                 std::string_view reason,
                                                 std::uint64_t min_epoch) const {
  if (Status fits = check_request(reason); !fits) return forward_error(std::move(fits));
  store::EntryRequest request;
  request.channel = channel_;
  request.action = action;
  if (station) {
    request.snapshot = station->snapshot;
    request.manifest = station->manifest;
  }
  request.actor = actor_;
  request.reason = std::string(reason);
  request.min_epoch = min_epoch;
  return log_.begin(request, *clock_);
}

Result<store::Committed> ChannelLedger::commit(store::PendingEntry& pending) const {
  return pending.commit(*signer_);
}

Status ChannelLedger::verify_included(const store::Committed& committed) const {
  const auto log = log_.read();
  if (!log) return tl::unexpected(log.error());
  if (!log->contains(committed.index, committed.entry)) {
    return fail(
        Errc::verification_failed, "channel " + channel_,
        "the log doesn't prove the entry of epoch " + std::to_string(committed.entry.epoch));
  }
  return {};
}

Status ChannelLedger::check_quarantine(const SnapshotId& snapshot) const {
  const auto reason = store::Quarantine(store_).find(snapshot);
  if (!reason) return tl::unexpected(reason.error());
  if (*reason) {
    return fail(Errc::quarantined, snapshot.to_string(),
                "it was rolled back and must not come back: " + **reason);
  }
  return {};
}

Result<std::optional<Station>> ChannelLedger::first_free(
    const std::vector<Station>& stations) const {
  for (const Station& station : stations) {
    const Status free = check_quarantine(station.snapshot);
    if (free) return std::optional<Station>(station);
    if (free.error().code != Errc::quarantined) return tl::unexpected(free.error());
  }
  return std::optional<Station>();
}

Result<store::Committed> ChannelLedger::append(const SeenRollback& seen) const {
  auto pending = begin(store::Action::roll_back, seen.station, seen.reason, seen.epoch);
  if (!pending) return forward_error(std::move(pending));
  if (seen.only_from) {
    const store::LogEntry* const head = pending->history().head(channel_);
    if (head == nullptr || head->epoch != *seen.only_from) {
      return fail(Errc::superseded, "channel " + channel_,
                  "the log has gone on from epoch " + std::to_string(*seen.only_from));
    }
  }
  return commit(*pending);
}

ChannelLedger::RollbackRecord ChannelLedger::record_rollback(
    const SeenRollback& seen, const detail::AttemptTimer& timer) const {
  const store::Quarantine quarantine(store_);
  const Status kept = quarantine.add(seen.withdrawn, seen.reason);
  auto committed = timer.in_turn([&] { return append(seen); });
  if (!committed) {
    std::string detail =
        "readers see the rollback, the log doesn't: " + to_string(committed.error());
    if (!kept) detail += "; nor could the quarantine be kept: " + to_string(kept.error());
    return {std::nullopt, Error{Errc::rollback_not_recorded, "channel " + channel_, detail}};
  }
  // Left in quarantine by an error here, it can't be promoted until a rollback lifts it: safe.
  static_cast<void>(quarantine.lift_recorded(seen.withdrawn));
  return {*std::move(committed), std::nullopt};
}

}  // namespace knhk::promotion
