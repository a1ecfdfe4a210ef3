#pragma once

#include <cstddef>
#include <string_view>

namespace knhk::cli {

/// A bar for each phase of work that lasts, on one line of standard error; nothing at all where
/// that is not a terminal. The line is wiped when a phase ends.
class Progress {
 public:
  Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { wipe(); }

  /// `fraction` of `phase` is done; more than 1 counts as 1.
  void show(std::string_view phase, double fraction);
  void wipe();

 private:
  bool is_terminal_;
  std::size_t shown_ = 0;  ///< columns in use
};

}  // namespace knhk::cli
