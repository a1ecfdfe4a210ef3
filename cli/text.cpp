#include "cli/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace knhk::cli {
namespace {

/// Columns a terminal needs for `text`: its code points (what we print has no wide characters).
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

std::string with_separators(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, ",");
  return text;
}

std::string readable_duration(double nanoseconds) {
  struct Unit {
    double size;
    std::string_view name;
  };
  constexpr Unit kUnits[] = {{1e9, "s"}, {1e6, "ms"}, {1e3, "µs"}, {1.0, "ns"}};
  for (const Unit& unit : kUnits) {
    if (nanoseconds >= unit.size * 0.9995 || unit.size == 1.0) {
      const double value = nanoseconds / unit.size;
      const int decimals = unit.size == 1.0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
      return fmt::format("{:.{}f} {}", value, decimals, unit.name);
    }
  }
  return {};
}

std::string counted(std::uint64_t number, std::string_view singular) {
  return fmt::format("{} {}{}", with_separators(number), singular, number == 1 ? "" : "s");
}

std::string on_one_line(std::string_view words) {
  std::string line(words);
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto byte = static_cast<unsigned char>(line[i]);
    const bool is_second_of_c1 = i > 0 && line[i - 1] == '\xC2' && byte >= 0x80 && byte <= 0x9F;
    if (byte < 0x20 || byte == 0x7F || is_second_of_c1) line[i] = '?';
  }
  return line;
}

std::string Table::to_string() const {
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string text;
  for (const auto& row : rows_) {
    std::string line(indent_, ' ');
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] - width_of(row[i]) + 2, ' ');
    }
    text += line.erase(line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

}  // namespace knhk::cli
