#include "knhk/hot_path/machine.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace knhk::hot_path {
namespace {

TEST(Machine, says_what_it_runs_on) {
  const Machine machine = this_machine();
  EXPECT_TRUE(machine.kernel.starts_with("Linux ")) << machine.kernel;
  EXPECT_FALSE(machine.architecture.empty());
  EXPECT_GE(machine.online_cores, machine.usable_cores);
  EXPECT_FALSE(this_compiler().empty());
  EXPECT_GT(counter_step(), 0U);
}

TEST(Machine, keeps_a_thread_on_a_core_and_counts_the_cores_that_are_left_to_it) {
  const unsigned cores = this_machine().usable_cores;
  unsigned usable = 0;
  bool is_kept = false;
  bool is_kept_on_none = true;
  std::thread([&] {
    is_kept_on_none = stay_on_core(cores);
    is_kept = stay_on_core(cores - 1);
    usable = this_machine().usable_cores;
  }).join();
  EXPECT_FALSE(is_kept_on_none) << "there is no such core";
  if (!is_kept) GTEST_SKIP() << "this container forbids to keep a thread on a core";
  EXPECT_EQ(usable, 1U);
  EXPECT_EQ(this_machine().usable_cores, cores) << "this thread may run where it could before";
}

}  // namespace
}  // namespace knhk::hot_path
