#include "knhk/store/merkle.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "knhk/base/hex.hpp"
#include "knhk/crypto/hash.hpp"

namespace knhk::store {
namespace {

// RFC 6962 section 2.1, word by word: split at the largest power of two smaller than n.
Digest naive_root(std::span<const Digest> leaves) {
  if (leaves.empty()) return crypto::sha256("");
  if (leaves.size() == 1) return leaves[0];
  std::size_t half = 1;
  while (half * 2 < leaves.size()) half *= 2;
  return node_hash(naive_root(leaves.first(half)), naive_root(leaves.subspan(half)));
}

std::vector<Digest> leaves_of(std::size_t count) {
  std::vector<Digest> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(leaf_hash(std::to_string(i)));
  return leaves;
}

// The eight entries and the roots of certificate-transparency's reference tests.
TEST(Merkle, reproduces_the_published_roots) {
  const std::vector<std::string> entries{
      std::string(),
      std::string("\x00", 1),
      "\x10",
      "\x20\x21",
      "\x30\x31",
      "\x40\x41\x42\x43",
      "\x50\x51\x52\x53\x54\x55\x56\x57",
      "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"};
  const char* roots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                         "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                         "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                         "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                         "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                         "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  std::vector<Digest> leaves;
  EXPECT_EQ(tree_root(leaves).hex(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (std::size_t i = 0; i < entries.size(); ++i) {
    leaves.push_back(leaf_hash(entries[i]));
    EXPECT_EQ(tree_root(leaves).hex(), roots[i]) << i;
  }
}

TEST(Merkle, agrees_with_the_definition_at_every_size) {
  const std::vector<Digest> leaves = leaves_of(600);
  for (std::size_t size = 0; size <= leaves.size(); size += size < 40 ? 1 : 7) {
    const auto part = std::span(leaves).first(size);
    EXPECT_EQ(tree_root(part), naive_root(part)) << size;
  }
}

TEST(Merkle, makes_higher_tiles_of_full_ones_only) {
  const std::vector<Digest> leaves = leaves_of(600);
  EXPECT_TRUE(next_tile_level(std::span(leaves).first(255)).empty());
  const std::vector<Digest> next = next_tile_level(leaves);
  ASSERT_EQ(next.size(), 2U);
  EXPECT_EQ(next[1], naive_root(std::span(leaves).subspan(256, 256)));
  EXPECT_EQ(tile_bytes(next).size(), 64U);
}

// C2SP tlog-tiles, "Merkle Tree"
TEST(TilePath, is_as_the_specification_says) {
  EXPECT_EQ(tile_path(0, 1234067, 256), "tile/0/x001/x234/067");
  EXPECT_EQ(tile_path(2, 0, 1), "tile/2/000.p/1");
  EXPECT_EQ(tile_path(0, 999, 255), "tile/0/999.p/255");
  EXPECT_EQ(tile_path(0, 1000, 256), "tile/0/x001/000");
  EXPECT_EQ(bundle_path(273, 112), "tile/entries/273.p/112");
  EXPECT_EQ(bundle_path(5, 256), "tile/entries/005");
}

}  // namespace
}  // namespace knhk::store
