#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "knhk/base/digest.hpp"

namespace knhk::cli {

/// `1234567` as `1,234,567`.
[[nodiscard]] std::string with_separators(std::uint64_t number);

/// `sha256:` and the first 12 digits: enough for people to tell snapshots apart.
template <class Tag>
[[nodiscard]] std::string abbreviated(const Sha256Value<Tag>& value) {
  return value.to_string().substr(0, 7 + 12);
}

/// `1.5 ms`, `820 ns`, `2.1 s`: three digits at most.
[[nodiscard]] std::string readable_duration(double nanoseconds);

/// `1 triple`, `2 triples`.
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view singular);

/// Somebody's words on one line: a question mark for each control character, which could tell a
/// terminal what to do.
[[nodiscard]] std::string on_one_line(std::string_view words);

/// Lines of cells, each column as wide as its widest cell, two spaces between them.
class Table {
 public:
  /// `indent` spaces stand before each line.
  explicit Table(std::size_t indent = 0) : indent_(indent) {}
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  [[nodiscard]] std::string to_string() const;

 private:
  std::size_t indent_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace knhk::cli
