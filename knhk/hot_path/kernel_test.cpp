// What the kernel does to a process that has a hot path: it filters its system calls, and forgets
// its registration on exec.

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string_view>

#include "knhk/hot_path/child_process.hpp"
#include "knhk/hot_path/reader.hpp"
#include "knhk/hot_path/snapshots_for_tests.hpp"
#include "knhk/hot_path/sticky_reader.hpp"

#if defined(__linux__)
#include <linux/filter.h>
#include <linux/membarrier.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <cstddef>

namespace knhk::hot_path {
namespace {

using Path = HotPath<Sized, EagerTraits>;

/// From now on `action` is what the kernel does when this process calls membarrier(2).
bool filter_membarrier(unsigned action) {
  std::array<sock_filter, 4> program{{
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_membarrier, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, action),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  }};
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

/// ... it fails, as under a sandbox that does not know it.
bool forbid_membarrier(unsigned error) { return filter_membarrier(SECCOMP_RET_ERRNO | error); }

/// Exits with first_that_fails().
[[noreturn]] void exit_unless(std::initializer_list<bool> expected) {
  std::_Exit(first_that_fails(expected));
}

class KernelErrors : public testing::TestWithParam<unsigned> {};
INSTANTIATE_TEST_SUITE_P(Errors, KernelErrors, testing::Values(ENOSYS, EPERM, EINVAL, ENOMEM));

// P12, P15: refused from the start, so portable from the start.
TEST_P(KernelErrors, may_refuse_membarrier_from_the_start) {
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
TEST_P(KernelErrors, may_refuse_membarrier_later) {
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

/// What a process does with a hot path, start to end; 0 when all was well.
int use_a_hot_path(FenceMode expected) {
  std::atomic<int> alive{0};
  Path path;
  const bool is_expected = path.init() == expected;
  promote(path, 1, std::make_shared<const Sized>(1, alive));
  Reader reader(path);
  StickyReader sticky(path);
  const auto pin = reader.pin();
  const bool follows = sticky.current().id() == id_of(1);
  promote(path, 2, std::make_shared<const Sized>(1, alive));
  promote(path, 3, std::make_shared<const Sized>(1, alive));
  sticky.release();
  return first_that_fails({is_expected, follows, path.reclaim(), alive == 2, pin.id() == id_of(1),
                           path.current_id() == id_of(3)});
}

// P15, P16, P20: a sandbox may kill who calls membarrier, and no library can find that out by
// trying. With KNHK_PORTABLE_FENCES=1 none is ever called.
TEST(Kernel, may_kill_who_calls_membarrier_when_portable_fences_are_forced) {
  EXPECT_EQ(in_child([] {
              if (setenv("KNHK_PORTABLE_FENCES", "1", 1) != 0) return 98;
              if (!filter_membarrier(SECCOMP_RET_KILL_PROCESS)) return 99;
              return use_a_hot_path(FenceMode::portable);
            }),
            0);
  EXPECT_EQ(in_child([] {
              if (!filter_membarrier(SECCOMP_RET_KILL_PROCESS)) return 99;
              static_cast<void>(syscall(__NR_membarrier, MEMBARRIER_CMD_QUERY, 0, 0));
              return 0;
            }),
            -SIGSYS)
      << "the filter would have killed";
}

// P15: a sandbox may answer with a signal, whose handler leaves no result behind: refused.
TEST(Kernel, may_answer_membarrier_with_a_signal) {
  EXPECT_EQ(in_child([] {
              struct sigaction action{};
              action.sa_handler = [](int) {};
              if (sigaction(SIGSYS, &action, nullptr) != 0) return 98;
              if (!filter_membarrier(SECCOMP_RET_TRAP)) return 99;
              return use_a_hot_path(FenceMode::portable);
            }),
            0);
}

constexpr const char* kAfterExec = "KNHK_TEST_AFTER_EXEC";

// P12: exec clears the registration, so the new program registers for itself. The child runs this
// test again.
TEST(Exec, starts_without_a_registration_and_registers_anew) {
  Path path;
  if (std::getenv(kAfterExec) == nullptr) {
    const FenceMode mode = path.init();
    EXPECT_EQ(in_child([mode] {
                if (setenv(kAfterExec, mode == FenceMode::portable ? "portable" : "asymmetric", 1))
                  return 98;
                const char* const filter =
                    "--gtest_filter=Exec.starts_without_a_registration_and_registers_anew";
                execl("/proc/self/exe", "hot_path_test", filter, nullptr);
                return 99;
              }),
              0);
    return;
  }
  const bool is_portable = std::string_view(std::getenv(kAfterExec)) == "portable";
  EXPECT_NE(syscall(__NR_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0), 0);
  EXPECT_EQ(use_a_hot_path(is_portable ? FenceMode::portable : FenceMode::asymmetric), 0);
}

}  // namespace
}  // namespace knhk::hot_path
#endif
