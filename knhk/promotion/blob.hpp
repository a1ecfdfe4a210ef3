#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "knhk/base/digest.hpp"
#include "knhk/base/result.hpp"

namespace knhk::promotion {

/// What a domain's compiler made: one file of an admission, a layer of its manifest.
struct Blob {
  std::string name;        ///< a file name, unique within the admission: `index.bin`, `docs.md`
  std::string media_type;  ///< as in the manifest: `application/vnd.knhk.index.v1`
  std::string bytes;

  friend bool operator==(const Blob&, const Blob&) = default;
};

/// A blob whose bytes were hashed and found to have the digest that a receipt vouches for. There is
/// no way to make one of bytes that have another digest, so what takes a `VerifiedBlob` need not
/// check again.
///
/// Threads: immutable but for `take_bytes`.
class VerifiedBlob {
 public:
  /// Errors: digest-mismatch, naming the blob and both digests.
  [[nodiscard]] static Result<VerifiedBlob> verify(Blob blob, const Digest& expected);
  /// Hashes `blob` and takes the digest it has: for blobs that were made a moment ago.
  [[nodiscard]] static VerifiedBlob seal(Blob blob);

  [[nodiscard]] std::string_view name() const noexcept { return blob_.name; }
  [[nodiscard]] std::string_view media_type() const noexcept { return blob_.media_type; }
  [[nodiscard]] std::string_view bytes() const noexcept { return blob_.bytes; }
  [[nodiscard]] const Digest& digest() const noexcept { return digest_; }
  /// Moves the bytes out, so that artifacts keep them without a copy.
  [[nodiscard]] std::string take_bytes() && noexcept { return std::move(blob_.bytes); }

 private:
  VerifiedBlob(Blob blob, const Digest& digest) : blob_(std::move(blob)), digest_(digest) {}

  Blob blob_;
  Digest digest_;
};

}  // namespace knhk::promotion
