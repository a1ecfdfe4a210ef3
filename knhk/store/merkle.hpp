#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "knhk/base/digest.hpp"

namespace knhk::store {

/// Hashes in a full tile (C2SP tlog-tiles).
inline constexpr std::uint64_t kTileWidth = 256;

/// RFC 6962 section 2.1: SHA-256 of 0x00 and the entry.
[[nodiscard]] Digest leaf_hash(std::string_view entry);

/// RFC 6962 section 2.1: SHA-256 of 0x01 and both children.
[[nodiscard]] Digest node_hash(const Digest& left, const Digest& right);

/// RFC 6962 Merkle Tree Hash over hashes of equally high subtrees; for leaf hashes, the tree's
/// root. Of none: SHA-256 of nothing.
[[nodiscard]] Digest tree_root(std::span<const Digest> hashes);

/// The hashes of the next level of tiles: one for each full group of 256.
[[nodiscard]] std::vector<Digest> next_tile_level(std::span<const Digest> hashes);

/// `tile/<level>/<N>` or `tile/<level>/<N>.p/<width>`: the path of a tile below the log's folder.
/// Requires: `width` from 1 to 256.
[[nodiscard]] std::string tile_path(std::uint64_t level, std::uint64_t index, std::uint64_t width);

/// The same for a bundle of entries, `tile/entries/...`.
[[nodiscard]] std::string bundle_path(std::uint64_t index, std::uint64_t width);

/// A tile's bytes: its hashes, one after the other.
[[nodiscard]] std::string tile_bytes(std::span<const Digest> hashes);

}  // namespace knhk::store
