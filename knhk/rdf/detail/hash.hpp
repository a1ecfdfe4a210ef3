#pragma once

#include <sys/random.h>

#include <cstdint>
#include <cstring>
#include <string_view>

namespace knhk::rdf::detail {

/// The two halves of `a * b`, folded into one.
[[nodiscard]] constexpr std::uint64_t fold_multiply(std::uint64_t a, std::uint64_t b) noexcept {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

/// Numbers that nobody outside knows, one pair for each process, so that no text can be made whose
/// terms all meet in one slot.
struct HashSecrets {
  std::uint64_t first = 0x9E3779B97F4A7C15ULL;
  std::uint64_t second = 0x9FB21C651E98DF25ULL;

  HashSecrets() noexcept {
    std::uint64_t random[2] = {};
    // Without the system's help it is what it is without secrets: fast, but for made-up texts.
    if (::getrandom(random, sizeof random, GRND_NONBLOCK) != sizeof random) return;
    first ^= random[0];
    second ^= random[1];
  }
};

[[nodiscard]] inline const HashSecrets& hash_secrets() noexcept {
  static const HashSecrets secrets;  // also there for what is hashed before main
  return secrets;
}

/// A hash of `text` for tables in memory; it never leaves the process. Two `seed`s make two hashes.
[[nodiscard]] inline std::uint64_t hash_text(std::string_view text, std::uint64_t seed) noexcept {
  const auto [first, second] = hash_secrets();
  std::uint64_t hash = fold_multiply(seed ^ first, text.size() ^ second);
  const char* next = text.data();
  std::size_t left = text.size();
  std::uint64_t words[2];
  for (; left >= sizeof words; left -= sizeof words, next += sizeof words) {
    std::memcpy(words, next, sizeof words);
    hash = fold_multiply(words[0] ^ first, words[1] ^ hash);
  }
  if (left != 0) {
    words[0] = words[1] = 0;
    std::memcpy(words, next, left);
    hash = fold_multiply(words[0] ^ first, words[1] ^ hash);
  }
  return fold_multiply(hash ^ second, first);
}

}  // namespace knhk::rdf::detail
