#include "cli/output.hpp"

#include <cstdio>
#include <string>

namespace knhk::cli {
namespace {

constexpr int kCannotPrint = 3;

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

}  // namespace

bool print(std::string_view text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (written && std::fflush(stdout) == 0) return true;
  std::fputs("knhk: standard output: cannot be written [io-error]\n", stderr);
  return false;
}

void print_warning(std::string_view text) {
  std::fputs(("knhk: warning: " + one_line(text) + "\n").c_str(), stderr);
}

int print_answer(const Answer& answer, std::string_view verb, bool json) {
  for (const std::string& warning : answer.warnings) print_warning(warning);
  if (!json) return print(answer.text) ? answer.exit_code : kCannotPrint;
  nlohmann::ordered_json object;
  object["command"] = verb;
  object.update(answer.json);
  if (!answer.warnings.empty()) object["warnings"] = answer.warnings;
  return print(to_line(object)) ? answer.exit_code : kCannotPrint;
}

int print_error(const Error& error, std::string_view verb, bool json,
                const nlohmann::ordered_json& beside) {
  const std::string line = "knhk: " + one_line(knhk::to_string(error)) + "\n";
  std::fputs(line.c_str(), stderr);
  const int exit_code = 1 + static_cast<int>(blame(error.code));
  if (!json) return exit_code;
  nlohmann::ordered_json object;
  if (!verb.empty()) object["command"] = verb;
  object.update(beside);
  object["error"] = {{"code", name(error.code)}, {"where", error.where}, {"detail", error.detail}};
  print(to_line(object));
  return exit_code;
}

}  // namespace knhk::cli
