#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <thread>

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

/// Ticks per call of `step(result of the last call)`: the median of many rounds. A chain of
/// additions stands beside each round and says what a tick is then, since cores change their
/// frequency.
template <class Step>
[[nodiscard]] double ticks_per_step(const Step& step) noexcept {
  constexpr int kUnrolled = 8;
  constexpr int kTurns = 512;
  std::array<double, 301> rounds{};
  for (double& ticks : rounds) {
    const double units_per_tick = knhk::detail::units_per_tick_now(2048);
    std::uint64_t last = 0;
    const std::uint64_t start = TickCounter::bracket();
    for (int turn = 0; turn < kTurns; ++turn) {
      last = step(last);
      last = step(last);
      last = step(last);
      last = step(last);
      last = step(last);
      last = step(last);
      last = step(last);
      last = step(last);
    }
    const std::uint64_t spent = TickCounter::bracket() - start;
    static_cast<void>(keep(last));
    ticks = static_cast<double>(spent) / units_per_tick / (kTurns * kUnrolled);
  }
  return median(rounds);
}

/// Measures `read(subject)` in both ways. `make()` gives the subject, anew for each: one whose
/// address nobody asks for may live in registers, as it does in the functions of users.
template <class Make, class Read>
void measure(ReadCost& cost, const Make& make, const Read& read) {
  {
    decltype(auto) subject = make();
    cost.throughput_ticks = ticks_per_step([&](std::uint64_t) noexcept { return read(subject); });
  }
  decltype(auto) subject = make();
  const std::uint64_t zero = keep(std::uint64_t{0});
  cost.latency_ticks =
      ticks_per_step([&](std::uint64_t last) noexcept { return read(after(subject, last, zero)); });
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
  const auto the_limit = [&]() noexcept -> Limit& { return limit; };
  const auto the_path = [&]() noexcept -> HotPath<T, Traits>& { return path; };
  const auto reader = [&] { return Reader<T, Traits>(path); };
  const auto sticky = [&] { return StickyReader<T, Traits>(path); };
  ReadCosts costs;
  detail::measure(costs.physical_limit, the_limit, [](Limit& subject) noexcept {
    return detail::keep(subject.current.load(std::memory_order_acquire)->id());
  });
  detail::measure(costs.current_id, the_path, [](HotPath<T, Traits>& subject) noexcept {
    return detail::keep(subject.current_id());
  });
  detail::measure(costs.pin, reader, [](Reader<T, Traits>& subject) noexcept {
    const auto pin = subject.pin();
    return detail::keep(pin.operator->());
  });
  detail::measure(costs.pin_and_id, reader, [](Reader<T, Traits>& subject) noexcept {
    const auto pin = subject.pin();
    return detail::keep(pin.id());
  });
  detail::measure(costs.sticky, sticky, [](StickyReader<T, Traits>& subject) noexcept {
    return detail::keep(subject.current().operator->());
  });
  detail::measure(costs.sticky_and_id, sticky, [](StickyReader<T, Traits>& subject) noexcept {
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
    cost.back_to_back_ticks = detail::ticks_per_step([&](std::uint64_t) noexcept {
      publication->publish();
      return std::uint64_t{0};
    });
  }
  return cost;
}

}  // namespace knhk::hot_path
