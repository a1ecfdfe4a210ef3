#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "knhk/hot_path/machine.hpp"
#include "knhk/hot_path/measure.hpp"
#include "knhk/hot_path/samples.hpp"

namespace knhk::hot_path {

/// How long after a store another thread has what was published, in ticks: half of the way there
/// and back, so that the counters of two cores need not agree. Medians of many rounds.
struct VisibilityCost {
  double line_ticks = 0;  ///< the physical limit: one cache line, stored here, loaded there
  double word_ticks = 0;  ///< promoted here, shown there by HotPath::generation()
  double pin_ticks = 0;   ///< promoted here, pinned there with a copy of the id: the first read
};

namespace detail {

/// One of two sides that send each other a number, each through a cache line of its own.
class LineSide {
 public:
  void face(const LineSide& other) noexcept { other_ = &other; }
  bool prepare(std::uint64_t round) noexcept {
    round_ = round;
    return true;
  }
  void send() noexcept { line_.store(round_, std::memory_order_release); }
  [[nodiscard]] bool sees(std::uint64_t round) const noexcept {
    return other_->line_.load(std::memory_order_acquire) == round;
  }

 private:
  alignas(64) std::atomic<std::uint64_t> line_{0};
  alignas(64) std::uint64_t round_ = 0;
  const LineSide* other_ = nullptr;
};

/// What is promoted to find out when it is seen.
struct Signal {};
using SignalPath = HotPath<Signal>;

[[nodiscard]] inline SnapshotId id_of_round(std::uint64_t round) noexcept {
  return IdParts{round, round, round, round}.to_id();
}

/// One of two sides that promote, each on a path of its own, and watch the other's.
template <bool kPins>
class PromotingSide {
 public:
  PromotingSide(SignalPath& own, SignalPath& other) : own_(own), other_(other), reader_(other) {}

  bool prepare(std::uint64_t round) {
    publication_.reset();  // settles what was sent before
    auto made = own_.prepare(id_of_round(round), artifacts_, round);
    if (!made) return false;
    publication_.emplace(std::move(*made));
    publication_->prefetch();
    before_ = other_.generation();
    return true;
  }
  void send() noexcept { publication_->publish(); }
  [[nodiscard]] bool sees(std::uint64_t round) noexcept {
    if constexpr (!kPins) return other_.generation() != before_;
    const auto pin = reader_.pin();
    return pin.id() == id_of_round(round);
  }

 private:
  SignalPath& own_;
  SignalPath& other_;
  Reader<Signal> reader_;
  std::uint64_t before_ = 0;
  std::shared_ptr<const Signal> artifacts_ = std::make_shared<const Signal>();
  std::optional<Publication<Signal>> publication_;
};

/// True once `seen()`, false when that is `given_up`. Gives way now and then, for where both
/// threads share a core.
template <class Seen>
[[nodiscard]] bool spin_until(const Seen& seen, const std::atomic<bool>& given_up) noexcept {
  constexpr int kSpins = 1 << 14;
  for (int spins = 1; !seen(); ++spins) {
    if (spins < kSpins) continue;
    if (given_up.load(std::memory_order_relaxed)) return false;
    std::this_thread::yield();
    spins = 0;
  }
  return true;
}

/// Sends something there and back between two threads on different cores, again and again; half of
/// the median. A side has `prepare(round)`, which may say that it can't, `send()`, and
/// `sees(round)`, which is true once the other side has sent.
template <class Side>
[[nodiscard]] double measure_there_and_back(Side& ping, Side& pong) {
  constexpr std::uint64_t kRounds = 200;
  // Relaxed, both: what a side sends has an order of its own.
  std::atomic<std::uint64_t> ready{0};
  std::atomic<bool> given_up{false};
  Samples samples;
  samples.reserve(kRounds);
  const auto answer = [&] {
    stay_on_core(1);
    for (std::uint64_t round = 1; round <= kRounds; ++round) {
      if (!pong.prepare(round)) return given_up.store(true, std::memory_order_relaxed);
      ready.store(round, std::memory_order_relaxed);
      if (!spin_until([&] { return pong.sees(round); }, given_up)) return;
      pong.send();
    }
  };
  const auto ask = [&] {
    stay_on_core(0);
    for (std::uint64_t round = 1; round <= kRounds; ++round) {
      if (!ping.prepare(round)) return given_up.store(true, std::memory_order_relaxed);
      const auto is_ready = [&] { return ready.load(std::memory_order_relaxed) == round; };
      if (!spin_until(is_ready, given_up)) return;
      // Meanwhile the other thread comes to its loop, so that it watches when this one sends.
      const double units_per_tick = knhk::detail::units_per_tick_now(512);
      const std::uint64_t start = TickCounter::bracket();
      ping.send();
      if (!spin_until([&] { return ping.sees(round); }, given_up)) return;
      const std::uint64_t spent = TickCounter::bracket() - start;
      samples.add(static_cast<double>(spent) / units_per_tick / 2);
    }
  };
  {
    const std::jthread other(answer);
    try {
      const std::jthread one(ask);
    } catch (const std::system_error&) {  // no second thread: the first must not wait for it
      given_up.store(true, std::memory_order_relaxed);
      throw;
    }
  }
  if (given_up.load(std::memory_order_relaxed)) throw std::bad_alloc();
  return samples.median();
}

template <bool kPins>
[[nodiscard]] double measure_promoting_there_and_back() {
  const auto there = std::make_unique<SignalPath>();
  const auto back = std::make_unique<SignalPath>();
  PromotingSide<kPins> ping(*there, *back);
  PromotingSide<kPins> pong(*back, *there);
  return measure_there_and_back(ping, pong);
}

}  // namespace detail

/// Measures how soon another thread sees a promotion. On one core alone that is how soon it gets
/// its turn, which says nothing of the hot path. Effects: starts a thread; takes some milliseconds.
/// Errors: throws std::bad_alloc, std::system_error.
[[nodiscard]] inline VisibilityCost measure_visibility() {
  VisibilityCost cost;
  const auto sides = std::make_unique<std::pair<detail::LineSide, detail::LineSide>>();
  sides->first.face(sides->second);
  sides->second.face(sides->first);
  cost.line_ticks = detail::measure_there_and_back(sides->first, sides->second);
  cost.word_ticks = detail::measure_promoting_there_and_back<false>();
  cost.pin_ticks = detail::measure_promoting_there_and_back<true>();
  return cost;
}

}  // namespace knhk::hot_path
