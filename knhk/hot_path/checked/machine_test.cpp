// The machine itself, on the classical small programs: what C++20 forbids never happens, what it
// allows does, at least once in some thousand executions.

#include "knhk/hot_path/checked/machine.hpp"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "knhk/hot_path/checked/atomic.hpp"
#include "knhk/hot_path/checked/cell.hpp"
#include "knhk/hot_path/checked/fences.hpp"
#include "knhk/hot_path/checked/scenarios.hpp"

namespace knhk::hot_path::checked {
namespace {

using enum std::memory_order;
using Bodies = std::vector<std::function<void()>>;

/// Two variables, a plain one, and what the threads saw.
struct Memory {
  Atomic<std::uint64_t> x{0};
  Atomic<std::uint64_t> y{0};
  Cell<std::uint64_t> plain{0};
  std::array<std::uint64_t, 4> saw{};
};

/// How often `happened` is true, or the program is found at fault, in 2,000 executions.
struct Count {
  int happened = 0;
  int faults = 0;
  std::string claim{};
};
Count count(const std::function<Bodies(Memory&)>& program,
            const std::function<bool(const Memory&)>& happened) {
  Count count;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    Machine machine({seed, nullptr, nullptr, false});
    const auto memory = std::make_unique<Memory>();
    if (!machine.run(program(*memory))) {
      ++count.faults;
      count.claim = machine.violation()->claim;
    } else if (happened(*memory)) {
      ++count.happened;
    }
  }
  return count;
}

Count store_buffering(std::memory_order store, std::memory_order load) {
  return count(
      [=](Memory& m) -> Bodies {
        return {[&m, store, load] {
                  m.x.store(1, store);
                  m.saw[0] = m.y.load(load);
                },
                [&m, store, load] {
                  m.y.store(1, store);
                  m.saw[1] = m.x.load(load);
                }};
      },
      [](const Memory& m) { return m.saw[0] == 0 && m.saw[1] == 0; });
}

TEST(Machine, buffers_stores_unless_they_are_sequentially_consistent) {
  EXPECT_GT(store_buffering(release, acquire).happened, 0);
  EXPECT_GT(store_buffering(seq_cst, acquire).happened, 0);
  EXPECT_GT(store_buffering(release, seq_cst).happened, 0);
  EXPECT_EQ(store_buffering(seq_cst, seq_cst).happened, 0);
}

Count asymmetric_store_buffering(bool light, bool heavy) {
  return count(
      [=](Memory& m) -> Bodies {
        return {[&m, light] {
                  m.x.store(1, release);
                  if (light) Fences<true>::light();
                  m.saw[0] = m.y.load(acquire);
                },
                [&m, heavy] {
                  m.y.store(1, release);
                  if (heavy) static_cast<void>(Fences<true>::heavy());
                  m.saw[1] = m.x.load(acquire);
                }};
      },
      [](const Memory& m) { return m.saw[0] == 0 && m.saw[1] == 0; });
}

TEST(Machine, orders_a_light_fence_and_a_heavy_one_but_neither_alone) {
  EXPECT_EQ(asymmetric_store_buffering(true, true).happened, 0);
  EXPECT_GT(asymmetric_store_buffering(true, false).happened, 0);
  EXPECT_GT(asymmetric_store_buffering(false, true).happened, 0);
}

Count message_passing(std::memory_order store, std::memory_order load) {
  return count(
      [=](Memory& m) -> Bodies {
        return {[&m, store] {
                  m.plain = 42;
                  m.x.store(1, store);
                },
                [&m, load] {
                  if (m.x.load(load) == 1) m.saw[0] = m.plain;
                }};
      },
      [](const Memory& m) { return m.saw[0] == 42; });
}

TEST(Machine, hands_plain_memory_on_by_release_and_acquire_alone) {
  const Count handed_on = message_passing(release, acquire);
  EXPECT_EQ(handed_on.faults, 0);
  EXPECT_GT(handed_on.happened, 0);
  EXPECT_GT(message_passing(relaxed, acquire).faults, 0);
  EXPECT_GT(message_passing(release, relaxed).faults, 0);
}

/// A release store, then by the same thread `go_on`; the other thread acquires what that left.
Count release_sequence(const std::function<void(Memory&)>& go_on) {
  return count(
      [go_on](Memory& m) -> Bodies {
        return {[&m, go_on] {
                  m.plain = 42;
                  m.x.store(1, release);
                  go_on(m);
                },
                [&m] {
                  if (m.x.load(acquire) == 2) m.saw[0] = m.plain;
                }};
      },
      [](const Memory& m) { return m.saw[0] == 42; });
}

TEST(Machine, continues_a_release_sequence_over_an_exchange_but_not_over_a_plain_store) {
  const Count by_exchange = release_sequence([](Memory& m) {
    std::uint64_t one = 1;
    m.x.compare_exchange_strong(one, 2, relaxed, relaxed);
  });
  EXPECT_EQ(by_exchange.faults, 0);
  EXPECT_GT(by_exchange.happened, 0);
  EXPECT_GT(release_sequence([](Memory& m) { m.x.store(2, relaxed); }).faults, 0);
}

TEST(Machine, never_goes_back_in_one_atomic) {
  const Count backward = count(
      [](Memory& m) -> Bodies {
        return {[&m] {
                  m.x.store(1, relaxed);
                  m.x.store(2, relaxed);
                },
                [&m] {
                  m.saw[0] = m.x.load(relaxed);
                  m.saw[1] = m.x.load(relaxed);
                }};
      },
      [](const Memory& m) { return m.saw[0] > m.saw[1]; });
  EXPECT_EQ(backward.happened, 0);
}

// Independent reads of independent writes: two readers may disagree about the order.
Count disagreement(std::memory_order store, std::memory_order load) {
  return count(
      [=](Memory& m) -> Bodies {
        return {[&m, store] { m.x.store(1, store); }, [&m, store] { m.y.store(1, store); },
                [&m, load] {
                  m.saw[0] = m.x.load(load);
                  m.saw[1] = m.y.load(load);
                },
                [&m, load] {
                  m.saw[2] = m.y.load(load);
                  m.saw[3] = m.x.load(load);
                }};
      },
      [](const Memory& m) {
        return m.saw[0] == 1 && m.saw[1] == 0 && m.saw[2] == 1 && m.saw[3] == 0;
      });
}

TEST(Machine, has_one_order_for_all_readers_only_if_they_ask_for_it) {
  EXPECT_GT(disagreement(release, acquire).happened, 0);
  EXPECT_EQ(disagreement(seq_cst, seq_cst).happened, 0);
}

TEST(Machine, finds_two_writers_of_plain_memory) {
  const Count race =
      count([](Memory& m) -> Bodies { return {[&m] { m.plain = 1; }, [&m] { m.plain = 2; }}; },
            [](const Memory&) { return true; });
  EXPECT_EQ(race.faults, 2000);
  EXPECT_NE(race.claim.find("plain memory"), std::string::npos);
}

TEST(Machine, finds_use_after_the_end) {
  int atomic_used = 0;
  int plain_used = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    for (const bool is_plain : {false, true}) {
      Machine machine({seed, nullptr, nullptr, false});
      auto memory = std::make_unique<Memory>();
      Memory* const address = memory.release();  // not freed: it ends once, in the program
      const bool is_sound = machine.run({[=] { address->~Memory(); },
                                         [=] {
                                           if (is_plain) {
                                             address->saw[0] = address->plain;
                                           } else {
                                             address->saw[0] = address->x.load(acquire);
                                           }
                                         }});
      if (!is_sound) ++(is_plain ? plain_used : atomic_used);
    }
  }
  // Nothing orders the two, whichever comes first.
  EXPECT_EQ(atomic_used, 200);
  EXPECT_EQ(plain_used, 200);
}

TEST(Machine, starts_threads_after_all_that_their_maker_stored) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    Machine machine({seed, nullptr, nullptr, false});
    const auto memory = std::make_unique<Memory>();
    memory->x.store(1, relaxed);
    ASSERT_TRUE(machine.run({[&] { memory->saw[0] = memory->x.load(relaxed); }}));
    ASSERT_EQ(memory->saw[0], 1U) << "seed " << seed;
  }
}

TEST(Machine, finds_a_thread_that_never_ends) {
  Machine machine({1, nullptr, nullptr, false});
  const auto memory = std::make_unique<Memory>();
  EXPECT_FALSE(machine.run({[&] {
    while (memory->x.load(acquire) == 0) {
    }
  }}));
  ASSERT_TRUE(machine.violation());
  EXPECT_EQ(machine.violation()->claim, "every thread gets to its end");
}

// The same seed makes the same execution, or a printed seed would be worth nothing.
TEST(Machine, repeats_an_execution_with_its_seed) {
  const Scenario& scenario = scenarios().front();
  const auto steps_of = [&](std::uint64_t seed) {
    Machine machine({seed, nullptr, nullptr, false});
    scenario.run(machine);
    machine.expect(false, "asked for the trace");
    return machine.violation()->trace;
  };
  EXPECT_EQ(steps_of(7), steps_of(7));
  EXPECT_NE(steps_of(7), steps_of(8));
}

}  // namespace
}  // namespace knhk::hot_path::checked
