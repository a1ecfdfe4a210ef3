#pragma once

// Promotion, rollback and restoration of `PromotionPipeline`, included by its header.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "knhk/promotion/promotion_pipeline.hpp"
#include "knhk/store/last_known_good.hpp"
#include "knhk/store/quarantine.hpp"

namespace knhk::promotion {

template <class D, class Traits>
auto PromotionPipeline<D, Traits>::make_guard(const Station& station, const VerifyOptions& options,
                                              const detail::AttemptTimer& timer)
    -> Result<PreparingGuard> {
  auto evidence = open_evidence(store_, keys_, station.manifest, domain_.name(), options);
  if (!evidence) return forward_error(std::move(evidence));
  if (Status go = timer.check(); !go) return forward_error(std::move(go));
  auto blobs = load_blobs(store_, *evidence);
  if (!blobs) return forward_error(std::move(blobs));
  if (Status go = timer.check(); !go) return forward_error(std::move(go));
  auto artifacts = domain_.load(station.snapshot, *std::move(blobs));
  if (!artifacts) return forward_error(std::move(artifacts));
  if (Status go = timer.check(); !go) return forward_error(std::move(go));
  auto proof = InvariantsPreserved<Artifacts>::verify(keys_, evidence->envelope, station.snapshot,
                                                      *std::move(artifacts), options);
  if (!proof) return forward_error(std::move(proof));
  return PreparingGuard(*std::move(proof), path_);
}

template <class D, class Traits>
auto PromotionPipeline<D, Traits>::commit(PreparingGuard guard, const Station& station,
                                          store::Action action, std::string_view reason,
                                          detail::AttemptTimer& timer) -> Result<Commitment> {
  // Both or neither: who waits for the one holds nothing that another waits for.
  std::optional<ReadyGuard> ready;
  auto entry = timer.in_turn([&]() -> Result<store::PendingEntry> {
    auto begun = ledger_.begin(action, station, reason);
    if (!begun) return forward_error(std::move(begun));
    auto made_ready = std::move(guard).ready(begun->epoch());
    if (!made_ready) return forward_error(std::move(made_ready));
    ready.emplace(*std::move(made_ready));
    return begun;
  });
  if (!entry) return forward_error(std::move(entry));
  if (Status go = timer.begin_commit(); !go) return forward_error(std::move(go));
  auto committed = ledger_.commit(*entry);
  if (!committed) return forward_error(std::move(committed));
  return Commitment{*std::move(ready), *std::move(entry), *std::move(committed)};
}

template <class D, class Traits>
Result<PromotionReport> PromotionPipeline<D, Traits>::advance(const Station& station,
                                                              store::Action action,
                                                              std::string_view reason,
                                                              const VerifyOptions& options,
                                                              detail::AttemptTimer& timer) {
  auto guard =
      timer.time(Phase::guard_creation, [&] { return make_guard(station, options, timer); });
  if (!guard) return forward_error(std::move(guard));
  auto commitment = timer.time(
      Phase::ready, [&] { return commit(*std::move(guard), station, action, reason, timer); });
  if (!commitment) return forward_error(std::move(commitment));

  std::uint64_t counter_units = 0;
  const std::uint64_t previous_epoch = path_.published().epoch;
  PromotedGuard promoted = promote_now(std::move(commitment->guard), counter_units, timer);

  const Status verified = timer.time(Phase::verification, [&]() -> Status {
    if (Status seen = promoted.verify_promoted(); !seen) return seen;
    return ledger_.verify_included(commitment->committed);
  });
  if (!verified) {
    return withdraw(std::move(promoted), *std::move(commitment), verified.error(), timer);
  }
  PromotionReport report;
  report.action = action;
  report.snapshot = station.snapshot;
  report.manifest = station.manifest;
  report.channel = ledger_.channel();
  report.epoch = commitment->committed.entry.epoch;
  report.generation = promoted.generation();
  report.previous = commitment->committed.entry.previous;
  report.previous_epoch = previous_epoch;
  report.durable = commitment->committed.durable;
  report.publish_counter_units = counter_units;
  std::move(promoted).settle();
  report.phases = timer.times();
  report.total = timer.total();
  return report;
}

/// Takes back a promotion that verification found wrong: for readers first, then on record.
template <class D, class Traits>
tl::unexpected<Error> PromotionPipeline<D, Traits>::withdraw(PromotedGuard guard,
                                                             Commitment commitment,
                                                             const Error& why,
                                                             const detail::AttemptTimer& timer) {
  const SnapshotId withdrawn = guard.proof().snapshot();
  std::move(guard).roll_back();
  std::optional<Station> station;
  if (const store::LogEntry* before = commitment.entry.history().head(ledger_.channel());
      before != nullptr && !before->snapshot.is_zero()) {
    station = Station{before->snapshot, before->manifest};
  }
  {
    const store::PendingEntry over = std::move(commitment.entry);  // gives the store's lock back
  }
  const auto record =
      ledger_.record_rollback(withdrawn, station, "verification failed: " + why.detail, timer);
  std::string detail = to_string(why) + "; rolled back";
  if (record.not_recorded) detail += ", but " + to_string(*record.not_recorded);
  return fail(Errc::verification_failed, withdrawn.to_string(), std::move(detail));
}

/// The publishing step and nothing else, timed twice: as a phase, and in units of the counter. Who
/// wants to be told of the commit and of this is told after it.
template <class D, class Traits>
auto PromotionPipeline<D, Traits>::promote_now(ReadyGuard&& guard, std::uint64_t& counter_units,
                                               detail::AttemptTimer& timer) noexcept
    -> PromotedGuard {
  guard.prefetch();
  PromotedGuard promoted = timer.time(Phase::atomic_promotion, [&]() noexcept {
    const std::uint64_t begin = TickCounter::bracket();
    PromotedGuard made = std::move(guard).promote();
    counter_units = TickCounter::bracket() - begin;
    return made;
  });
  timer.release();
  return promoted;
}

/// Makes `station` what readers see, and checks that they do. The log isn't touched.
template <class D, class Traits>
auto PromotionPipeline<D, Traits>::publish(const Station& station, std::uint64_t epoch,
                                           const VerifyOptions& options,
                                           const std::optional<std::uint64_t>& only_from,
                                           std::uint64_t& counter_units,
                                           detail::AttemptTimer& timer) -> Result<PromotedGuard> {
  auto guard =
      timer.time(Phase::guard_creation, [&] { return make_guard(station, options, timer); });
  if (!guard) return forward_error(std::move(guard));
  auto ready = timer.time(Phase::ready, [&] {
    return timer.in_turn([&] { return (*std::move(guard)).ready(epoch); });
  });
  if (!ready) return forward_error(std::move(ready));
  // Nobody else in this process can publish from here on.
  if (Status current = check_seen(only_from); !current) return forward_error(std::move(current));
  if (Status go = timer.begin_commit(); !go) return forward_error(std::move(go));
  PromotedGuard promoted = promote_now(*std::move(ready), counter_units, timer);
  Status verified = timer.time(Phase::verification, [&] { return promoted.verify_promoted(); });
  if (!verified) {
    std::move(promoted).roll_back();
    return forward_error(std::move(verified));
  }
  return promoted;
}

/// Gets the empty descriptor ready to be what readers see.
template <class D, class Traits>
auto PromotionPipeline<D, Traits>::prepare_nothing(detail::AttemptTimer& timer)
    -> Result<Publication> {
  return timer.time(Phase::ready, [&] {
    return timer.in_turn([&] { return path_.prepare(SnapshotId{}, nullptr, 0); });
  });
}

/// Returns: the generation of what readers see now.
template <class D, class Traits>
std::uint64_t PromotionPipeline<D, Traits>::publish_nothing(Publication nothing,
                                                            detail::AttemptTimer& timer) {
  nothing.prefetch();
  const std::uint64_t generation = timer.time(Phase::atomic_promotion, [&]() noexcept {
    nothing.publish();
    return nothing.generation();
  });
  timer.release();
  nothing.settle();
  return generation;
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
  const auto chosen = choose_return(history, options);
  if (!chosen) return tl::unexpected(chosen.error());
  const std::optional<Station>& station = *chosen;
  if (options.only_from && history.last_epoch() != *options.only_from) {
    return fail(Errc::superseded, "channel " + ledger_.channel(),
                "the log has gone on from epoch " + std::to_string(*options.only_from) + " to " +
                    std::to_string(history.last_epoch()));
  }
  PromotionReport report;
  report.action = store::Action::roll_back;
  report.channel = ledger_.channel();
  report.previous = current->snapshot;
  report.previous_epoch = path_.published().epoch;
  report.epoch = history.last_epoch() + 1;
  if (options.record_first) {
    auto recorded = record_and_go_back(station, std::move(report), options.reason, timer);
    if (recorded) settle_quarantine(current->snapshot, options);
    return recorded;
  }
  if (station) {
    auto promoted = publish(*station, report.epoch, verify_options_for_return(), options.only_from,
                            report.publish_counter_units, timer);
    if (!promoted) return forward_error(std::move(promoted));
    report.snapshot = station->snapshot;
    report.manifest = station->manifest;
    report.generation = promoted->generation();
    (*std::move(promoted)).settle();
  } else {
    auto nothing = prepare_nothing(timer);
    if (!nothing) return forward_error(std::move(nothing));
    if (Status still = check_seen(options.only_from); !still) {
      return forward_error(std::move(still));
    }
    if (Status go = timer.begin_commit(); !go) return forward_error(std::move(go));
    report.generation = publish_nothing(*std::move(nothing), timer);
  }
  auto record = ledger_.record_rollback(current->snapshot, station, options.reason, timer,
                                        options.quarantine, options.only_from);
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
      auto begun = ledger_.begin(store::Action::roll_back, std::nullopt, reason);
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
  // What had not proved itself when the process ended is on trial again.
  const auto good = store::LastKnownGood(store_).find(options_.channel);
  const bool has_proved_itself = good && *good && (*good)->manifest == report.manifest;
  if (options_.baking != nullptr && !has_proved_itself) options_.baking->follow(report);
  return std::optional<PromotionReport>(std::move(report));
}

}  // namespace knhk::promotion
