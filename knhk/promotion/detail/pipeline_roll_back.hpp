#pragma once

// Rollback and restoration of `PromotionPipeline`, included by its header.

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "knhk/promotion/promotion_pipeline.hpp"
#include "knhk/store/last_known_good.hpp"
#include "knhk/store/quarantine.hpp"

namespace knhk::promotion {

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

template <class D, class Traits>
Result<PromotionReport> PromotionPipeline<D, Traits>::roll_back_timed(
    const RollbackOptions& options, detail::AttemptTimer& timer) {
  const auto log = ledger_.read();
  if (!log) return tl::unexpected(log.error());
  const ChannelHistory history(*log, ledger_.channel());
  if (!history.exists()) {
    return fail(Errc::unknown_channel, "channel " + ledger_.channel(),
                "nothing was ever promoted on it");
  }
  if (options.only_from && history.last_epoch() != *options.only_from) {
    return fail(Errc::superseded, "channel " + ledger_.channel(),
                "the log has gone on from epoch " + std::to_string(*options.only_from) + " to " +
                    std::to_string(history.last_epoch()));
  }
  if (Status seen = check_seen(options.only_from); !seen) return forward_error(std::move(seen));
  if (options.to) {
    const auto station = find_station(*log, ledger_.channel(), *options.to);
    if (!station) return tl::unexpected(station.error());
    if (Status free = ledger_.check_quarantine(station->snapshot); !free) {
      return forward_error(std::move(free));
    }
    return advance(*station, store::Action::roll_back, options.reason, verify_options(), timer);
  }
  return go_back(history, options, timer);
}

/// Where a rollback without a target may go, the first choice first; none: to the state before the
/// first promotion.
template <class D, class Traits>
Result<std::vector<Station>> PromotionPipeline<D, Traits>::choose_returns(
    const ChannelHistory& history, const RollbackOptions& options) const {
  std::vector<Station> before = history.before_current();
  if (!options.to_last_known_good) {
    const auto first = ledger_.first_free(before);
    if (!first) return tl::unexpected(first.error());
    return *first ? std::vector<Station>{**first} : std::vector<Station>{};
  }
  // Going anywhere is better than staying: what can't be read is passed over.
  std::erase_if(
      before, [&](const Station& station) { return !ledger_.check_quarantine(station.snapshot); });
  const auto good = store::LastKnownGood(store_).find(options_.channel);
  if (good && *good) {
    const Station station{(*good)->snapshot, (*good)->manifest};
    const auto found = std::find(before.begin(), before.end(), station);
    if (found != before.end()) std::rotate(before.begin(), found, found + 1);
  }
  return before;
}

/// Makes the first of `stations` that can be loaded what readers see, or nothing if there is none.
template <class D, class Traits>
Status PromotionPipeline<D, Traits>::publish_return(const std::vector<Station>& stations,
                                                    const RollbackOptions& options,
                                                    PromotionReport& report,
                                                    detail::AttemptTimer& timer) {
  if (stations.empty()) {
    auto nothing = prepare_nothing(timer);
    if (!nothing) return forward_error(std::move(nothing));
    if (Status still = check_seen(options.only_from); !still) return still;
    if (Status go = timer.begin_commit(); !go) return go;
    report.generation = publish_nothing(*std::move(nothing), timer);
    return {};
  }
  std::optional<Error> first_error;
  for (const Station& station : stations) {
    auto promoted = publish(station, report.epoch, verify_options_for_return(), options.only_from,
                            report.publish_counter_units, timer);
    if (promoted) {
      report.snapshot = station.snapshot;
      report.manifest = station.manifest;
      report.generation = promoted->generation();
      (*std::move(promoted)).settle();
      return {};
    }
    if (!first_error) first_error = promoted.error();
    if (detail::is_of_the_moment(promoted.error().code)) break;  // no fault of the station's
  }
  return tl::unexpected(*first_error);
}

template <class D, class Traits>
Result<PromotionReport> PromotionPipeline<D, Traits>::go_back(const ChannelHistory& history,
                                                              const RollbackOptions& options,
                                                              detail::AttemptTimer& timer) {
  const std::optional<Station> current = history.current();
  if (!current) {
    return fail(Errc::nothing_to_roll_back, "channel " + ledger_.channel(),
                "it has no snapshot to go back from");
  }
  if (Status fits = ledger_.check_request(options.reason); !fits)
    return forward_error(std::move(fits));
  const auto stations = choose_returns(history, options);
  if (!stations) return tl::unexpected(stations.error());
  PromotionReport report;
  report.action = store::Action::roll_back;
  report.channel = ledger_.channel();
  report.previous = current->snapshot;
  report.previous_epoch = path_.published().epoch;
  report.epoch = std::max(history.last_epoch(), report.previous_epoch) + 1;
  if (options.record_first) {
    const auto station =
        stations->empty() ? std::nullopt : std::optional<Station>(stations->front());
    auto recorded = record_and_go_back(station, std::move(report), options.reason, timer);
    // Left in quarantine by an error here, it can't be promoted until that is lifted: safe.
    if (recorded) static_cast<void>(store::Quarantine(store_).lift_recorded(current->snapshot));
    return recorded;
  }
  if (Status seen = publish_return(*stations, options, report, timer); !seen) {
    return forward_error(std::move(seen));
  }
  std::optional<Station> station;
  if (!report.snapshot.is_zero()) station = Station{report.snapshot, report.manifest};
  auto record = ledger_.record_rollback(
      {current->snapshot, station, options.reason, report.epoch, options.only_from}, timer);
  if (record.committed) {
    report.epoch = record.committed->entry.epoch;
    report.durable = record.committed->durable;
  }
  report.not_recorded = std::move(record.not_recorded);
  report.phases = timer.times();
  report.total = timer.total();
  return report;
}

/// A rollback whose entry is committed before anybody sees it, so that it fails like a promotion:
/// entirely. `report` says what is withdrawn.
template <class D, class Traits>
Result<PromotionReport> PromotionPipeline<D, Traits>::record_and_go_back(
    const std::optional<Station>& station, PromotionReport report, std::string_view reason,
    detail::AttemptTimer& timer) {
  if (station) {
    return advance(*station, store::Action::roll_back, reason, verify_options_for_return(), timer);
  }
  std::optional<Publication> nothing;
  const auto committed = timer.time(Phase::ready, [&]() -> Result<store::Committed> {
    auto entry = timer.in_turn([&]() -> Result<store::PendingEntry> {
      auto begun = ledger_.begin(store::Action::roll_back, std::nullopt, reason, report.epoch);
      if (!begun) return forward_error(std::move(begun));
      auto prepared = path_.prepare(SnapshotId{}, nullptr, 0);
      if (!prepared) return forward_error(std::move(prepared));
      nothing.emplace(*std::move(prepared));
      return begun;
    });
    if (!entry) return forward_error(std::move(entry));
    if (Status go = timer.begin_commit(); !go) return forward_error(std::move(go));
    return ledger_.commit(*entry);
  });
  if (!committed) return tl::unexpected(committed.error());
  report.epoch = committed->entry.epoch;
  report.durable = committed->durable;
  report.generation = publish_nothing(*std::move(nothing), timer);
  report.phases = timer.times();
  report.total = timer.total();
  return report;
}

template <class D, class Traits>
Result<std::optional<PromotionReport>> PromotionPipeline<D, Traits>::restore_timed(
    detail::AttemptTimer& timer) {
  const auto log = ledger_.read();
  if (!log) return tl::unexpected(log.error());
  const ChannelHistory history(*log, ledger_.channel());
  std::vector<Station> stations = history.before_current();
  if (const auto current = history.current()) stations.insert(stations.begin(), *current);
  const auto station = ledger_.first_free(stations);
  if (!station) return tl::unexpected(station.error());
  if (!*station) return std::optional<PromotionReport>();
  PromotionReport report;
  report.previous_epoch = path_.published().epoch;
  auto promoted = publish(**station, history.last_epoch(), verify_options_for_return(),
                          std::nullopt, report.publish_counter_units, timer);
  if (!promoted) return forward_error(std::move(promoted));
  report.snapshot = (*station)->snapshot;
  report.manifest = (*station)->manifest;
  report.channel = ledger_.channel();
  report.epoch = history.last_epoch();
  report.generation = promoted->generation();
  (*std::move(promoted)).settle();
  report.phases = timer.times();
  report.total = timer.total();
  follow(report);
  return std::optional<PromotionReport>(std::move(report));
}

}  // namespace knhk::promotion
