#pragma once

// For the tests of this folder.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "knhk/base/clock.hpp"
#include "knhk/crypto/hash.hpp"
#include "knhk/receipts/receipt.hpp"
#include "knhk/store/promotion_log.hpp"
#include "knhk/store/store.hpp"

namespace knhk::store {

/// A folder that goes away with the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    // In memory where that is possible: the tests sync thousands of files.
    std::error_code ignored;
    const std::filesystem::path parent = std::filesystem::is_directory("/dev/shm", ignored)
                                             ? std::filesystem::path("/dev/shm")
                                             : std::filesystem::temp_directory_path();
    std::string pattern = (parent / "knhk-store-XXXXXX").string();
    if (mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline crypto::PrivateKey new_key() {
  auto key = crypto::PrivateKey::generate_ed25519();
  EXPECT_TRUE(key);
  return *std::move(key);
}

inline receipts::TrustedKeys trusting(const crypto::PrivateKey& key) {
  receipts::TrustedKeys keys;
  keys.add(key.public_key());
  return keys;
}

inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void spill(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

/// Every file below `folder` with its bytes, but for the lock, whose bytes say nothing.
inline std::map<std::string, std::string> contents(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.path().filename() == "lock") continue;
    files[entry.path().lexically_relative(folder).string()] = slurp(entry.path());
  }
  return files;
}

inline SnapshotId id_of(std::string_view text) { return {crypto::sha256(text).bytes}; }

/// A manifest of a snapshot that is just `text`, whose blob is stored.
inline Manifest manifest_of(const Store& store, std::string_view text,
                            std::string_view created = "2026-01-31T09:04:05Z") {
  Manifest manifest;
  manifest.snapshot = id_of(text);
  manifest.domain = "test";
  manifest.compiler = "1";
  manifest.created = created;
  const auto blob = store.put_blob(text);
  EXPECT_TRUE(blob) << to_string(blob.error());
  if (blob) {
    manifest.layers.push_back({std::string(kNQuadsMediaType), *blob, text.size(), "snapshot.nq"});
  }
  return manifest;
}

/// A store with a key, and a snapshot or two admitted to it.
class StoreFixture : public testing::Test {
 protected:
  void SetUp() override {
    auto created = Store::create(root_, "test");
    ASSERT_TRUE(created) << to_string(created.error());
    store_.emplace(*std::move(created));
  }
  [[nodiscard]] const Store& store() const { return *store_; }
  [[nodiscard]] PromotionLog log() const { return {*store_, trusting(key_)}; }
  Digest admit(std::string_view text) const {
    const auto digest = store_->put_manifest(manifest_of(*store_, text));
    EXPECT_TRUE(digest) << to_string(digest.error());
    return digest ? *digest : Digest{};
  }
  [[nodiscard]] static EntryRequest request(std::string_view text, const Digest& manifest,
                                            std::string reason = "because",
                                            std::string channel = "stable") {
    return {std::move(channel), Action::promote,     id_of(text),
            manifest,           "someone@somewhere", std::move(reason)};
  }
  Result<Committed> promote(std::string_view text, const Digest& manifest) const {
    auto pending = log().begin(request(text, manifest), clock_);
    if (!pending) return tl::unexpected(pending.error());
    return pending->commit(key_);
  }

  TemporaryFolder folder_;
  std::filesystem::path root_ = folder_.path() / "store";
  std::optional<Store> store_;
  crypto::PrivateKey key_ = new_key();
  ManualClock clock_{std::chrono::system_clock::time_point(std::chrono::seconds(1769850245))};
};

}  // namespace knhk::store
