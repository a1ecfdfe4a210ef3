#include "cli/watch.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <ctime>

#include "cli/file_watch.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "knhk/base/clock.hpp"

namespace knhk::cli {
namespace {

/// Nothing is left behind: what was printed is flushed, and nothing else was written.
void end_process(int) { ::_exit(0); }

void end_on_signals() {
  struct sigaction action{};
  action.sa_handler = end_process;
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

/// Whether it could be printed.
bool print_round(const WatchOptions& options, const std::vector<std::string>& changed,
                 const Result<Answer>& result) {
  const std::time_t now = std::time(nullptr);
  if (!options.json && !changed.empty() &&
      !print(fmt::format("\n{}{:%H:%M:%S}  changed: {}\n", options.heading, fmt::localtime(now),
                         fmt::join(changed, ", ")))) {
    return false;
  }
  const nlohmann::ordered_json beside = {{"time", to_rfc3339(std::chrono::system_clock::now())},
                                         {"changed", changed}};
  if (!result) {
    print_error(result.error(), options.verb, options.json, beside);
    return std::ferror(stdout) == 0;
  }
  Answer answer = *result;
  nlohmann::ordered_json object = beside;
  object.update(answer.json);
  answer.json = std::move(object);
  print_answer(answer, options.verb, options.json);
  return std::ferror(stdout) == 0;
}

}  // namespace

Result<Answer> watch(const WatchOptions& options, const std::function<Result<Answer>()>& work) {
  end_on_signals();
  auto files = FileWatch::start(options.paths);
  if (!files) return forward_error(std::move(files));
  std::fputs(fmt::format("knhk: watching {}, Ctrl-C ends\n", counted(options.paths.size(), "file"))
                 .c_str(),
             stderr);
  std::vector<std::string> changed;
  while (true) {
    if (!print_round(options, changed, work())) {
      return fail(Errc::io_error, "standard output", "cannot be written");
    }
    auto next = files->wait();
    if (!next) return forward_error(std::move(next));
    changed = std::move(*next);
  }
}

}  // namespace knhk::cli
