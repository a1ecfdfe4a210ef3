#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <string_view>
#include <vector>

#include "knhk/hot_path/checked/machine.hpp"

namespace knhk::hot_path::checked {

/// A small concurrent program over the shipped hot path, with what must hold in it.
struct Scenario {
  std::string_view name;
  std::function<void(Machine&)> run;
  bool heavy_fence_may_fail = false;
};

/// For test names: by its name alone.
inline void PrintTo(const Scenario& scenario, std::ostream* stream) { *stream << scenario.name; }

/// All of them, in both fence modes.
[[nodiscard]] const std::vector<Scenario>& scenarios();

/// An execution that went wrong, and how to make it again.
struct Failure {
  std::uint64_t seed = 0;
  Violation violation;
};

/// Carries out `executions` executions of `scenario`, with seeds from `first_seed` on, until one
/// goes wrong.
[[nodiscard]] std::optional<Failure> explore(const Scenario& scenario, std::uint64_t first_seed,
                                             std::uint64_t executions,
                                             const Mutation* mutation = nullptr,
                                             Sites* sites = nullptr);

}  // namespace knhk::hot_path::checked
