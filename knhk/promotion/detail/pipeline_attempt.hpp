#pragma once

// How `PromotionPipeline` makes an attempt, at once or in its turn, included by its header.

#include <concepts>
#include <memory>
#include <new>
#include <stop_token>
#include <utility>
#include <vector>

#include "knhk/promotion/promotion_pipeline.hpp"

namespace knhk::promotion {

template <class D, class Traits>
template <class T, class Options, class Body>
Result<T> PromotionPipeline<D, Traits>::attempt(telemetry::Attempt made, const Options& options,
                                                const Body& body) {
  detail::AttemptTimer timer(*options_.clock, made.action, options.on_progress, options.stop,
                             options.lock_patience.value_or(std::chrono::milliseconds{0}),
                             "channel " + ledger_.channel());
  Result<T> result = tl::unexpected(Error{Errc::out_of_memory, "", "memory ran out"});
  try {
    if (Status go = timer.check(); !go) {
      result = forward_error(std::move(go));
    } else {
      result = body(timer);
    }
    timer.release();
  } catch (const std::bad_alloc&) {
    // The result says so already.
  }
  made.phases = timer.times();
  made.total = timer.total();
  detail::end_attempt(std::move(made), result, options_);
  if constexpr (std::same_as<T, PromotionReport>) {
    if (result) follow(*result);
  }
  return result;
}

/// `body(options)` in its turn, with options that the operation, the caller's own token and the end
/// of the pipeline can all stop.
template <class D, class Traits>
template <class T, class Options, class Body>
Operation<T> PromotionPipeline<D, Traits>::start(Options options, Body body) {
  options.lock_patience = options.lock_patience.value_or(options_.lock_patience);
  auto state = std::make_shared<detail::OperationState<T>>();
  Operation<T> operation(state);
  lane_->add([state, options = std::move(options),
              body = std::move(body)](const std::stop_token& closing) {
    state->complete([&] {
      const auto call_off = [&] { state->stop.request_stop(); };
      const std::stop_callback by_caller(options.stop, call_off);
      const std::stop_callback by_pipeline(closing, call_off);
      Options stoppable = options;
      stoppable.stop = state->stop.get_token();
      return body(stoppable);
    });
  });
  return operation;
}

template <class D, class Traits>
Operation<Admission> PromotionPipeline<D, Traits>::admit_async(std::vector<Source> sources,
                                                               AdmitOptions options) {
  return start<Admission>(std::move(options),
                          [this, sources = std::move(sources)](const AdmitOptions& stoppable) {
                            return admit(sources, stoppable);
                          });
}

template <class D, class Traits>
Operation<PromotionReport> PromotionPipeline<D, Traits>::promote_snapshot_async(
    const SnapshotId& id, PromoteOptions options) {
  return start<PromotionReport>(std::move(options), [this, id](const PromoteOptions& stoppable) {
    return promote_snapshot(id, stoppable);
  });
}

template <class D, class Traits>
Operation<PromotionReport> PromotionPipeline<D, Traits>::roll_back_async(RollbackOptions options) {
  return start<PromotionReport>(std::move(options), [this](const RollbackOptions& stoppable) {
    return roll_back(stoppable);
  });
}

}  // namespace knhk::promotion
