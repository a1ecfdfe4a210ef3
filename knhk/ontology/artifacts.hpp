#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "knhk/base/digest.hpp"
#include "knhk/base/result.hpp"
#include "knhk/projections/index.hpp"
#include "knhk/promotion/blob.hpp"

namespace knhk::ontology {

/// What is current of an ontology: its index, opened, and the texts compiled of it. A
/// `promotion::Artifacts`.
///
/// Threads: immutable, safe to read from any thread.
/// Lifetime: views that its members give live as long as it does.
class OntologyArtifacts {
 private:
  struct Key {};  // keeps all but `load` from making one by accident

 public:
  /// Errors: blob-missing, index-version, index-damaged, receipt-mismatch (a blob that carries
  /// another snapshot's id), out-of-memory.
  [[nodiscard]] static Result<std::shared_ptr<const OntologyArtifacts>> load(
      const SnapshotId& id, std::vector<promotion::VerifiedBlob> blobs);

  explicit OntologyArtifacts(Key /*key*/) {}
  OntologyArtifacts(const OntologyArtifacts&) = delete;
  OntologyArtifacts& operator=(const OntologyArtifacts&) = delete;
  /// Overwrites what a reader looks at first, so that `is_whole` tells a read after the end.
  ~OntologyArtifacts();

  [[nodiscard]] const SnapshotId& snapshot_id() const noexcept { return id_; }
  /// Digests of all blobs it was loaded from, in the order in which they were compiled.
  [[nodiscard]] std::span<const Digest> blob_digests() const noexcept { return digests_; }
  /// Bytes that it keeps in memory.
  [[nodiscard]] std::size_t size_bytes() const noexcept;

  [[nodiscard]] const projections::Index& index() const noexcept { return *index_; }
  [[nodiscard]] std::string_view docs() const noexcept { return docs_; }
  [[nodiscard]] std::string_view models() const noexcept { return models_; }

  /// False once the destructor has run, as long as nothing else uses the memory: for readers that
  /// check what they are given while snapshots come and go.
  [[nodiscard]] bool is_alive() const noexcept;
  /// Whether this is alive, and the first and the last bytes of every artifact carry the snapshot's
  /// id. Complexity: constant.
  [[nodiscard]] bool is_whole() const noexcept;

 private:
  static constexpr std::uint64_t kAlive = 0x4B4E484B616C6976;  // "KNHKaliv"
  static constexpr std::uint64_t kFreed = 0xDEADDEADDEADDEAD;

  std::uint64_t first_canary_ = kAlive;
  SnapshotId id_;
  std::string image_;
  std::string docs_;
  std::string models_;
  std::vector<Digest> digests_;
  std::unique_ptr<const projections::Index> index_;
  std::uint64_t last_canary_ = kAlive;
};

}  // namespace knhk::ontology
