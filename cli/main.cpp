#include <csignal>
#include <cstdio>
#include <exception>
#include <new>
#include <string_view>
#include <variant>

#include "cli/arguments.hpp"
#include "cli/verbs.hpp"

namespace {

using knhk::Errc;
using knhk::Error;
using knhk::Result;
using knhk::cli::Answer;
using knhk::cli::Invocation;
using knhk::cli::Notice;

int exit_code_of(const Error& error) { return 1 + static_cast<int>(knhk::blame(error.code)); }

/// Writes all of `text` or says why not: a full disk behind standard output is an error like
/// others.
bool print(std::string_view text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (written && std::fflush(stdout) == 0) return true;
  std::fputs("knhk: standard output: cannot be written [io-error]\n", stderr);
  return false;
}

/// A JSON object on one line. Bytes that are not UTF-8 (a file name can hold any) are replaced.
std::string to_line(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

/// `text` with what would break a line or a terminal written as `\xNN`.
std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      line += {'\\', 'x', kDigits[byte >> 4U], kDigits[byte & 15U]};
    } else {
      line += c;
    }
  }
  return line;
}

int report(const Error& error, std::string_view verb, bool json) {
  const std::string line = "knhk: " + one_line(knhk::to_string(error)) + "\n";
  std::fputs(line.c_str(), stderr);
  if (json) {
    nlohmann::ordered_json object;
    if (!verb.empty()) object["command"] = verb;
    object["error"] = {
        {"code", knhk::name(error.code)}, {"where", error.where}, {"detail", error.detail}};
    print(to_line(object));
  }
  return exit_code_of(error);
}

int answer(const Answer& answer, const Invocation& invocation) {
  for (const std::string& warning : answer.warnings) {
    std::fputs(("knhk: warning: " + one_line(warning) + "\n").c_str(), stderr);
  }
  if (!invocation.settings.json) return print(answer.text) ? answer.exit_code : 3;
  nlohmann::ordered_json object;
  object["command"] = invocation.verb_name;
  object.update(answer.json);
  if (!answer.warnings.empty()) object["warnings"] = answer.warnings;
  return print(to_line(object)) ? answer.exit_code : 3;
}

int notify(const Notice& notice) {
  if (notice.exit_code == 0) return print(notice.text) ? 0 : 3;
  return report(Error{Errc::usage, "", notice.text + " (see knhk --help)"}, "", notice.wants_json);
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
  if (!result) return report(result.error(), invocation.verb_name, invocation.settings.json);
  return answer(*result, invocation);
}
