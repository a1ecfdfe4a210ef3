#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "knhk/base/digest.hpp"
#include "knhk/base/result.hpp"
#include "knhk/store/store.hpp"

namespace knhk::store {

/// Snapshots that must not become current: a synced file for each, in the store's folder
/// `quarantine`. Promotions, rollbacks and restarts ask it, so that none brings a bad snapshot
/// back.
///
/// Takes no lock: it is written where the log could not be.
/// Threads: safe from any thread. Errors: those of the machine.
class Quarantine {
 public:
  /// What ends it.
  enum class Until : std::uint8_t {
    recorded,  ///< the rollback is in the log, which readers saw before it could say so
    cleared,   ///< a person clears it: the snapshot had done badly in use
  };
  struct Item {
    SnapshotId snapshot;
    std::string reason;
    Until until = Until::recorded;
  };

  explicit Quarantine(Store store) : store_(std::move(store)) {}

  /// What waits for a person already keeps doing so, whatever `until` says.
  [[nodiscard]] Status add(const SnapshotId& snapshot, std::string_view reason,
                           Until until = Until::recorded) const;
  /// Ends it, whatever for. Removing what isn't there changes nothing.
  [[nodiscard]] Status clear(const SnapshotId& snapshot) const;
  /// Ends it unless it waits for a person.
  [[nodiscard]] Status lift_recorded(const SnapshotId& snapshot) const;
  /// The reason, or nothing when `snapshot` is not in quarantine.
  [[nodiscard]] Result<std::optional<std::string>> find(const SnapshotId& snapshot) const;
  [[nodiscard]] Result<std::vector<Item>> items() const;

 private:
  [[nodiscard]] std::filesystem::path file_of(const SnapshotId& snapshot) const;
  [[nodiscard]] Result<std::optional<Item>> find_item(const SnapshotId& snapshot) const;

  Store store_;
};

}  // namespace knhk::store
