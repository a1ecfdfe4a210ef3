#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/tick_table.hpp"
#include "cli/verbs.hpp"
#include "knhk/hot_path/machine.hpp"
#include "knhk/hot_path/samples.hpp"
#include "knhk/hot_path/traits.hpp"

namespace knhk::cli {

/// Everything `knhk bench` finds out. `Samples` have one sample for each repetition.
struct BenchRecord {
  using Samples = hot_path::Samples;

  /// Ticks per read with this many threads that read at once.
  struct Crowd {
    unsigned readers = 1;
    Samples current_id, pin, sticky;
  };
  /// Percentiles of batches of reads.
  struct Tail {
    std::string_view what;
    bool beside_promoter = false;
    Samples p50, p99, p999;
  };
  struct Visibility {
    Samples line, word, pin;
  };

  hot_path::Machine machine;
  hot_path::FenceMode fences = hot_path::FenceMode::asymmetric;
  std::string portable_reason;  ///< empty where fences are asymmetric
  double counter_step_ticks = 0;
  TickFigures ticks;
  std::vector<Crowd> crowds;
  unsigned tail_readers = 1;
  double promotions_per_second = 0;  ///< that the promoter made
  std::vector<Tail> tails;
  Samples promotion_alone;
  Samples promotion_beside_reader;
  std::optional<Visibility> visibility;  ///< nullopt: there is one core
};

/// The tables, and what the design promises beside what was measured.
[[nodiscard]] Answer describe(const BenchRecord& record);

}  // namespace knhk::cli
