#pragma once

// Trials of `PromotionPipeline`, included by its header.

#include <condition_variable>
#include <exception>
#include <mutex>
#include <new>
#include <optional>
#include <utility>

#include "knhk/promotion/promotion_pipeline.hpp"
#include "knhk/store/last_known_good.hpp"
#include "knhk/store/quarantine.hpp"

namespace knhk::promotion {

/// Lets the trials follow what was made current. A pipeline that can't roll back begins none, and
/// memory that runs out here leaves a snapshot current that nobody watches, as without a policy.
template <class D, class Traits>
void PromotionPipeline<D, Traits>::follow(const PromotionReport& report) const noexcept try {
  if (options_.baking == nullptr || signer_ == nullptr) return;
  const auto good = store::LastKnownGood(store_).find(options_.channel);
  options_.baking->follow(report, good && *good && (*good)->manifest == report.manifest);
} catch (const std::exception&) {
}

/// What was on trial under `generation` is current again, since what came after was taken back.
template <class D, class Traits>
void PromotionPipeline<D, Traits>::resume_trial(std::uint64_t generation) const {
  if (options_.baking != nullptr) options_.baking->resume(generation, path_.published());
}

template <class D, class Traits>
Result<std::optional<BakeReport>> PromotionPipeline<D, Traits>::tend_bake() try {
  if (options_.baking == nullptr) return std::optional<BakeReport>();
  Baking& baking = *options_.baking;
  finish_rejection();
  std::optional<Baking::Look> look = baking.look();
  if (!look) return std::optional<BakeReport>();
  if (path_.published().generation != look->generation) {
    baking.end(look->generation);
    return std::optional<BakeReport>();
  }
  if (options_.traces != nullptr && look->verdict) {
    options_.traces->push(detail::events_of(*look, options_));
  }
  BakeReport report{*std::move(look), std::nullopt, std::nullopt};
  if (report.look.state == Bake::State::rejected) {
    if (Status acted = reject(report); !acted) return forward_error(std::move(acted));
  } else if (report.look.state == Bake::State::graduated) {
    if (Status kept = graduate(report.look); !kept) return forward_error(std::move(kept));
  }
  if (report.look.state != Bake::State::baking) baking.end(report.look.generation);
  return std::optional<BakeReport>(std::move(report));
} catch (const std::bad_alloc&) {
  return fail(Errc::out_of_memory, "channel " + ledger_.channel(), "memory ran out");
}

/// Puts the rejected snapshot in quarantine and takes it back from readers. Quarantine comes first:
/// whatever happens then, and wherever the rollback goes, it is not to this snapshot.
template <class D, class Traits>
Status PromotionPipeline<D, Traits>::reject(BakeReport& report) {
  using Until = store::Quarantine::Until;
  const Baking::Look& look = report.look;
  const store::Quarantine::Item item{look.snapshot, detail::reason_to_reject(look), Until::cleared};
  Baking::Unfinished unfinished;
  if (Status kept = store::Quarantine(store_).add(item.snapshot, item.reason, item.until); !kept) {
    report.not_quarantined = kept.error();
    unfinished.quarantine = item;
  }
  RollbackOptions options;
  options.reason = item.reason;
  if (look.promotion.is_valid()) options.cause = look.promotion;
  options.only_from = look.epoch;
  options.to_last_known_good = true;
  options.lock_patience = options_.lock_patience;
  auto rollback = roll_back(options);
  if (!rollback && rollback.error().code != Errc::superseded) {
    return forward_error(std::move(rollback));
  }
  if (rollback) {
    if (rollback->not_recorded) {
      std::optional<Station> station;
      if (!rollback->snapshot.is_zero()) {
        station = Station{rollback->snapshot, rollback->manifest};
      }
      unfinished.record = ChannelLedger::SeenRollback{rollback->previous, station, item.reason,
                                                      rollback->epoch, look.epoch};
    }
    report.rollback = *std::move(rollback);
  }
  if (!unfinished.is_done()) options_.baking->keep(std::move(unfinished));
  return {};
}

/// Tries again to write what a rejection couldn't; what the log has gone over is let go.
template <class D, class Traits>
void PromotionPipeline<D, Traits>::finish_rejection() {
  auto unfinished = options_.baking->take_unfinished();
  if (!unfinished) return;
  const store::Quarantine quarantine(store_);
  if (const auto& item = unfinished->quarantine) {
    if (quarantine.add(item->snapshot, item->reason, item->until)) unfinished->quarantine.reset();
  }
  if (const auto& seen = unfinished->record) {
    const auto committed = ledger_.append(*seen);
    if (committed) static_cast<void>(quarantine.lift_recorded(seen->withdrawn));
    if (committed || committed.error().code == Errc::superseded) unfinished->record.reset();
  }
  if (!unfinished->is_done()) options_.baking->keep(*std::move(unfinished));
}

/// Makes the snapshot the channel's last known good one, unless a later one is that already.
template <class D, class Traits>
Status PromotionPipeline<D, Traits>::graduate(const Baking::Look& look) const {
  const store::LastKnownGood good(store_);
  const auto before = good.find(options_.channel);
  if (before && *before && (*before)->epoch > look.epoch) return {};
  return good.set(options_.channel, {look.snapshot, look.manifest, look.epoch});
}

template <class D, class Traits>
template <class Tell>
void PromotionPipeline<D, Traits>::tend_bakes(std::stop_token stop, std::chrono::nanoseconds every,
                                              const Tell& tell) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    const Result<std::optional<BakeReport>> result = tend_bake();
    if (!result || (*result && ((*result)->look.verdict || (*result)->rollback))) tell(result);
    stopped.wait_for(lock, stop, every, [] { return false; });
  }
}

}  // namespace knhk::promotion
