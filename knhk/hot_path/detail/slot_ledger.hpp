#pragma once

#include <array>
#include <atomic>
#include <cassert>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>

#include "knhk/hot_path/detail/slot_set.hpp"

namespace knhk::hot_path::detail {

/// The bytes that `artifacts` stands for: what its `size_bytes()` says, else the size of its type.
template <class T>
[[nodiscard]] std::size_t size_bytes_of(const T& artifacts) {
  if constexpr (requires { static_cast<std::size_t>(artifacts.size_bytes()); }) {
    return static_cast<std::size_t>(artifacts.size_bytes());
  } else {
    return sizeof(T);
  }
}

/// One snapshot's artifacts, kept alive for the slots that name them. Several slots may share them
/// (a roll-back names what an older slot names), so they are counted: by the writer alone.
template <class T>
struct Holding {
  std::shared_ptr<const T> artifacts;
  std::size_t size_bytes = 0;
  std::size_t slot_count = 0;
  Holding* next = nullptr;
};

/// Artifacts that no slot names any more. They are destroyed with this object, by the thread that
/// holds it and after it has given the writer token back: a destructor may use the hot path.
template <class T>
class Garbage {
 public:
  Garbage() noexcept = default;
  Garbage(Garbage&& other) noexcept : first_(std::exchange(other.first_, nullptr)) {}
  Garbage& operator=(Garbage&&) = delete;
  ~Garbage() {
    while (first_ != nullptr) delete std::exchange(first_, first_->next);
  }
  void add(Holding<T>* holding) noexcept {
    holding->next = first_;
    first_ = holding;
  }

 private:
  Holding<T>* first_ = nullptr;
};

/// The writer's book about its slots: which are free, which are retired, what each keeps alive.
///
/// Threads: the holder of the writer token; the counts may be read from any thread.
template <class T, std::size_t kSlots, class TimePoint>
class SlotLedger {
 public:
  constexpr SlotLedger() noexcept { used_.insert(0); }  // the empty descriptor is current
  SlotLedger(const SlotLedger&) = delete;
  SlotLedger& operator=(const SlotLedger&) = delete;
  // What is still held is kept on purpose: the hot path's destructor has given back what it could.
  ~SlotLedger() = default;

  [[nodiscard]] std::size_t free_slots() const noexcept { return kSlots - used_.size(); }

  /// Takes the lowest free slot, so that few lines are in use. Requires: there is one.
  [[nodiscard]] std::size_t take() noexcept {
    const std::size_t slot = used_.first_absent();
    assert(slot < kSlots && "taking a slot when none is free");
    used_.insert(slot);
    return slot;
  }

  /// The holding of `artifacts`: the one that a slot already has, or a new one that belongs to no
  /// slot yet. Null when memory is short.
  [[nodiscard]] Holding<T>* hold(std::shared_ptr<const T> artifacts, std::size_t size_bytes) {
    Holding<T>* found = nullptr;
    used_.for_each([&](std::size_t slot) {
      Holding<T>* const holding = holdings_[slot];
      if (holding != nullptr && holding->artifacts.get() == artifacts.get()) found = holding;
    });
    if (found != nullptr) return found;
    return new (std::nothrow) Holding<T>{std::move(artifacts), size_bytes, 0, nullptr};
  }
  [[nodiscard]] Holding<T>* holding(std::size_t slot) const noexcept { return holdings_[slot]; }

  /// Says that `slot` keeps `holding` alive; null for the empty descriptor.
  void assign(std::size_t slot, Holding<T>* holding) noexcept {
    holdings_[slot] = holding;
    if (holding == nullptr || holding->slot_count++ != 0) return;
    add(living_snapshots_, 1);
    add(living_bytes_, holding->size_bytes);
  }

  /// Readers may still hold `slot`, but none can newly get it: a scan will give it back.
  void retire(std::size_t slot, TimePoint now) noexcept {
    retired_.insert(slot);
    retired_at_[slot] = now;
    add(retired_slots_, 1);
  }

  /// Frees `slot`, which no reader can hold.
  void give_back(std::size_t slot, Garbage<T>& garbage) noexcept {
    used_.erase(slot);
    Holding<T>* const holding = std::exchange(holdings_[slot], nullptr);
    if (holding == nullptr || --holding->slot_count != 0) return;
    add(living_snapshots_, std::size_t{0} - 1);
    add(living_bytes_, std::size_t{0} - holding->size_bytes);
    garbage.add(holding);
  }

  /// When `slot` was retired. Requires: it is.
  [[nodiscard]] TimePoint retired_at(std::size_t slot) const noexcept { return retired_at_[slot]; }

  /// Frees the retired slots that are not in `held`.
  void reclaim(const SlotSet<kSlots>& held, Garbage<T>& garbage) noexcept {
    const SlotSet<kSlots> retired = retired_;
    retired.for_each([&](std::size_t slot) {
      if (held.contains(slot)) return;
      retired_.erase(slot);
      add(retired_slots_, std::size_t{0} - 1);
      give_back(slot, garbage);
    });
  }

  [[nodiscard]] std::size_t living_snapshots() const noexcept { return load(living_snapshots_); }
  [[nodiscard]] std::size_t living_bytes() const noexcept { return load(living_bytes_); }
  [[nodiscard]] std::size_t retired_slots() const noexcept { return load(retired_slots_); }

 private:
  using Count = std::atomic<std::size_t>;
  // Relaxed: counts have one writer at a time and order nothing.
  static void add(Count& count, std::size_t by) noexcept {
    count.store(load(count) + by, std::memory_order_relaxed);
  }
  [[nodiscard]] static std::size_t load(const Count& count) noexcept {
    return count.load(std::memory_order_relaxed);
  }

  std::array<Holding<T>*, kSlots> holdings_{};
  std::array<TimePoint, kSlots> retired_at_{};
  SlotSet<kSlots> used_{};
  SlotSet<kSlots> retired_{};
  Count living_snapshots_{0};
  Count living_bytes_{0};
  Count retired_slots_{0};
};

}  // namespace knhk::hot_path::detail
