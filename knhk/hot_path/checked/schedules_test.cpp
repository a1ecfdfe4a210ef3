// The shipped hot path over checked atomics: thousands of executions of small programs, each chosen
// by a seed, on a memory as weak as C++20 allows (see machine.hpp). KNHK_SCHEDULES sets how many of
// each, KNHK_SCHEDULES_SEED where to begin.

#include <gtest/gtest.h>

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>

#include "knhk/hot_path/checked/scenarios.hpp"

namespace knhk::hot_path::checked {
namespace {

std::uint64_t from_environment(const char* variable, std::uint64_t otherwise) {
  const char* const text = std::getenv(variable);
  if (text == nullptr) return otherwise;
  const std::string_view digits = text;
  std::uint64_t value = otherwise;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

class Schedules : public testing::TestWithParam<Scenario> {};
INSTANTIATE_TEST_SUITE_P(Of, Schedules, testing::ValuesIn(scenarios()),
                         [](const auto& which) { return std::string(which.param.name); });

// P1, P2, P3, P4, P5, P13.
TEST_P(Schedules, keep_every_promise) {
  const std::uint64_t executions = from_environment("KNHK_SCHEDULES", 3000);
  const std::uint64_t first = from_environment("KNHK_SCHEDULES_SEED", std::random_device{}());
  RecordProperty("first_seed", std::to_string(first));
  const auto failure = explore(GetParam(), first, executions);
  if (!failure) return;
  FAIL() << "broken: " << failure->violation.claim << "\nagain with KNHK_SCHEDULES=1 "
         << "KNHK_SCHEDULES_SEED=" << failure->seed << "\n"
         << failure->violation.trace;
}

}  // namespace
}  // namespace knhk::hot_path::checked
