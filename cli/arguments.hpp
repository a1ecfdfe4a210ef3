#pragma once

#include <string>
#include <variant>

#include "cli/options.hpp"

namespace knhk::cli {

/// What to print instead of running a verb: help or version (exit code 0), or what is wrong with
/// the command line (exit code 2).
struct Notice {
  std::string text;
  int exit_code;
  bool wants_json;
};

/// Reads a command line. `KNHK_STORE` is read when `--store` is not given.
[[nodiscard]] std::variant<Invocation, Notice> parse_arguments(int argc, const char* const* argv);

}  // namespace knhk::cli
