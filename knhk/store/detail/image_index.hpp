#pragma once

// Not installed: includes nlohmann/json, which no public header may.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "knhk/base/digest.hpp"
#include "knhk/base/result.hpp"
#include "knhk/receipts/strict_json.hpp"

namespace knhk::store::detail {

/// A descriptor of `index.json`. What we don't understand stays in `json` and is written back.
struct IndexEntry {
  receipts::Json json;
  Digest digest;  ///< zero: not a SHA-256 digest, so not ours
  std::uint64_t size = 0;
  std::string ref_name;                ///< its tag; empty: none
  std::optional<SnapshotId> snapshot;  ///< as its annotation says
  bool is_snapshot_manifest = false;   ///< as its artifact type or annotation says
};

/// `index.json` of an OCI image layout. Where a manifest is first listed says when it was admitted;
/// it is listed once more for every further tag. The newest admission of a snapshot bears the tag
/// `sha256-<hex>`.
class ImageIndex {
 public:
  /// Errors: `manifest-damaged`.
  [[nodiscard]] static Result<ImageIndex> parse(std::string_view json);
  [[nodiscard]] Result<std::string> to_json() const;

  [[nodiscard]] const std::vector<IndexEntry>& entries() const noexcept { return entries_; }
  /// The first entry of this digest, or null.
  [[nodiscard]] const IndexEntry* find(const Digest& digest) const;
  /// Lists an admission as the newest of its snapshot, unless it is listed already.
  void add(const Digest& digest, std::uint64_t size, const SnapshotId& snapshot,
           std::string_view created);
  /// Points a tag at a manifest that is listed, or takes the tag away when `digest` is zero.
  void set_tag(std::string_view tag, const Digest& digest);

 private:
  [[nodiscard]] bool is_only_one(std::size_t position) const;

  std::vector<IndexEntry> entries_;
};

}  // namespace knhk::store::detail
