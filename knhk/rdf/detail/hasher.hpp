#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "knhk/crypto/hash.hpp"
#include "knhk/rdf/canonical.hpp"

namespace knhk::rdf::detail {

/// A hash as bytes; those beyond the algorithm's width are zero. Hashes of one algorithm compare as
/// their lowercase hexadecimal digits do, which is how the specification compares them.
using HashValue = std::array<std::uint8_t, 48>;

/// The hash algorithm of a canonicalization. Threads: one at a time.
class Hasher {
 public:
  explicit Hasher(HashAlgorithm algorithm) : algorithm_(algorithm) {}

  [[nodiscard]] HashValue hash(std::string_view text) {
    HashValue value{};
    if (algorithm_ == HashAlgorithm::sha384) {
      sha384_.update(text);
      std::ranges::copy(sha384_.finish(), value.begin());
    } else {
      sha256_.update(text);
      std::ranges::copy(sha256_.finish().bytes, value.begin());
    }
    return value;
  }

  /// Appends the hexadecimal digits of `value`, which is what goes into other hashes.
  void append_digits(std::string& out, const HashValue& value) const {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const std::size_t width = algorithm_ == HashAlgorithm::sha384 ? 48 : 32;
    std::array<char, 96> digits;
    for (std::size_t i = 0; i < width; ++i) {
      digits[2 * i] = kDigits[value[i] >> 4U];
      digits[2 * i + 1] = kDigits[value[i] & 15U];
    }
    out.append(digits.data(), 2 * width);
  }

 private:
  HashAlgorithm algorithm_;
  crypto::Sha256 sha256_;
  crypto::Sha384 sha384_;
};

}  // namespace knhk::rdf::detail
