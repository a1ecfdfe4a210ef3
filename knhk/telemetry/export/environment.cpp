#include "knhk/telemetry/export/environment.hpp"

#include <algorithm>
#include <cstdlib>

namespace knhk::telemetry {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

/// The number that a hexadecimal digit stands for, or 16.
unsigned digit_of(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
  return 16;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const unsigned high = digit_of(text[i + 1]);
    const unsigned low = digit_of(text[i + 2]);
    if (high > 15 || low > 15) return std::nullopt;
    decoded += static_cast<char>(high << 4U | low);
    i += 2;
  }
  return decoded;
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t comma = text.find(',');
    parts.push_back(trim(text.substr(0, comma)));
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace

Lookup process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* const value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return value;
  };
}

std::optional<std::string> set_value(const Lookup& lookup, const std::string& name) {
  const auto value = lookup(name);
  if (!value || trim(*value).empty()) return std::nullopt;
  return std::string(trim(*value));
}

std::string as_choice(std::string_view text) {
  std::string lower(trim(text));
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::optional<KeyValues> parse_key_values(std::string_view text) {
  KeyValues found;
  for (const std::string_view part : split(text)) {
    if (part.empty()) continue;  // a comma at the end
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    auto key = percent_decode(trim(part.substr(0, equals)));
    auto value = percent_decode(trim(part.substr(equals + 1)));
    if (!key || key->empty() || !value) return std::nullopt;
    const auto before = std::find_if(found.begin(), found.end(),
                                     [&](const auto& entry) { return entry.first == *key; });
    if (before != found.end()) {
      before->second = std::move(*value);
    } else {
      found.emplace_back(std::move(*key), std::move(*value));
    }
  }
  return found;
}

std::vector<std::string> split_list(std::string_view text) {
  const std::vector<std::string_view> parts = split(text);
  return {parts.begin(), parts.end()};
}

}  // namespace knhk::telemetry
