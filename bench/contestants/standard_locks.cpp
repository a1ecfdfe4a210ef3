// A mutex around a pointer, exclusive or shared. The reader is done with the snapshot before it
// unlocks, so what was replaced is freed at once.

#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>

#include "bench/contestants/list.hpp"
#include "bench/contestants/loops.hpp"
#include "bench/contestants/snapshot.hpp"

namespace knhk::bench {
namespace {

template <class Mutex>
struct Locked {
  alignas(64) Mutex mutex;
  const Snapshot* current = nullptr;
};

template <class Mutex, class ReadLock>
class LockSeat final : public LoopedSeat<LockSeat<Mutex, ReadLock>> {
 public:
  struct Access {
    explicit Access(LockSeat& seat) noexcept : locked(seat.locked_) {}
    Locked<Mutex>& subject() const noexcept { return locked; }
    template <Part part>
    [[gnu::always_inline]] inline std::uint64_t read(Locked<Mutex>& from) const {
      const ReadLock lock(from.mutex);
      return take<part>(from.current);
    }
    Locked<Mutex>& locked;
  };
  explicit LockSeat(Locked<Mutex>& locked) noexcept : locked_(locked) {}
  void hold() override { held_.emplace(locked_.mutex); }
  void let_go() override { held_.reset(); }

 private:
  Locked<Mutex>& locked_;
  std::optional<ReadLock> held_;
};

template <class Mutex>
class LockPromoter final : public TimedPromoter<LockPromoter<Mutex>> {
 public:
  explicit LockPromoter(Locked<Mutex>& locked) noexcept : locked_(locked) {}
  void prepare(std::uint64_t number) override { next_ = std::make_unique<const Snapshot>(number); }
  [[gnu::always_inline]] inline void step() {
    const std::lock_guard lock(locked_.mutex);
    const Snapshot* const old = locked_.current;
    locked_.current = next_.release();
    next_.reset(old);
  }
  void settle() override { next_.reset(); }

 private:
  Locked<Mutex>& locked_;
  std::unique_ptr<const Snapshot> next_;
};

template <class Mutex, class ReadLock>
class LockContest final : public Contest {
 public:
  LockContest(const char* name, const char* way) {
    profile_.name = name;
    profile_.library = "the standard library";
    profile_.way = way;
    profile_.garbage = Garbage::waits_for_it;
    locked_.current = new Snapshot(1);
  }
  ~LockContest() override { delete locked_.current; }
  const Profile& profile() const override { return profile_; }
  std::unique_ptr<Seat> sit() override {
    return std::make_unique<LockSeat<Mutex, ReadLock>>(locked_);
  }
  std::unique_ptr<Promoter> promoter() override {
    return std::make_unique<LockPromoter<Mutex>>(locked_);
  }
  std::size_t living_snapshots() const override { return Snapshot::living.load(); }

 private:
  Profile profile_;
  Locked<Mutex> locked_;
};

}  // namespace

void add_standard_locks(Contests& contests) {
  using Shared = std::shared_mutex;
  contests.push_back(std::make_unique<LockContest<Shared, std::shared_lock<Shared>>>(
      "std::shared_mutex", "locks shared, reads, unlocks"));
  contests.push_back(std::make_unique<LockContest<std::mutex, std::unique_lock<std::mutex>>>(
      "std::mutex", "locks, reads, unlocks"));
}

}  // namespace knhk::bench
