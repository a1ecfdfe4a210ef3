#pragma once

#include <chrono>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "knhk/base/result.hpp"
#include "knhk/base/ticks.hpp"
#include "knhk/hot_path/hot_path.hpp"
#include "knhk/promotion/admission.hpp"
#include "knhk/promotion/bake_report.hpp"
#include "knhk/promotion/baking.hpp"
#include "knhk/promotion/channel_ledger.hpp"
#include "knhk/promotion/detail/async_lane.hpp"
#include "knhk/promotion/detail/attempt_timer.hpp"
#include "knhk/promotion/detail/attempts.hpp"
#include "knhk/promotion/domain.hpp"
#include "knhk/promotion/evidence.hpp"
#include "knhk/promotion/operation.hpp"
#include "knhk/promotion/promotion_guard.hpp"
#include "knhk/promotion/promotion_report.hpp"

namespace knhk::promotion {

/// Takes snapshots of one domain the whole way: from sources into the store with signed evidence
/// (`admit`), from the store to the readers of a hot path (`promote_snapshot`), and back
/// (`roll_back`). `restore` makes a new process current again.
///
/// What fails, fails before the commit of the log entry and leaves store and hot path as they were;
/// what comes after the commit can't fail, except the verification, which then rolls back.
///
/// Threads: safe from any thread; one change at a time, a second is refused with store-locked,
/// writer-busy or promotion-unsettled; the `_async` calls wait for their turn instead. Readers of
/// the hot path notice nothing but the new snapshot.
/// One path is one channel's: the epochs that its readers see only grow.
/// Lifetime: `path`, `signer` and what the options point to must outlive the pipeline. Its end
/// calls off what has not committed and waits for what runs; so it isn't ended by a continuation of
/// its own, nor moved while an operation is under way.
template <class D, class Traits = hot_path::DefaultTraits>
class PromotionPipeline {
  static_assert(explain_domain<D>());

 public:
  using Artifacts = typename D::Artifacts;
  using Path = hot_path::HotPath<Artifacts, Traits>;

  /// `keys`: whose receipts and log count; never taken from the store. `signer`: null for a
  /// pipeline that only restores (anything else is then refused with key-missing).
  PromotionPipeline(store::Store store, D domain, Path& path, receipts::TrustedKeys keys,
                    const crypto::PrivateKey* signer, PipelineOptions options = {})
      : store_(std::move(store)),
        domain_(std::move(domain)),
        path_(path),
        keys_(std::move(keys)),
        signer_(signer),
        options_(std::move(options)),
        ledger_(store_, keys_, signer_, options_.channel, options_.actor, *options_.clock) {}

  /// Parses, compiles, validates, signs and stores. Failed invariants are a result, `refused`, with
  /// the report in it: then, as after an error, nothing has entered the store.
  /// Errors: those of the domain, `seal` and the store; key-missing without a signer; untrusted-key
  /// when the pipeline's own keys wouldn't trust the receipt.
  [[nodiscard]] Result<Admission> admit(std::span<const Source> sources,
                                        const AdmitOptions& options = {}) {
    telemetry::Attempt made =
        detail::begin_attempt(telemetry::Action::admission, {}, SnapshotId{}, options_);
    return attempt<Admission>(std::move(made), options, [&](detail::AttemptTimer& timer) {
      return admit_timed(sources, options, timer);
    });
  }

  /// Makes an admitted snapshot current, here and in the log. Verifies its receipt and loads its
  /// blobs by digest; parses and compiles nothing.
  /// Errors: unknown-id, quarantined; those of `open_evidence`, `InvariantsPreserved::verify`,
  /// `D::load`, `ChannelLedger::begin`, `PromotionGuard::ready` and the commit; verification-failed
  /// when readers or the log show something else afterwards: it has been rolled back then.
  [[nodiscard]] Result<PromotionReport> promote_snapshot(const SnapshotId& id,
                                                         const PromoteOptions& options = {}) {
    telemetry::Attempt made =
        detail::begin_attempt(telemetry::Action::promotion, options.reason, id, options_);
    return attempt<PromotionReport>(
        std::move(made), options, [&](detail::AttemptTimer& timer) -> Result<PromotionReport> {
          if (Status free = ledger_.check_quarantine(id); !free) {
            return forward_error(std::move(free));
          }
          const auto station = choose_admission(store_, id, options.manifest);
          if (!station) return tl::unexpected(station.error());
          return advance(*station, store::Action::promote, options.reason, verify_options(), timer);
        });
  }

  /// Goes back. Without `to`: to what the channel had before
  /// (what is in quarantine is passed over), or to nothing; readers see it first,
  /// the log is written after, and if it can't be, `not_recorded` says so. What was current a
  /// moment ago may come back although its receipt has expired since. With `to`: a promotion like
  /// any other, of that older admission. Errors: unknown-channel, nothing-to-roll-back,
  /// unknown-epoch, unknown-id; else as `promote_snapshot`.
  [[nodiscard]] Result<PromotionReport> roll_back(const RollbackOptions& options = {}) {
    telemetry::Attempt made =
        detail::begin_attempt(telemetry::Action::rollback, options.reason, SnapshotId{}, options_);
    if (options.cause) made.links.push_back(*options.cause);
    return attempt<PromotionReport>(std::move(made), options, [&](detail::AttemptTimer& timer) {
      return roll_back_timed(options, timer);
    });
  }

  /// The same three, carried out one after another in the order of the calls, on a thread of this
  /// pipeline's that exists only while there is something to do. What another process or pipeline
  /// holds is waited for, `lock_patience` long.
  /// Effects: allocate; throw std::bad_alloc, as a container would, and have begun nothing then.
  [[nodiscard]] Operation<Admission> admit_async(std::vector<Source> sources, AdmitOptions options);
  [[nodiscard]] Operation<PromotionReport> promote_snapshot_async(const SnapshotId& id,
                                                                  PromoteOptions options);
  [[nodiscard]] Operation<PromotionReport> roll_back_async(RollbackOptions options);
  // No default arguments: g++ 12 miscompiles those of a `co_await` expression.
  [[nodiscard]] Operation<Admission> admit_async(std::vector<Source> sources) {
    return admit_async(std::move(sources), AdmitOptions());
  }
  [[nodiscard]] Operation<PromotionReport> promote_snapshot_async(const SnapshotId& id) {
    return promote_snapshot_async(id, PromoteOptions());
  }
  [[nodiscard]] Operation<PromotionReport> roll_back_async() {
    return roll_back_async(RollbackOptions());
  }

  /// Looks at the snapshot on trial and does what the policy says: puts what it forbids in
  /// quarantine until a person clears it, and rolls it back by itself, to the last known good one
  /// or else to the newest before that can be loaded; makes what has proved itself the channel's
  /// last known good one. Tells each verdict as an event. To be called again and again, several
  /// times in a window.
  ///
  /// Returns: nothing when nothing is on trial. Errors: those of `roll_back`, and of the machine
  /// when the last known good one can't be written down; both are tried again by the next call.
  /// A snapshot that is no longer current is no longer on trial. What the log or the quarantine
  /// couldn't take of a rejection is reported once, and tried again by each call.
  [[nodiscard]] Result<std::optional<BakeReport>> tend_bake();

  /// Calls `tend_bake` every so often until `stop` is requested, and `tell` with what came of it
  /// when a window was judged or something failed. Blocks: for a thread of its own.
  template <class Tell>
  void tend_bakes(std::stop_token stop, std::chrono::nanoseconds every, const Tell& tell);

  /// Publishes what the log says the channel has, without a new entry: for the start of a process.
  /// Snapshots in quarantine are passed over; one that had not proved itself yet is on trial again.
  /// Returns: nothing when the channel has no snapshot; the hot path is then left as it is.
  /// Errors: as `promote_snapshot`, none of them from writing; an expired receipt is none.
  [[nodiscard]] Result<std::optional<PromotionReport>> restore() {
    detail::AttemptTimer timer(*options_.clock);
    try {
      return restore_timed(timer);
    } catch (const std::bad_alloc&) {
      return fail(Errc::out_of_memory, "channel " + ledger_.channel(), "memory ran out");
    }
  }

 private:
  using PreparingGuard = PromotionGuard<Artifacts, Preparing, Traits>;
  using ReadyGuard = PromotionGuard<Artifacts, Ready, Traits>;
  using PromotedGuard = PromotionGuard<Artifacts, Promoted, Traits>;
  using Publication = hot_path::Publication<Artifacts, Traits>;
  using Phase = telemetry::Phase;

  /// A promotion whose entry is committed: all that can fail is behind it.
  struct Commitment {
    ReadyGuard guard;
    store::PendingEntry entry;  // keeps the store's lock until the promotion is over
    store::Committed committed;
  };

  template <class T, class Options, class Body>
  Result<T> attempt(telemetry::Attempt made, const Options& options, const Body& body);
  template <class T, class Options, class Body>
  Operation<T> start(Options options, Body body);

  [[nodiscard]] VerifyOptions verify_options() const {
    VerifyOptions options;
    options.clock = options_.clock;
    options.max_age = options_.max_receipt_age;
    return options;
  }

  Result<Admission> admit_timed(std::span<const Source> sources, const AdmitOptions& options,
                                detail::AttemptTimer& timer);
  Result<PreparingGuard> make_guard(const Station& station, const VerifyOptions& options,
                                    const detail::AttemptTimer& timer);
  Result<Commitment> commit(PreparingGuard guard, const Station& station, store::Action action,
                            std::string_view reason, detail::AttemptTimer& timer);
  Result<PromotionReport> advance(const Station& station, store::Action action,
                                  std::string_view reason, const VerifyOptions& options,
                                  detail::AttemptTimer& timer);
  tl::unexpected<Error> withdraw(PromotedGuard guard, Commitment commitment, const Error& why,
                                 const detail::AttemptTimer& timer);
  static PromotedGuard promote_now(ReadyGuard&& guard, std::uint64_t& counter_units,
                                   detail::AttemptTimer& timer) noexcept;
  Result<PromotedGuard> publish(const Station& station, std::uint64_t epoch,
                                const VerifyOptions& options,
                                const std::optional<std::uint64_t>& only_from,
                                std::uint64_t& counter_units, detail::AttemptTimer& timer);
  Result<Publication> prepare_nothing(detail::AttemptTimer& timer);
  std::uint64_t publish_nothing(Publication nothing, detail::AttemptTimer& timer);
  Result<PromotionReport> go_back(const ChannelHistory& history, const RollbackOptions& options,
                                  detail::AttemptTimer& timer);
  Result<PromotionReport> record_and_go_back(const std::optional<Station>& station,
                                             PromotionReport report, std::string_view reason,
                                             detail::AttemptTimer& timer);
  /// For what was current already: a clock that is wrong, or evidence that has expired since, is no
  /// reason to leave readers with something worse, or with nothing (P45).
  [[nodiscard]] VerifyOptions verify_options_for_return() const {
    VerifyOptions options = verify_options();
    options.accept_stale = true;
    return options;
  }
  Result<std::optional<PromotionReport>> restore_timed(detail::AttemptTimer& timer);
  Result<PromotionReport> roll_back_timed(const RollbackOptions& options,
                                          detail::AttemptTimer& timer);
  Result<std::vector<Station>> choose_returns(const ChannelHistory& history,
                                              const RollbackOptions& options) const;
  [[nodiscard]] Status publish_return(const std::vector<Station>& stations,
                                      const RollbackOptions& options, PromotionReport& report,
                                      detail::AttemptTimer& timer);
  [[nodiscard]] Status check_seen(const std::optional<std::uint64_t>& only_from) const;
  void follow(const PromotionReport& report) const noexcept;
  void resume_trial(std::uint64_t generation) const;
  [[nodiscard]] Status reject(BakeReport& report);
  void finish_rejection();
  [[nodiscard]] Status graduate(const Baking::Look& look) const;

  store::Store store_;
  D domain_;
  Path& path_;
  receipts::TrustedKeys keys_;
  const crypto::PrivateKey* signer_;
  PipelineOptions options_;
  ChannelLedger ledger_;
  std::unique_ptr<detail::AsyncLane> lane_ = std::make_unique<detail::AsyncLane>();  // ends first
};

}  // namespace knhk::promotion

#include "knhk/promotion/detail/pipeline_admit.hpp"
#include "knhk/promotion/detail/pipeline_attempt.hpp"
#include "knhk/promotion/detail/pipeline_bake.hpp"
#include "knhk/promotion/detail/pipeline_promote.hpp"
#include "knhk/promotion/detail/pipeline_roll_back.hpp"
