#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "cli/verbs.hpp"
#include "knhk/base/error.hpp"

namespace knhk::cli {

/// Writes all of `text` to standard output, or says on standard error why not: a full disk behind
/// it is an error like others.
bool print(std::string_view text);

/// Prints a sentence as a warning, one line on standard error.
void print_warning(std::string_view text);

/// Prints what a verb has to say. Returns the exit code.
int print_answer(const Answer& answer, std::string_view verb, bool json);

/// Prints an error as one line on standard error, and with `json` as an object too, in which
/// `beside` stands. Returns the exit code.
int print_error(const Error& error, std::string_view verb, bool json,
                const nlohmann::ordered_json& beside = nlohmann::ordered_json::object());

}  // namespace knhk::cli
