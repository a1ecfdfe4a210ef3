#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "knhk/base/hex.hpp"

namespace knhk {

/// A SHA-256 value: 32 bytes. `Tag` keeps what is hashed apart at compile time, so that a
/// manifest's digest is never passed where a snapshot's id is wanted.
template <class Tag>
struct Sha256Value {
  std::array<std::uint8_t, 32> bytes{};

  /// `sha256:` and 64 lowercase digits, as printed everywhere.
  [[nodiscard]] std::string to_string() const { return "sha256:" + hex(); }
  /// 64 lowercase digits.
  [[nodiscard]] std::string hex() const { return to_hex(bytes); }
  /// True for the all-zero value, which stands for "none".
  [[nodiscard]] constexpr bool is_zero() const noexcept { return *this == Sha256Value{}; }

  /// Reads `sha256:<64 digits>` or just the 64 digits; nothing for any other text.
  [[nodiscard]] static constexpr std::optional<Sha256Value> parse(std::string_view text) noexcept {
    constexpr std::string_view kPrefix = "sha256:";
    if (text.starts_with(kPrefix)) text.remove_prefix(kPrefix.size());
    Sha256Value value;
    if (!from_hex(text, value.bytes)) return std::nullopt;
    return value;
  }

  friend constexpr auto operator<=>(const Sha256Value&, const Sha256Value&) = default;
};

/// The SHA-256 of a blob's bytes: how the store names manifests, artifacts and receipts.
using Digest = Sha256Value<struct DigestTag>;

/// The identity of a snapshot. For an ontology: the SHA-256 of its RDFC-1.0 canonical N-Quads.
/// The zero id stands for "no snapshot".
using SnapshotId = Sha256Value<struct SnapshotIdTag>;

}  // namespace knhk

template <class Tag>
struct std::hash<knhk::Sha256Value<Tag>> {
  std::size_t operator()(const knhk::Sha256Value<Tag>& value) const noexcept {
    std::size_t head = 0;
    std::memcpy(&head, value.bytes.data(), sizeof head);  // a digest is uniform already
    return head;
  }
};
