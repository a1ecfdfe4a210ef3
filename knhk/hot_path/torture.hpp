#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <vector>

#include "knhk/hot_path/probe.hpp"
#include "knhk/hot_path/reader.hpp"
#include "knhk/hot_path/snapshots_for_tests.hpp"
#include "knhk/hot_path/stalling_atomic.hpp"
#include "knhk/hot_path/sticky_reader.hpp"
#include "knhk/hot_path/torture_tally.hpp"

namespace knhk::hot_path {

/// How long each torture runs: KNHK_TORTURE_SECONDS, by default `otherwise`.
[[nodiscard]] inline std::chrono::duration<double> torture_time(double otherwise) {
  const char* const text = std::getenv("KNHK_TORTURE_SECONDS");
  return std::chrono::duration<double>(text == nullptr ? otherwise : std::atof(text));
}

/// What the threads' choices come from: KNHK_TORTURE_SEED, by default another one each time. The
/// same seed gives the same choices; the schedule is the machine's.
[[nodiscard]] inline std::uint64_t torture_seed() {
  const char* const text = std::getenv("KNHK_TORTURE_SEED");
  return text == nullptr ? std::random_device{}() : std::strtoull(text, nullptr, 10);
}

/// Who takes part, and for how long.
struct TorturePlan {
  std::uint64_t seed = 1;
  std::chrono::duration<double> time{1.0};
  int promoters = 2;
  int pinning = 2;               ///< threads that pin, and pin within pins
  int following = 2;             ///< threads with a sticky reader
  int watching = 1;              ///< threads that read ids, without a reader
  bool is_back_to_back = false;  ///< promoters publish and settle, and do nothing else
  bool has_churn = false;        ///< one more thread starts threads that read and end
  bool has_stalls = false;       ///< threads are held up, where the atomics are StallingAtomic
  bool stops_at_first = false;   ///< ends when something is wrong
};

/// Threads that read in all three ways beside threads that promote, undo and drop.
template <class Traits, class Cell, bool kReused>
class Torture {
 public:
  using ProbeType = Probe<Cell, kReused>;
  using Path = HotPath<ProbeType, Traits>;

  /// Runs as planned. The seed is printed by the caller with a failure.
  [[nodiscard]] TortureTally run(const TorturePlan& plan) {
    plan_ = plan;
    const std::uint64_t misplaced_before = ended_by_readers.load(std::memory_order_relaxed);
    std::vector<std::thread> threads;
    std::uint64_t seed = plan.seed;
    const auto start = [&](int count, void (Torture::*work)(), bool reads) {
      for (int i = 0; i < count; ++i) {
        threads.emplace_back([this, work, reads, own = seed++] {
          begin_thread(own, reads);
          (this->*work)();
        });
      }
    };
    start(plan.promoters, &Torture::write, false);
    start(plan.pinning, &Torture::pin, true);
    start(plan.following, &Torture::follow, true);
    start(plan.watching, &Torture::watch_ids, true);
    start(plan.has_churn ? 1 : 0, &Torture::churn, true);
    const auto end = std::chrono::steady_clock::now() + plan.time;
    while (std::chrono::steady_clock::now() < end) {
      if (plan.stops_at_first && wrong_.load(std::memory_order_relaxed)) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    stop_.store(true, std::memory_order_relaxed);
    for (std::thread& thread : threads) thread.join();
    tally_.misplaced += ended_by_readers.load(std::memory_order_relaxed) - misplaced_before;
    return tally_;
  }
  [[nodiscard]] const Path& path() const noexcept { return path_; }

 private:
  using Sticky = StickyReader<ProbeType, Traits>;
  using Scoped = Reader<ProbeType, Traits>;

  void begin_thread(std::uint64_t seed, bool reads) {
    // Neighbouring seeds are spread: the generator's first numbers follow its seed.
    torture_thread.random.seed(static_cast<unsigned>((seed * 0x9E3779B97F4A7C15U) >> 32U));
    // A promoter that stands still is one that nobody has to get along with.
    torture_thread.stalls_one_in = !plan_.has_stalls ? 0 : reads ? 4 : 256;
    only_reads = reads;
  }
  [[nodiscard]] bool goes_on() const noexcept { return !stop_.load(std::memory_order_relaxed); }
  [[nodiscard]] static unsigned choose(unsigned among) noexcept {
    return static_cast<unsigned>(torture_thread.random()) % among;
  }

  void report(const TortureTally& seen) {
    if (seen.wrong() != 0) wrong_.store(true, std::memory_order_relaxed);
    const std::lock_guard lock(tally_mutex_);
    tally_ += seen;
  }

  /// Looks at what is held, in a read that began when generation `began` was current.
  template <class Held>
  void look(const Held& held, Way way, std::uint64_t began, std::uint64_t& newest,
            TortureTally& seen) {
    ++seen.reads;
    const std::uint64_t generation = held.generation();
    if (generation < newest) ++seen.backward;
    newest = generation;
    if (held) {
      const std::uint64_t n = number_of(held.id());
      if (n == 0) ++seen.torn;
      if (held->first != n || held->last != n) ++seen.freed;
    } else if (!held.id().is_zero()) {
      ++seen.torn;
    }
    seen.ages.add(way, began, generation, path_.generation());
    if (seen.wrong() != 0) wrong_.store(true, std::memory_order_relaxed);
  }

  void pin_once(Scoped& reader, unsigned kind, std::uint64_t& newest, TortureTally& seen) {
    const std::uint64_t began = path_.generation();
    const auto pin = [&] {
      const ReadScope scope;
      return reader.pin();
    }();
    look(pin, Way::pin, began, newest, seen);
    if (kind < 8) std::this_thread::yield();  // promotions pass by while it is pinned
    const auto inner = reader.pin();
    look(inner, Way::nested_pin, began, newest, seen);
    if (inner.generation() != pin.generation()) ++seen.torn;
    look(pin, Way::pin, began, newest, seen);
  }
  void pin() {
    std::optional<Scoped> reader(path_);
    TortureTally seen;
    std::uint64_t newest = 0;
    while (goes_on()) {
      const unsigned kind = choose(64);
      if (kind == 0) reader.emplace(path_);
      pin_once(*reader, kind, newest, seen);
    }
    report(seen);
  }

  void follow_once(Sticky& reader, unsigned kind, std::uint64_t& newest, TortureTally& seen) {
    const std::uint64_t began = path_.generation();
    const auto& view = [&]() -> const auto& {
      const ReadScope scope;
      return reader.current();
    }();
    look(view, Way::sticky_fresh, began, newest, seen);
    if (kind < 8) std::this_thread::yield();
    look(view, Way::sticky_held, began, newest, seen);
    if (kind == 9) reader.release();
  }
  void follow() {
    Sticky reader(path_);
    TortureTally seen;
    std::uint64_t newest = 0;
    while (goes_on()) follow_once(reader, choose(64), newest, seen);
    report(seen);
  }

  void watch_ids() {
    TortureTally seen;
    std::uint64_t newest = 0;
    while (goes_on()) {
      seen.reads += 2;
      const SnapshotId id = path_.current_id();
      if (!id.is_zero() && number_of(id) == 0) ++seen.torn;
      const std::uint64_t began = path_.generation();
      const Published published = [&] {
        const ReadScope scope;
        return path_.published();
      }();
      seen.ages.add(Way::id_only, began, published.generation, path_.generation());
      if (published.generation < newest) ++seen.backward;
      newest = published.generation;
      if (!published.id.is_zero() && number_of(published.id) == 0) ++seen.torn;
      if (seen.wrong() != 0) wrong_.store(true, std::memory_order_relaxed);
    }
    report(seen);
  }

  // Threads that come, read, and end while they still hold what they saw.
  void churn() {
    while (goes_on()) {
      const std::uint64_t seed = torture_thread.random();
      std::thread([this, seed] {
        begin_thread(seed, true);
        TortureTally seen;
        std::uint64_t newest = 0;
        Scoped reader(path_);
        Sticky sticky(path_);
        for (unsigned left = choose(8); left != 0; --left) {
          pin_once(reader, choose(64), newest, seen);
          follow_once(sticky, choose(8), newest, seen);
        }
        report(seen);
      }).join();
    }
  }

  void write() {
    TortureTally seen;
    while (goes_on()) {
      const std::uint64_t n = next_.fetch_add(1, std::memory_order_relaxed);
      auto publication =
          path_.prepare(id_of(n), std::shared_ptr<const ProbeType>(new ProbeType(n)), n);
      if (!publication) {  // the other promoter is at work
        std::this_thread::yield();
        continue;
      }
      const unsigned kind = plan_.is_back_to_back ? 16 : choose(16);
      if (kind == 0) continue;  // dropped
      publication->publish();
      torture_promotions.fetch_add(1, std::memory_order_relaxed);
      // Where each settling scans: one per record, the outgoing one and the new one.
      const ReclamationStats stats = path_.stats();
      if (Traits::kScanInterval.count() == 0 && stats.failed_barriers == 0 &&
          stats.living_snapshots > stats.reader_records + 2) {
        ++seen.crowded;
        wrong_.store(true, std::memory_order_relaxed);
      }
      if (kind == 1) publication->undo();
      if (kind == 2) std::this_thread::yield();
      publication->settle();
    }
    report(seen);
  }

  TorturePlan plan_;
  Path path_;
  std::atomic<std::uint64_t> next_{1};
  std::atomic<bool> stop_{false};
  std::atomic<bool> wrong_{false};
  std::mutex tally_mutex_;
  TortureTally tally_;
};

}  // namespace knhk::hot_path
