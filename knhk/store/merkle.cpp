#include "knhk/store/merkle.hpp"

#include <array>

#include "knhk/crypto/hash.hpp"

namespace knhk::store {
namespace {

std::string_view as_text(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()};
}

// 1234067 is x001/x234/067.
std::string index_path(std::uint64_t index) {
  const auto three_digits = [](std::uint64_t group) {
    std::string digits(3, '0');
    for (std::size_t i = 3; i-- > 0; group /= 10) digits[i] = static_cast<char>('0' + group % 10);
    return digits;
  };
  std::string path = three_digits(index % 1000);
  for (index /= 1000; index > 0; index /= 1000) {
    std::string group = "x";
    group += three_digits(index % 1000);
    group += '/';
    path.insert(0, group);
  }
  return path;
}

std::string path_below(std::string_view folder, std::uint64_t index, std::uint64_t width) {
  std::string path = "tile/";
  path += folder;
  path += '/';
  path += index_path(index);
  if (width < kTileWidth) {
    path += ".p/";
    path += std::to_string(width);
  }
  return path;
}

}  // namespace

Digest leaf_hash(std::string_view entry) {
  crypto::Sha256 hash;
  hash.update(std::string_view("\0", 1));
  hash.update(entry);
  return hash.finish();
}

Digest node_hash(const Digest& left, const Digest& right) {
  crypto::Sha256 hash;
  hash.update("\x01");
  hash.update(as_text(left));
  hash.update(as_text(right));
  return hash.finish();
}

Digest tree_root(std::span<const Digest> hashes) {
  if (hashes.empty()) return crypto::sha256("");
  // Like a binary counter: level `i` of the pile holds the root of a full subtree of 2^i hashes.
  std::array<Digest, 64> pile;
  for (std::uint64_t count = 0; count < hashes.size(); ++count) {
    Digest root = hashes[count];
    std::size_t level = 0;
    for (std::uint64_t bits = count; (bits & 1U) != 0; bits >>= 1U) {
      root = node_hash(pile[level++], root);
    }
    pile[level] = root;
  }
  Digest root;
  bool started = false;
  for (std::size_t level = 0; level < pile.size(); ++level) {
    if (((hashes.size() >> level) & 1U) == 0) continue;
    root = started ? node_hash(pile[level], root) : pile[level];
    started = true;
  }
  return root;
}

std::vector<Digest> next_tile_level(std::span<const Digest> hashes) {
  std::vector<Digest> next;
  for (std::size_t i = 0; i + kTileWidth <= hashes.size(); i += kTileWidth) {
    next.push_back(tree_root(hashes.subspan(i, kTileWidth)));
  }
  return next;
}

std::string tile_path(std::uint64_t level, std::uint64_t index, std::uint64_t width) {
  return path_below(std::to_string(level), index, width);
}

std::string bundle_path(std::uint64_t index, std::uint64_t width) {
  return path_below("entries", index, width);
}

std::string tile_bytes(std::span<const Digest> hashes) {
  std::string bytes;
  bytes.reserve(hashes.size() * 32);
  for (const Digest& hash : hashes) bytes += as_text(hash);
  return bytes;
}

}  // namespace knhk::store
