#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

#include "knhk/base/result.hpp"
#include "knhk/promotion/bake_report.hpp"

namespace knhk::cli {

/// What tending the bakes of a pipeline said, by epoch, for a thread that waits for their ends.
/// Threads: every function may be called at once from any thread.
class BakeDiary {
 public:
  /// What `tend_bakes` tells.
  void note(const Result<std::optional<promotion::BakeReport>>& told);

  /// The verdicts on the snapshot of `epoch`, the last of them with the decision.
  /// Errors: what tending failed with; io-error when no decision comes within `patience`.
  [[nodiscard]] Result<std::vector<promotion::BakeReport>> wait_for_decision(
      std::uint64_t epoch, std::chrono::seconds patience);

 private:
  std::mutex mutex_;
  std::condition_variable noted_;
  std::map<std::uint64_t, std::vector<promotion::BakeReport>> reports_;
  std::optional<Error> error_;
};

}  // namespace knhk::cli
