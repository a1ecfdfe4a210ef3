#pragma once

#include <string>

#include "knhk/shacl/evaluator.hpp"
#include "knhk/shacl/plan.hpp"
#include "knhk/shacl/report.hpp"

// From findings, which are numbers, to results, which are text. Internal to this folder.
namespace knhk::shacl::detail {

/// What was expected and what was found, in a sentence without a full stop.
[[nodiscard]] std::string default_message(const Plan& plan, const Finding& finding);

/// The result that `finding` stands for; `target_shape` is the shape that selected the focus node.
[[nodiscard]] ValidationResult to_result(const Plan& plan, const Finding& finding,
                                         ShapeIndex target_shape);

}  // namespace knhk::shacl::detail
