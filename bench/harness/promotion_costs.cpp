#include "bench/harness/promotion_costs.hpp"

#include <algorithm>
#include <memory>
#include <string>
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

double ticks_per_promotion(Promoter& promoter, std::size_t count, std::uint64_t& number) {
  const double spent = ticks_of([&] {
    for (std::size_t i = 0; i < count; ++i) promoter.promote(++number);
  });
  return spent / static_cast<double>(count);
}

}  // namespace

void measure_publish_steps(const Contests& contests, Crew& crew, const Effort& effort,
                           Figures& figures) {
  std::vector<std::vector<double>> samples(contests.size());
  std::vector<double> empty;
  crew.run(1, [&](Crew::Worker&) {
    std::vector<std::unique_ptr<Promoter>> promoters;
    for (const auto& contest : contests) promoters.push_back(contest->promoter());
    for (std::size_t i = 0; i < effort.publishes; ++i) {
      for (std::size_t c = 0; c < contests.size(); ++c) {
        promoters[c]->prepare(i + 2);
        const double units = units_per_tick();
        samples[c].push_back(static_cast<double>(promoters[c]->timed_publish()) / units);
        promoters[c]->settle();
      }
      empty.push_back(ticks_of([] {}));
    }
    for (const auto& promoter : promoters) promoter->drain();
  });
  figures.add({"publish step", "empty bracket", "", ""}, "ticks in the bracket", std::move(empty));
  for (std::size_t c = 0; c < contests.size(); ++c) {
    figures.add({"publish step", contests[c]->profile().name, "", ""}, "ticks in the bracket",
                std::move(samples[c]));
  }
}

void measure_promotions(const Contests& contests, Crew& crew, const Effort& effort,
                        Figures& figures) {
  std::vector<std::vector<double>> samples(contests.size());
  crew.run(1, [&](Crew::Worker&) {
    std::uint64_t number = 1;
    for (std::size_t batch = 0; batch < effort.promotion_batches; ++batch) {
      for (std::size_t c = 0; c < contests.size(); ++c) {
        const auto promoter = contests[c]->promoter();
        samples[c].push_back(ticks_per_promotion(*promoter, effort.promotions_per_batch, number));
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
        for (std::size_t batch = 0; batch < effort.promotion_batches; ++batch) {
          samples.push_back(ticks_per_promotion(*promoter, effort.promotions_per_batch, number));
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
      const std::size_t before = contests[c]->living_snapshots();
      meeting.arrive_and_wait();
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
