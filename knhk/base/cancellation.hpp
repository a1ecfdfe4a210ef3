#pragma once

#include <stop_token>
#include <string>

#include "knhk/base/result.hpp"

namespace knhk {

/// What work that can be called off asks between its steps.
/// Errors: cancelled, once somebody has called it off; `what` says what was not finished.
[[nodiscard]] inline Status check_not_stopped(const std::stop_token& stop, std::string what) {
  if (!stop.stop_requested()) return {};
  return fail(Errc::cancelled, std::move(what), "was called off before it was finished");
}

}  // namespace knhk
