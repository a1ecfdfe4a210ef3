#pragma once

// One flavour of liburcu as a contestant; each flavour's source includes its header before this,
// with _LGPL_SOURCE, which is how the library wants to be inlined.

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "bench/contestants/list.hpp"
#include "bench/contestants/loops.hpp"
#include "bench/contestants/snapshot.hpp"

namespace knhk::bench {

/// A snapshot with what call_rcu needs to free it.
struct RcuSnapshot : Snapshot, rcu_head {
  explicit RcuSnapshot(std::uint64_t number) noexcept : Snapshot(number), rcu_head{} {}
  static void free(rcu_head* head) { delete static_cast<RcuSnapshot*>(head); }
};

struct RcuSlot {
  alignas(64) RcuSnapshot* current = nullptr;
};

/// `Flavour` has static functions named as in the flavour's header, and `read_many`: the loops of
/// urcu_loops.h.
template <class Flavour>
class RcuSeat final : public Seat {
 public:
  explicit RcuSeat(RcuSlot& slot) noexcept : slot_(slot) {
    Flavour::register_thread();
    Flavour::thread_offline();
  }
  ~RcuSeat() override { Flavour::unregister_thread(); }
  void read(Part part, Order order, std::size_t count) override {
    Flavour::read_many(&slot_, part == Part::id, order == Order::chained, count);
  }
  void await(std::uint64_t number) override {
    while (Flavour::read_many(&slot_, true, false, 8) != number) continue;
  }
  void hold() override { Flavour::read_lock(); }
  void let_go() override { Flavour::read_unlock(); }
  void resume() override { Flavour::thread_online(); }
  void rest() override { Flavour::thread_offline(); }

 private:
  RcuSlot& slot_;
};

template <class Flavour>
class RcuPromoter final : public TimedPromoter<RcuPromoter<Flavour>> {
 public:
  explicit RcuPromoter(RcuSlot& slot) noexcept : slot_(slot) {}
  void prepare(std::uint64_t number) override {
    next_ = new RcuSnapshot(number);
    old_ = slot_.current;  // one promoter: nobody else changes it
  }
  [[gnu::always_inline]] inline void step() noexcept { rcu_assign_pointer(slot_.current, next_); }
  void settle() override {
    Flavour::synchronize();
    delete old_;
  }
  void settle_without_waiting() override { Flavour::call(old_, &RcuSnapshot::free); }
  void drain() override { Flavour::barrier(); }

 private:
  RcuSlot& slot_;
  RcuSnapshot* next_ = nullptr;
  RcuSnapshot* old_ = nullptr;
};

template <class Flavour>
class RcuContest final : public Contest {
 public:
  explicit RcuContest(Profile profile) : profile_(std::move(profile)) {
    profile_.library = "liburcu " KNHK_BENCH_URCU_VERSION;
    profile_.garbage = Garbage::unbounded;
    profile_.nests = true;
    slot_.current = new RcuSnapshot(1);
  }
  ~RcuContest() override { delete slot_.current; }
  const Profile& profile() const override { return profile_; }
  std::unique_ptr<Seat> sit() override { return std::make_unique<RcuSeat<Flavour>>(slot_); }
  std::unique_ptr<Promoter> promoter() override {
    return std::make_unique<RcuPromoter<Flavour>>(slot_);
  }
  std::size_t living_snapshots() const override { return Snapshot::living.load(); }

 private:
  Profile profile_;
  RcuSlot slot_;
};

}  // namespace knhk::bench
