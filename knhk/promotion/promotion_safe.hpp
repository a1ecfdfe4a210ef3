#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include "knhk/base/digest.hpp"
#include "knhk/base/result.hpp"
#include "knhk/promotion/artifacts.hpp"
#include "knhk/promotion/detail/members.hpp"
#include "knhk/promotion/vouching.hpp"
#include "knhk/receipts/receipt.hpp"

namespace knhk::promotion {

namespace detail {

template <class M>
concept HeldByValue = std::same_as<M, receipts::Receipt> || Artifacts<M>;

/// The receipt or the artifacts that the member `m` is or points to; null when it is an empty
/// pointer or optional. For any other member: the member.
template <class M>
constexpr const auto* target_of(const M& m) {
  if constexpr (!HeldByValue<M> && requires { static_cast<bool>(m), *m; }) {
    return static_cast<bool>(m) ? &*m : nullptr;
  } else {
    return &m;
  }
}
template <class M>
using Target = std::remove_cvref_t<decltype(*target_of(std::declval<const M&>()))>;

template <class M>
inline constexpr bool kIsId = std::same_as<M, SnapshotId>;
template <class M>
inline constexpr bool kIsReceipt = std::same_as<Target<M>, receipts::Receipt>;
template <class M>
inline constexpr bool kIsArtifacts = Artifacts<Target<M>>;

template <class References>
struct Roles;
template <class... Ms>
struct Roles<std::tuple<const Ms&...>> {
  static constexpr bool kId = (kIsId<Ms> || ...);
  static constexpr bool kReceipt = (kIsReceipt<Ms> || ...);
  static constexpr bool kArtifacts = (kIsArtifacts<Ms> || ...);
};

template <class S>
concept Aggregate = std::is_aggregate_v<S> && std::is_class_v<S>;
template <class S>
concept WithinLimit = Aggregate<S> && member_count<S>() >= 1 && member_count<S>() <= kMaxMembers;
template <class S>
concept HasIdMember = WithinLimit<S> && Roles<Members<S>>::kId;
template <class S>
concept HasReceiptMember = WithinLimit<S> && Roles<Members<S>>::kReceipt;
template <class S>
concept HasArtifactsMember = WithinLimit<S> && Roles<Members<S>>::kArtifacts;

/// Calls `visit(position, member)` for each member, positions from 1.
template <class S, class Visit>
void for_each_member(const S& aggregate, const Visit& visit) {
  std::apply(
      [&visit](const auto&... members) {
        std::size_t position = 0;
        (visit(++position, members), ...);
      },
      members_of(aggregate));
}

}  // namespace detail

/// An aggregate of the caller's own, with at most 12 members, that carries a snapshot's id, the
/// receipt that vouches for it and the artifacts, in any order and beside anything else. Receipt
/// and artifacts may be held by value, or behind a pointer, a smart pointer or an optional.
///
/// Nothing is to be derived from, declared or registered: the members are found by structured
/// bindings. They must all be of one class; a C array among them isn't supported (`std::array` is).
template <class S>
concept PromotionSafe =
    detail::HasIdMember<S> && detail::HasReceiptMember<S> && detail::HasArtifactsMember<S>;

/// Explains at compile time what keeps `S` from being `PromotionSafe`. Always true where it
/// compiles: `static_assert(explain_promotion_safe<MyAggregate>());`
template <class S>
consteval bool explain_promotion_safe() {
  static_assert(detail::Aggregate<S>,
                "knhk: not PromotionSafe: only an aggregate (no constructors, no private members) "
                "can be looked into");
  static_assert(!detail::Aggregate<S> || detail::WithinLimit<S>,
                "knhk: not PromotionSafe: the aggregate must have 1 to 12 members");
  static_assert(!detail::WithinLimit<S> || detail::HasIdMember<S>,
                "knhk: not PromotionSafe: no member is a SnapshotId");
  static_assert(!detail::WithinLimit<S> || detail::HasReceiptMember<S>,
                "knhk: not PromotionSafe: no member is a receipts::Receipt or points to one");
  static_assert(!detail::WithinLimit<S> || detail::HasArtifactsMember<S>,
                "knhk: not PromotionSafe: no member is, or points to, artifacts with "
                "snapshot_id() and blob_digests()");
  return true;
}

/// Holds each id, receipt and artifacts member of `aggregate` against `expected`, and artifacts
/// against the fitting receipts as well: every blob they were loaded from must be a subject of one.
///
/// Returns: one member-mismatch for each member that doesn't fit, in the order of the members; it
/// names the member by its role and position, from 1. Empty: all of them fit.
template <class S>
[[nodiscard]] std::vector<Error> verify(const S& aggregate, const SnapshotId& expected) {
  static_assert(explain_promotion_safe<S>());
  MemberCheck check(expected);
  detail::for_each_member(aggregate, [&](std::size_t, const auto& member) {
    using M = std::remove_cvref_t<decltype(member)>;
    if constexpr (detail::kIsReceipt<M>) check.trust(detail::target_of(member));
  });
  detail::for_each_member(aggregate, [&](std::size_t position, const auto& member) {
    using M = std::remove_cvref_t<decltype(member)>;
    if constexpr (detail::kIsId<M>) {
      check.id(position, member);
    } else if constexpr (detail::kIsReceipt<M>) {
      check.receipt(position, detail::target_of(member));
    } else if constexpr (detail::kIsArtifacts<M>) {
      if (const auto* artifacts = detail::target_of(member)) {
        check.artifacts(position, artifacts->snapshot_id(), digests_of(*artifacts));
      } else {
        check.empty(position, "artifacts");
      }
    }
  });
  return std::move(check).mismatches();
}

/// The same, held against the snapshot that the first receipt names, the one member that was
/// signed; when that is empty, against the first id.
template <class S>
[[nodiscard]] std::vector<Error> verify(const S& aggregate) {
  static_assert(explain_promotion_safe<S>());
  const receipts::Receipt* receipt = nullptr;
  const SnapshotId* id = nullptr;
  detail::for_each_member(aggregate, [&](std::size_t, const auto& member) {
    using M = std::remove_cvref_t<decltype(member)>;
    if constexpr (detail::kIsReceipt<M>) {
      if (receipt == nullptr) receipt = detail::target_of(member);
    } else if constexpr (detail::kIsId<M>) {
      if (id == nullptr) id = &member;
    }
  });
  return verify(aggregate, receipt != nullptr ? receipt->snapshot : *id);
}

}  // namespace knhk::promotion
