#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "knhk/base/digest.hpp"
#include "knhk/base/result.hpp"
#include "knhk/store/store.hpp"

namespace knhk::store {

/// Snapshots that were rolled back before the log could say so: a small synced file in the store.
/// A promotion asks it, so that a restart doesn't bring a bad snapshot back.
///
/// Takes no lock: it is written where the log could not be. The last writer wins.
/// Errors: those of the machine; `manifest-damaged` when the file isn't readable, so that damage is
/// not taken for permission.
class Quarantine {
 public:
  struct Item {
    SnapshotId snapshot;
    std::string reason;
  };

  explicit Quarantine(Store store) : store_(std::move(store)) {}

  [[nodiscard]] Status add(const SnapshotId& snapshot, std::string_view reason) const;
  /// Removing what isn't there changes nothing.
  [[nodiscard]] Status clear(const SnapshotId& snapshot) const;
  /// The reason, or nothing when `snapshot` is not in quarantine.
  [[nodiscard]] Result<std::optional<std::string>> find(const SnapshotId& snapshot) const;
  [[nodiscard]] Result<std::vector<Item>> items() const;

 private:
  [[nodiscard]] Status write(const std::vector<Item>& items) const;

  Store store_;
};

}  // namespace knhk::store
