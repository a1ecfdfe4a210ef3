#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "knhk/base/digest.hpp"
#include "knhk/base/result.hpp"
#include "knhk/store/manifest.hpp"
#include "knhk/store/writer_lock.hpp"

namespace knhk::store {

/// Longest blob that is read.
inline constexpr std::size_t kMaxBlobBytes = std::size_t{16} * 1024 * 1024 * 1024;

/// A manifest and the name it is stored under.
struct StoredManifest {
  Digest digest;
  std::uint64_t size = 0;
  Manifest manifest;
};

/// A folder of snapshots with their evidence: an OCI image layout (image-spec v1.1) that any
/// registry tool can copy, and beside it the promotion log (`PromotionLog`).
///
/// Blobs are immutable and named by their SHA-256, which is checked at every read. Every change is
/// durable when the call returns, and entirely there or not at all whatever happens.
/// Threads: safe from any thread; a `Store` holds only a path and a name. Copies are cheap.
/// Effects: all calls do file I/O. Errors of the machine: `permission-denied`, `read-only`,
/// `disk-full`, `io-error`; the store is then as it was.
class Store {
 public:
  /// Makes a store in a folder that does not exist or is empty.
  /// Errors: `usage` for a name other than `[a-z0-9._-]{1,63}`; `store-exists` when there is one;
  /// `io-error` when the folder holds something else. A failed create leaves nothing behind.
  [[nodiscard]] static Result<Store> create(const std::filesystem::path& path,
                                            std::string_view name);
  /// Errors: `store-missing`; `manifest-damaged` when its description is not readable.
  [[nodiscard]] static Result<Store> open(const std::filesystem::path& path);

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// `knhk/<name>`: the origin of its log, and the name of the key that signs it.
  [[nodiscard]] std::string origin() const { return "knhk/" + name_; }

  /// The right to change manifests, log and quarantine. See `WriterLock::take`.
  [[nodiscard]] Result<WriterLock> lock() const { return WriterLock::take(path_); }

  /// Stores `bytes`; needs no lock, and storing them again changes nothing.
  [[nodiscard]] Result<Digest> put_blob(std::string_view bytes) const;
  /// The bytes named `digest`. No more than `max_bytes` are read of what may be anybody's file.
  /// Errors: `blob-missing`, `digest-mismatch`, `limit-exceeded`.
  [[nodiscard]] Result<std::string> blob(const Digest& digest,
                                         std::size_t max_bytes = kMaxBlobBytes) const;
  /// True when there is a blob of this name; its bytes aren't looked at.
  [[nodiscard]] bool has_blob(const Digest& digest) const;

  /// Stores a manifest and lists it. All its layers must be there with the sizes it states
  /// (`blob-missing`, `digest-mismatch`). Takes the lock for the time of the call.
  [[nodiscard]] Result<Digest> put_manifest(const Manifest& manifest) const;
  /// The same for a caller that holds the lock.
  [[nodiscard]] Result<Digest> put_manifest(const Manifest& manifest, const WriterLock& lock) const;
  /// Stores a manifest with its blobs, all or nothing: after an error none of those that weren't
  /// there before are left. Takes the lock for the time of the call.
  [[nodiscard]] Result<Digest> put_admission(const Manifest& manifest,
                                             const std::vector<std::string_view>& blobs) const;
  /// The same for a caller that holds the lock.
  [[nodiscard]] Result<Digest> put_admission(const Manifest& manifest,
                                             const std::vector<std::string_view>& blobs,
                                             const WriterLock& lock) const;
  /// Errors: `blob-missing`, `digest-mismatch`, `manifest-damaged`.
  [[nodiscard]] Result<Manifest> manifest(const Digest& digest) const;
  /// Every admission, in the order they were stored. What `index.json` lists besides is skipped.
  /// Errors: `manifest-damaged`, `blob-missing`, `digest-mismatch`.
  [[nodiscard]] Result<std::vector<StoredManifest>> manifests() const;
  /// The admission of `snapshot` that was stored last. Errors: `unknown-id`.
  [[nodiscard]] Result<StoredManifest> newest(const SnapshotId& snapshot) const;
  /// The one admitted snapshot whose id starts with `prefix` (hex digits, `sha256:` allowed).
  /// Errors: `malformed-id` (not hex digits, or several match), `unknown-id`.
  [[nodiscard]] Result<SnapshotId> resolve(std::string_view prefix) const;

  /// Points the tag of each channel at a manifest in `index.json`. The tags are derived from the
  /// log: whoever appends to it calls this, and a lost update is made good by the next.
  using ChannelHead = std::pair<std::string, Digest>;
  [[nodiscard]] Status set_channel_tags(const std::vector<ChannelHead>& heads,
                                        const WriterLock& lock) const;

 private:
  Store(std::filesystem::path path, std::string name)
      : path_(std::move(path)), name_(std::move(name)) {}
  [[nodiscard]] std::filesystem::path blob_path(const Digest& digest) const;

  std::filesystem::path path_;
  std::string name_;
};

/// True for `[a-z0-9._-]{1,63}` that starts with a letter or digit: names of stores and channels.
[[nodiscard]] bool is_valid_name(std::string_view name) noexcept;

}  // namespace knhk::store
