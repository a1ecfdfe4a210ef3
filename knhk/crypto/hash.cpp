#include "knhk/crypto/hash.hpp"

#include <openssl/evp.h>

#include <new>

namespace knhk::crypto {
namespace {

using Width = detail::Sha2Stream::Width;

// Fetched once: an implicit fetch for every computation costs more than a short hash itself. Never
// freed, so that a hash may still be computed while the process ends (P9).
const EVP_MD* algorithm(Width width) {
  static const EVP_MD* const kSha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  static const EVP_MD* const kSha384 = EVP_MD_fetch(nullptr, "SHA384", nullptr);
  return width == Width::bits256 ? kSha256 : kSha384;
}

}  // namespace

struct detail::Sha2Stream::Context {
  explicit Context(Width wanted) : width(wanted), state(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    if (!state) throw std::bad_alloc();
    start();
  }
  void start() const {
    const EVP_MD* const type = algorithm(width);
    if (type == nullptr || EVP_DigestInit_ex2(state.get(), type, nullptr) != 1) {
      throw std::bad_alloc();
    }
  }
  Width width;
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> state;
};

detail::Sha2Stream::Sha2Stream(Width width) : context_(std::make_unique<Context>(width)) {}
detail::Sha2Stream::~Sha2Stream() = default;
detail::Sha2Stream::Sha2Stream(Sha2Stream&&) noexcept = default;
detail::Sha2Stream& detail::Sha2Stream::operator=(Sha2Stream&&) noexcept = default;

void detail::Sha2Stream::update(std::string_view bytes) {
  if (EVP_DigestUpdate(context_->state.get(), bytes.data(), bytes.size()) != 1) {
    throw std::bad_alloc();
  }
}

void detail::Sha2Stream::finish(std::uint8_t* out) {
  if (EVP_DigestFinal_ex(context_->state.get(), out, nullptr) != 1) throw std::bad_alloc();
  context_->start();
}

Digest sha256(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.finish();
}

std::string sha384(std::string_view bytes) {
  Sha384 hash;
  hash.update(bytes);
  const Sha384::Value value = hash.finish();
  return {value.begin(), value.end()};
}

}  // namespace knhk::crypto
