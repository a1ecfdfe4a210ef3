#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace knhk::rdf {

/// The syntaxes of RDF 1.1 that are read.
enum class Syntax : std::uint8_t { turtle, trig, ntriples, nquads };

/// The syntax that a file name's extension stands for: `.ttl`, `.trig`, `.nt`, `.nq`.
[[nodiscard]] constexpr std::optional<Syntax> syntax_of(std::string_view file_name) noexcept {
  if (file_name.ends_with(".ttl") || file_name.ends_with(".turtle")) return Syntax::turtle;
  if (file_name.ends_with(".trig")) return Syntax::trig;
  if (file_name.ends_with(".nt")) return Syntax::ntriples;
  if (file_name.ends_with(".nq")) return Syntax::nquads;
  return std::nullopt;
}

/// True for N-Triples and N-Quads, where a line is a statement.
[[nodiscard]] constexpr bool is_line_based(Syntax syntax) noexcept {
  return syntax == Syntax::ntriples || syntax == Syntax::nquads;
}

/// The name of `syntax` for messages.
[[nodiscard]] constexpr std::string_view name(Syntax syntax) noexcept {
  switch (syntax) {
    case Syntax::turtle:
      return "Turtle";
    case Syntax::trig:
      return "TriG";
    case Syntax::ntriples:
      return "N-Triples";
    case Syntax::nquads:
      return "N-Quads";
  }
  return "";
}

}  // namespace knhk::rdf
