#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "knhk/base/clock.hpp"
#include "knhk/base/digest.hpp"
#include "knhk/base/result.hpp"
#include "knhk/crypto/key.hpp"
#include "knhk/receipts/trusted_keys.hpp"
#include "knhk/store/log_entry.hpp"
#include "knhk/store/store.hpp"

namespace knhk::store {

/// The whole history as a signed checkpoint vouches for it. Immutable.
/// Threads: safe from any thread.
class VerifiedLog {
 public:
  /// All entries, oldest first; an entry's place is its index.
  [[nodiscard]] const std::vector<LogEntry>& entries() const noexcept { return entries_; }
  [[nodiscard]] std::uint64_t size() const noexcept { return entries_.size(); }
  /// RFC 6962 root of the tree over `entries()`.
  [[nodiscard]] const Digest& root() const noexcept { return root_; }
  /// The channel's newest entry, or null. Lifetime: the log's.
  [[nodiscard]] const LogEntry* head(std::string_view channel) const noexcept;
  /// The channel's entry of this epoch, or null. Lifetime: the log's.
  [[nodiscard]] const LogEntry* at_epoch(std::string_view channel,
                                         std::uint64_t epoch) const noexcept;
  /// Every channel with its newest entry's index, by name.
  [[nodiscard]] const std::map<std::string, std::uint64_t, std::less<>>& heads() const noexcept {
    return heads_;
  }
  /// True when the tree that the checkpoint signs has exactly this entry at this index.
  [[nodiscard]] bool contains(std::uint64_t index, const LogEntry& entry) const;

 private:
  friend class PromotionLog;
  friend class LogReader;
  std::vector<LogEntry> entries_;
  std::vector<Digest> leaves_;
  Digest root_;
  std::map<std::string, std::uint64_t, std::less<>> heads_;
};

/// What is to be recorded.
struct EntryRequest {
  std::string channel;
  Action action = Action::promote;
  SnapshotId snapshot;  ///< zero (with a zero manifest): the channel goes back to nothing
  Digest manifest;
  std::string actor;
  std::string reason;
  /// The entry's epoch at least: readers may have seen epochs that the log couldn't record.
  std::uint64_t min_epoch = 0;
};

/// What a commit made.
struct Committed {
  LogEntry entry;
  std::uint64_t index = 0;
  std::uint64_t tree_size = 0;
  Digest root;
  /// False when the new checkpoint is in place but the folder could not be synced: it is committed,
  /// yet a power failure may take it back.
  bool durable = true;
  /// False when the tags in `index.json` could not be derived anew; the next commit does it.
  bool tags_updated = true;
};

/// An entry that is ready to be committed, and the store's lock. Dropped before `commit`, it gives
/// the lock back and leaves nothing.
class PendingEntry {
 public:
  PendingEntry(PendingEntry&&) noexcept;
  PendingEntry& operator=(PendingEntry&&) noexcept;
  PendingEntry(const PendingEntry&) = delete;
  PendingEntry& operator=(const PendingEntry&) = delete;
  ~PendingEntry();

  [[nodiscard]] std::uint64_t epoch() const noexcept;
  /// What the channel has now; zero: nothing.
  [[nodiscard]] const SnapshotId& previous() const noexcept;
  [[nodiscard]] std::uint64_t index() const noexcept;
  [[nodiscard]] const LogEntry& entry() const noexcept;
  /// The history before this entry. Lifetime: the entry's.
  [[nodiscard]] const VerifiedLog& history() const noexcept;
  /// The lock that it holds, for other changes under it.
  [[nodiscard]] const WriterLock& lock() const noexcept;

  /// Writes the entry, its tiles and then, by one atomic rename, the checkpoint signed by `key`.
  /// That rename is the commit: an error means that it did not happen and readers see nothing; the
  /// entry may then be committed again. Called after a success it is `usage`.
  /// Errors: `untrusted-key` when `key` is not one of the log's trusted keys, `key-malformed` when
  /// it is not Ed25519, `disk-full`, `read-only`, `permission-denied`, `io-error`.
  [[nodiscard]] Result<Committed> commit(const crypto::PrivateKey& key);

 private:
  friend class PromotionLog;
  struct State;
  explicit PendingEntry(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// A store's append-only history: C2SP tlog-tiles under `log/`, with a signed checkpoint.
///
/// The checkpoint must be signed by one of `keys`, which comes from the caller. Reading recomputes
/// the whole tree; any byte that isn't as signed is `log-damaged`, naming the file.
/// Threads: safe from any thread. Complexity: linear in the number of entries.
class PromotionLog {
 public:
  PromotionLog(Store store, receipts::TrustedKeys keys)
      : store_(std::move(store)), keys_(std::move(keys)) {}

  /// The verified history; without a checkpoint it is empty.
  /// Errors: `log-damaged`, `untrusted-key`, `signature-invalid`.
  [[nodiscard]] Result<VerifiedLog> read() const;

  /// As `read()`, and compares the tiles and bundles of earlier checkpoints too, which the present
  /// one doesn't need. Complexity: 256 times more files at worst.
  [[nodiscard]] Result<VerifiedLog> audit() const;

  /// Takes the store's lock, verifies the history and prepares the next entry of a channel. Nothing
  /// is written before `PendingEntry::commit`.
  /// Errors: `store-locked`; `usage` for a channel name other than `[a-z0-9._-]{1,63}`;
  /// `limit-exceeded` and `invalid-encoding` for texts that no entry can hold; `blob-missing` when
  /// the manifest isn't in the store, `member-mismatch` when it is another snapshot's; those of
  /// `read()`.
  [[nodiscard]] Result<PendingEntry> begin(const EntryRequest& request,
                                           const Clock& clock = SystemClock::instance()) const;

 private:
  Store store_;
  receipts::TrustedKeys keys_;
};

}  // namespace knhk::store
