#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "knhk/base/digest.hpp"
#include "knhk/base/result.hpp"

namespace knhk::ontology {

/// What leads from one snapshot to another: the lines of canonical N-Quads that go and those that
/// come. Blank nodes have canonical labels in both, so lines are all there is to compare.
///
/// Threads: immutable.
class Overlay {
 public:
  /// The media type of its text.
  static constexpr std::string_view kMediaType = "application/vnd.knhk.overlay.v1";

  /// What leads from `parent` to `child`, both canonical N-Quads.
  [[nodiscard]] static Overlay between(std::string_view parent, std::string_view child);

  /// Reads what `to_text` writes.
  /// Errors: syntax-error, with the line.
  [[nodiscard]] static Result<Overlay> parse(std::string_view text);

  /// `knhk-overlay 1 <parent id> <child id>`, then `- ` before each line that goes and `+ ` before
  /// each that comes, both sorted, the goings first.
  [[nodiscard]] std::string to_text() const;

  /// The child's canonical N-Quads.
  /// Errors: digest-mismatch when `parent` is not the snapshot that this overlay starts from, or
  /// when the outcome is not the one that it leads to.
  [[nodiscard]] Result<std::string> apply(std::string_view parent) const;

  [[nodiscard]] const SnapshotId& parent() const noexcept { return parent_; }
  [[nodiscard]] const SnapshotId& child() const noexcept { return child_; }
  /// Statements, without the line feed.
  [[nodiscard]] const std::vector<std::string>& removed() const noexcept { return removed_; }
  [[nodiscard]] const std::vector<std::string>& added() const noexcept { return added_; }

 private:
  SnapshotId parent_;
  SnapshotId child_;
  std::vector<std::string> removed_;
  std::vector<std::string> added_;
};

}  // namespace knhk::ontology
