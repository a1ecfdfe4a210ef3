#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "knhk/base/hex.hpp"
#include "knhk/crypto/hash.hpp"
#include "knhk/rdf/canonical.hpp"

namespace knhk::rdf::detail {

/// The hash algorithm of a canonicalization: text in, lowercase hexadecimal digits out.
class Hasher {
 public:
  explicit Hasher(HashAlgorithm algorithm) : algorithm_(algorithm) {}

  [[nodiscard]] std::string hash(std::string_view text) {
    if (algorithm_ == HashAlgorithm::sha384) {
      sha384_.update(text);
      return to_hex(sha384_.finish());
    }
    sha256_.update(text);
    return sha256_.finish().hex();
  }

 private:
  HashAlgorithm algorithm_;
  crypto::Sha256 sha256_;
  crypto::Sha384 sha384_;
};

}  // namespace knhk::rdf::detail
