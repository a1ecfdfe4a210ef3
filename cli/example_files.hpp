#pragma once

#include <string_view>

namespace knhk::cli {

/// The files of `examples/retail_catalogue`, built into the command so that `knhk demo` needs
/// nothing beside itself. Lifetime: static.
[[nodiscard]] std::string_view example_v1() noexcept;
[[nodiscard]] std::string_view example_v2() noexcept;
[[nodiscard]] std::string_view example_v3() noexcept;
[[nodiscard]] std::string_view example_v4() noexcept;
[[nodiscard]] std::string_view example_shapes() noexcept;

}  // namespace knhk::cli
