#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "knhk/base/digest.hpp"

namespace knhk::crypto {

namespace detail {

/// One running SHA-2 computation of libcrypto; the shared body of `Sha256` and `Sha384`.
class Sha2Stream {
 public:
  enum class Width : std::uint8_t { bits256, bits384 };

  explicit Sha2Stream(Width width);
  ~Sha2Stream();
  Sha2Stream(Sha2Stream&&) noexcept;
  Sha2Stream& operator=(Sha2Stream&&) noexcept;

  void update(std::string_view bytes);
  void finish(std::uint8_t* out);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace detail

/// SHA-256 (FIPS 180-4) of bytes that come in pieces.
///
/// Threads: one object belongs to one thread at a time.
/// Errors: throws `std::bad_alloc`, as a container would, when libcrypto cannot provide the hash.
class Sha256 {
 public:
  Sha256() : stream_(detail::Sha2Stream::Width::bits256) {}
  void update(std::string_view bytes) { stream_.update(bytes); }
  /// The digest of all bytes since the start or the last `finish()`; the object is then as new.
  [[nodiscard]] Digest finish() {
    Digest digest;
    stream_.finish(digest.bytes.data());
    return digest;
  }

 private:
  detail::Sha2Stream stream_;
};

/// SHA-384 (FIPS 180-4) of bytes that come in pieces. See `Sha256`.
class Sha384 {
 public:
  using Value = std::array<std::uint8_t, 48>;

  Sha384() : stream_(detail::Sha2Stream::Width::bits384) {}
  void update(std::string_view bytes) { stream_.update(bytes); }
  [[nodiscard]] Value finish() {
    Value value;
    stream_.finish(value.data());
    return value;
  }

 private:
  detail::Sha2Stream stream_;
};

/// The SHA-256 of `bytes`. Threads: any.
[[nodiscard]] Digest sha256(std::string_view bytes);

/// The 48 raw bytes of the SHA-384 of `bytes`. Threads: any.
[[nodiscard]] std::string sha384(std::string_view bytes);

}  // namespace knhk::crypto
