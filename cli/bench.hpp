#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/verbs.hpp"
#include "knhk/base/ticks.hpp"
#include "knhk/hot_path/measure.hpp"
#include "knhk/hot_path/measure_batches.hpp"
#include "knhk/hot_path/measure_promotion.hpp"
#include "knhk/hot_path/traits.hpp"

namespace knhk::cli {

/// The machine that figures are of.
struct MachineFacts {
  std::string processor;  ///< as the kernel calls it
  unsigned cores = 0;     ///< that this process may use
  std::string kernel;
  std::string compiler;  ///< that made this command
  hot_path::FenceMode fences = hot_path::FenceMode::portable;
};

/// The middle of some repetitions, and where four fifths of them lie.
struct Spread {
  double median = 0;
  double p10 = 0;
  double p90 = 0;
};
/// Errors: none; all zero when there are no values.
[[nodiscard]] Spread spread_of(std::vector<double> values);

/// One way to read, over all repetitions.
struct ReadFigure {
  std::string what;
  Spread throughput;
  Spread latency;
};

/// Batches of reads in one setting.
struct BatchFigure {
  hot_path::BatchSetting setting;
  hot_path::BatchCost cost;
};

/// What `knhk bench` found out.
struct BenchRecord {
  MachineFacts machine;
  TickCalibration calibration;
  std::vector<ReadFigure> reads;  ///< the physical limit is the first
  std::vector<BatchFigure> batches;
  hot_path::PublishCost publish;
  hot_path::PromotionCost promotion;
  std::optional<hot_path::VisibilityCost> visibility;  ///< nothing on one core
};

[[nodiscard]] Answer describe(const BenchRecord& record);

}  // namespace knhk::cli
