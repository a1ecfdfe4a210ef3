// std::atomic<std::shared_ptr>: each read counts itself in and out.

#include <atomic>
#include <memory>
#include <utility>

#include "bench/contestants/list.hpp"
#include "bench/contestants/loops.hpp"
#include "bench/contestants/snapshot.hpp"

namespace knhk::bench {
namespace {

using Pointer = std::shared_ptr<const Snapshot>;
using Shared = std::atomic<Pointer>;

class SharedSeat final : public LoopedSeat<SharedSeat> {
 public:
  struct Access {
    explicit Access(SharedSeat& seat) noexcept : shared(seat.shared_) {}
    const Shared& subject() const noexcept { return shared; }
    template <Part part>
    [[gnu::always_inline]] inline std::uint64_t read(const Shared& from) const noexcept {
      const Pointer pointer = from.load(std::memory_order_acquire);
      return take<part>(pointer.get());
    }
    const Shared& shared;
  };
  explicit SharedSeat(Shared& shared) noexcept : shared_(shared) {}
  void hold() override { held_ = shared_.load(std::memory_order_acquire); }
  void let_go() override { held_.reset(); }

 private:
  Shared& shared_;
  Pointer held_;
};

class SharedPromoter final : public TimedPromoter<SharedPromoter> {
 public:
  explicit SharedPromoter(Shared& shared) noexcept : shared_(shared) {}
  void prepare(std::uint64_t number) override { next_ = std::make_shared<const Snapshot>(number); }
  [[gnu::always_inline]] inline void step() {
    next_ = shared_.exchange(std::move(next_), std::memory_order_acq_rel);
  }
  void settle() override { next_.reset(); }

 private:
  Shared& shared_;
  Pointer next_;
};

class SharedContest final : public Contest {
 public:
  SharedContest() {
    profile_.name = "std::atomic<std::shared_ptr>";
    profile_.library = "the standard library";
    profile_.way = "copies the pointer and destroys the copy";
    profile_.garbage = Garbage::bounded;
    profile_.nests = true;
  }
  const Profile& profile() const override { return profile_; }
  std::unique_ptr<Seat> sit() override { return std::make_unique<SharedSeat>(shared_); }
  std::unique_ptr<Promoter> promoter() override {
    return std::make_unique<SharedPromoter>(shared_);
  }
  std::size_t living_snapshots() const override { return Snapshot::living.load(); }

 private:
  Profile profile_;
  alignas(64) Shared shared_{std::make_shared<const Snapshot>(1)};
};

}  // namespace

void add_atomic_shared_ptr(Contests& contests) {
  contests.push_back(std::make_unique<SharedContest>());
}

}  // namespace knhk::bench
