// Hazard pointers of libcds. The guard is kept by the thread: taking one per read costs more.

#include <cds/gc/hp.h>
#include <cds/init.h>

#include <atomic>
#include <memory>
#include <optional>
#include <utility>

#include "bench/contestants/list.hpp"
#include "bench/contestants/loops.hpp"
#include "bench/contestants/snapshot.hpp"

namespace knhk::bench {
namespace {

using Hazards = cds::gc::HP;

struct Slot {
  alignas(64) std::atomic<Snapshot*> current{nullptr};
};

struct Dispose {
  void operator()(Snapshot* snapshot) const { delete snapshot; }
};

/// A thread is known to the library while it has seats or promotes.
class Attachment {
 public:
  Attachment() {
    if (attached_++ == 0) cds::threading::Manager::attachThread();
  }
  Attachment(const Attachment&) = delete;
  Attachment& operator=(const Attachment&) = delete;
  ~Attachment() {
    if (--attached_ == 0) cds::threading::Manager::detachThread();
  }

 private:
  static inline thread_local int attached_ = 0;
};

class HazardSeat final : public LoopedSeat<HazardSeat> {
 public:
  struct Access {
    explicit Access(HazardSeat& seat) noexcept : slot(seat.slot_), guard(*seat.guard_) {}
    Slot& subject() const noexcept { return slot; }
    template <Part part>
    [[gnu::always_inline]] inline std::uint64_t read(Slot& from) const {
      const std::uint64_t result = take<part>(guard.protect(from.current));
      guard.clear();
      return result;
    }
    Slot& slot;
    Hazards::Guard& guard;
  };
  explicit HazardSeat(Slot& slot) : slot_(slot) { guard_.emplace(); }
  void hold() override { guard_->protect(slot_.current); }
  void let_go() override { guard_->clear(); }

 private:
  Attachment attachment_;
  Slot& slot_;
  std::optional<Hazards::Guard> guard_;
};

class HazardPromoter final : public TimedPromoter<HazardPromoter> {
 public:
  explicit HazardPromoter(Slot& slot) noexcept : slot_(slot) {}
  void prepare(std::uint64_t number) override {
    next_ = new Snapshot(number);
    old_ = slot_.current.load(std::memory_order_relaxed);  // nobody else changes it
  }
  [[gnu::always_inline]] inline void step() noexcept {
    slot_.current.store(next_, std::memory_order_release);
  }
  void settle() override { Hazards::retire<Dispose>(old_); }
  void drain() override { Hazards::force_dispose(); }

 private:
  Attachment attachment_;
  Slot& slot_;
  Snapshot* next_ = nullptr;
  Snapshot* old_ = nullptr;
};

class HazardContest final : public Contest {
 public:
  HazardContest() {
    profile_.name = "libcds, hazard pointers";
    profile_.library = "libcds " KNHK_BENCH_CDS_VERSION;
    profile_.way = "protects and clears with a guard that the thread keeps";
    profile_.garbage = Garbage::bounded;
    cds::Initialize();
    hazards_.emplace();
    slot_.current.store(new Snapshot(1), std::memory_order_release);
  }
  ~HazardContest() override {
    delete slot_.current.load(std::memory_order_relaxed);
    hazards_.reset();
    cds::Terminate();
  }
  const Profile& profile() const override { return profile_; }
  std::unique_ptr<Seat> sit() override { return std::make_unique<HazardSeat>(slot_); }
  std::unique_ptr<Promoter> promoter() override { return std::make_unique<HazardPromoter>(slot_); }
  std::size_t living_snapshots() const override { return Snapshot::living.load(); }

 private:
  Profile profile_;
  std::optional<Hazards> hazards_;
  Slot slot_;
};

}  // namespace

void add_cds_hazards(Contests& contests) { contests.push_back(std::make_unique<HazardContest>()); }

}  // namespace knhk::bench
