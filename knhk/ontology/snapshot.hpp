#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "knhk/base/digest.hpp"
#include "knhk/base/result.hpp"
#include "knhk/promotion/domain.hpp"
#include "knhk/rdf/dataset.hpp"
#include "knhk/rdf/reader.hpp"
#include "knhk/shacl/shapes.hpp"

namespace knhk::ontology {

/// Bounds against hostile input.
struct SnapshotLimits {
  rdf::ReadLimits read = {};  ///< for each file
  /// Steps of canonicalization, see `rdf::CanonicalizeOptions::work_limit`.
  std::uint64_t work = 0;
};

/// A dataset in its canonical form, with the id that is the SHA-256 of it.
///
/// Threads: immutable but for moves.
struct CanonicalDataset {
  std::string nquads;  ///< RDFC-1.0 canonical N-Quads
  SnapshotId id;
  rdf::Dataset dataset;  ///< read back from `nquads`: blank nodes have their canonical labels

  /// Errors: work-limit, limit-exceeded, out-of-memory; cancelled.
  [[nodiscard]] static Result<CanonicalDataset> of(const rdf::Dataset& dataset,
                                                   std::uint64_t work_limit = 0,
                                                   const std::stop_token& stop = {});
  /// Takes text that claims to be canonical; `name` stands in messages.
  /// Errors: those of `rdf::read`; digest-mismatch when it doesn't have the `expected` id.
  [[nodiscard]] static Result<CanonicalDataset> from_nquads(std::string nquads,
                                                            const SnapshotId& expected,
                                                            std::string_view name,
                                                            const rdf::ReadLimits& limits = {});
};

/// An ontology in memory: what is said and, if there are any, the shapes that it is measured by.
class Snapshot {
 public:
  /// Reads the sources: all of role `data` make one dataset, all of role `shapes` another; blank
  /// nodes of different files stay different. Without a source of role `shapes` there are none.
  ///
  /// Errors: those of `rdf::read` with file, line and column; unsupported-construct,
  /// ill-formed-shapes; work-limit; usage when there is no source of role `data`; cancelled, when a
  /// step (a file, a canonical form) has ended after `stop` was requested.
  [[nodiscard]] static Result<Snapshot> read(std::span<const promotion::Source> sources,
                                             const SnapshotLimits& limits = {},
                                             const std::stop_token& stop = {});

  [[nodiscard]] const CanonicalDataset& data() const noexcept { return data_; }
  /// Null without shapes.
  [[nodiscard]] const CanonicalDataset* shapes() const noexcept {
    return shapes_ ? &*shapes_ : nullptr;
  }
  /// Null without shapes.
  [[nodiscard]] const shacl::Shapes* rules() const noexcept { return rules_ ? &*rules_ : nullptr; }
  [[nodiscard]] const SnapshotId& id() const noexcept { return data_.id; }
  [[nodiscard]] std::optional<SnapshotId> shapes_id() const {
    return shapes_ ? std::optional(shapes_->id) : std::nullopt;
  }

 private:
  explicit Snapshot(CanonicalDataset data) : data_(std::move(data)) {}

  CanonicalDataset data_;
  std::optional<CanonicalDataset> shapes_;
  std::optional<shacl::Shapes> rules_;
};

}  // namespace knhk::ontology
