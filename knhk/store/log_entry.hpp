#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "knhk/base/digest.hpp"
#include "knhk/base/result.hpp"

namespace knhk::store {

/// Longest entry (C2SP tlog-tiles: its length is a uint16).
inline constexpr std::size_t kMaxEntryBytes = 65535;

enum class Action : std::uint8_t { promote, roll_back };

/// `promote` or `rollback`, as in the log.
[[nodiscard]] std::string_view to_string(Action action) noexcept;

/// One line of history: from now on this snapshot is the channel's.
struct LogEntry {
  static constexpr std::uint64_t kVersion = 1;

  std::uint64_t version = kVersion;
  std::string channel;
  std::uint64_t epoch = 0;  ///< 1 for a channel's first entry; only grows
  Action action = Action::promote;
  SnapshotId snapshot;  ///< zero: none, after the first promotion was rolled back
  Digest manifest;      ///< zero when `snapshot` is
  SnapshotId previous;  ///< what was the channel's before; zero: nothing
  std::string actor;
  std::string reason;
  std::string time;  ///< RFC 3339 in UTC

  friend bool operator==(const LogEntry&, const LogEntry&) = default;
};

/// The entry's bytes: JSON without white space, keys in the order of the members, `null` for zero.
/// Errors: `limit-exceeded` beyond `kMaxEntryBytes`; `invalid-encoding` when a text isn't UTF-8.
[[nodiscard]] Result<std::string> to_json(const LogEntry& entry);

/// Reads exactly what `to_json` writes; any other spelling is `log-damaged`.
[[nodiscard]] Result<LogEntry> parse_log_entry(std::string_view json, std::string_view where);

}  // namespace knhk::store
