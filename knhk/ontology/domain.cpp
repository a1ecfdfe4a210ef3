#include "knhk/ontology/domain.hpp"

#include <exception>
#include <utility>

#include "knhk/projections/compiler.hpp"

namespace knhk::ontology {

Result<std::vector<promotion::Blob>> OntologyDomain::compile(const Snapshot& snapshot,
                                                             const std::stop_token& stop) const
    try {
  const CanonicalDataset* const shapes = snapshot.shapes();
  auto compiled = projections::ProjectionCompiler().compile(
      {snapshot.id(), snapshot.data().dataset, snapshot.shapes_id(),
       shapes != nullptr ? &shapes->dataset : nullptr},
      stop);
  if (!compiled) return forward_error(std::move(compiled));
  std::vector<promotion::Blob> blobs;
  for (projections::Projection& projection : std::move(*compiled).all()) {
    blobs.push_back({std::move(projection.file_name), std::move(projection.media_type),
                     std::move(projection.bytes)});
  }
  constexpr std::string_view kNQuads = "application/n-quads";
  blobs.push_back({std::string(kSnapshotFile), std::string(kNQuads), snapshot.data().nquads});
  if (shapes != nullptr) {
    blobs.push_back({std::string(kShapesFile), std::string(kNQuads), shapes->nquads});
  }
  return blobs;
} catch (const std::exception&) {
  return fail(Errc::out_of_memory, snapshot.id().to_string(), "not enough memory to compile it");
}

}  // namespace knhk::ontology
