#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "bench/contestants/contestant.hpp"
#include "knhk/base/ticks.hpp"

namespace knhk::bench {

/// Which figure of whom, under which circumstances.
struct Name {
  std::string figure;      ///< such as `throughput`
  std::string contestant;  ///< a profile's name, or what else was measured
  std::string part;        ///< `address`, `id`, or nothing where that makes no difference
  std::string setting;     ///< such as `2 readers`, or nothing
};

/// How much is measured: enough to be believed, or just enough to see that everything runs.
struct Effort {
  std::size_t repetitions = 801;
  std::size_t reads = 16384;  ///< in a timed loop: its bracket adds nothing that shows
  std::size_t slices = 7;     ///< of readers beside a promoter
  double slice_seconds = 0.05;
  std::size_t rounds = 401;  ///< of promotions that are looked at one by one
  std::size_t batches = 25;  ///< of promotions that are looked at together
  double batch_seconds = 0.006;
  std::size_t promotions_beside_a_stalled_reader = 10'000;
  std::size_t most_registered_readers = 10'000;

  [[nodiscard]] static Effort smoke();
};

/// What one program measured, to be written as JSON.
class Figures {
 public:
  explicit Figures(std::string program) : program_(std::move(program)) {}

  /// The median of `samples` with the 10th and the 90th percentile.
  void add(Name name, std::string unit, std::vector<double> samples);
  /// A count that has no spread.
  void add(Name name, std::string unit, double count);
  /// Something that could not be measured here.
  void skip(std::string what, std::string reason);

  /// Writes all of it, with what is known of host, compiler and contestants. False: it could not be
  /// written.
  [[nodiscard]] bool write(const std::string& path, const Contests& contests, bool is_smoke) const;

 private:
  struct Figure {
    Name name;
    std::string unit;
    double median, low, high;
    std::size_t samples;
  };
  std::string program_;
  TickCalibration calibration_ = calibrate();
  std::vector<Figure> figures_;
  std::vector<Absence> skipped_;
};

/// The value below which `share` of `values` lie; reorders them. Requires: there are some.
template <class Value>
[[nodiscard]] Value percentile(std::vector<Value>& values, double share);

extern template double percentile(std::vector<double>&, double);
extern template std::uint32_t percentile(std::vector<std::uint32_t>&, double);

/// The mean of `values` without the largest eighth: where the counter moves in steps of many ticks,
/// a median is one of the steps, and the mean is not. Requires: there are some.
[[nodiscard]] double mean_of_most(std::vector<double>& values);

[[nodiscard]] std::string_view name_of(Part part);

}  // namespace knhk::bench
