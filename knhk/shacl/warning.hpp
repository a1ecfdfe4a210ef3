#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace knhk::shacl {

/// Something in a shapes graph that doesn't count as its author may think.
struct Warning {
  enum class Kind : std::uint8_t {
    unsupported,  ///< Not of SHACL Core; left out.
    ill_formed,   ///< Breaks a rule of SHACL's syntax; left out.
    dependent,    ///< Can't be decided without something left out; left out too.
    no_effect,    ///< Well-formed, and asks for nothing.
  };

  Kind kind{};
  std::string property;  ///< `sh:rule`; of no vocabulary with a prefix: `<iri>`
  std::string shape;     ///< As an error names it.
  std::string detail;    ///< A sentence that begins with the property.

  friend auto operator<=>(const Warning&, const Warning&) = default;
};

/// Whether it was left out of the shapes.
[[nodiscard]] constexpr bool is_left_out(Warning::Kind kind) noexcept {
  return kind != Warning::Kind::no_effect;
}

/// `unsupported`, `ill-formed`, `dependent`, `no-effect`.
[[nodiscard]] std::string_view to_string(Warning::Kind kind) noexcept;

/// For people: a line for each kind and property with a count and the first shape, each ended by a
/// line feed. Empty for none.
[[nodiscard]] std::string to_text(std::span<const Warning> warnings);

}  // namespace knhk::shacl
