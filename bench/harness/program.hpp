#pragma once

#include <functional>
#include <string>

#include "bench/harness/crew.hpp"
#include "bench/harness/figures.hpp"

namespace knhk::bench {

/// What a benchmark program consists of.
struct Program {
  std::string name;
  /// Measures everything, interleaved, on the threads of a crew.
  std::function<void(const Contests&, Crew&, const Effort&, Figures&)> measure;
  /// Registers with Google Benchmark what that can measure.
  std::function<void(const Contests&)> register_benchmarks;
};

/// `--figures FILE [--smoke]` measures everything and writes it to FILE; any other arguments are
/// Google Benchmark's. Returns the exit code.
[[nodiscard]] int run_program(const Program& program, int argc, char** argv);

}  // namespace knhk::bench
