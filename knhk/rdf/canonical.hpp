#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "knhk/base/digest.hpp"
#include "knhk/base/result.hpp"
#include "knhk/rdf/dataset.hpp"

namespace knhk::rdf {

enum class HashAlgorithm : std::uint8_t { sha256, sha384 };

struct CanonicalizeOptions {
  /// SHA-256 is what ids are made with.
  HashAlgorithm hash = HashAlgorithm::sha256;
  /// Steps of work, about one hash each, after which a dataset is refused. 0: a bound for all that
  /// grows with the square of the number of blank nodes, and one for what starts at a single node
  /// that grows with their number; real data stays far below both.
  std::uint64_t work_limit = 0;
  /// Bytes that the search from one blank node may hold at once, after which a dataset is refused;
  /// each thread has one such search. 0: a bound that grows with the number of blank nodes.
  std::uint64_t byte_limit = 0;
  /// 0: as many as the machine has. The result is the same for any number.
  unsigned threads = 0;
  /// Requested: the search among alike blank nodes ends, and so does the call, with the error
  /// cancelled.
  std::stop_token stop = {};
};

/// A dataset in its one canonical form.
struct Canonical {
  /// The canonical N-Quads: UTF-8, sorted by code point, one statement a line.
  std::string nquads;
  /// By number of term: the canonical label (`c14n0`) of a blank node that is in a quad, else
  /// empty.
  std::vector<std::string> labels;
  /// Steps of work done.
  std::uint64_t work = 0;
};

/// Canonicalizes with RDFC-1.0 (W3C Recommendation, 21 May 2024).
///
/// Two datasets have the same canonical N-Quads exactly when they differ in the labels of their
/// blank nodes and in nothing else. Threads: any number at once, also on one dataset.
/// Errors: `work-limit` for a dataset whose blank nodes resemble each other too much (poison);
/// `limit-exceeded` beyond `byte_limit`; `out-of-memory`; `cancelled`.
/// Complexity: O(quads * log quads) where each blank node differs from all others by its own quads
/// or is in a component of few alike ones. Of `k` alike nodes in a connected component of `n`, as
/// many as no symmetry found takes to each other are searched from, with O(n) steps each: one for a
/// ring, all `k` for a list of equal values. Alike nodes around one node, themselves connected,
/// take a factorial of their number.
[[nodiscard]] Result<Canonical> canonicalize(const Dataset& dataset,
                                             const CanonicalizeOptions& options = {});

/// The snapshot id: the SHA-256 of the canonical N-Quads, which are written and hashed in pieces:
/// they are held whole only where the dataset is small or nearly all of it is about one subject.
/// Errors: as `canonicalize`.
[[nodiscard]] Result<SnapshotId> snapshot_id(const Dataset& dataset,
                                             const CanonicalizeOptions& options = {});

/// The snapshot id of canonical N-Quads already made.
[[nodiscard]] SnapshotId snapshot_id_of(std::string_view canonical_nquads);

}  // namespace knhk::rdf
