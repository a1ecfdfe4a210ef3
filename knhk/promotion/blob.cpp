#include "knhk/promotion/blob.hpp"

#include "knhk/crypto/hash.hpp"

namespace knhk::promotion {

Result<VerifiedBlob> VerifiedBlob::verify(Blob blob, const Digest& expected) {
  const Digest found = crypto::sha256(blob.bytes);
  if (found != expected) {
    return fail(
        Errc::digest_mismatch, blob.name,
        "its bytes have the digest " + found.to_string() + ", expected " + expected.to_string());
  }
  return VerifiedBlob(std::move(blob), found);
}

VerifiedBlob VerifiedBlob::seal(Blob blob) {
  const Digest digest = crypto::sha256(blob.bytes);
  return {std::move(blob), digest};
}

}  // namespace knhk::promotion
