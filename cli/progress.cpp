#include "cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace knhk::cli {

Progress::Progress() : is_terminal_(isatty(STDERR_FILENO) == 1) {}

void Progress::show(std::string_view phase, double fraction) {
  if (!is_terminal_) return;
  constexpr std::size_t kWidth = 30;
  const double done = std::clamp(fraction, 0.0, 1.0);
  const auto full = static_cast<std::size_t>(done * kWidth);
  std::string line =
      fmt::format("[{:<{}}] {:3.0f} % {}", std::string(full, '#'), kWidth, done * 100, phase);
  const std::size_t columns = line.size();
  if (columns < shown_) line.append(shown_ - columns, ' ');
  shown_ = columns;
  std::fputs(("\r" + line).c_str(), stderr);
}

void Progress::wipe() {
  if (shown_ == 0) return;
  std::fputs(("\r" + std::string(shown_, ' ') + "\r").c_str(), stderr);
  shown_ = 0;
}

}  // namespace knhk::cli
