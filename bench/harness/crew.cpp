#include "bench/harness/crew.hpp"

#include <sched.h>

#include <utility>

namespace knhk::bench {
namespace {

std::vector<int> find_cores() {
  std::vector<int> cores;
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) {
    for (int core = 0; core < CPU_SETSIZE; ++core) {
      if (CPU_ISSET(core, &allowed)) cores.push_back(core);
    }
  }
  if (cores.empty()) cores.push_back(0);
  return cores;
}

void pin_to(int core) {
  cpu_set_t only;
  CPU_ZERO(&only);
  CPU_SET(core, &only);
  // Refused in some containers: the figures are still good, their spread is larger.
  static_cast<void>(sched_setaffinity(0, sizeof only, &only));
}

}  // namespace

const std::vector<int>& usable_cores() {
  static const std::vector<int> cores = find_cores();
  return cores;
}

void Meeting::arrive_and_wait() noexcept {
  const std::size_t round = round_.load(std::memory_order_acquire);
  if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == threads_) {
    arrived_.store(0, std::memory_order_relaxed);
    round_.store(round + 1, std::memory_order_release);
    return;
  }
  const bool must_yield = threads_ > usable_cores().size();
  while (round_.load(std::memory_order_acquire) == round) {
    if (must_yield) std::this_thread::yield();
  }
}

Crew::Crew(std::size_t workers, const Contests& contests) {
  static_cast<void>(usable_cores());  // found before anyone is pinned
  busy_.store(workers, std::memory_order_relaxed);
  for (std::size_t index = 0; index < workers; ++index) {
    threads_.emplace_back([this, index, &contests] { work(index, contests); });
  }
  for (std::size_t left = busy_.load(); left != 0; left = busy_.load()) busy_.wait(left);
}

Crew::~Crew() {
  job_ = nullptr;
  jobs_.fetch_add(1);
  jobs_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Crew::run(std::size_t workers, const Job& job) {
  job_ = &job;
  wanted_ = workers;
  busy_.store(threads_.size(), std::memory_order_relaxed);
  jobs_.fetch_add(1);
  jobs_.notify_all();
  for (std::size_t left = busy_.load(); left != 0; left = busy_.load()) busy_.wait(left);
}

void Crew::work(std::size_t index, const Contests& contests) {
  if (index < usable_cores().size()) pin_to(usable_cores()[index]);
  Worker worker{index, {}};
  for (const auto& contest : contests) worker.seats.push_back(contest->sit());
  std::size_t done = 0;
  for (;;) {
    if (busy_.fetch_sub(1) == 1) busy_.notify_all();
    jobs_.wait(done);
    ++done;
    if (job_ == nullptr) return;
    if (index < wanted_) (*job_)(worker);
  }
}

}  // namespace knhk::bench
