// What recording health costs a reader, in ticks: added per outcome to a loop of sticky reads, both
// loops in turn, medians of many rounds; with one reader and with two, whose counters must not
// share a cache line, beside two counters that do.

#include <algorithm>
#include <array>
#include <atomic>
#include <barrier>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "knhk/base/ticks.hpp"
#include "knhk/hot_path/machine.hpp"
#include "knhk/hot_path/sticky_reader.hpp"
#include "knhk/promotion/health.hpp"

namespace knhk::promotion {
namespace {

struct Table {
  std::uint64_t first = 0;
};
using Path = hot_path::HotPath<Table>;
using StickyReader = hot_path::StickyReader<Table>;

constexpr std::size_t kReads = 4096;
constexpr std::size_t kPasses = 64;  // long enough for a crew to run side by side
constexpr int kRounds = 100;

/// What a service does with a snapshot, in a small way: a chain of additions, one tick each.
template <int kTicks>
[[gnu::always_inline]] inline void work(std::uint64_t& value) {
  for (int i = 0; i < kTicks; ++i) asm volatile("add %0, %0" : "+r"(value));
}

/// What there is to record, as a service would have it at hand.
struct Use {
  std::chrono::nanoseconds latency;
  Outcome outcome;
};
using Uses = std::array<Use, kReads>;

template <class T>
void keep(T value) {
  asm volatile("" : : "r"(value));
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

struct Added {
  double reads = 0;    ///< ticks of a read alone
  double outcome = 0;  ///< what recording adds
};

/// What the threads of one measurement share.
struct Scene {
  Path& path;
  const Uses& uses;
  double units_per_tick;
  Health& health;
};

struct Timed {
  explicit Timed(const Scene& scene, unsigned) : health(scene.health) {}
  template <class View>
  void operator()(const View& view, const Use& use) {
    health.record(view.epoch(), use.outcome, use.latency);
  }
  HealthReader health;
};

struct Untimed {
  explicit Untimed(const Scene& scene, unsigned) : health(scene.health) {}
  template <class View>
  void operator()(const View& view, const Use& use) {
    health.record(view.epoch(), use.outcome);
  }
  HealthReader health;
};

/// What is not done: counters of two threads next to one another.
struct OnASharedLine {
  explicit OnASharedLine(const Scene&, unsigned thread) : counter(counters()[thread]) {}
  static std::array<std::atomic<std::uint64_t>, 2>& counters() {
    alignas(128) static std::array<std::atomic<std::uint64_t>, 2> both{};
    return both;
  }
  template <class View>
  void operator()(const View&, const Use&) {
    counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }
  std::atomic<std::uint64_t>& counter;
};

/// Reads, and reads with a record of each, in turn; all of a crew do the same at the same time. The
/// readers live in this function, as they do in a thread's loop.
template <class Record, int kWork>
[[gnu::noinline]] Added added_by(const Scene& scene, unsigned thread, std::barrier<>& together) {
  StickyReader reader(scene.path);
  Record record(scene, thread);
  std::vector<double> alone;
  std::vector<double> added;
  std::uint64_t value = 1;
  const auto ticks = [&](std::uint64_t units) {
    return static_cast<double>(units) / scene.units_per_tick /
           static_cast<double>(kReads * kPasses);
  };
  for (int round = 0; round < kRounds; ++round) {
    together.arrive_and_wait();
    const std::uint64_t begin = TickCounter::bracket();
    for (std::size_t pass = 0; pass < kPasses; ++pass) {
      for (const Use& use : scene.uses) {
        const auto& view = reader.current();
        keep(view->first);
        work<kWork>(value);
        keep(use.latency.count());
        keep(static_cast<int>(use.outcome));
      }
    }
    const double without = ticks(TickCounter::bracket() - begin);
    together.arrive_and_wait();
    const std::uint64_t again = TickCounter::bracket();
    for (std::size_t pass = 0; pass < kPasses; ++pass) {
      for (const Use& use : scene.uses) {
        const auto& view = reader.current();
        keep(view->first);
        work<kWork>(value);
        record(view, use);
      }
    }
    alone.push_back(without);
    added.push_back(ticks(TickCounter::bracket() - again) - without);
  }
  return {median(alone), median(added)};
}

/// The same on `threads` threads at once; the worst of them.
template <class Record, int kWork = 0>
Added on_threads(unsigned threads, const Scene& scene) {
  std::vector<Added> found(threads);
  std::barrier together(static_cast<std::ptrdiff_t>(threads));
  std::vector<std::thread> crew;
  for (unsigned t = 0; t < threads; ++t) {
    crew.emplace_back([&, t] {
      // Else the kernel likes to run both on one core, where nothing is shared between any two.
      static_cast<void>(hot_path::stay_on_core(t));
      found[t] = added_by<Record, kWork>(scene, t, together);
    });
  }
  for (std::thread& thread : crew) thread.join();
  return *std::max_element(found.begin(), found.end(),
                           [](const Added& a, const Added& b) { return a.outcome < b.outcome; });
}

void say(const char* what, unsigned threads, const Added& added) {
  std::printf("%-52s %7u %14.2f %14.2f\n", what, threads, added.reads, added.outcome);
}

int run() {
  Path path;
  SnapshotId id;
  id.bytes.fill(1);
  auto publication = path.prepare(id, std::make_shared<const Table>(), 1);
  if (!publication) return 3;
  publication->publish();
  publication->settle();

  Uses equal;
  Uses in_turn;
  Uses varied;
  std::mt19937_64 random(20261129);
  std::lognormal_distribution<double> tail(12, 0.7);
  for (std::size_t i = 0; i < kReads; ++i) {
    const Outcome outcome = random() % 100 == 0 ? Outcome::failed : Outcome::succeeded;
    equal[i] = {std::chrono::microseconds(250), Outcome::succeeded};
    in_turn[i] = {std::chrono::nanoseconds(1000U << (i % 16)), outcome};
    varied[i] = {std::chrono::nanoseconds(static_cast<std::int64_t>(tail(random))), outcome};
  }
  const TickCalibration calibration = calibrate();
  std::printf("%.3f %s units per tick\n\n", calibration.units_per_tick, TickCounter::kName.data());
  std::printf("%-52s %7s %14s %14s\n", "ticks, medians", "readers", "a read alone", "an outcome");

  Health health;
  const auto scene = [&](const Uses& uses) {
    return Scene{path, uses, calibration.units_per_tick, health};
  };
  for (const unsigned threads : {1U, 2U}) {
    say("32 ticks of work, latencies at random", threads,
        on_threads<Timed, 32>(threads, scene(varied)));
    say("32 ticks of work, without latency", threads,
        on_threads<Untimed, 32>(threads, scene(equal)));
    say("back to back, 16 latencies in turn", threads, on_threads<Timed>(threads, scene(in_turn)));
    say("back to back, all equal", threads, on_threads<Timed>(threads, scene(equal)));
    say("back to back, at random", threads, on_threads<Timed>(threads, scene(varied)));
    say("back to back, without latency", threads, on_threads<Untimed>(threads, scene(equal)));
    say("for contrast: counters of both on one line", threads,
        on_threads<OnASharedLine>(threads, scene(equal)));
  }
  std::printf("\n%llu outcomes recorded\n",
              static_cast<unsigned long long>(health.figures(1).count()));
  return 0;
}

}  // namespace
}  // namespace knhk::promotion

int main() { return knhk::promotion::run(); }
