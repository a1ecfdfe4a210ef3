#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "knhk/base/result.hpp"
#include "knhk/ontology/snapshot.hpp"
#include "knhk/promotion/blob.hpp"
#include "knhk/promotion/validation_context.hpp"
#include "knhk/receipts/receipt.hpp"
#include "knhk/shacl/report.hpp"

namespace knhk::ontology {

/// What Q4 allows the compiled index.
struct PerformanceBudget {
  /// Comparisons that one operation may take. Binary search needs fewer for any size that 32-bit
  /// ids can name.
  std::uint64_t probes_per_operation = 256;
  /// The image may have this many bytes for each statement, and `fixed_bytes` besides.
  std::uint64_t bytes_per_statement = 4096;
  std::uint64_t fixed_bytes = std::uint64_t{64} << 10U;
  /// The best of several runs of one operation may take this long. It is wide on purpose: it tells
  /// a broken index from a working one on a busy machine, not a fast one from a slow one.
  std::uint64_t best_nanoseconds_per_operation = 200'000;
};

struct InvariantOptions {
  PerformanceBudget performance{};
  /// Q3 asks the index about every statement up to this many, about a sample beyond.
  std::size_t compared_statements = 20'000;
};

/// Checks the five invariants of an ontology's snapshot:
///
/// - Q1, completeness: every class and property that the shapes require is declared or used in the
///   data. Vacuous without shapes.
/// - Q2, consistency: `find_contradictions` finds none.
/// - Q3, correctness: no result of severity `sh:Violation`, and the index answers as the dataset
///   does. Vacuous without shapes, if the index does.
/// - Q4, performance: probes, bytes and time of the index are within budget.
/// - Q5, provenance: the parent exists, its receipt verifies, parent and overlay make this
/// snapshot,
///   the log proves itself. Vacuous without a parent.
///
/// Each result has measurements, and a detail that names the first offender.
/// Threads: immutable, safe to use from any thread.
class InvariantValidator {
 public:
  explicit InvariantValidator(const InvariantOptions& options = {}) : options_(options) {}

  /// A failed invariant is a result, not an error. `blobs` are what was compiled of `snapshot`.
  /// Errors: out-of-memory; cancelled soon after `context.stop` is requested.
  [[nodiscard]] Result<receipts::InvariantResults> validate(
      const Snapshot& snapshot, std::span<const promotion::Blob> blobs,
      const promotion::ValidationContext& context) const;

 private:
  InvariantOptions options_;
};

/// The file name of the canonical N-Quads among an admission's blobs, and of those of the shapes.
inline constexpr std::string_view kSnapshotFile = "snapshot.nq";
inline constexpr std::string_view kShapesFile = "shapes.nq";
inline constexpr std::string_view kIndexFile = "index.bin";

}  // namespace knhk::ontology
