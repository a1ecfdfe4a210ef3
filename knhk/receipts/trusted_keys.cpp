#include "knhk/receipts/trusted_keys.hpp"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

#include "knhk/crypto/key_file.hpp"

namespace knhk::receipts {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kBeginPublicKey = "-----BEGIN PUBLIC KEY-----";
constexpr std::string_view kEndPublicKey = "-----END PUBLIC KEY-----";

Result<std::vector<crypto::PublicKey>> keys_in(std::string_view pem) {
  std::vector<crypto::PublicKey> keys;
  while (true) {
    const std::size_t begin = pem.find(kBegin);
    if (begin == std::string_view::npos) break;
    pem.remove_prefix(begin);
    const std::size_t end = pem.find(kEndPublicKey);
    if (!pem.starts_with(kBeginPublicKey) || end == std::string_view::npos) {
      return fail(Errc::key_malformed, "", "holds something other than public keys");
    }
    Result<crypto::PublicKey> key =
        crypto::PublicKey::from_pem(pem.substr(0, end + kEndPublicKey.size()));
    if (!key) return forward_error(std::move(key));
    keys.push_back(*std::move(key));
    pem.remove_prefix(end + kEndPublicKey.size());
  }
  if (keys.empty()) return fail(Errc::key_malformed, "", "holds no public key");
  return keys;
}

Result<std::vector<crypto::PublicKey>> keys_in_file(const fs::path& path) {
  const Result<std::string> pem = crypto::read_key_file(path);
  if (!pem) return tl::unexpected(pem.error());
  Result<std::vector<crypto::PublicKey>> keys = keys_in(*pem);
  if (!keys) return fail(keys.error().code, path.string(), keys.error().detail);
  return keys;
}

Result<std::vector<fs::path>> key_files_of(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> files;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const fs::path& path = it->path();
    if (path.extension() == ".pub" || path.extension() == ".pem") files.push_back(path);
  }
  if (error) {
    return fail(Errc::key_unreadable, folder.string(),
                "the folder cannot be read: " + error.message());
  }
  if (files.empty()) {
    return fail(Errc::key_missing, folder.string(), "the folder holds no *.pub or *.pem file");
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

void TrustedKeys::add(crypto::PublicKey key) {
  if (find(key.key_id()) == nullptr) keys_.push_back(std::move(key));
}

Status TrustedKeys::add_pem(std::string_view pem) {
  Result<std::vector<crypto::PublicKey>> keys = keys_in(pem);
  if (!keys) return forward_error(std::move(keys));
  for (crypto::PublicKey& key : *keys) add(std::move(key));
  return {};
}

Status TrustedKeys::add_path(const fs::path& path) {
  std::error_code ignored;
  std::vector<fs::path> files{path};
  if (fs::is_directory(path, ignored)) {
    Result<std::vector<fs::path>> listed = key_files_of(path);
    if (!listed) return forward_error(std::move(listed));
    files = *std::move(listed);
  }
  std::vector<crypto::PublicKey> all;
  for (const fs::path& file : files) {
    Result<std::vector<crypto::PublicKey>> keys = keys_in_file(file);
    if (!keys) return forward_error(std::move(keys));
    for (crypto::PublicKey& key : *keys) all.push_back(std::move(key));
  }
  for (crypto::PublicKey& key : all) add(std::move(key));
  return {};
}

const crypto::PublicKey* TrustedKeys::find(std::string_view key_id) const noexcept {
  for (const crypto::PublicKey& key : keys_) {
    if (key.key_id() == key_id) return &key;
  }
  return nullptr;
}

}  // namespace knhk::receipts
