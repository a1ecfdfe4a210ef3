// The shipped counters of health over checked atomics: thousands of executions, each chosen by a
// seed, on a memory as weak as C++20 allows (see hot_path/checked/machine.hpp); and each order in
// turn made weaker, which some execution must notice. KNHK_SCHEDULES sets how many,
// KNHK_SCHEDULES_SEED where to begin.

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "knhk/hot_path/checked/atomic.hpp"
#include "knhk/promotion/detail/health_record.hpp"

namespace knhk::promotion::detail {
namespace {

using hot_path::checked::Machine;
using hot_path::checked::Mutation;
using hot_path::checked::Orders;
using hot_path::checked::Site;
using hot_path::checked::Sites;
using hot_path::checked::Violation;

struct CheckedTraits {
  template <class U>
  using Atomic = hot_path::checked::Atomic<U>;
  static constexpr std::size_t kCells = 3;
};
using Record = HealthRecord<CheckedTraits>;

constexpr std::uint64_t kEpochs = 6;
constexpr std::uint64_t kEach = 2;

/// Epochs that get the same bank have different cells.
constexpr std::size_t cell_of(std::uint64_t epoch) { return epoch / 2 % CheckedTraits::kCells; }

/// What a reader records; it may come back to the epoch before.
void use_snapshots(Machine& machine, Record& record) {
  for (std::uint64_t epoch = 1; epoch <= kEpochs; ++epoch) {
    auto* bank = record.bank_for(epoch);
    bank->count(cell_of(epoch));
    if (epoch > 1 && machine.choices().flips()) {
      machine.expect(record.bank_for(epoch - 1) != nullptr, "the epoch before has a bank");
    }
    bank->count(cell_of(epoch));
    if (epoch > 2) {
      machine.expect(record.bank_for(epoch - 2) == nullptr, "two epochs are kept, no more");
    }
  }
}

/// What a judge sees: nothing, or what was recorded for the epoch it asked for.
void judge(Machine& machine, const Record& record, std::uint64_t times) {
  std::array<std::uint64_t, kEpochs + 1> seen{};
  for (std::uint64_t i = 0; i < times; ++i) {
    const std::uint64_t epoch = 1 + machine.choices().below(kEpochs);
    for (const auto& bank : record.banks) {
      std::array<std::uint64_t, CheckedTraits::kCells> cells{};
      if (!bank.read(epoch, [&](std::size_t cell, std::uint64_t count) { cells[cell] = count; })) {
        continue;
      }
      for (std::size_t cell = 0; cell < cells.size(); ++cell) {
        machine.expect(cell == cell_of(epoch) || cells[cell] == 0,
                       "no epoch has what another recorded");
      }
      const std::uint64_t count = cells[cell_of(epoch)];
      machine.expect(count <= kEach, "nothing is counted twice");
      machine.expect(count >= seen[epoch], "what was counted is not forgotten");
      seen[epoch] = count;
    }
  }
}

void run(Machine& machine) {
  auto record = std::make_unique<Record>();
  const bool is_done =
      machine.run({[&] { use_snapshots(machine, *record); }, [&] { judge(machine, *record, 5); },
                   [&] { judge(machine, *record, 4); }}) &&
      machine.run({[&] {
        for (const std::uint64_t epoch : {kEpochs - 1, kEpochs}) {
          std::uint64_t count = 0;
          for (const auto& bank : record->banks) {
            std::uint64_t here = 0;
            if (bank.read(epoch, [&](std::size_t, std::uint64_t more) { here += more; })) {
              count += here;
            }
          }
          machine.expect(count == kEach, "nothing is lost");
        }
      }});
  // The stacks of threads that were stopped are left as they were, and they point here.
  if (!is_done) static_cast<void>(record.release());
}

struct Failure {
  std::uint64_t seed = 0;
  Violation violation;
};

std::optional<Failure> explore(std::uint64_t first, std::uint64_t executions,
                               const Mutation* mutation, Sites* sites) {
  for (std::uint64_t seed = first; seed < first + executions; ++seed) {
    Machine machine({seed, mutation, sites, false});
    run(machine);
    if (machine.violation()) return Failure{seed, *machine.violation()};
  }
  return std::nullopt;
}

std::uint64_t from_environment(const char* variable, std::uint64_t otherwise) {
  const char* const text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(HealthSchedules, keep_every_promise) {
  const std::uint64_t first = from_environment("KNHK_SCHEDULES_SEED", std::random_device{}());
  RecordProperty("first_seed", std::to_string(first));
  const auto failure = explore(first, from_environment("KNHK_SCHEDULES", 5000), nullptr, nullptr);
  ASSERT_FALSE(failure) << "broken: " << failure->violation.claim
                        << "\nagain with KNHK_SCHEDULES=1 KNHK_SCHEDULES_SEED=" << failure->seed
                        << "\n"
                        << failure->violation.trace;
}

TEST(HealthSchedules, need_every_order) {
  Sites sites;
  ASSERT_FALSE(explore(1, 200, nullptr, &sites));
  std::size_t tried = 0;
  for (const auto& [site, orders] : sites) {
    if (orders.first == std::memory_order_relaxed) continue;
    const Mutation weaker{site, Orders{std::memory_order_relaxed, orders.on_failure}, false};
    const auto failure = explore(1, 50'000, &weaker, nullptr);
    const std::string what = std::string(site.file) + ":" + std::to_string(site.line) + " " +
                             std::string(name(site.operation)) + " relaxed";
    EXPECT_TRUE(failure) << what << ": not needed, or nothing tests it";
    if (failure) std::cout << what << "\n    " << failure->violation.claim << "\n";
    ++tried;
  }
  EXPECT_EQ(tried, 5U) << "H1, H2, H3, H4 and H6; another order needs another look here";
}

// The second look at the epoch, left out, must be missed as well.
TEST(HealthSchedules, need_the_second_look_at_the_epoch) {
  Sites sites;
  ASSERT_FALSE(explore(1, 200, nullptr, &sites));
  std::size_t caught = 0;
  for (const auto& [site, orders] : sites) {
    const Mutation left_out{site, orders, true};
    const bool is_load = site.operation == hot_path::checked::Operation::load;
    if (is_load && explore(1, 20'000, &left_out, nullptr)) ++caught;
  }
  EXPECT_GE(caught, 3U);
}

}  // namespace
}  // namespace knhk::promotion::detail
