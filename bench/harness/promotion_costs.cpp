#include "bench/harness/promotion_costs.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "bench/contestants/snapshot.hpp"
#include "bench/harness/stopwatch.hpp"

namespace knhk::bench {
namespace {

std::string count_of(std::size_t readers) {
  std::string digits = std::to_string(readers);
  if (digits.size() > 3) digits.insert(digits.size() - 3, ",");
  return digits + (readers == 1 ? " reader" : " readers");
}

/// Promotes for a while, so that what a contestant does now and then is in it, too.
double ticks_per_promotion(Promoter& promoter, double units_in_all, std::uint64_t& number) {
  constexpr std::uint64_t kAtLeast = 16;
  const double units = units_per_tick();
  const std::uint64_t first = number;
  const std::uint64_t start = TickCounter::bracket();
  std::uint64_t spent = 0;
  while (static_cast<double>(spent) < units_in_all || number < first + kAtLeast) {
    promoter.promote(++number);
    spent = TickCounter::now() - start;
  }
  return static_cast<double>(spent) / units / static_cast<double>(number - first);
}

double units_of_a_batch(const Effort& effort) {
  return calibrate().units_per_second * effort.batch_seconds;
}

/// Mean ticks of brackets, with the step between them and with nothing, taken in turn.
struct Brackets {
  std::vector<double> with, without, step;

  void measure(Promoter& promoter) {
    std::vector<double> steps(64), nothing(64);
    const double units = units_per_tick();
    for (std::size_t i = 0; i < steps.size(); ++i) {
      promoter.prepare(i + 2);
      const std::uint64_t start = TickCounter::bracket();
      nothing[i] = static_cast<double>(TickCounter::bracket() - start) / units;
      steps[i] = static_cast<double>(promoter.timed_publish()) / units;
      promoter.settle();
    }
    with.push_back(mean_of_most(steps));
    without.push_back(mean_of_most(nothing));
    step.push_back(std::max(0.0, with.back() - without.back()));
  }
};

/// Reads over and over, so that what the promoter writes is in this core's cache, until told to
/// stop.
void keep_reading(Seat& seat, Part part, const std::atomic<bool>& published,
                  std::atomic<bool>& reading) {
  seat.resume();
  while (!published.load(std::memory_order_acquire)) {
    seat.read(part, Order::independent, 64);
    reading.store(true, std::memory_order_release);
  }
  seat.rest();
}

}  // namespace

void measure_publish_steps(const Contests& contests, Crew& crew, const Effort& effort,
                           Figures& figures) {
  std::vector<Brackets> alone(contests.size()), beside(contests.size());
  std::vector<std::atomic<bool>> published(contests.size()), reading(contests.size());
  for (std::size_t group = 0; group < effort.batches; ++group) {
    for (std::size_t c = 0; c < contests.size(); ++c) published[c] = reading[c] = false;
    crew.run(2, [&](Crew::Worker& worker) {
      for (std::size_t c = 0; c < contests.size(); ++c) {
        if (worker.index == 0) {
          const Profile& profile = contests[c]->profile();
          keep_reading(*worker.seats[c], profile.gives_artifacts ? Part::address : Part::id,
                       published[c], reading[c]);
          continue;
        }
        const auto promoter = contests[c]->promoter();
        while (!reading[c].load(std::memory_order_acquire)) std::this_thread::yield();
        beside[c].measure(*promoter);
        published[c].store(true, std::memory_order_release);
        promoter->drain();
      }
    });
    crew.run(1, [&](Crew::Worker&) {
      for (std::size_t c = 0; c < contests.size(); ++c) {
        const auto promoter = contests[c]->promoter();
        alone[c].measure(*promoter);
        promoter->drain();
      }
    });
  }
  for (std::size_t c = 0; c < contests.size(); ++c) {
    const auto add = [&](const std::string& setting, Brackets& brackets) {
      const std::string& name = contests[c]->profile().name;
      figures.add({"publish step", name, "", setting}, "ticks", std::move(brackets.step));
      figures.add({"publish step, bracketed", name, "", setting}, "ticks",
                  std::move(brackets.with));
      figures.add({"publish step, empty bracket", name, "", setting}, "ticks",
                  std::move(brackets.without));
    };
    add("alone", alone[c]);
    add("beside a reader", beside[c]);
  }
}

void measure_promotions(const Contests& contests, Crew& crew, const Effort& effort,
                        Figures& figures) {
  const double units = units_of_a_batch(effort);
  std::vector<std::vector<double>> samples(contests.size());
  crew.run(1, [&](Crew::Worker&) {
    std::uint64_t number = 1;
    for (std::size_t batch = 0; batch < effort.batches; ++batch) {
      for (std::size_t c = 0; c < contests.size(); ++c) {
        const auto promoter = contests[c]->promoter();
        samples[c].push_back(ticks_per_promotion(*promoter, units, number));
        promoter->drain();
      }
    }
  });
  for (std::size_t c = 0; c < contests.size(); ++c) {
    if (contests[c]->profile().garbage == Garbage::never_freed) continue;
    figures.add({"promotion", contests[c]->profile().name, "", "readers idle"},
                "ticks per promotion", std::move(samples[c]));
  }
}

void measure_registered_readers(const Contests& contests, Crew& crew, const Effort& effort,
                                Figures& figures) {
  const double units = units_of_a_batch(effort);
  for (const auto& contest : contests) {
    if (!contest->profile().seats_share_threads || !contest->profile().gives_artifacts) continue;
    crew.run(1, [&](Crew::Worker&) {
      std::vector<std::unique_ptr<Seat>> seats;
      std::uint64_t number = 1;
      for (std::size_t wanted = 1; wanted <= effort.most_registered_readers; wanted *= 10) {
        while (seats.size() < wanted) {
          seats.push_back(contest->sit());
          seats.back()->resume();
          seats.back()->read(Part::address, Order::independent, 8);
          seats.back()->rest();
        }
        const auto promoter = contest->promoter();
        std::vector<double> samples;
        for (std::size_t batch = 0; batch < effort.batches; ++batch) {
          samples.push_back(ticks_per_promotion(*promoter, units, number));
        }
        promoter->drain();
        figures.add({"registered readers", contest->profile().name, "", count_of(wanted)},
                    "ticks per promotion", std::move(samples));
      }
    });
  }
}

void measure_garbage(const Contests& contests, Crew& crew, const Effort& effort, Figures& figures) {
  const std::size_t promotions = effort.promotions_beside_a_stalled_reader;
  for (std::size_t c = 0; c < contests.size(); ++c) {
    const Profile& profile = contests[c]->profile();
    if (profile.garbage == Garbage::waits_for_it) {
      figures.skip("garbage, " + profile.name, "the promotion waits for the stalled reader");
    }
    if (profile.garbage == Garbage::never_freed || profile.garbage == Garbage::waits_for_it)
      continue;
    if (!profile.gives_artifacts) continue;
    std::size_t most = 0;
    std::size_t left = 0;
    Meeting meeting(2);
    crew.run(2, [&](Crew::Worker& worker) {
      if (worker.index == 0) {
        Seat& seat = *worker.seats[c];
        seat.resume();
        seat.hold();
        meeting.arrive_and_wait();
        meeting.arrive_and_wait();
        seat.let_go();
        seat.rest();
        meeting.arrive_and_wait();
        return;
      }
      meeting.arrive_and_wait();  // by now the reader holds what it will hold
      const std::size_t before = contests[c]->living_snapshots();
      const auto promoter = contests[c]->promoter();
      for (std::size_t i = 0; i < promotions; ++i) {
        promoter->prepare(i + 2);
        promoter->publish();
        promoter->settle_without_waiting();
        most = std::max(most, contests[c]->living_snapshots() - before);
      }
      // A scan may find everything but what the reader holds; RCU has nothing of the kind to do.
      if (profile.garbage == Garbage::bounded) promoter->drain();
      left = contests[c]->living_snapshots() - before;
      meeting.arrive_and_wait();
      meeting.arrive_and_wait();
      promoter->drain();
    });
    figures.add({"garbage", profile.name, "", "most at once"}, "snapshots",
                static_cast<double>(most));
    figures.add({"garbage", profile.name, "", "at the end"}, "snapshots",
                static_cast<double>(left));
    figures.add({"garbage bytes", profile.name, "", "at the end"}, "bytes",
                static_cast<double>(left * sizeof(Snapshot)));
  }
}

}  // namespace knhk::bench
