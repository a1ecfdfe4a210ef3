#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "knhk/base/digest.hpp"
#include "knhk/hot_path/hot_path.hpp"
#include "knhk/hot_path/reader.hpp"
#include "knhk/hot_path/sticky_reader.hpp"

namespace knhk::cli {

/// What a reader finds when it looks closely at the artifacts that it holds.
enum class Sight : std::uint8_t {
  intact,
  torn,   ///< parts of two snapshots, or not those of the id they were published under
  freed,  ///< poisoned: they were destroyed while being read
};

/// What readers saw so far.
struct ReadTally {
  std::uint64_t reads = 0;
  std::uint64_t torn = 0;
  std::uint64_t freed = 0;
  std::uint64_t backward = 0;  ///< an older snapshot after a newer one

  [[nodiscard]] bool is_clean() const noexcept { return torn == 0 && freed == 0 && backward == 0; }
  friend bool operator==(const ReadTally&, const ReadTally&) = default;
};

/// Threads that read a hot path without a pause in all three ways, and check everything they see.
/// `Inspect` is `Sight(const T& artifacts, const SnapshotId& published_as)`.
///
/// Threads: made, asked and destroyed by one thread. Destruction stops and joins the readers.
template <class T, class Traits, class Inspect>
class ReaderCrowd {
 public:
  ReaderCrowd(hot_path::HotPath<T, Traits>& path, unsigned reader_count, Inspect inspect)
      : path_(path), inspect_(inspect), places_(reader_count) {
    for (Place& place : places_) {
      threads_.emplace_back([this, &place](const std::stop_token& stop) { read(place, stop); });
    }
  }
  ReaderCrowd(const ReaderCrowd&) = delete;
  ReaderCrowd& operator=(const ReaderCrowd&) = delete;

  /// From now on readers may see this id; an id that was never announced counts as torn.
  void announce(const SnapshotId& id) {
    const std::size_t count = known_count_.load(std::memory_order_relaxed);
    for (std::size_t i = 0; i < count; ++i) {
      if (known_[i] == id) return;
    }
    if (count == known_.size()) return;
    known_[count] = id;
    known_count_.store(count + 1, std::memory_order_release);
  }

  /// The sum over all readers, up to a few hundred reads old.
  [[nodiscard]] ReadTally tally() const noexcept {
    ReadTally sum;
    for (const Place& place : places_) {
      // Relaxed: each figure is written by one thread and only ever added up.
      sum.reads += place.reads.load(std::memory_order_relaxed);
      sum.torn += place.torn.load(std::memory_order_relaxed);
      sum.freed += place.freed.load(std::memory_order_relaxed);
      sum.backward += place.backward.load(std::memory_order_relaxed);
    }
    return sum;
  }

  /// Stops and joins the readers; the tally stays.
  void stop() { threads_.clear(); }

  /// Requires: not stopped. Waits until every reader has gone round at least once more, so that
  /// each has seen what is current now.
  void wait_for_a_round() const {
    for (const Place& place : places_) {
      const std::uint64_t before = place.reads.load(std::memory_order_relaxed);
      while (place.reads.load(std::memory_order_relaxed) < before + 2 * kRound) {
        std::this_thread::yield();
      }
    }
  }

 private:
  static constexpr std::uint64_t kRound = 192;  // reads between two updates of a place
  static constexpr std::size_t kMostKnown = 64;

  /// What one reader saw, on a cache line of its own.
  struct alignas(64) Place {
    std::atomic<std::uint64_t> reads{0};
    std::atomic<std::uint64_t> torn{0};
    std::atomic<std::uint64_t> freed{0};
    std::atomic<std::uint64_t> backward{0};
  };

  [[nodiscard]] bool is_known(const SnapshotId& id) const noexcept {
    if (id.is_zero()) return true;
    const std::size_t count = known_count_.load(std::memory_order_acquire);
    for (std::size_t i = 0; i < count; ++i) {
      if (known_[i] == id) return true;
    }
    return false;
  }

  /// Looks at one snapshot, held by a pin or a sticky reader.
  template <class Held>
  void look(const Held& held, std::uint64_t& newest, ReadTally& seen) const {
    ++seen.reads;
    if (held.generation() < newest) ++seen.backward;
    newest = held.generation();
    if (!held) return;
    const Sight sight = inspect_(*held, held.id());
    if (sight == Sight::torn) ++seen.torn;
    if (sight == Sight::freed) ++seen.freed;
  }

  void read(Place& place, const std::stop_token& stop) const {
    hot_path::Reader<T, Traits> reader(path_);
    hot_path::StickyReader<T, Traits> sticky(path_);
    std::uint64_t newest = 0;
    while (!stop.stop_requested()) {
      ReadTally seen;
      while (seen.reads < kRound) {
        ++seen.reads;
        if (!is_known(path_.current_id())) ++seen.torn;
        {
          const auto pin = reader.pin();
          look(pin, newest, seen);
        }
        look(sticky.current(), newest, seen);
      }
      place.reads.fetch_add(seen.reads, std::memory_order_relaxed);
      place.torn.fetch_add(seen.torn, std::memory_order_relaxed);
      place.freed.fetch_add(seen.freed, std::memory_order_relaxed);
      place.backward.fetch_add(seen.backward, std::memory_order_relaxed);
    }
  }

  hot_path::HotPath<T, Traits>& path_;
  Inspect inspect_;
  std::array<SnapshotId, kMostKnown> known_{};
  std::atomic<std::size_t> known_count_{0};
  std::vector<Place> places_;
  std::vector<std::jthread> threads_;  // last: stopped and joined before the rest goes
};

}  // namespace knhk::cli
