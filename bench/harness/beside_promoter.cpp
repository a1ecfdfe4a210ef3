#include <time.h>

#include <array>
#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include "bench/harness/read_costs.hpp"
#include "bench/harness/stopwatch.hpp"

namespace knhk::bench {
namespace {

constexpr std::size_t kBatch = 128;  // reads
// More than fit into a slice, so that none is left out.
constexpr std::size_t kMostBatches = std::size_t{1} << 22;

struct Pace {
  const char* name;
  double promotions_per_second;  // 0: none; negative: as many as there can be
};
constexpr std::array kPaces{Pace{"idle", 0}, Pace{"1 kHz", 1000}, Pace{"back to back", -1}};

/// Ticks of the batches of one slice.
struct Percentiles {
  std::vector<double> p50, p99, p999, worst;
};

/// Reads batches until `end` and keeps what each took, in counter units.
void read_until(Seat& seat, Part part, std::uint64_t end, std::vector<std::uint32_t>& batches) {
  batches.clear();
  std::uint64_t before = TickCounter::bracket();
  while (before < end) {
    seat.read(part, Order::independent, kBatch);
    const std::uint64_t now = TickCounter::bracket();
    if (batches.size() < kMostBatches) batches.push_back(static_cast<std::uint32_t>(now - before));
    before = now;
  }
}

void promote_until_readers_left(Promoter& promoter, const Pace& pace, double units_per_second,
                                const std::atomic<std::size_t>& reading, std::uint64_t& number,
                                std::vector<double>& ticks_each) {
  const std::uint64_t first = number;
  const std::uint64_t start = TickCounter::bracket();
  const double units = units_per_tick();
  auto next = static_cast<double>(TickCounter::now());
  do {
    if (pace.promotions_per_second > 0) {
      next += units_per_second / pace.promotions_per_second;
      while (static_cast<double>(TickCounter::now()) < next) {
        if (reading.load(std::memory_order_acquire) == 0) return;
      }
    }
    promoter.promote(++number);
  } while (reading.load(std::memory_order_acquire) != 0);
  if (pace.promotions_per_second > 0) return;
  ticks_each.push_back(static_cast<double>(TickCounter::bracket() - start) / units /
                       static_cast<double>(number - first));
}

void summarise(std::vector<std::uint32_t>& batches, double units, Percentiles& percentiles) {
  if (batches.empty()) return;
  percentiles.p50.push_back(percentile(batches, 0.5) / units);
  percentiles.p99.push_back(percentile(batches, 0.99) / units);
  percentiles.p999.push_back(percentile(batches, 0.999) / units);
  percentiles.worst.push_back(percentile(batches, 1.0) / units);
}

}  // namespace

void measure_beside_promoter(const Contests& contests, Crew& crew, const Effort& effort,
                             Figures& figures) {
  const std::size_t readers = crew.size() - 1;
  const double units_per_second = calibrate().units_per_second;
  std::vector<std::array<Percentiles, kPaces.size()>> found(contests.size());
  std::vector<std::vector<double>> ticks_each(contests.size());
  Meeting meeting(readers + 1);
  std::atomic<std::size_t> reading{0};
  crew.run(readers + 1, [&](Crew::Worker& worker) {
    const bool promotes = worker.index == readers;
    std::vector<std::uint32_t> batches;
    batches.reserve(promotes ? 0 : kMostBatches);
    std::uint64_t number = 1;
    for (std::size_t slice = 0; slice < effort.slices; ++slice) {
      for (std::size_t i = 0; i < contests.size(); ++i) {
        const Profile& profile = contests[i]->profile();
        const Part part = profile.gives_artifacts ? Part::address : Part::id;
        for (std::size_t p = 0; p < kPaces.size(); ++p) {
          if (worker.index == 0) reading.store(readers, std::memory_order_relaxed);
          meeting.arrive_and_wait();
          if (promotes && kPaces[p].promotions_per_second != 0) {
            const auto promoter = contests[i]->promoter();
            promote_until_readers_left(*promoter, kPaces[p], units_per_second, reading, number,
                                       ticks_each[i]);
            promoter->drain();
          } else if (!promotes) {
            Seat& seat = *worker.seats[i];
            const double units = units_per_tick();
            seat.resume();
            const auto length = static_cast<std::uint64_t>(units_per_second * effort.slice_seconds);
            read_until(seat, part, TickCounter::now() + length, batches);
            seat.rest();
            reading.fetch_sub(1, std::memory_order_release);
            if (worker.index == 0) summarise(batches, units, found[i][p]);
          }
          meeting.arrive_and_wait();
        }
      }
    }
  });
  for (std::size_t i = 0; i < contests.size(); ++i) {
    const Profile& profile = contests[i]->profile();
    const std::string part(name_of(profile.gives_artifacts ? Part::address : Part::id));
    const std::string unit = "ticks per batch of " + std::to_string(kBatch) + " reads";
    for (std::size_t p = 0; p < kPaces.size(); ++p) {
      Percentiles& percentiles = found[i][p];
      figures.add({"batch p50", profile.name, part, kPaces[p].name}, unit,
                  std::move(percentiles.p50));
      figures.add({"batch p99", profile.name, part, kPaces[p].name}, unit,
                  std::move(percentiles.p99));
      figures.add({"batch p99.9", profile.name, part, kPaces[p].name}, unit,
                  std::move(percentiles.p999));
      figures.add({"batch worst", profile.name, part, kPaces[p].name}, unit,
                  std::move(percentiles.worst));
    }
    figures.add({"promotion beside readers", profile.name, "", "back to back"},
                "ticks per promotion", std::move(ticks_each[i]));
  }
}

}  // namespace knhk::bench
