#pragma once

#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

#include "knhk/ontology/artifacts.hpp"
#include "knhk/ontology/invariant_validator.hpp"
#include "knhk/ontology/snapshot.hpp"
#include "knhk/projections/projection.hpp"
#include "knhk/promotion/domain.hpp"

namespace knhk::ontology {

/// The built-in domain: RDF ontologies with SHACL shapes. A `promotion::Domain`.
///
/// Threads: immutable, safe to use from any thread.
class OntologyDomain {
 public:
  using Parsed = Snapshot;
  using Artifacts = OntologyArtifacts;

  explicit OntologyDomain(const InvariantOptions& options = {}, const SnapshotLimits& limits = {})
      : validator_(options), limits_(limits) {}

  [[nodiscard]] std::string_view name() const noexcept { return "ontology"; }
  [[nodiscard]] std::string_view compiler_version() const noexcept {
    return projections::kCompilerVersion;
  }
  /// See `Snapshot::read`.
  [[nodiscard]] Result<Snapshot> parse(std::span<const promotion::Source> sources,
                                       const std::stop_token& stop = {}) const {
    return Snapshot::read(sources, limits_, stop);
  }
  [[nodiscard]] Result<SnapshotId> id(const Snapshot& snapshot) const { return snapshot.id(); }
  [[nodiscard]] Result<std::optional<SnapshotId>> shapes_id(const Snapshot& snapshot) const {
    return snapshot.shapes_id();
  }
  /// The projections and the canonical N-Quads of data and shapes, without which nobody could
  /// compute an overlay or compile again.
  /// Errors: limit-exceeded, out-of-memory; cancelled soon after `stop` is requested.
  [[nodiscard]] Result<std::vector<promotion::Blob>> compile(
      const Snapshot& snapshot, const std::stop_token& stop = {}) const;
  /// See `InvariantValidator`.
  [[nodiscard]] Result<receipts::InvariantResults> validate(
      const Snapshot& snapshot, std::span<const promotion::Blob> blobs,
      const promotion::ValidationContext& context) const {
    return validator_.validate(snapshot, blobs, context);
  }
  /// See `OntologyArtifacts::load`.
  [[nodiscard]] Result<std::shared_ptr<const OntologyArtifacts>> load(
      const SnapshotId& id, std::vector<promotion::VerifiedBlob> blobs) const {
    return OntologyArtifacts::load(id, std::move(blobs));
  }

 private:
  InvariantValidator validator_;
  SnapshotLimits limits_;
};

static_assert(promotion::Domain<OntologyDomain>);

}  // namespace knhk::ontology
