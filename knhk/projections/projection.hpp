#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "knhk/base/digest.hpp"
#include "knhk/rdf/dataset.hpp"

namespace knhk::projections {

/// Changes whenever any generator would make other bytes of the same input.
inline constexpr std::string_view kCompilerVersion = "knhk-0.1.0-p1";

/// What projections are made of. Their bytes are a function of the snapshot id, the shapes id and
/// `kCompilerVersion` alone.
///
/// Requires: `data` and `shapes` were read from the canonical N-Quads that the ids are digests of,
/// so that blank nodes have their canonical labels.
/// Lifetime: only looked at during a call.
struct ProjectionInput {
  SnapshotId snapshot;
  const rdf::Dataset& data;
  std::optional<SnapshotId> shapes_id{};  ///< nothing without shapes
  const rdf::Dataset* shapes = nullptr;   ///< set exactly when `shapes_id` is
};

/// One artifact made of a snapshot.
struct Projection {
  std::string name;        ///< `index`, `docs`, `models`
  std::string file_name;   ///< `index.bin`, `docs.md`, `models.hpp`
  std::string media_type;  ///< `application/vnd.knhk.index.v1`
  std::string bytes;
  Digest digest;  ///< SHA-256 of `bytes`
};

}  // namespace knhk::projections
