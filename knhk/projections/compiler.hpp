#pragma once

#include <stop_token>
#include <string_view>
#include <vector>

#include "knhk/base/result.hpp"
#include "knhk/projections/projection.hpp"

namespace knhk::projections {

/// Everything that was compiled of one snapshot, always in the same order.
class CompiledProjections {
 public:
  explicit CompiledProjections(std::vector<Projection> projections)
      : projections_(std::move(projections)) {}

  [[nodiscard]] const std::vector<Projection>& all() const& noexcept { return projections_; }
  [[nodiscard]] std::vector<Projection> all() && noexcept { return std::move(projections_); }
  /// The projection of that name, or null. Lifetime: as long as this object.
  [[nodiscard]] const Projection* find(std::string_view name) const noexcept;

 private:
  std::vector<Projection> projections_;
};

/// Makes all projections of a snapshot: `index`, `docs` and `models`.
///
/// Threads: immutable, safe to use from any thread.
class ProjectionCompiler {
 public:
  /// `thread_count` 0: as many threads as the machine has. It never changes the bytes.
  explicit ProjectionCompiler(unsigned thread_count = 0) : thread_count_(thread_count) {}

  /// Runs the generators side by side.
  /// Errors: limit-exceeded (more terms than an index can number), out-of-memory; cancelled soon
  /// after `stop` is requested.
  [[nodiscard]] Result<CompiledProjections> compile(const ProjectionInput& input,
                                                    const std::stop_token& stop = {}) const;

 private:
  unsigned thread_count_;
};

}  // namespace knhk::projections
