#pragma once

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

/// Snapshots that were rolled back before the log could say so: a synced file for each, in the
/// store's folder `quarantine`. A promotion asks it, so that a restart doesn't bring a bad snapshot
/// back.
///
/// Takes no lock: it is written where the log could not be.
/// Threads: safe from any thread. Errors: those of the machine.
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
  [[nodiscard]] std::filesystem::path file_of(const SnapshotId& snapshot) const;

  Store store_;
};

}  // namespace knhk::store
