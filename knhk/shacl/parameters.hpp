#pragma once

#include <cstdint>
#include <string_view>

#include "knhk/shacl/compiled_shapes.hpp"

// What each property of the SHACL vocabulary means on a shape. Internal to this folder.
namespace knhk::shacl::detail {

/// How the value of a parameter is written.
enum class ParameterForm : std::uint8_t {
  count,       // one integer, property shapes only
  length,      // one integer
  one_iri,     // one IRI
  iris,        // an IRI each
  literal,     // one literal
  term,        // any term each
  boolean,     // one boolean, property shapes only
  node_kind,   // one of the six kinds
  pattern,     // a string each, with sh:flags
  terms,       // one list of terms
  languages,   // one list of strings
  predicates,  // an IRI each, property shapes only
  closed,      // one boolean, with sh:ignoredProperties
  shape,       // a shape each
  shapes,      // a list of shapes each
  qualified,   // a shape each, with its counts, property shapes only
};

struct Parameter {
  std::string_view local_name;
  ConstraintKind kind;
  ParameterForm form;
};

/// The parameter with that local name; null for a name that is none.
[[nodiscard]] const Parameter* find_parameter(std::string_view local_name) noexcept;

/// Whether a shape may have the property without any constraint coming from it: targets, what is
/// read beside a parameter, and what is for people only.
[[nodiscard]] bool is_beside_constraints(std::string_view local_name) noexcept;

}  // namespace knhk::shacl::detail
