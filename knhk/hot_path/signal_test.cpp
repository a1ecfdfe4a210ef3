// P25: a signal handler reads the current id, whatever it interrupts.

#include <gtest/gtest.h>
#include <pthread.h>

#include <array>
#include <atomic>
#include <csignal>
#include <thread>

#include "knhk/hot_path/binder.hpp"
#include "knhk/hot_path/snapshots_for_tests.hpp"

namespace knhk::hot_path {
namespace {

constinit HotPath<int, EagerTraits> path;
using OfThread = HotPathBinder<path>;

constinit std::atomic<std::uint64_t> handled{0};
constinit std::atomic<std::uint64_t> torn{0};

// Needs no reader and no thread-local storage, so it works on a thread's first instruction.
void read_id(int) {
  const SnapshotId id = OfThread::current_id();
  if (!id.is_zero() && number_of(id) == 0) torn.fetch_add(1, std::memory_order_relaxed);
  handled.fetch_add(1, std::memory_order_relaxed);
}

TEST(Signal, handlers_read_the_current_id_inside_promotions_and_pins) {
  constexpr std::uint64_t kSignals = 2000;
  struct sigaction action{};
  struct sigaction before{};
  action.sa_handler = read_id;
  action.sa_flags = SA_RESTART;
  ASSERT_EQ(sigaction(SIGUSR1, &action, &before), 0);
  std::atomic<bool> stop{false};
  std::atomic<int> started{0};
  std::thread promoting([&] {
    ++started;
    const auto artifacts = std::make_shared<const int>(1);
    for (std::uint64_t n = 1; !stop; ++n) promote(path, n, artifacts);
  });
  std::thread pinning([&] {
    ++started;
    while (!stop) {
      const auto pin = OfThread::pin();
      if (pin && number_of(pin.id()) == 0) torn.fetch_add(1, std::memory_order_relaxed);
    }
  });
  while (started != 2) std::this_thread::yield();
  const std::array<pthread_t, 2> targets{promoting.native_handle(), pinning.native_handle()};
  for (std::uint64_t sent = 0; handled < kSignals; ++sent) {
    EXPECT_EQ(pthread_kill(targets[sent % targets.size()], SIGUSR1), 0);
    std::this_thread::yield();
  }
  stop = true;
  promoting.join();
  pinning.join();
  EXPECT_EQ(torn, 0U);
  EXPECT_GT(path.generation(), 1U);
  ASSERT_EQ(sigaction(SIGUSR1, &before, nullptr), 0);
}

}  // namespace
}  // namespace knhk::hot_path
