#pragma once

#include "knhk/shacl/plan.hpp"

namespace knhk::shacl::detail {

/// Whether `value` alone satisfies a constraint that needs neither other shapes nor a pattern.
[[nodiscard]] bool value_satisfies(const Plan& plan, std::uint32_t constraint, rdf::TermId value);

}  // namespace knhk::shacl::detail
