#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "knhk/base/ticks.hpp"
#include "knhk/telemetry/histogram.hpp"
#include "knhk/telemetry/metric.hpp"

namespace knhk::telemetry {

/// How many reads there are, and what they cost, told from one in `kEvery` of them: counting each
/// would cost readers more than reading does.
///
/// Threads: every function may be called at once from any thread. Lifetime: must outlive its
/// samplers.
class ReadSamples {
 public:
  static constexpr std::uint32_t kEvery = 1U << 16U;

  /// `channel`: an attribute of the metrics.
  explicit ReadSamples(std::string channel, const TickCalibration& calibration = calibrate())
      : channel_(std::move(channel)), calibration_(calibration) {}
  ReadSamples(const ReadSamples&) = delete;
  ReadSamples& operator=(const ReadSamples&) = delete;

  /// Stands for `kEvery` reads, one of which took `counter_units` of `TickCounter`.
  void record(std::uint64_t counter_units) noexcept {
    reads_.fetch_add(kEvery, std::memory_order_relaxed);  // relaxed: a figure, nothing hangs on it
    duration_ns_.record(static_cast<std::uint64_t>(calibration_.to_nanoseconds(counter_units)));
  }

  /// Reads so far, to within `kEvery` for each sampler.
  [[nodiscard]] std::uint64_t reads() const noexcept {
    return reads_.load(std::memory_order_relaxed);
  }

  /// Appends `knhk.reads` and `knhk.read.duration`: a `MetricSource`'s work.
  void collect(std::vector<Metric>& metrics) const;

 private:
  std::string channel_;
  TickCalibration calibration_;
  std::atomic<std::uint64_t> reads_{0};
  Histogram duration_ns_;
};

/// One thread's part: `const auto& view = sampler([&]() -> auto& { return reader.current(); });`
/// Threads: one at a time.
/// Effects: nothing is shared with other threads but once in `ReadSamples::kEvery` reads, when the
/// read is timed.
class ReadSampler {
 public:
  explicit ReadSampler(ReadSamples& samples) noexcept : samples_(&samples) {}

  /// Calls `read` and returns what it returns.
  template <class Read>
  [[gnu::always_inline]] inline decltype(auto) operator()(Read&& read) {
    if (--left_ == 0) [[unlikely]]
      return timed(read);
    return read();
  }

 private:
  /// Ends the bracket when the read is over, however it returns what it read.
  struct Bracket {
    ReadSamples* samples;
    std::uint64_t begin = TickCounter::bracket();
    ~Bracket() { samples->record(TickCounter::bracket() - begin); }
  };

  template <class Read>
  [[gnu::noinline, gnu::cold]] decltype(auto) timed(Read& read) {
    left_ = ReadSamples::kEvery;
    const Bracket bracket{samples_};
    return read();
  }

  ReadSamples* samples_;
  std::uint32_t left_ = ReadSamples::kEvery;
};

}  // namespace knhk::telemetry
