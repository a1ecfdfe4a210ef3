#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "knhk/base/result.hpp"
#include "knhk/hot_path/hot_path.hpp"
#include "knhk/promotion/consumable.hpp"
#include "knhk/promotion/cost.hpp"
#include "knhk/promotion/invariants_preserved.hpp"

namespace knhk::promotion {

/// The states of a guard. They are names only: no object of them is ever made.
struct Preparing;
struct Ready;
struct Promoted;

/// The right to promote one proven snapshot on one hot path, once. Its state is its type:
///
///   Preparing --ready()--> Ready --promote()--> Promoted --settle()----> over
///       ^________/ on error                         `-----roll_back()--> over
///
/// Each transition takes the guard it starts from as an rvalue: `std::move(guard).ready(epoch)`. If
/// `ready` fails, the `Preparing` guard is as before and may try again. A `Ready` guard that is
/// dropped frees what it had taken, and nothing has changed for anyone. A `Promoted` guard that is
/// dropped settles; while it lives, `ready` on its path refuses with promotion-unsettled.
///
/// A guard is one pointer to a record that was prepared before. Threads: one at a time; it may be
/// handed to another thread. Lifetime: must end before its hot path.
template <Artifacts A, class State, class Traits = hot_path::DefaultTraits>
class PromotionGuard;

namespace detail {

/// All that a promotion needs, made before it.
template <class A, class Traits>
struct PromotionRecord {
  hot_path::HotPath<A, Traits>* path;
  std::optional<hot_path::Publication<A, Traits>> publication;  // from ready() on
  InvariantsPreserved<A> proof;
  std::uint64_t epoch = 0;
};

template <class A, class Traits>
using RecordPointer = std::unique_ptr<PromotionRecord<A, Traits>>;

/// One step of `kPromotionSteps`: `from` is the `Ready` guard's pointer, `to` the `Promoted` one's.
template <PromotionStep step, class A, class Traits>
[[gnu::always_inline]] inline void perform(RecordPointer<A, Traits>& from,
                                           RecordPointer<A, Traits>& to) noexcept {
  if constexpr (step == PromotionStep::take_record) {
    to.reset(from.release());
  } else {
    static_assert(step == PromotionStep::publish);
    to->publication->publish();
  }
}

template <class A, class Traits, std::size_t... Is>
[[nodiscard, gnu::always_inline]] inline RecordPointer<A, Traits> perform_all(
    RecordPointer<A, Traits>& from, std::index_sequence<Is...>) noexcept {
  RecordPointer<A, Traits> to;
  (perform<kPromotionSteps[Is], A, Traits>(from, to), ...);
  return to;
}

}  // namespace detail

/// A proven snapshot on its way to a hot path. Readers notice nothing yet.
template <Artifacts A, class Traits>
class KNHK_CONSUMABLE(unconsumed) [[nodiscard]] PromotionGuard<A, Preparing, Traits> {
 public:
  /// Effects: allocates; throws std::bad_alloc, as a container would.
  KNHK_RETURNS_STATE(unconsumed)
  PromotionGuard(InvariantsPreserved<A> proof, hot_path::HotPath<A, Traits>& path)
      : record_(new detail::PromotionRecord<A, Traits>{&path, std::nullopt, std::move(proof), 0}) {}
  PromotionGuard(PromotionGuard&&) noexcept = default;
  PromotionGuard& operator=(PromotionGuard&&) noexcept = default;

  /// True until `ready` succeeds or the guard is moved from.
  KNHK_TESTS_STATE(unconsumed) [[nodiscard]] explicit operator bool() const noexcept {
    return record_ != nullptr;
  }

  /// Takes the path's writer token and fills the slots: the last step that can fail in memory.
  /// Errors: writer-busy, promotion-unsettled, slots-exhausted, out-of-memory. Then this guard is
  /// still usable. See `HotPath::prepare` for `epoch` and `roll_back_epoch`.
  KNHK_CALLABLE_WHEN_USABLE [[nodiscard]] Result<PromotionGuard<A, Ready, Traits>> ready(
      std::uint64_t epoch, std::optional<std::uint64_t> roll_back_epoch = std::nullopt) &&;

  KNHK_CALLABLE_WHEN_USABLE [[nodiscard]] const InvariantsPreserved<A>& proof() const noexcept {
    assert(record_ != nullptr && "this guard was moved from");
    return record_->proof;
  }

 private:
  detail::RecordPointer<A, Traits> record_;
};

/// Nothing can fail any more: what is left is a store.
template <Artifacts A, class Traits>
class KNHK_CONSUMABLE(unconsumed) [[nodiscard]] PromotionGuard<A, Ready, Traits> {
 public:
  PromotionGuard(PromotionGuard&&) noexcept = default;
  PromotionGuard& operator=(PromotionGuard&&) noexcept = default;

  KNHK_TESTS_STATE(unconsumed) [[nodiscard]] explicit operator bool() const noexcept {
    return record_ != nullptr;
  }

  /// Fetches the line that `promote` will write.
  KNHK_CALLABLE_WHEN_USABLE void prefetch() const noexcept {
    assert(record_ != nullptr && "this guard was moved from");
    record_->publication->prefetch();
  }

  /// Makes the snapshot current. Progress: wait-free. Effects: one release store; no call, no
  /// locked instruction, no allocation. Errors: none are possible.
  KNHK_CALLABLE_WHEN_USABLE
  [[nodiscard, gnu::always_inline]] inline PromotionGuard<A, Promoted, Traits>
  promote() && noexcept;

  KNHK_CALLABLE_WHEN_USABLE [[nodiscard]] const InvariantsPreserved<A>& proof() const noexcept {
    assert(record_ != nullptr && "this guard was moved from");
    return record_->proof;
  }
  /// The generation under which the snapshot will be published.
  KNHK_CALLABLE_WHEN_USABLE [[nodiscard]] std::uint64_t generation() const noexcept {
    assert(record_ != nullptr && "this guard was moved from");
    return record_->publication->generation();
  }

 private:
  friend class PromotionGuard<A, Preparing, Traits>;
  KNHK_RETURNS_STATE(unconsumed)
  explicit PromotionGuard(detail::RecordPointer<A, Traits> record) noexcept
      : record_(std::move(record)) {}

  detail::RecordPointer<A, Traits> record_;
};

/// The snapshot is current. Until this guard settles or rolls back, the outgoing one is kept ready.
template <Artifacts A, class Traits>
class KNHK_CONSUMABLE(unconsumed) [[nodiscard]] PromotionGuard<A, Promoted, Traits> {
 public:
  PromotionGuard(PromotionGuard&&) noexcept = default;
  PromotionGuard& operator=(PromotionGuard&&) noexcept = default;

  KNHK_TESTS_STATE(unconsumed) [[nodiscard]] explicit operator bool() const noexcept {
    return record_ != nullptr;
  }

  /// Reads back what readers see now: id, generation and epoch must be those that were prepared,
  /// and the artifacts must still be the snapshot's. Errors: verification-failed, naming what
  /// differs.
  KNHK_CALLABLE_WHEN_USABLE [[nodiscard]] Status verify_promoted() const;

  /// Gives the writer token back. The outgoing snapshot is freed by the first scan that finds it
  /// unread: now if one is due, else by a later promotion or `HotPath::reclaim()`.
  KNHK_CALLABLE_WHEN_USABLE void settle() && noexcept {
    assert(record_ != nullptr && "this guard was moved from");
    record_.reset();
  }

  /// Makes the outgoing snapshot current again, under a later generation and under the epoch given
  /// to `ready`; after the first promotion that is the empty descriptor. Then settles.
  /// Progress: the change for readers is one release store, made first.
  KNHK_CALLABLE_WHEN_USABLE void roll_back() && noexcept {
    assert(record_ != nullptr && "this guard was moved from");
    record_->publication->undo();
    record_.reset();
  }

  KNHK_CALLABLE_WHEN_USABLE [[nodiscard]] const InvariantsPreserved<A>& proof() const noexcept {
    assert(record_ != nullptr && "this guard was moved from");
    return record_->proof;
  }
  KNHK_CALLABLE_WHEN_USABLE [[nodiscard]] std::uint64_t generation() const noexcept {
    assert(record_ != nullptr && "this guard was moved from");
    return record_->publication->generation();
  }

 private:
  friend class PromotionGuard<A, Ready, Traits>;
  KNHK_RETURNS_STATE(unconsumed)
  explicit PromotionGuard(detail::RecordPointer<A, Traits> record) noexcept
      : record_(std::move(record)) {}

  detail::RecordPointer<A, Traits> record_;
};

template <Artifacts A, class Traits>
Result<PromotionGuard<A, Ready, Traits>> PromotionGuard<A, Preparing, Traits>::ready(
    std::uint64_t epoch, std::optional<std::uint64_t> roll_back_epoch) && {
  assert(record_ != nullptr && "this guard was moved from");
  auto publication = record_->path->prepare(record_->proof.snapshot(), record_->proof.artifacts(),
                                            epoch, roll_back_epoch);
  if (!publication) return forward_error(std::move(publication));
  record_->publication.emplace(*std::move(publication));
  record_->epoch = epoch;
  return PromotionGuard<A, Ready, Traits>(std::move(record_));
}

template <Artifacts A, class Traits>
PromotionGuard<A, Promoted, Traits> PromotionGuard<A, Ready, Traits>::promote() && noexcept {
  assert(record_ != nullptr && "this guard was moved from");
  return PromotionGuard<A, Promoted, Traits>(
      detail::perform_all<A, Traits>(record_, std::make_index_sequence<kPromotionSteps.size()>()));
}

template <Artifacts A, class Traits>
Status PromotionGuard<A, Promoted, Traits>::verify_promoted() const {
  assert(record_ != nullptr && "this guard was moved from");
  const SnapshotId& wanted = record_->proof.snapshot();
  const hot_path::Published seen = record_->path->published();
  const auto differs = [&](const char* what, const std::string& found) {
    return fail(Errc::verification_failed, wanted.to_string(),
                std::string("after the promotion readers see the ") + what + " " + found);
  };
  if (seen.id != wanted) return differs("id", seen.id.to_string());
  if (seen.generation != record_->publication->generation()) {
    return differs("generation", std::to_string(seen.generation));
  }
  if (seen.epoch != record_->epoch) return differs("epoch", std::to_string(seen.epoch));
  const SnapshotId carried = record_->proof.artifacts()->snapshot_id();
  if (carried != wanted) return differs("artifacts of", carried.to_string());
  return {};
}

}  // namespace knhk::promotion
