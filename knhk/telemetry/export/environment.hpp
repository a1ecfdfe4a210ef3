#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace knhk::telemetry {

/// The value of an environment variable, or nothing. Passed in, so that what is made of variables
/// can be tested without setting any.
using Lookup = std::function<std::optional<std::string>(const std::string& name)>;

/// The process's own environment.
/// Threads: as `getenv`, not beside changes of the environment.
[[nodiscard]] Lookup process_environment();

/// The value of `name`; nothing when it is unset, or set to nothing but blanks, which is the same
/// (OpenTelemetry's sdk-environment-variables, "Parsing empty value").
[[nodiscard]] std::optional<std::string> set_value(const Lookup& lookup, const std::string& name);

/// `text` without blanks around it, and in lower case: variables that name one of a few choices are
/// read this way.
[[nodiscard]] std::string as_choice(std::string_view text);

using KeyValues = std::vector<std::pair<std::string, std::string>>;

/// Reads `key1=value1,key2=value2`, the form of W3C Baggage without properties: blanks around keys
/// and values don't count, values are percent-decoded, of two equal keys the later counts.
/// Returns: nothing when any part is not of that form; half of such a list would mislead.
[[nodiscard]] std::optional<KeyValues> parse_key_values(std::string_view text);

/// The parts of `text` between commas, without blanks around them.
[[nodiscard]] std::vector<std::string> split_list(std::string_view text);

}  // namespace knhk::telemetry
