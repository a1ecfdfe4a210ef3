#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "knhk/base/clock.hpp"
#include "knhk/base/result.hpp"
#include "knhk/crypto/key.hpp"
#include "knhk/promotion/channel_history.hpp"
#include "knhk/promotion/detail/attempt_timer.hpp"
#include "knhk/receipts/trusted_keys.hpp"
#include "knhk/store/promotion_log.hpp"
#include "knhk/store/quarantine.hpp"
#include "knhk/store/store.hpp"

namespace knhk::promotion {

/// Writes one channel's part of the promotion log, in one actor's name.
///
/// Threads: safe from any thread. Lifetime: signer and clock must outlive it.
class ChannelLedger {
 public:
  ChannelLedger(store::Store store, receipts::TrustedKeys keys, const crypto::PrivateKey* signer,
                std::string channel, std::string actor, const Clock& clock)
      : store_(std::move(store)),
        log_(store_, std::move(keys)),
        signer_(signer),
        channel_(std::move(channel)),
        actor_(std::move(actor)),
        clock_(&clock) {}

  [[nodiscard]] const std::string& channel() const noexcept { return channel_; }

  /// The log, verified. Errors: those of `PromotionLog::read`.
  [[nodiscard]] Result<store::VerifiedLog> read() const { return log_.read(); }

  /// Takes the store's lock for the channel's next entry; nothing is written before `commit`.
  /// `station`: what the channel shall have, nothing for the state before its first promotion.
  /// `min_epoch`: the entry's epoch at least, so that readers never see one twice.
  /// Errors: key-missing without a signer; those of `PromotionLog::begin`.
  [[nodiscard]] Result<store::PendingEntry> begin(store::Action action,
                                                  const std::optional<Station>& station,
                                                  std::string_view reason,
                                                  std::uint64_t min_epoch) const;

  /// What no entry with this reason could ever overcome: for what is done before it is written
  /// down. Errors: key-missing without a signer; limit-exceeded, invalid-encoding.
  [[nodiscard]] Status check_request(std::string_view reason) const;

  /// Makes the entry part of history: from here on it happened.
  [[nodiscard]] Result<store::Committed> commit(store::PendingEntry& pending) const;

  /// Reads the log anew and looks the entry up. Errors: verification-failed; those of `read`.
  [[nodiscard]] Status verify_included(const store::Committed& committed) const;

  /// Errors: quarantined, with the reason; those of the machine.
  [[nodiscard]] Status check_quarantine(const SnapshotId& snapshot) const;

  /// The first of `stations` that isn't in quarantine; nothing when there is none.
  [[nodiscard]] Result<std::optional<Station>> first_free(
      const std::vector<Station>& stations) const;

  /// What became of an attempt to write down a rollback that readers see already: one of the two.
  struct RollbackRecord {
    std::optional<store::Committed> committed;
    std::optional<Error> not_recorded;  ///< rollback-not-recorded, and why
  };

  /// A rollback that readers see.
  struct SeenRollback {
    SnapshotId withdrawn;
    std::optional<Station> station;  ///< what came back; nothing: no snapshot
    std::string reason;
    std::uint64_t epoch = 0;  ///< under which readers see it
    std::optional<std::uint64_t>
        only_from;  ///< not to be recorded if the log has gone on from here
  };

  /// Writes `seen` down. Until the log says so, `withdrawn` is in quarantine: if the log can't be
  /// written, a restart won't bring it back. `timer`: how long to wait for the store's lock.
  [[nodiscard]] RollbackRecord record_rollback(const SeenRollback& seen,
                                               const detail::AttemptTimer& timer) const;

  /// Appends the entry of `seen` to the log. Errors: superseded when the channel's last epoch is
  /// not `only_from`; those of `begin` and `commit`.
  [[nodiscard]] Result<store::Committed> append(const SeenRollback& seen) const;

 private:
  store::Store store_;
  store::PromotionLog log_;
  const crypto::PrivateKey* signer_;
  std::string channel_;
  std::string actor_;
  const Clock* clock_;
};

}  // namespace knhk::promotion
