#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "bench/contestants/contestant.hpp"

namespace knhk::bench {

extern "C" {

/// A contestant in another language, with the loops around its reads: as `Table` in
/// bench/rust/src/loops.rs and in ck_epoch.c.
struct ForeignTable {
  void* (*contest_new)();
  void (*contest_free)(void*);
  void* (*seat_new)(void*);
  void (*seat_free)(void*);
  void (*read)(void*, bool id, bool chained, std::size_t count);
  void (*await)(void*, std::uint64_t number);
  void (*hold)(void*);
  void (*let_go)(void*);
  void* (*promoter_new)(void*);
  void (*promoter_free)(void*);
  void (*prepare)(void*, std::uint64_t number);
  void (*publish)(void*);
  void (*settle)(void*);
  void (*settle_without_waiting)(void*);
  void (*drain)(void*);
  std::size_t (*living_snapshots)();
};

}  // extern "C"

class ForeignSeat final : public Seat {
 public:
  ForeignSeat(const ForeignTable& table, void* contest)
      : table_(table), seat_(table.seat_new(contest)) {}
  ~ForeignSeat() override { table_.seat_free(seat_); }
  void read(Part part, Order order, std::size_t count) override {
    table_.read(seat_, part == Part::id, order == Order::chained, count);
  }
  void await(std::uint64_t number) override { table_.await(seat_, number); }
  void hold() override { table_.hold(seat_); }
  void let_go() override { table_.let_go(seat_); }

 private:
  const ForeignTable& table_;
  void* seat_;
};

class ForeignPromoter final : public Promoter {
 public:
  ForeignPromoter(const ForeignTable& table, void* contest)
      : table_(table), promoter_(table.promoter_new(contest)) {}
  ~ForeignPromoter() override { table_.promoter_free(promoter_); }
  void prepare(std::uint64_t number) override { table_.prepare(promoter_, number); }
  void publish() override { table_.publish(promoter_); }
  // The call through the table is inside the bracket: a few ticks more than the step itself.
  std::uint64_t timed_publish() override {
    const std::uint64_t start = TickCounter::bracket();
    table_.publish(promoter_);
    return TickCounter::bracket() - start;
  }
  void settle() override { table_.settle(promoter_); }
  void settle_without_waiting() override { table_.settle_without_waiting(promoter_); }
  void drain() override { table_.drain(promoter_); }

 private:
  const ForeignTable& table_;
  void* promoter_;
};

class ForeignContest final : public Contest {
 public:
  ForeignContest(const ForeignTable& table, Profile profile)
      : table_(table), profile_(std::move(profile)), contest_(table.contest_new()) {}
  ~ForeignContest() override { table_.contest_free(contest_); }
  const Profile& profile() const override { return profile_; }
  std::unique_ptr<Seat> sit() override { return std::make_unique<ForeignSeat>(table_, contest_); }
  std::unique_ptr<Promoter> promoter() override {
    return std::make_unique<ForeignPromoter>(table_, contest_);
  }
  std::size_t living_snapshots() const override { return table_.living_snapshots(); }

 private:
  const ForeignTable& table_;
  Profile profile_;
  void* contest_;
};

}  // namespace knhk::bench
