// What the kernel does to a process that has a hot path: filters system calls, forks it.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>

#include "knhk/hot_path/reader.hpp"
#include "knhk/hot_path/snapshots_for_tests.hpp"

#if defined(__linux__)
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <cstddef>

namespace knhk::hot_path {
namespace {

using Path = HotPath<Sized, EagerTraits>;

/// From now on membarrier(2) fails in this process, as under a sandbox that does not know it.
bool forbid_membarrier(unsigned error) {
  std::array<sock_filter, 4> program{{
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_membarrier, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  }};
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

/// Exits with 0 when everything is as `expected` says, else with the number of what is not.
[[noreturn]] void exit_unless(std::initializer_list<bool> expected) {
  int number = 1;
  for (const bool holds : expected) {
    if (!holds) std::_Exit(number);
    ++number;
  }
  std::_Exit(0);
}

class Kernel : public testing::TestWithParam<unsigned> {};
INSTANTIATE_TEST_SUITE_P(Errors, Kernel, testing::Values(ENOSYS, EPERM, EINVAL, ENOMEM));

// P12, P15: refused from the start, so portable from the start.
TEST_P(Kernel, may_refuse_membarrier_from_the_start) {
  EXPECT_EXIT(
      {
        if (!forbid_membarrier(GetParam())) std::_Exit(99);
        std::atomic<int> alive{0};
        Path path;
        const bool is_portable = path.init() == FenceMode::portable;
        promote(path, 1, std::make_shared<const Sized>(1, alive));
        Reader reader(path);
        const auto pin = reader.pin();
        promote(path, 2, std::make_shared<const Sized>(1, alive));
        promote(path, 3, std::make_shared<const Sized>(1, alive));
        exit_unless({is_portable, alive == 2, pin.id() == id_of(1)});
      },
      testing::ExitedWithCode(0), "");
}

// P13, P15: refused later, by a filter installed under a running hot path: garbage is kept.
TEST_P(Kernel, may_refuse_membarrier_later) {
  EXPECT_EXIT(
      {
        std::atomic<int> alive{0};
        Path path;
        const bool is_portable = path.init() == FenceMode::portable;
        promote(path, 1, std::make_shared<const Sized>(1, alive));
        if (!forbid_membarrier(GetParam())) std::_Exit(99);
        for (std::uint64_t n = 2; n <= 9; ++n) {
          promote(path, n, std::make_shared<const Sized>(1, alive));
        }
        const ReclamationStats stats = path.stats();
        exit_unless({path.current_id() == id_of(9), is_portable ? alive == 1 : alive == 9,
                     is_portable || stats.failed_barriers == 8, path.reclaim() == is_portable});
      },
      testing::ExitedWithCode(0), "");
}

// P21: the child of a process that forks while it reads goes on reading, promoting, reclaiming.
TEST(Fork, leaves_the_child_a_hot_path_that_works) {
  std::atomic<int> alive{0};
  Path path;
  promote(path, 1, std::make_shared<const Sized>(1, alive));
  Reader reader(path);
  const auto pin = reader.pin();
  const pid_t child = fork();
  ASSERT_NE(child, -1);
  if (child == 0) {
    for (std::uint64_t n = 2; n <= 9; ++n) {
      promote(path, n, std::make_shared<const Sized>(1, alive));
    }
    exit_unless({path.reclaim(), alive == 2, pin.id() == id_of(1), path.current_id() == id_of(9)});
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(path.current_id(), id_of(1));
}

}  // namespace
}  // namespace knhk::hot_path
#endif
