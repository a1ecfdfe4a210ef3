#pragma once

#include <concepts>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace knhk::promotion::detail {

/// How many members an aggregate may have to be looked into.
inline constexpr std::size_t kMaxMembers = 12;

/// Stands for any member's initialiser where nothing is evaluated. It isn't convertible to the
/// aggregate itself, lest one initialiser count as a copy of the whole.
template <class Aggregate>
struct AnyMember {
  template <class T>
    requires(!std::same_as<std::remove_cvref_t<T>, Aggregate>)
  operator T() const noexcept {  // NOLINT: implicit on purpose
    __builtin_unreachable();
  }
};

template <class T, class Index>
struct InitialisableFrom;
template <class T, std::size_t... Is>
    struct InitialisableFrom<T, std::index_sequence<Is...>> : std::bool_constant < requires {
  T{(static_cast<void>(Is), AnyMember<T>{})...};
}>{};

/// The number of members of the aggregate `T`, at most `kMaxMembers + 1`, found by trying: the
/// largest number of initialisers that it takes.
template <class T, std::size_t N = kMaxMembers + 1>
consteval std::size_t member_count() {
  if constexpr (InitialisableFrom<T, std::make_index_sequence<N>>::value) {
    return N;
  } else if constexpr (N == 0) {
    return 0;
  } else {
    return member_count<T, N - 1>();
  }
}

/// References to the members of `t`, in their order.
/// Requires: between 1 and `kMaxMembers` members, all of one class, no C array among them.
template <class T>
constexpr auto members_of(const T& t) {
  constexpr std::size_t kCount = member_count<T>();
  if constexpr (kCount == 1) {
    const auto& [a] = t;
    return std::tie(a);
  } else if constexpr (kCount == 2) {
    const auto& [a, b] = t;
    return std::tie(a, b);
  } else if constexpr (kCount == 3) {
    const auto& [a, b, c] = t;
    return std::tie(a, b, c);
  } else if constexpr (kCount == 4) {
    const auto& [a, b, c, d] = t;
    return std::tie(a, b, c, d);
  } else if constexpr (kCount == 5) {
    const auto& [a, b, c, d, e] = t;
    return std::tie(a, b, c, d, e);
  } else if constexpr (kCount == 6) {
    const auto& [a, b, c, d, e, f] = t;
    return std::tie(a, b, c, d, e, f);
  } else if constexpr (kCount == 7) {
    const auto& [a, b, c, d, e, f, g] = t;
    return std::tie(a, b, c, d, e, f, g);
  } else if constexpr (kCount == 8) {
    const auto& [a, b, c, d, e, f, g, h] = t;
    return std::tie(a, b, c, d, e, f, g, h);
  } else if constexpr (kCount == 9) {
    const auto& [a, b, c, d, e, f, g, h, i] = t;
    return std::tie(a, b, c, d, e, f, g, h, i);
  } else if constexpr (kCount == 10) {
    const auto& [a, b, c, d, e, f, g, h, i, j] = t;
    return std::tie(a, b, c, d, e, f, g, h, i, j);
  } else if constexpr (kCount == 11) {
    const auto& [a, b, c, d, e, f, g, h, i, j, k] = t;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k);
  } else if constexpr (kCount == 12) {
    const auto& [a, b, c, d, e, f, g, h, i, j, k, l] = t;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k, l);
  } else {
    return std::tuple<>{};
  }
}

/// The members' types as a tuple of const references; empty when `T` can't be looked into.
template <class T>
using Members = decltype(members_of(std::declval<const T&>()));

}  // namespace knhk::promotion::detail
