#pragma once

#include <string>
#include <string_view>

#include "knhk/base/result.hpp"

namespace knhk::shacl {

/// The flags of `fn:matches`.
struct PatternFlags {
  bool dot_all = false;       // s
  bool multi_line = false;    // m
  bool ignore_case = false;   // i
  bool ignore_space = false;  // x
  bool literal = false;       // q
};

/// Errors: `ill-formed-shapes` for a letter that is none of `smixq`.
[[nodiscard]] Result<PatternFlags> read_pattern_flags(std::string_view flags);

/// The same expression in the syntax of PCRE2: class subtraction, `.`, `\i`, `\c`, `\d`, `\s`, `\w`
/// as XPath means them. What PCRE2 has beyond XPath (verbs, recursion, callouts) is refused.
///
/// Errors: `ill-formed-shapes`.
[[nodiscard]] Result<std::string> translate_pattern(std::string_view pattern,
                                                    const PatternFlags& flags);

}  // namespace knhk::shacl
