#pragma once

#include <set>
#include <string>
#include <string_view>

namespace knhk::projections {

/// A C++ identifier as near to `text` as can be: letters and digits kept, everything else one `_`,
/// never a keyword, a reserved name or a macro of the headers that models include.
[[nodiscard]] std::string cpp_identifier(std::string_view text);

/// Names of one scope: each is given away once.
class CppScope {
 public:
  CppScope() = default;
  /// `taken` are names that the scope has already.
  explicit CppScope(std::set<std::string> taken) : taken_(std::move(taken)) {}

  /// `cpp_identifier(text)`, with `_2`, `_3`... behind it when that is taken. The same calls in the
  /// same order give the same names.
  [[nodiscard]] std::string claim(std::string_view text);

 private:
  std::set<std::string> taken_;
};

}  // namespace knhk::projections
