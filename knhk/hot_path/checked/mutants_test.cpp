// Every order and every step of the protocol is needed: each in turn is made weaker, or left out,
// at the place where the shipped source has it, and some execution must go wrong.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "knhk/hot_path/checked/labels.hpp"
#include "knhk/hot_path/checked/scenarios.hpp"

namespace knhk::hot_path::checked {
namespace {

using enum std::memory_order;

/// The next weaker orders; a sequentially consistent operation still acquires and releases.
std::vector<std::memory_order> weaker(std::memory_order order, Operation operation) {
  switch (order) {
    case seq_cst:
      if (operation == Operation::load) return {acquire};
      if (operation == Operation::store) return {release};
      return {acq_rel};
    case acq_rel:
      return {acquire, release};
    case acquire:
    case release:
      return {relaxed};
    default:
      return {};
  }
}

/// Whether the program without the operation is one to try: where the protocol would still run, on
/// what was seen before. (A token that can't be taken, say, only stops everything.)
bool can_be_left_out(const Site& site, std::string_view label) {
  constexpr std::array<std::string_view, 6> kLooks{"R1s", "R3", "R4b", "R5b", "W5", "W6"};
  const bool is_look = std::ranges::find(kLooks, label) != kLooks.end();
  switch (site.operation) {
    case Operation::load:
    case Operation::exchange:
      return is_look;
    case Operation::store:
      return !label.empty();
    case Operation::light_fence:
    case Operation::heavy_fence:
      return true;
  }
  return false;
}

std::vector<Mutation> mutations_of(const Site& site, const Orders& orders) {
  std::vector<Mutation> mutations;
  const bool is_fence = site.operation > Operation::exchange;
  if (!is_fence) {
    for (const auto order : weaker(orders.first, site.operation)) {
      mutations.push_back({site, {order, orders.on_failure}, false});
    }
  }
  if (site.operation == Operation::exchange) {
    for (const auto order : weaker(orders.on_failure, Operation::load)) {
      mutations.push_back({site, {orders.first, order}, false});
    }
  }
  if (can_be_left_out(site, label_of(site))) mutations.push_back({site, orders, true});
  return mutations;
}

std::string describe(const Mutation& mutation, const Orders& orders) {
  const Site& site = mutation.site;
  std::string text = "[" + label_of(site) + "] " + std::string(site.file) + ":" +
                     std::to_string(site.line) + ":" + std::to_string(site.column) + " " +
                     std::string(name(site.operation));
  if (mutation.left_out) return text + " left out";
  if (mutation.orders.first != orders.first) {
    return text + " " + std::string(name(orders.first)) + " -> " +
           std::string(name(mutation.orders.first));
  }
  return text + " on failure " + std::string(name(orders.on_failure)) + " -> " +
         std::string(name(mutation.orders.on_failure));
}

const Sites& all_sites() {
  static const Sites sites = [] {
    Sites met;
    for (const Scenario& scenario : scenarios()) {
      static_cast<void>(explore(scenario, 1, 300, nullptr, &met));
    }
    return met;
  }();
  return sites;
}

/// What catches `mutation`: tried in turns, a few executions of each scenario at a time.
std::string catcher_of(const Mutation& mutation) {
  constexpr std::uint64_t kAtATime = 250;
  constexpr std::uint64_t kMost = 20'000;
  for (std::uint64_t first = 1; first < kMost; first += kAtATime) {
    for (const Scenario& scenario : scenarios()) {
      const auto failure = explore(scenario, first, kAtATime, &mutation);
      if (failure) {
        return std::string(scenario.name) + ", seed " + std::to_string(failure->seed) + ": " +
               failure->violation.claim;
      }
    }
  }
  return "";
}

/// One part of the sites, so that the parts can be tried side by side.
class Mutants : public testing::TestWithParam<std::size_t> {};
constexpr std::size_t kParts = 4;
INSTANTIATE_TEST_SUITE_P(Part, Mutants, testing::Range(std::size_t{0}, kParts));

// P1, P4: found by few of many executions, so many are made.
TEST_P(Mutants, are_all_caught) {
  std::size_t number = 0;
  std::size_t tried = 0;
  for (const auto& [site, orders] : all_sites()) {
    for (const Mutation& mutation : mutations_of(site, orders)) {
      if (number++ % kParts != GetParam()) continue;
      ++tried;
      const std::string catcher = catcher_of(mutation);
      std::cout << describe(mutation, orders) << "\n    "
                << (catcher.empty() ? "NOT CAUGHT" : catcher) << "\n";
      EXPECT_NE(catcher, "") << describe(mutation, orders) << ": not needed, or nothing tests it";
    }
  }
  EXPECT_GT(tried, 5U);
}

// A table of operations is worth nothing if the code has others.
TEST(Labels, stand_at_every_operation_with_an_order) {
  EXPECT_GT(all_sites().size(), 40U);
  for (const auto& [site, orders] : all_sites()) {
    if (orders.first == relaxed && orders.on_failure == relaxed) continue;
    EXPECT_NE(label_of(site), "") << site.file << ":" << site.line << " " << name(site.operation);
  }
}

}  // namespace
}  // namespace knhk::hot_path::checked
