#pragma once

// The promotion of `PromotionPipeline`, and what rollbacks share with it, included by its header.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "knhk/promotion/promotion_pipeline.hpp"

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
    auto begun = ledger_.begin(action, station, reason, path_.published().epoch + 1);
    if (!begun) return forward_error(std::move(begun));
    // Once more, now that nobody else can write: it may have been rejected meanwhile.
    if (Status free = ledger_.check_quarantine(station.snapshot); !free) {
      return forward_error(std::move(free));
    }
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
  const std::uint64_t before = guard.generation() - 1;
  std::move(guard).roll_back();
  resume_trial(before);
  std::optional<Station> station;
  if (const store::LogEntry* head = commitment.entry.history().head(ledger_.channel());
      head != nullptr && !head->snapshot.is_zero()) {
    station = Station{head->snapshot, head->manifest};
  }
  {
    const store::PendingEntry over = std::move(commitment.entry);  // gives the store's lock back
  }
  const auto record =
      ledger_.record_rollback({withdrawn, station, "verification failed: " + why.detail,
                               commitment.committed.entry.epoch + 1, std::nullopt},
                              timer);
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
    const std::uint64_t before = promoted.generation() - 1;
    std::move(promoted).roll_back();
    resume_trial(before);
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

}  // namespace knhk::promotion
