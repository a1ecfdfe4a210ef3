#include <atomic>
#include <memory>
#include <utility>
#include <vector>

#include "bench/harness/promotion_costs.hpp"
#include "bench/harness/stopwatch.hpp"

namespace knhk::bench {
namespace {

/// A cache line that one thread writes and another waits for.
struct alignas(64) Line {
  std::atomic<std::uint64_t> number{0};

  void send(std::uint64_t value) noexcept { number.store(value, std::memory_order_release); }
  void wait_for(std::uint64_t value) const noexcept {
    while (number.load(std::memory_order_acquire) != value) continue;
  }
};

}  // namespace

void measure_visibility(const Contests& contests, Crew& crew, const Effort& effort,
                        Figures& figures) {
  if (usable_cores().size() < 2) {
    figures.skip("visibility on another core", "there is only one core");
    return;
  }
  Line there;
  Line back;
  Meeting meeting(2);
  std::vector<std::vector<double>> samples(contests.size());
  std::vector<double> bare;
  crew.run(2, [&](Crew::Worker& worker) {
    std::vector<std::unique_ptr<Promoter>> promoters;
    if (worker.index == 1) {
      for (const auto& contest : contests) promoters.push_back(contest->promoter());
    }
    std::uint64_t number = 1;
    for (std::size_t round = 0; round < effort.rounds; ++round) {
      // The bare line first, then each contestant, so that all meet the same circumstances.
      for (std::size_t i = 0; i <= contests.size(); ++i) {
        const bool is_bare = i == contests.size();
        ++number;
        if (worker.index == 0) {
          if (!is_bare) worker.seats[i]->resume();
          meeting.arrive_and_wait();
          is_bare ? there.wait_for(number) : worker.seats[i]->await(number);
          back.send(number);
          if (!is_bare) worker.seats[i]->rest();
        } else {
          if (!is_bare) promoters[i]->prepare(number);
          meeting.arrive_and_wait();
          // The reader spins on what is about to change; the chain inside gives it the time to.
          const double ticks = ticks_of([&] {
            is_bare ? there.send(number) : promoters[i]->publish();
            back.wait_for(number);
          });
          (is_bare ? bare : samples[i]).push_back(ticks);
          if (!is_bare) promoters[i]->settle();
        }
        meeting.arrive_and_wait();
      }
    }
    for (const auto& promoter : promoters) promoter->drain();
  });
  figures.add({"visibility", "a bare cache line", "", ""}, "ticks there and back", std::move(bare));
  for (std::size_t i = 0; i < contests.size(); ++i) {
    figures.add({"visibility", contests[i]->profile().name, "", ""}, "ticks there and back",
                std::move(samples[i]));
  }
}

}  // namespace knhk::bench
