#include "knhk/hot_path/checked/labels.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <vector>

namespace knhk::hot_path::checked {
namespace {

std::vector<std::string> lines_of(const std::string& file) {
  const std::filesystem::path folder = std::filesystem::path(KNHK_SOURCE_DIR) / "knhk/hot_path";
  for (const auto& place : {folder / file, folder / "detail" / file}) {
    std::ifstream stream(place);
    if (!stream) continue;
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
  }
  return {};
}

bool is_comment(const std::string& line) {
  return line.find_first_not_of(' ') == line.find("//") && line.find("//") != std::string::npos;
}

}  // namespace

std::string label_of(const Site& site) {
  static std::map<std::string, std::vector<std::string>> files;
  const auto [found, is_new] = files.try_emplace(std::string(site.file));
  if (is_new) found->second = lines_of(found->first);
  const std::vector<std::string>& lines = found->second;
  if (site.line == 0 || site.line > lines.size()) return "";
  // A label that is defined stands at the start of its comment; others are only mentioned.
  static const std::regex definition(R"(// \[([RW][0-9]+[a-z]?)\])");
  std::smatch match;
  if (std::regex_search(lines[site.line - 1], match, definition)) return match[1];
  // The comment above the operation, or above the statement or loop that it is part of.
  constexpr std::size_t kMostLinesBetween = 2;
  std::size_t i = site.line - 1;
  for (std::size_t between = 0; i > 0 && !is_comment(lines[i - 1]); --i) {
    if (++between > kMostLinesBetween) return "";
  }
  std::string label;
  for (; i > 0 && is_comment(lines[i - 1]); --i) {
    if (std::regex_search(lines[i - 1], match, definition)) label = match[1];
  }
  return label;
}

}  // namespace knhk::hot_path::checked
