#pragma once

#include <cstdint>

namespace knhk::hot_path::checked {

/// All that is left to chance in one execution, drawn from one seed: the same seed makes the same
/// execution.
class Choices {
 public:
  explicit Choices(std::uint64_t seed) noexcept : state_(seed) {
    // Executions differ in temper too: some switch threads at every step, some rarely; some mostly
    // read the newest value, some mostly an old one. One temper alone leaves mutants unfound.
    constexpr unsigned kOneIn[] = {2, 3, 6, 16};
    switch_one_in_ = kOneIn[below(4)];
    constexpr unsigned kStalePercent[] = {10, 40, 80};
    stale_percent_ = kStalePercent[below(3)];
  }

  /// A number below `bound`, which is not 0.
  [[nodiscard]] unsigned below(unsigned bound) noexcept {
    return static_cast<unsigned>((next() >> 32U) % bound);
  }
  [[nodiscard]] bool switches_thread() noexcept { return below(switch_one_in_) == 0; }
  [[nodiscard]] bool reads_old_value() noexcept { return below(100) < stale_percent_; }
  [[nodiscard]] bool flips() noexcept { return below(2) == 0; }

 private:
  // SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
  std::uint64_t next() noexcept {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }

  std::uint64_t state_;
  unsigned switch_one_in_ = 2;
  unsigned stale_percent_ = 40;
};

}  // namespace knhk::hot_path::checked
