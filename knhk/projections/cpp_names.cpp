#include "knhk/projections/cpp_names.hpp"

#include <algorithm>
#include <array>

namespace knhk::projections {

namespace {

// Sorted. Keywords of C++20 and alternative tokens, words that later standards took, and names that
// platforms define as macros.
constexpr auto kUnusable = std::to_array<std::string_view>({"BUFSIZ",
                                                            "EOF",
                                                            "NULL",
                                                            "alignas",
                                                            "alignof",
                                                            "and",
                                                            "and_eq",
                                                            "asm",
                                                            "assert",
                                                            "atomic_cancel",
                                                            "atomic_commit",
                                                            "atomic_noexcept",
                                                            "auto",
                                                            "bitand",
                                                            "bitor",
                                                            "bool",
                                                            "break",
                                                            "case",
                                                            "catch",
                                                            "char",
                                                            "char16_t",
                                                            "char32_t",
                                                            "char8_t",
                                                            "class",
                                                            "co_await",
                                                            "co_return",
                                                            "co_yield",
                                                            "compl",
                                                            "concept",
                                                            "const",
                                                            "const_cast",
                                                            "consteval",
                                                            "constexpr",
                                                            "constinit",
                                                            "continue",
                                                            "contract_assert",
                                                            "decltype",
                                                            "default",
                                                            "delete",
                                                            "do",
                                                            "double",
                                                            "dynamic_cast",
                                                            "else",
                                                            "enum",
                                                            "errno",
                                                            "explicit",
                                                            "export",
                                                            "extern",
                                                            "false",
                                                            "final",
                                                            "float",
                                                            "for",
                                                            "friend",
                                                            "goto",
                                                            "i386",
                                                            "if",
                                                            "import",
                                                            "inline",
                                                            "int",
                                                            "linux",
                                                            "long",
                                                            "major",
                                                            "makedev",
                                                            "minor",
                                                            "module",
                                                            "mutable",
                                                            "namespace",
                                                            "near",
                                                            "new",
                                                            "noexcept",
                                                            "not",
                                                            "not_eq",
                                                            "nullptr",
                                                            "offsetof",
                                                            "operator",
                                                            "or",
                                                            "or_eq",
                                                            "override",
                                                            "posix",
                                                            "private",
                                                            "protected",
                                                            "public",
                                                            "reflexpr",
                                                            "register",
                                                            "reinterpret_cast",
                                                            "requires",
                                                            "return",
                                                            "short",
                                                            "signed",
                                                            "sizeof",
                                                            "static",
                                                            "static_assert",
                                                            "static_cast",
                                                            "std",
                                                            "stderr",
                                                            "stdin",
                                                            "stdout",
                                                            "struct",
                                                            "switch",
                                                            "synchronized",
                                                            "template",
                                                            "this",
                                                            "thread_local",
                                                            "throw",
                                                            "true",
                                                            "try",
                                                            "typedef",
                                                            "typeid",
                                                            "typename",
                                                            "typeof",
                                                            "union",
                                                            "unix",
                                                            "unsigned",
                                                            "using",
                                                            "virtual",
                                                            "void",
                                                            "volatile",
                                                            "wchar_t",
                                                            "while",
                                                            "xor",
                                                            "xor_eq"});
static_assert(std::ranges::is_sorted(kUnusable));

/// Macros of <cstdint>, <climits> and <cerrno> all look like these.
bool looks_like_a_macro(std::string_view name) {
  constexpr std::array<std::string_view, 12> kStarts = {"INT",   "UINT",   "SIZE_",  "PTRDIFF_",
                                                        "SIG_",  "WCHAR_", "WINT_",  "LONG_",
                                                        "CHAR_", "SHRT_",  "SCHAR_", "ULONG_"};
  const bool upper = std::ranges::none_of(name, [](char c) { return c >= 'a' && c <= 'z'; });
  return upper && std::ranges::any_of(
                      kStarts, [&](std::string_view start) { return name.starts_with(start); });
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

std::string cpp_identifier(std::string_view text) {
  std::string name;
  for (const char c : text) {
    if (is_letter_or_digit(c)) {
      name += c;
    } else if (!name.empty() && name.back() != '_') {
      name += '_';
    }
  }
  while (name.ends_with('_')) name.pop_back();
  if (name.empty()) return "unnamed";
  if (name.front() >= '0' && name.front() <= '9') name.insert(name.begin(), 'n');
  const bool unusable =
      std::ranges::binary_search(kUnusable, std::string_view(name)) || looks_like_a_macro(name);
  if (unusable) name += '_';
  return name;
}

std::string CppScope::claim(std::string_view text) {
  const std::string wanted = cpp_identifier(text);
  std::string name = wanted;
  for (unsigned i = 2; !taken_.insert(name).second; ++i) {
    name = wanted + (wanted.ends_with('_') ? "" : "_") + std::to_string(i);
  }
  return name;
}

}  // namespace knhk::projections
