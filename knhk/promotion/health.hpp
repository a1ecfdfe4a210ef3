#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "knhk/promotion/detail/health_record.hpp"
#include "knhk/promotion/health_figures.hpp"

namespace knhk::promotion {

class HealthReader;

/// How the snapshots of one channel fare in use: readers record how each use went, each reader in
/// memory of its own, and a policy judges the sum (`SloPolicy`).
///
/// Only the two newest epochs that a reader met are kept: the one on trial and the one before.
/// Threads: every function may be called at once from any thread.
/// Lifetime: must outlive its readers. What a reader recorded outlives the reader.
class Health {
 public:
  Health() = default;
  Health(const Health&) = delete;
  Health& operator=(const Health&) = delete;

  /// What all readers recorded for `epoch` so far. Effects: allocates, reads every reader's counts.
  [[nodiscard]] HealthFigures figures(std::uint64_t epoch) const;

  /// Outcomes of epochs that were over when they came, which no figures have.
  [[nodiscard]] std::uint64_t late() const;
  [[nodiscard]] std::size_t readers() const;

 private:
  friend class HealthReader;
  struct Traits {
    template <class U>
    using Atomic = std::atomic<U>;
    static constexpr std::size_t kCells = HealthFigures::kCells;
  };
  using Record = detail::HealthRecord<Traits>;

  [[nodiscard]] Record* take();
  void hand_back(Record* record) noexcept;

  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Record>> records_;  // never fewer: judges read them
  std::vector<Record*> free_;                     // those of readers that are gone
};

/// One thread's part of a `Health`:
///
///   const auto& snapshot = reader.current();
///   const bool served = serve(request, *snapshot);
///   health.record(snapshot.epoch(), served ? Outcome::succeeded : Outcome::failed, latency);
///
/// Threads: one at a time; may be handed to another thread. Lifetime: must end before its `Health`.
class HealthReader {
 public:
  /// Effects: allocates about 16 KB unless a former reader left its own; takes a lock.
  explicit HealthReader(Health& health) : health_(&health), record_(health.take()) {}
  HealthReader(HealthReader&& other) noexcept
      : health_(other.health_),
        record_(std::exchange(other.record_, nullptr)),
        turn_(other.turn_),
        bank_(other.bank_) {}
  HealthReader& operator=(HealthReader&&) = delete;
  ~HealthReader() {
    if (record_ != nullptr) health_->hand_back(record_);
  }

  /// One use of the snapshot that was read under `epoch`, and how long it took. A negative latency
  /// counts among the largest.
  /// Progress: wait-free. Effects: one add to memory that no other thread writes; no locked
  /// instruction, no call but where the outcome is of another epoch than the one before.
  [[gnu::always_inline]] inline void record(std::uint64_t epoch, Outcome outcome,
                                            std::chrono::nanoseconds latency) noexcept {
    count(epoch, HealthFigures::cell_of(outcome, static_cast<std::uint64_t>(latency.count())));
  }
  /// The same where nobody measured how long it took.
  [[gnu::always_inline]] inline void record(std::uint64_t epoch, Outcome outcome) noexcept {
    turn_ = (turn_ + 2) % HealthFigures::kUntimedCells;
    count(epoch, HealthFigures::cell_of(outcome) + turn_);
  }

 private:
  [[gnu::always_inline]] inline void count(std::uint64_t epoch, std::size_t cell) noexcept {
    // Relaxed: this reader's own store. No epoch of its own is kept beside it: one member that
    // changes in the loop is one that stays in a register.
    if (bank_->epoch.load(std::memory_order_relaxed) != epoch) [[unlikely]] {
      Health::Record::Bank* const bank = turn_to(*record_, epoch);
      if (bank == nullptr) return;
      bank_ = bank;
    }
    bank_->count(cell);
  }
  /// The bank that counts for `epoch`; null when nothing is counted for it any more. Without
  /// `this`: nobody else knows the address of a reader that lives in a function, so its members can
  /// stay in registers.
  [[gnu::noinline, gnu::cold]] static Health::Record::Bank* turn_to(Health::Record& record,
                                                                    std::uint64_t epoch) noexcept;

  Health* health_;
  Health::Record* record_;
  std::size_t turn_ = 0;  // which of an untimed outcome's cells is next, an even number
  Health::Record::Bank* bank_ = record_->banks.data();  // its epoch may be 0, of which nobody asks
};

}  // namespace knhk::promotion
