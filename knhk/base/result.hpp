#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "knhk/base/error.hpp"

namespace knhk {

/// A value, or the reason why there is none. It crosses every fallible boundary; no exception does.
/// Read the value with `*result` after a test (`if (!result) return tl::unexpected(...)`), never
/// with an unchecked `.value()`.
template <class T>
using Result = tl::expected<T, Error>;

/// What a fallible function without a value returns when it worked.
using Status = Result<void>;

/// An error as a return value: `return fail(Errc::io_error, path, "cannot be read");`
[[nodiscard]] inline tl::unexpected<Error> fail(Errc code, std::string where, std::string detail) {
  return tl::unexpected<Error>(Error{code, std::move(where), std::move(detail)});
}

/// Hands the error of one result on as the error of another type of result.
template <class T>
[[nodiscard]] tl::unexpected<Error> forward_error(Result<T>&& result) {
  return tl::unexpected<Error>(std::move(result).error());
}

}  // namespace knhk
