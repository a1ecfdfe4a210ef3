#pragma once

#include <string>

#include "knhk/shacl/evaluator.hpp"
#include "knhk/shacl/plan.hpp"
#include "knhk/shacl/report.hpp"
#include "knhk/shacl/result_order.hpp"

// From findings, which are numbers, to results, which are text. Internal to this folder.
namespace knhk::shacl::detail {

/// What was expected and what was found, in a sentence without a full stop.
[[nodiscard]] std::string default_message(const Plan& plan, const Finding& finding);

/// The result that `found` stands for. Requires: `texts` were made of it, among others.
[[nodiscard]] ValidationResult to_result(const Plan& plan, const ResultTexts& texts,
                                         const Found& found);

}  // namespace knhk::shacl::detail
