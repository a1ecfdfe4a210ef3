#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/verbs.hpp"

namespace knhk::cli {

struct WatchOptions {
  std::string_view verb;
  std::vector<std::string> paths;
  std::string_view heading;  ///< Stands before the time and what changed, in text.
  bool json = false;
};

/// Prints what `work` answers, and again whenever one of the files changes; an error is printed
/// too and ends nothing. With `json` every object is a line, with the members `time` and `changed`.
///
/// SIGINT and SIGTERM end the process with exit code 0 at once.
/// Errors: those of `FileWatch`; `io-error` when standard output is gone.
[[nodiscard]] Result<Answer> watch(const WatchOptions& options,
                                   const std::function<Result<Answer>()>& work);

}  // namespace knhk::cli
