#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace knhk::hot_path {

/// Values of one quantity that was measured again and again. Figures are ranks of the sorted values
/// where that is possible: one interruption must not spoil them.
///
/// Threads: one at a time.
class Samples {
 public:
  void reserve(std::size_t count) { values_.reserve(count); }
  void add(double value) { values_.push_back(value); }
  void add(const Samples& others) {
    values_.insert(values_.end(), others.values_.begin(), others.values_.end());
  }

  /// The smallest value that at least `percent` of them don't exceed (nearest rank).
  /// Returns: 0 when there are none. Requires: 0 < `percent` <= 100.
  [[nodiscard]] double percentile(double percent) const {
    if (values_.empty()) return 0;
    std::vector<double> sorted(values_);
    const auto at = sorted.begin() + rank_of(percent);
    std::nth_element(sorted.begin(), at, sorted.end());
    return *at;
  }
  [[nodiscard]] double median() const { return percentile(50); }

  /// The mean without the largest eighth: for what is shorter than a step of the counter, which no
  /// single value shows. Returns: 0 when there are none.
  [[nodiscard]] double mean_of_most() const {
    if (values_.empty()) return 0;
    const double limit = percentile(87.5);
    double sum = 0;
    std::size_t count = 0;
    for (const double value : values_) {
      if (value > limit) continue;
      sum += value;
      ++count;
    }
    return sum / static_cast<double>(count);
  }

  [[nodiscard]] std::size_t count() const noexcept { return values_.size(); }

 private:
  [[nodiscard]] std::ptrdiff_t rank_of(double percent) const {
    const double rank = std::ceil(percent / 100 * static_cast<double>(values_.size()));
    return std::max<std::ptrdiff_t>(1, static_cast<std::ptrdiff_t>(rank)) - 1;
  }

  std::vector<double> values_;
};

}  // namespace knhk::hot_path
