#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

#include "knhk/base/digest.hpp"
#include "knhk/base/result.hpp"
#include "knhk/store/store.hpp"

namespace knhk::store {

/// The admission of each channel that last proved itself in use: where an automatic rollback goes.
/// A synced file for each channel, in the store's folder `last-known-good`. It is a hint: whoever
/// follows it still looks for the admission in the log and verifies its evidence.
///
/// Takes no lock. Threads: safe from any thread. Errors: those of the machine; usage for what is no
/// channel's name; log-damaged when a file holds something else.
class LastKnownGood {
 public:
  struct Item {
    SnapshotId snapshot;
    Digest manifest;
    std::uint64_t epoch = 0;  ///< under which it proved itself

    friend bool operator==(const Item&, const Item&) = default;
  };

  explicit LastKnownGood(Store store) : store_(std::move(store)) {}

  [[nodiscard]] Status set(std::string_view channel, const Item& item) const;
  [[nodiscard]] Result<std::optional<Item>> find(std::string_view channel) const;

 private:
  Store store_;
};

}  // namespace knhk::store
