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
  ReadCost physical_limit{"physical limit: load a pointer, copy 32 bytes"};
  ReadCost current_id{"HotPath::current_id"};
  ReadCost pin{"Reader::pin and unpin, to the artifacts"};
  ReadCost pin_and_id{"Reader::pin and unpin, with a copy of the id"};
  ReadCost sticky{"StickyReader::current, to the artifacts"};
  ReadCost sticky_and_id{"StickyReader::current, with a copy of the id"};

  [[nodiscard]] std::array<ReadCost, 6> rows() const noexcept {
    return {physical_limit, current_id, pin, pin_and_id, sticky, sticky_and_id};
  }
};

/// What the publish step costs, in ticks: nothing but the store stands between the brackets.
struct PublishCost {
  double empty_bracket_ticks = 0;      ///< two brackets with nothing between them; median
  double bracketed_ticks = 0;          ///< with the store between them; median
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
  std::array<std::uint64_t, 4> parts{};
  std::memcpy(parts.data(), id.bytes.data(), sizeof parts);
  asm volatile("" : "+r"(parts[0]), "+r"(parts[1]), "+r"(parts[2]), "+r"(parts[3]));
  return parts[0];
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

/// Measures `read(subject)` in both ways.
template <class Subject, class Read>
void measure(ReadCost& cost, Subject& subject, const Read& read) noexcept {
  const std::uint64_t zero = keep(std::uint64_t{0});
  cost.throughput_ticks = ticks_per_step([&](std::uint64_t) noexcept { return read(subject); });
  cost.latency_ticks =
      ticks_per_step([&](std::uint64_t last) noexcept { return read(after(subject, last, zero)); });
}

/// The median of many values of `sample()`, in ticks.
template <class Sample>
[[nodiscard]] double median_ticks(const TickCalibration& calibration, const Sample& sample) {
  std::array<std::uint64_t, 1001> samples{};
  for (std::uint64_t& value : samples) value = sample();
  return calibration.to_ticks(median(samples));
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
  Reader<T, Traits> reader(path);
  StickyReader<T, Traits> sticky(path);
  ReadCosts costs;
  detail::measure(costs.physical_limit, limit, [](Limit& subject) noexcept {
    return detail::keep(subject.current.load(std::memory_order_acquire)->id());
  });
  detail::measure(costs.current_id, path, [](HotPath<T, Traits>& subject) noexcept {
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
  cost.empty_bracket_ticks = detail::median_ticks(calibration, []() noexcept {
    const std::uint64_t start = TickCounter::bracket();
    return TickCounter::bracket() - start;
  });
  cost.bracketed_ticks = detail::median_ticks(calibration, publish_once);
  {
    std::atomic<bool> spinning{false};
    const std::jthread spinner([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        for (int i = 0; i < 256; ++i) static_cast<void>(detail::keep(path->current_id()));
        spinning.store(true, std::memory_order_relaxed);
      }
    });
    while (!spinning.load(std::memory_order_relaxed)) std::this_thread::yield();
    cost.bracketed_beside_reader = detail::median_ticks(calibration, publish_once);
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
