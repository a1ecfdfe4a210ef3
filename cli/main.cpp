#include <csignal>
#include <exception>
#include <new>
#include <variant>

#include "cli/arguments.hpp"
#include "cli/output.hpp"
#include "cli/verbs.hpp"

namespace {

using knhk::Errc;
using knhk::Result;
using knhk::cli::Answer;
using knhk::cli::Invocation;
using knhk::cli::Notice;

int notify(const Notice& notice) {
  if (notice.exit_code == 0) return knhk::cli::print(notice.text) ? 0 : 3;
  return knhk::cli::print_error({Errc::usage, "", notice.text + " (see knhk --help)"}, "",
                                notice.wants_json);
}

Result<Answer> run(const Invocation& invocation) {
  try {
    return std::visit(
        [&](const auto& options) { return knhk::cli::run(options, invocation.settings); },
        invocation.verb);
  } catch (const std::bad_alloc&) {
    return knhk::fail(Errc::out_of_memory, "", "not enough memory for this input");
  } catch (const std::exception& problem) {
    return knhk::fail(Errc::io_error, "", problem.what());
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is a write error, reported as one
  const auto parsed = knhk::cli::parse_arguments(argc, argv);
  if (const auto* notice = std::get_if<Notice>(&parsed)) return notify(*notice);
  const auto& invocation = std::get<Invocation>(parsed);
  const Result<Answer> result = run(invocation);
  const bool json = invocation.settings.json;
  if (!result) return knhk::cli::print_error(result.error(), invocation.verb_name, json);
  return knhk::cli::print_answer(*result, invocation.verb_name, json);
}
