#pragma once

// Trials of `PromotionPipeline`, included by its header.

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "knhk/promotion/promotion_pipeline.hpp"
#include "knhk/store/last_known_good.hpp"

namespace knhk::promotion {

template <class D, class Traits>
Result<std::optional<BakeReport>> PromotionPipeline<D, Traits>::tend_bake() {
  Baking* const baking = options_.baking;
  if (baking == nullptr) return std::optional<BakeReport>();
  std::optional<Baking::Look> look = baking->look();
  if (!look) return std::optional<BakeReport>();
  if (path_.published().epoch != look->epoch) {
    baking->end(look->epoch);
    return std::optional<BakeReport>();
  }
  if (options_.traces != nullptr && look->verdict) {
    options_.traces->push(detail::events_of(*look, options_));
  }
  BakeReport report{*std::move(look), std::nullopt};
  switch (report.look.state) {
    case Bake::State::baking:
      break;
    case Bake::State::rejected: {
      auto rollback = reject(report.look);
      if (!rollback && rollback.error().code != Errc::superseded) {
        return forward_error(std::move(rollback));
      }
      if (rollback) report.rollback = *std::move(rollback);
      baking->end(report.look.epoch);
      break;
    }
    case Bake::State::graduated: {
      Status kept = store::LastKnownGood(store_).set(
          options_.channel, {report.look.snapshot, report.look.manifest, report.look.epoch});
      if (!kept) return forward_error(std::move(kept));
      baking->end(report.look.epoch);
      break;
    }
    case Bake::State::inconclusive:
      baking->end(report.look.epoch);
      break;
  }
  return std::optional<BakeReport>(std::move(report));
}

template <class D, class Traits>
Result<PromotionReport> PromotionPipeline<D, Traits>::reject(const Baking::Look& look) {
  RollbackOptions options;
  options.reason = detail::reason_to_reject(look);
  if (look.promotion.is_valid()) options.cause = look.promotion;
  options.only_from = look.epoch;
  options.to_last_known_good = true;
  options.quarantine = true;
  return roll_back(options);
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
    if (!result || (*result && (*result)->look.verdict)) tell(result);
    stopped.wait_for(lock, stop, every, [] { return false; });
  }
}

/// Where a rollback without a target goes; nothing: to the state before the first promotion.
template <class D, class Traits>
Result<std::optional<Station>> PromotionPipeline<D, Traits>::choose_return(
    const ChannelHistory& history, const RollbackOptions& options) const {
  const std::vector<Station> before = history.before_current();
  if (options.to_last_known_good) {
    // One that can't be read is none: going back to what was before is better than not at all.
    const auto good = store::LastKnownGood(store_).find(options_.channel);
    if (good && *good) {
      const Station station{(*good)->snapshot, (*good)->manifest};
      if (std::find(before.begin(), before.end(), station) != before.end() &&
          ledger_.check_quarantine(station.snapshot)) {
        return std::optional<Station>(station);
      }
    }
  }
  return ledger_.first_free(before);
}

/// Whether a rollback that is meant for one epoch still finds it current.
template <class D, class Traits>
Status PromotionPipeline<D, Traits>::check_seen(
    const std::optional<std::uint64_t>& only_from) const {
  const std::uint64_t seen = path_.published().epoch;
  if (!only_from || seen == *only_from) return {};
  return fail(Errc::superseded, "channel " + options_.channel,
              "readers have gone on from epoch " + std::to_string(*only_from) + " to " +
                  std::to_string(seen));
}

/// After a rollback that the log has: what was withdrawn waits for a person, or for nothing.
template <class D, class Traits>
void PromotionPipeline<D, Traits>::settle_quarantine(const SnapshotId& withdrawn,
                                                     const RollbackOptions& options) const {
  const store::Quarantine quarantine(store_);
  // Left in quarantine by an error here, it can't be promoted until that is lifted: safe.
  static_cast<void>(options.quarantine ? quarantine.add(withdrawn, options.reason,
                                                        store::Quarantine::Until::cleared)
                                       : quarantine.lift_recorded(withdrawn));
}

}  // namespace knhk::promotion
