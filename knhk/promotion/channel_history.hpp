#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "knhk/base/digest.hpp"
#include "knhk/base/result.hpp"
#include "knhk/store/promotion_log.hpp"

namespace knhk::promotion {

/// An admission that a channel has, had, or shall have.
struct Station {
  SnapshotId snapshot;
  Digest manifest;

  friend bool operator==(const Station&, const Station&) = default;
};

/// Where a channel stands, and where a rollback would take it: the entries of the log for one
/// channel, read as steps forward and steps back.
///
/// A promotion is a step forward. A rollback goes back to where the channel stood with that
/// admission, and forgets what came after it; so rolling back twice goes back two steps, and never
/// forward again to what was rolled back.
class ChannelHistory {
 public:
  ChannelHistory(const store::VerifiedLog& log, std::string_view channel);

  /// False when the log has no entry of the channel.
  [[nodiscard]] bool exists() const noexcept { return last_epoch_ != 0; }
  /// The epoch of the channel's newest entry; 0: none.
  [[nodiscard]] std::uint64_t last_epoch() const noexcept { return last_epoch_; }
  /// What the channel has now; nothing before the first promotion and after that was rolled back.
  [[nodiscard]] std::optional<Station> current() const;
  /// What the channel had before that, newest first: where a rollback may go.
  [[nodiscard]] std::vector<Station> before_current() const;

 private:
  void go_back_to(const Station& station);

  std::vector<Station> path_;  // the steps that led to where the channel is
  std::uint64_t last_epoch_ = 0;
};

/// An older state of a channel, as a person names it: by its epoch or by its snapshot.
using RollbackTarget = std::variant<std::uint64_t, SnapshotId>;

/// The admission that `target` names in the history of `channel`.
/// Errors: unknown-epoch, unknown-id.
[[nodiscard]] Result<Station> find_station(const store::VerifiedLog& log, std::string_view channel,
                                           const RollbackTarget& target);

}  // namespace knhk::promotion
