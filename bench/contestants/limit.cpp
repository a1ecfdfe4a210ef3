// The physical limit: a pointer is loaded and what it points to is read. Nothing is ever freed.

#include <array>
#include <atomic>
#include <cstring>

#include "bench/contestants/list.hpp"
#include "bench/contestants/loops.hpp"
#include "bench/contestants/snapshot.hpp"

namespace knhk::bench {
namespace {

struct Slot {
  alignas(64) std::atomic<const Snapshot*> current{nullptr};
  alignas(64) std::array<std::unique_ptr<Snapshot>, 16> ring{};
  std::size_t next = 0;  // in the ring; its owner is the promoter of the moment
};

// Two vectors of 16 bytes: how a plain copy of 32 bytes is compiled for any x86-64.
using HalfId = std::uint64_t __attribute__((vector_size(16)));

template <bool is_plain>
class LimitSeat final : public LoopedSeat<LimitSeat<is_plain>> {
 public:
  struct Access {
    explicit Access(LimitSeat& seat) noexcept : slot(&seat.slot_) {}
    Slot& subject() const noexcept { return *slot; }
    template <Part part>
    [[gnu::always_inline]] inline std::uint64_t read(const Slot& from) const noexcept {
      const Snapshot* const snapshot = from.current.load(std::memory_order_acquire);
      if constexpr (is_plain && part == Part::id) {
        std::array<HalfId, 2> halves;
        std::memcpy(halves.data(), static_cast<const void*>(snapshot), sizeof halves);
        asm volatile("" : "+x"(halves[0]), "+x"(halves[1]));
        return halves[0][0];
      } else {
        return take<part>(snapshot);
      }
    }
    Slot* slot;
  };
  explicit LimitSeat(Slot& slot) noexcept : slot_(slot) {}
  void hold() override {}
  void let_go() override {}

 private:
  Slot& slot_;
};

/// Publishes the snapshots of a ring in turn and renames each before: readers that are late see the
/// name of another. That nothing looks after them is what makes it the limit.
class LimitPromoter final : public TimedPromoter<LimitPromoter> {
 public:
  explicit LimitPromoter(Slot& slot) noexcept : slot_(slot) {}
  void prepare(std::uint64_t number) override {
    Snapshot& next = *slot_.ring[++slot_.next % slot_.ring.size()];
    for (auto& part : next.id) part.store(number, std::memory_order_relaxed);
    next_ = &next;
  }
  [[gnu::always_inline]] inline void step() const noexcept {
    slot_.current.store(next_, std::memory_order_release);
  }
  void settle() override {}

 private:
  Slot& slot_;
  const Snapshot* next_ = nullptr;
};

template <bool is_plain>
class LimitContest final : public Contest {
 public:
  explicit LimitContest(Profile profile) : profile_(std::move(profile)) {
    for (auto& snapshot : slot_.ring) snapshot = std::make_unique<Snapshot>(1);
    slot_.current.store(slot_.ring[0].get(), std::memory_order_release);
  }
  const Profile& profile() const override { return profile_; }
  std::unique_ptr<Seat> sit() override { return std::make_unique<LimitSeat<is_plain>>(slot_); }
  std::unique_ptr<Promoter> promoter() override { return std::make_unique<LimitPromoter>(slot_); }
  std::size_t living_snapshots() const override { return Snapshot::living.load(); }

 private:
  Profile profile_;
  Slot slot_;
};

Profile profile_of(const char* name, const char* way) {
  Profile profile;
  profile.name = name;
  profile.way = way;
  profile.is_peer = false;
  profile.nests = true;
  return profile;
}

}  // namespace

void add_limits(Contests& contests) {
  contests.push_back(std::make_unique<LimitContest<false>>(
      profile_of("physical limit", "loads a pointer, copies by four loads of 8 bytes")));
  Profile plain =
      profile_of("physical limit, plain copy", "loads a pointer, copies by two loads of 16 bytes");
  plain.gives_artifacts = false;
  contests.push_back(std::make_unique<LimitContest<true>>(std::move(plain)));
}

}  // namespace knhk::bench
