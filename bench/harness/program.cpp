#include "bench/harness/program.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <string_view>

#include "bench/contestants/list.hpp"

namespace knhk::bench {
namespace {

int measure(const Program& program, const std::string& path, bool is_smoke) {
  const Contests contests = all_contests();
  Figures figures(program.name);
  // One thread more than cores at most: on one core a promoter shares it with the reader.
  const std::size_t workers = std::max<std::size_t>(2, usable_cores().size());
  if (workers > usable_cores().size()) {
    figures.skip("threads on cores of their own", "there is only one core: they share it");
  }
  {
    Crew crew(workers, contests);
    program.measure(contests, crew, is_smoke ? Effort::smoke() : Effort{}, figures);
  }
  if (figures.write(path, contests, is_smoke)) return 0;
  std::fprintf(stderr, "%s: cannot write %s\n", program.name.c_str(), path.c_str());
  return 1;
}

}  // namespace

int run_program(const Program& program, int argc, char** argv) {
  std::string path;
  bool is_smoke = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--smoke") is_smoke = true;
    if (argument == "--figures" && i + 1 < argc) path = argv[i + 1];
  }
  if (!path.empty()) return measure(program, path, is_smoke);
  const Contests contests = all_contests();
  const Crew second_thread(1, {});  // see Crew
  program.register_benchmarks(contests);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}

}  // namespace knhk::bench
