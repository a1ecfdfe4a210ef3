#include "knhk/promotion/channel_history.hpp"

#include <algorithm>
#include <iterator>

namespace knhk::promotion {

ChannelHistory::ChannelHistory(const store::VerifiedLog& log, std::string_view channel) {
  for (const store::LogEntry& entry : log.entries()) {
    if (entry.channel != channel) continue;
    last_epoch_ = entry.epoch;
    const Station station{entry.snapshot, entry.manifest};
    if (entry.action == store::Action::promote) {
      path_.push_back(station);
    } else if (entry.snapshot.is_zero()) {
      path_.clear();
    } else {
      go_back_to(station);
    }
  }
}

void ChannelHistory::go_back_to(const Station& station) {
  const auto found = std::find(path_.rbegin(), path_.rend(), station);
  if (found == path_.rend()) {
    path_.push_back(station);  // an admission from before a way back that forgot it
  } else {
    path_.erase(found.base(), path_.end());
  }
}

std::optional<Station> ChannelHistory::current() const {
  if (path_.empty()) return std::nullopt;
  return path_.back();
}

std::vector<Station> ChannelHistory::before_current() const {
  std::vector<Station> before;
  std::copy_if(path_.rbegin(), path_.rend(), std::back_inserter(before),
               [&](const Station& station) { return station != path_.back(); });
  return before;
}

Result<Station> find_station(const store::VerifiedLog& log, std::string_view channel,
                             const RollbackTarget& target) {
  if (const auto* epoch = std::get_if<std::uint64_t>(&target)) {
    const store::LogEntry* entry = log.at_epoch(channel, *epoch);
    if (entry == nullptr || entry->snapshot.is_zero()) {
      return fail(Errc::unknown_epoch, "channel " + std::string(channel),
                  "has no snapshot of epoch " + std::to_string(*epoch));
    }
    return Station{entry->snapshot, entry->manifest};
  }
  const SnapshotId& id = std::get<SnapshotId>(target);
  const auto& entries = log.entries();
  const auto entry = std::find_if(entries.rbegin(), entries.rend(), [&](const auto& candidate) {
    return candidate.channel == channel && candidate.snapshot == id;
  });
  if (entry == entries.rend() || id.is_zero()) {
    return fail(Errc::unknown_id, id.to_string(),
                "was never promoted on channel " + std::string(channel));
  }
  return Station{entry->snapshot, entry->manifest};
}

}  // namespace knhk::promotion
