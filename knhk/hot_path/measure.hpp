#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "knhk/base/ticks.hpp"
#include "knhk/hot_path/reader.hpp"
#include "knhk/hot_path/sticky_reader.hpp"

namespace knhk::hot_path {

/// What one way to read costs, in ticks: medians of many rounds.
struct ReadCost {
  std::string_view what;
  double throughput_ticks = 0;  ///< added per read in a loop of independent reads
  double latency_ticks = 0;     ///< per read where each starts from the result of the one before
};

/// The ways to read, beside the physical limit: loading a pointer and copying 32 bytes by four
/// atomic loads, where nothing is ever freed.
struct ReadCosts {
  ReadCost physical_limit{"physical limit: pointer, 32 bytes"};
  ReadCost current_id{"HotPath::current_id"};
  ReadCost pin{"Reader::pin, to the artifacts"};
  ReadCost pin_and_id{"Reader::pin, with the id"};
  ReadCost sticky{"StickyReader::current, artifacts"};
  ReadCost sticky_and_id{"StickyReader::current, with the id"};

  [[nodiscard]] std::array<ReadCost, 6> rows() const noexcept {
    return {physical_limit, current_id, pin, pin_and_id, sticky, sticky_and_id};
  }
};

/// What the publish step costs, in ticks: nothing but the store stands between the brackets. The
/// counter may move in steps much larger than a tick, so brackets are means, without the largest
/// eighth, over many that are taken in turn with empty ones.
struct PublishCost {
  double empty_bracket_ticks = 0;      ///< two brackets with nothing between them
  double bracketed_ticks = 0;          ///< with the store between them
  double bracketed_beside_reader = 0;  ///< the same while another thread spins on reading the word
  double back_to_back_ticks = 0;       ///< per store in a row of stores; median

  /// What the store adds to the bracket.
  [[nodiscard]] double step_ticks() const noexcept {
    return std::max(0.0, bracketed_ticks - empty_bracket_ticks);
  }
  [[nodiscard]] double step_ticks_beside_reader() const noexcept {
    return std::max(0.0, bracketed_beside_reader - empty_bracket_ticks);
  }
};

namespace detail {

/// Makes the compiler produce `value` in a register and forget what it knows about it. It clobbers
/// no memory: that would make g++ keep a pin in memory, which code that uses one does not.
[[gnu::always_inline]] inline std::uint64_t keep(std::uint64_t value) noexcept {
  asm volatile("" : "+r"(value));
  return value;
}
/// Produces all of an id in registers; gives one of them.
[[gnu::always_inline]] inline std::uint64_t keep(const SnapshotId& id) noexcept {
  // One by one: out of an array g++ makes vectors of them first, which users' code does not.
  std::uint64_t first = 0;
  std::uint64_t second = 0;
  std::uint64_t third = 0;
  std::uint64_t fourth = 0;
  std::memcpy(&first, id.bytes.data(), sizeof first);
  std::memcpy(&second, id.bytes.data() + 8, sizeof second);
  std::memcpy(&third, id.bytes.data() + 16, sizeof third);
  std::memcpy(&fourth, id.bytes.data() + 24, sizeof fourth);
  asm volatile("" : "+r"(first), "+r"(second), "+r"(third), "+r"(fourth));
  return first;
}
template <class U>
[[gnu::always_inline]] inline std::uint64_t keep(const U* address) noexcept {
  return keep(reinterpret_cast<std::uintptr_t>(address));
}

template <class U, std::size_t kCount>
[[nodiscard]] U median(std::array<U, kCount>& values) noexcept {
  const auto middle = values.begin() + kCount / 2;
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// `object`, at an address that the processor knows only when `result` is there.
template <class U>
[[gnu::always_inline]] inline U& after(U& object, std::uint64_t result,
                                       std::uint64_t zero) noexcept {
  return *reinterpret_cast<U*>(reinterpret_cast<std::uintptr_t>(&object) + (result & zero));
}

/// Ticks per step of `round()`, which makes `kStepsPerRound` of them: the median of many rounds. A
/// chain of additions stands beside each round and says what a tick is then, since cores change
/// their frequency.
inline constexpr int kStepsPerRound = 4096;
template <class Round>
[[nodiscard]] double ticks_per_step(const Round& round) {
  std::array<double, 301> rounds{};
  for (double& ticks : rounds) {
    const double units_per_tick = knhk::detail::units_per_tick_now(2048);
    const std::uint64_t start = TickCounter::bracket();
    round();
    const std::uint64_t spent = TickCounter::bracket() - start;
    ticks = static_cast<double>(spent) / units_per_tick / kStepsPerRound;
  }
  return median(rounds);
}

/// Calls `step()` for a round, eight times in a turn.
template <class Step>
[[gnu::always_inline]] inline void step_for_a_round(const Step& step) noexcept {
  for (int i = 0; i < kStepsPerRound; i += 8) {
    step();
    step();
    step();
    step();
    step();
    step();
    step();
    step();
  }
}

/// What is read through: the path, or a reader.
template <class U>
[[gnu::always_inline]] inline U& object_of(U* subject) noexcept {
  return *subject;
}
template <class U>
[[gnu::always_inline]] inline U& object_of(U& subject) noexcept {
  return subject;
}

/// A round of reads; where `kChained`, each starts from the result of the one before. The subject
/// is a local of the function that loops, as a reader is in the functions of users: only then does
/// the compiler keep its members in registers.
template <bool kChained, class Subject, class Read>
[[gnu::noinline]] void read_for_a_round(std::optional<Subject>& home, const Read& read) noexcept {
  Subject subject(std::move(*home));
  [[maybe_unused]] const std::uint64_t zero = keep(std::uint64_t{0});
  std::uint64_t last = 0;
  step_for_a_round([&]() __attribute__((always_inline)) {
    if constexpr (kChained) {
      last = read(after(object_of(subject), last, zero));
    } else {
      last = read(object_of(subject));
    }
  });
  static_cast<void>(keep(last));
  home.emplace(std::move(subject));
}

/// Measures `read(object_of(subject))` in both ways.
template <class Subject, class Read>
void measure(ReadCost& cost, Subject subject, const Read& read) {
  std::optional<Subject> home(std::move(subject));
  cost.throughput_ticks = ticks_per_step([&] { read_for_a_round<false>(home, read); });
  cost.latency_ticks = ticks_per_step([&] { read_for_a_round<true>(home, read); });
}

/// The mean of `samples` without the largest eighth, which was interrupted.
template <std::size_t kCount>
[[nodiscard]] double mean_of_most(std::array<std::uint64_t, kCount>& samples) noexcept {
  constexpr std::size_t kKept = kCount / 8 * 7;
  std::nth_element(samples.begin(), samples.begin() + kKept, samples.end());
  double sum = 0;
  for (std::size_t i = 0; i < kKept; ++i) sum += static_cast<double>(samples[i]);
  return sum / static_cast<double>(kKept);
}

/// Mean counter units of `sample()`, which brackets something, and of an empty bracket.
template <class Sample>
void measure_brackets(const Sample& sample, double& with, double& without) {
  std::array<std::uint64_t, 1024> samples{};
  std::array<std::uint64_t, 1024> empty{};
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = sample();
    const std::uint64_t start = TickCounter::bracket();
    empty[i] = TickCounter::bracket() - start;
  }
  with = mean_of_most(samples);
  without = mean_of_most(empty);
}

}  // namespace detail

/// Measures how `path` is read on this thread. Requires: a snapshot is published, and no promotion
/// runs meanwhile (it would be measured, too).
/// Effects: registers two readers; takes some milliseconds. Errors: throws std::bad_alloc.
template <class T, class Traits>
[[nodiscard]] ReadCosts measure_reads(HotPath<T, Traits>& path) {
  struct Limit {
    std::atomic<const SnapshotDescriptor*> current;
  };
  SnapshotDescriptor descriptor;
  descriptor.fill(path.current_id(), &descriptor, 1, 1);
  Limit limit{&descriptor};
  ReadCosts costs;
  detail::measure(costs.physical_limit, &limit, [](Limit& subject) __attribute__((always_inline)) {
    return detail::keep(subject.current.load(std::memory_order_acquire)->id());
  });
  detail::measure(costs.current_id, &path,
                  [](HotPath<T, Traits>& subject) __attribute__((always_inline)) {
                    return detail::keep(subject.current_id());
                  });
  detail::measure(costs.pin, Reader(path),
                  [](Reader<T, Traits>& subject) __attribute__((always_inline)) {
                    const auto pin = subject.pin();
                    return detail::keep(pin.operator->());
                  });
  detail::measure(costs.pin_and_id, Reader(path),
                  [](Reader<T, Traits>& subject) __attribute__((always_inline)) {
                    const auto pin = subject.pin();
                    return detail::keep(pin.id());
                  });
  detail::measure(costs.sticky, StickyReader(path),
                  [](StickyReader<T, Traits>& subject) __attribute__((always_inline)) {
                    return detail::keep(subject.current().operator->());
                  });
  detail::measure(costs.sticky_and_id, StickyReader(path),
                  [](StickyReader<T, Traits>& subject) __attribute__((always_inline)) {
                    return detail::keep(subject.current().id());
                  });
  return costs;
}

/// Measures the publish step, on a hot path of its own.
/// Effects: promotes some thousand times, starts one thread; takes some milliseconds.
[[nodiscard]] inline PublishCost measure_publish(const TickCalibration& calibration) {
  struct Nothing {};
  using Path = HotPath<Nothing>;
  const auto path = std::make_unique<Path>();
  const auto nothing = std::make_shared<const Nothing>();
  std::uint64_t epoch = 0;
  const auto publish_once = [&]() -> std::uint64_t {
    auto publication = path->prepare(SnapshotId{}, nothing, ++epoch);
    if (!publication) return 0;
    const auto step = publication->publish_step();
    publication->prefetch();
    const std::uint64_t start = TickCounter::bracket();
    step();
    return TickCounter::bracket() - start;
  };
  PublishCost cost;
  double with = 0;
  double without = 0;
  detail::measure_brackets(publish_once, with, without);
  cost.empty_bracket_ticks = without / calibration.units_per_tick;
  cost.bracketed_ticks = with / calibration.units_per_tick;
  {
    std::atomic<bool> spinning{false};
    const std::jthread spinner([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        for (int i = 0; i < 256; ++i) static_cast<void>(detail::keep(path->current_id()));
        spinning.store(true, std::memory_order_relaxed);
      }
    });
    while (!spinning.load(std::memory_order_relaxed)) std::this_thread::yield();
    detail::measure_brackets(publish_once, with, without);
    // The bracket may cost more beside a busy core: what the store adds is what counts.
    cost.bracketed_beside_reader =
        cost.empty_bracket_ticks + (with - without) / calibration.units_per_tick;
  }
  // Over and over, which a promotion never does: nobody reads this path any more.
  if (auto publication = path->prepare(SnapshotId{}, nothing, ++epoch)) {
    cost.back_to_back_ticks = detail::ticks_per_step([&] {
      detail::step_for_a_round([&]() __attribute__((always_inline)) { publication->publish(); });
    });
  }
  return cost;
}

}  // namespace knhk::hot_path
