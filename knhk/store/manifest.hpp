#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "knhk/base/digest.hpp"
#include "knhk/base/result.hpp"

namespace knhk::store {

inline constexpr std::string_view kManifestMediaType = "application/vnd.oci.image.manifest.v1+json";
inline constexpr std::string_view kIndexMediaType = "application/vnd.oci.image.index.v1+json";
inline constexpr std::string_view kEmptyMediaType = "application/vnd.oci.empty.v1+json";
inline constexpr std::string_view kSnapshotArtifactType = "application/vnd.knhk.snapshot.v1";
/// Canonical N-Quads: the layers that hold an ontology's snapshot and its shapes.
inline constexpr std::string_view kNQuadsMediaType = "application/n-quads";

/// File names of the layers that every ontology's manifest has.
inline constexpr std::string_view kSnapshotTitle = "snapshot.nq";
inline constexpr std::string_view kShapesTitle = "shapes.nq";
inline constexpr std::string_view kReceiptTitle = "receipt.dsse.json";

/// Longest manifest that is read.
inline constexpr std::size_t kMaxManifestBytes = std::size_t{4} * 1024 * 1024;

/// `application/vnd.knhk.<artifact>.v1`: the media type of a compiled artifact.
[[nodiscard]] std::string artifact_media_type(std::string_view artifact);

/// A blob that belongs to a manifest.
struct Layer {
  std::string media_type;
  Digest digest;
  std::uint64_t size = 0;
  std::string title;  ///< file name; unique within the manifest

  friend bool operator==(const Layer&, const Layer&) = default;
};

/// One admission: a snapshot, the artifacts compiled from it, and the receipt for both.
struct Manifest {
  SnapshotId snapshot;
  std::optional<SnapshotId> shapes;
  std::string domain;
  std::string compiler;
  std::string created;  ///< RFC 3339 in UTC
  std::optional<Digest> parent;
  std::vector<Layer> layers;

  /// The layer that holds the receipt, or null. Lifetime: as long as `layers` is not changed.
  [[nodiscard]] const Layer* receipt() const noexcept;
  /// The layer with this file name, or null. Lifetime: as long as `layers` is not changed.
  [[nodiscard]] const Layer* layer(std::string_view title) const noexcept;

  friend bool operator==(const Manifest&, const Manifest&) = default;
};

/// The OCI image manifest (image-spec v1.1) of `manifest`: the same bytes for the same manifest.
/// Errors: `manifest-damaged` when two layers have one title or a text isn't UTF-8.
[[nodiscard]] Result<std::string> to_json(const Manifest& manifest);

/// Reads an OCI image manifest with our artifact type. `where` names it in messages.
/// Errors: `manifest-damaged`.
[[nodiscard]] Result<Manifest> parse_manifest(std::string_view json, std::string_view where);

}  // namespace knhk::store
