#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cli/text.hpp"
#include "knhk/base/ticks.hpp"
#include "knhk/hot_path/measure.hpp"
#include "knhk/hot_path/samples.hpp"

namespace knhk::cli {

/// What this machine needs for a read and for the publish step: one sample for each repetition.
struct TickFigures {
  struct Read {
    std::string_view what;
    hot_path::Samples throughput, latency;
  };
  struct Publish {
    hot_path::Samples empty_bracket, bracketed, step;
    hot_path::Samples bracketed_beside_reader, step_beside_reader;
    hot_path::Samples back_to_back;
  };

  TickCalibration calibration;
  std::vector<Read> reads;  ///< the physical limit first
  Publish publish;

  /// One more repetition.
  void add(const hot_path::ReadCosts& costs);
  void add(const hot_path::PublishCost& cost);
};

/// Two decimals.
[[nodiscard]] std::string ticks_text(double ticks);

/// Appends the median and the 10th and 90th percentile, three cells.
void append_ticks(std::vector<std::string>& row, const hot_path::Samples& samples);

/// Adds `<name>_ticks`, the median, with `<name>_p10_ticks` and `<name>_p90_ticks`.
void add_ticks(nlohmann::ordered_json& json, const std::string& name,
               const hot_path::Samples& samples);

/// Tables of the ways to read beside the physical limit, and of the publish step beside the
/// compile-time model.
[[nodiscard]] std::string describe_reads(const TickFigures& figures);
[[nodiscard]] std::string describe_publishing(const TickFigures& figures);
/// What a tick is here: one line.
[[nodiscard]] std::string describe(const TickCalibration& calibration);

[[nodiscard]] nlohmann::ordered_json json_of(const TickFigures& figures);

}  // namespace knhk::cli
