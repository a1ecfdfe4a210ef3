#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "knhk/base/clock.hpp"
#include "knhk/base/digest.hpp"
#include "knhk/base/error.hpp"
#include "knhk/promotion/channel_history.hpp"
#include "knhk/promotion/invariants_preserved.hpp"
#include "knhk/store/log_entry.hpp"
#include "knhk/telemetry/bounded_queue.hpp"
#include "knhk/telemetry/phase.hpp"
#include "knhk/telemetry/progress.hpp"
#include "knhk/telemetry/promotion_telemetry.hpp"
#include "knhk/telemetry/trace.hpp"

namespace knhk::promotion {

class Baking;

/// What holds for everything a pipeline does.
struct PipelineOptions {
  std::string channel = "main";
  std::string actor = "unknown";  ///< who promotes, as the log shall say
  const Clock* clock = &SystemClock::instance();
  telemetry::PromotionTelemetry* telemetry = nullptr;  ///< where attempts are counted
  /// Where each attempt's trace goes, for an exporter to fetch; whatever becomes of it there, no
  /// attempt waits.
  telemetry::BoundedQueue<telemetry::Record>* traces = nullptr;
  /// Puts each promotion on trial; `PromotionPipeline::tend_bake` then ends it. Null: no trials.
  Baking* baking = nullptr;
  std::optional<std::chrono::seconds> max_receipt_age;
  unsigned thread_count = 0;  ///< for validation; 0: as many as cores
  /// How long an asynchronous call waits where another holds the store's lock or the hot path's
  /// writer token, before it fails as a synchronous one does at once.
  std::chrono::milliseconds lock_patience{10'000};
};

/// How to promote.
struct PromoteOptions {
  std::optional<Digest> manifest;  ///< which admission; nothing: the snapshot's newest
  std::string reason;
  /// Calls the promotion off, until its log entry is committed.
  std::stop_token stop = {};
  telemetry::ProgressCallback on_progress = {};  ///< told when a phase begins and has ended
  /// How long to wait where another is in the way; nothing: not at all, but for asynchronous calls
  /// `PipelineOptions::lock_patience`.
  std::optional<std::chrono::milliseconds> lock_patience = std::nullopt;
};

/// How to roll back.
struct RollbackOptions {
  /// Nothing: to what the channel had before. Else a full promotion of that older admission.
  std::optional<RollbackTarget> to;
  std::string reason;
  /// Write the log first, readers see it after: for a process that has no readers, where a rollback
  /// that can't be recorded had better not happen at all.
  bool record_first = false;
  /// The span that led to this, if one did: the promotion that turned out badly.
  std::optional<telemetry::SpanContext> cause = std::nullopt;
  /// Only while this is what readers see and what the channel's log ends with; else superseded.
  std::optional<std::uint64_t> only_from = std::nullopt;
  /// Without `to`: to the channel's last known good snapshot, if it has one; else, and where that
  /// can't be loaded, to the newest before that can.
  bool to_last_known_good = false;
  /// Calls the rollback off, until readers see it or its log entry is committed.
  std::stop_token stop = {};
  telemetry::ProgressCallback on_progress = {};  ///< told when a phase begins and has ended
  /// How long to wait where another is in the way; nothing: not at all, but for asynchronous calls
  /// `PipelineOptions::lock_patience`.
  std::optional<std::chrono::milliseconds> lock_patience = std::nullopt;
};

/// What a promotion, a rollback or a restoration did.
struct PromotionReport {
  store::Action action = store::Action::promote;
  SnapshotId snapshot;  ///< current now; zero: nothing, the first promotion was rolled back
  Digest manifest;      ///< its admission
  std::string channel;
  std::uint64_t epoch = 0;           ///< of the log entry, and what readers see
  std::uint64_t generation = 0;      ///< of the hot path
  SnapshotId previous;               ///< what the channel had before; zero: nothing
  std::uint64_t previous_epoch = 0;  ///< what readers saw before; 0: nothing
  telemetry::PhaseTimes phases;
  std::chrono::nanoseconds total{0};
  /// What the publishing step took, nothing but it between two `TickCounter::bracket()`s, in that
  /// counter's units; `TickCalibration::to_ticks` makes ticks of it. An empty bracket isn't free.
  std::uint64_t publish_counter_units = 0;
  /// Set when readers see a rollback that the log doesn't have: rollback-not-recorded, and why.
  std::optional<Error> not_recorded;
  /// Its span, where traces are kept; else not valid.
  telemetry::SpanContext trace = {};
  /// False when the entry is committed, but a power failure may take it back (a folder sync
  /// failed).
  bool durable = true;
};

}  // namespace knhk::promotion
