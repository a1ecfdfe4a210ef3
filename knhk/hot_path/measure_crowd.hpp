#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <latch>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "knhk/hot_path/measure.hpp"
#include "knhk/hot_path/samples.hpp"

namespace knhk::hot_path {

/// What threads paid that read one hot path at the same time: ticks per read of each batch of
/// reads, of all threads together.
struct CrowdCost {
  Samples current_id;
  Samples pin;     ///< pin and unpin, to the artifacts
  Samples sticky;  ///< to the artifacts
};

/// Reads in one batch: enough that the counter's steps don't count.
inline constexpr std::size_t kReadsPerBatch = 4096;

namespace detail {

// Inlined whatever else there is in the program: a call is no part of a read.
struct ReadId {
  template <class Path>
  [[gnu::always_inline]] inline std::uint64_t operator()(const Path* path) const noexcept {
    return keep(path->current_id());
  }
};
struct ReadPinned {
  template <class OneReader>
  [[gnu::always_inline]] inline std::uint64_t operator()(OneReader& reader) const noexcept {
    const auto pin = reader.pin();
    return keep(pin.operator->());
  }
};
struct ReadSticky {
  template <class OneReader>
  [[gnu::always_inline]] inline std::uint64_t operator()(OneReader& reader) const noexcept {
    return keep(reader.current().operator->());
  }
};

/// A batch of `read(subject)`. The subject is a local of the function that loops, as a reader is in
/// the functions of users: only then does the compiler keep its members in registers.
template <class Subject, class Read>
[[gnu::noinline]] void read_a_batch(std::optional<Subject>& home, const Read& read) {
  Subject subject(std::move(*home));
  for (std::size_t i = 0; i < kReadsPerBatch; i += 8) {
    static_cast<void>(read(subject));
    static_cast<void>(read(subject));
    static_cast<void>(read(subject));
    static_cast<void>(read(subject));
    static_cast<void>(read(subject));
    static_cast<void>(read(subject));
    static_cast<void>(read(subject));
    static_cast<void>(read(subject));
  }
  home.emplace(std::move(subject));
}

/// Calls `read(subject)` in batches for `time`. What a tick is, is looked at again and again, since
/// cores change their frequency.
template <class Subject, class Read>
[[nodiscard]] Samples read_in_batches(std::chrono::nanoseconds time, Subject subject,
                                      const Read& read) {
  constexpr int kBatches = 8;
  std::optional<Subject> home(std::move(subject));
  Samples samples;
  const auto end = std::chrono::steady_clock::now() + time;
  do {
    const double units_per_tick = knhk::detail::units_per_tick_now(1024);
    for (int batch = 0; batch < kBatches; ++batch) {
      const std::uint64_t start = TickCounter::bracket();
      read_a_batch(home, read);
      const std::uint64_t spent = TickCounter::bracket() - start;
      samples.add(static_cast<double>(spent) / units_per_tick / kReadsPerBatch);
    }
  } while (std::chrono::steady_clock::now() < end);
  return samples;
}

/// Runs `measure()` on each of `readers` threads, which start together; gives all their samples.
template <class Measure>
[[nodiscard]] Samples measure_on_threads(unsigned readers, const Measure& measure) {
  std::vector<Samples> each(readers);
  {
    std::latch start(1);
    std::vector<std::jthread> threads;
    threads.reserve(readers);
    // Opens the latch when a thread cannot be started, too: the others must end.
    const struct Opener {
      std::latch& latch;
      ~Opener() { latch.count_down(); }
    } opener{start};
    for (Samples& samples : each) {
      threads.emplace_back([&start, &measure, &samples] {
        start.wait();
        samples = measure();
      });
    }
  }
  Samples all;
  for (const Samples& samples : each) all.add(samples);
  return all;
}

}  // namespace detail

/// Has `readers` threads read `path` at once, in each of three ways for `time`. Requires: a
/// snapshot is published, `readers` > 0. Effects: starts threads, registers readers. Errors: throws
/// std::bad_alloc, or std::system_error where no more threads can be started.
template <class T, class Traits>
[[nodiscard]] CrowdCost measure_crowd(HotPath<T, Traits>& path, unsigned readers,
                                      std::chrono::nanoseconds time) {
  CrowdCost cost;
  cost.current_id = detail::measure_on_threads(
      readers, [&] { return detail::read_in_batches(time, &path, detail::ReadId{}); });
  cost.pin = detail::measure_on_threads(
      readers, [&] { return detail::read_in_batches(time, Reader(path), detail::ReadPinned{}); });
  cost.sticky = detail::measure_on_threads(readers, [&] {
    return detail::read_in_batches(time, StickyReader(path), detail::ReadSticky{});
  });
  return cost;
}

}  // namespace knhk::hot_path
