// knhk itself, in each of its ways to read.

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include "bench/contestants/list.hpp"
#include "bench/contestants/loops.hpp"
#include "bench/contestants/snapshot.hpp"
#include "knhk/hot_path/binder.hpp"
#include "knhk/hot_path/hot_path.hpp"
#include "knhk/hot_path/reader.hpp"
#include "knhk/hot_path/sticky_reader.hpp"

namespace knhk::bench {
namespace {

using hot_path::detail::keep;

/// Settling frees at once, whatever it costs: the price of one whole promotion.
struct ScansEachTime : hot_path::DefaultTraits {
  static constexpr std::chrono::milliseconds kScanInterval{0};
};

template <class Traits>
using Path = hot_path::HotPath<Snapshot, Traits>;

SnapshotId id_of(std::uint64_t number) {
  return hot_path::IdParts{number, number, number, number}.to_id();
}

template <class Traits>
class PathPromoter final : public TimedPromoter<PathPromoter<Traits>> {
 public:
  explicit PathPromoter(Path<Traits>& path) noexcept : path_(path) {}
  void prepare(std::uint64_t number) override {
    auto publication =
        path_.prepare(id_of(number), std::make_shared<const Snapshot>(number), number);
    if (!publication) throw std::runtime_error(to_string(publication.error()));
    publication_ = std::make_unique<Publication>(*std::move(publication));
  }
  [[gnu::always_inline]] inline void approach() const noexcept { publication_->prefetch(); }
  [[gnu::always_inline]] inline void step() noexcept { publication_->publish(); }
  void settle() override { publication_.reset(); }
  void drain() override { path_.reclaim(); }

 private:
  using Publication = hot_path::Publication<Snapshot, Traits>;

  Path<Traits>& path_;
  std::unique_ptr<Publication> publication_;
};

class IdSeat final : public LoopedSeat<IdSeat> {
 public:
  using OnePath = Path<hot_path::DefaultTraits>;
  struct Access {
    explicit Access(IdSeat& seat) noexcept : path(seat.path_) {}
    const OnePath& subject() const noexcept { return path; }
    template <Part part>
    [[gnu::always_inline]] inline std::uint64_t read(const OnePath& from) const noexcept {
      return keep(from.current_id());  // whichever part was asked for
    }
    const OnePath& path;
  };
  explicit IdSeat(OnePath& path) noexcept : path_(path) {}
  void hold() override {}
  void let_go() override {}

 private:
  OnePath& path_;
};

template <class Traits>
class ReaderSeat final : public LoopedSeat<ReaderSeat<Traits>> {
 public:
  using OneReader = hot_path::Reader<Snapshot, Traits>;
  // A reader is meant to be a local of the function that loops, so that is what it is here.
  struct Access {
    explicit Access(ReaderSeat& home) noexcept : seat(home), reader(std::move(*home.reader_)) {}
    Access(const Access&) = delete;
    Access& operator=(const Access&) = delete;
    ~Access() { seat.reader_.emplace(std::move(reader)); }
    OneReader& subject() noexcept { return reader; }
    template <Part part>
    [[gnu::always_inline]] inline std::uint64_t read(OneReader& from) const noexcept {
      const auto pin = from.pin();
      if constexpr (part == Part::address) {
        return keep(pin.operator->());
      } else {
        return keep(pin.id());
      }
    }
    ReaderSeat& seat;
    OneReader reader;
  };
  explicit ReaderSeat(Path<Traits>& path) { reader_.emplace(path); }
  void hold() override { held_.emplace(*reader_); }
  void let_go() override { held_.reset(); }

 private:
  std::optional<OneReader> reader_;
  std::optional<hot_path::Pin<Snapshot, Traits>> held_;
};

class StickySeat final : public LoopedSeat<StickySeat> {
 public:
  using OneReader = hot_path::StickyReader<Snapshot>;
  // As ReaderSeat's, with what it holds.
  struct Access {
    explicit Access(StickySeat& home) noexcept : seat(home), reader(std::move(*home.reader_)) {}
    Access(const Access&) = delete;
    Access& operator=(const Access&) = delete;
    ~Access() { seat.reader_.emplace(std::move(reader)); }
    OneReader& subject() noexcept { return reader; }
    template <Part part>
    [[gnu::always_inline]] inline std::uint64_t read(OneReader& from) const noexcept {
      if constexpr (part == Part::address) {
        return keep(from.current().operator->());
      } else {
        return keep(from.current().id());
      }
    }
    StickySeat& seat;
    OneReader reader;
  };
  explicit StickySeat(Path<hot_path::DefaultTraits>& path) { reader_.emplace(path); }
  void hold() override { static_cast<void>(reader_->current()); }
  void let_go() override { reader_->release(); }
  void rest() override { reader_->release(); }

 private:
  std::optional<OneReader> reader_;
};

constinit Path<hot_path::DefaultTraits> bound_path;
using Bound = hot_path::HotPathBinder<bound_path>;

class BinderSeat final : public LoopedSeat<BinderSeat> {
 public:
  struct Access {
    explicit Access(BinderSeat& seat) noexcept : whole(seat) {}
    BinderSeat& subject() const noexcept { return whole; }
    template <Part part>
    [[gnu::always_inline]] inline std::uint64_t read(const BinderSeat&) const noexcept {
      const auto pin = Bound::pin();
      if constexpr (part == Part::address) {
        return keep(pin.operator->());
      } else {
        return keep(pin.id());
      }
    }
    BinderSeat& whole;
  };
  explicit BinderSeat(Path<hot_path::DefaultTraits>&) noexcept {}
  void hold() override { held_.emplace(Bound::reader()); }
  void let_go() override { held_.reset(); }

 private:
  std::optional<Bound::PinType> held_;
};

template <class SeatOfIt, class Traits = hot_path::DefaultTraits>
class PathContest final : public Contest {
 public:
  PathContest(Profile profile, Path<Traits>* global)
      : profile_(std::move(profile)),
        own_(global == nullptr ? std::make_unique<Path<Traits>>() : nullptr),
        path_(global == nullptr ? *own_ : *global) {
    PathPromoter<Traits>(path_).promote(1);
  }
  const Profile& profile() const override { return profile_; }
  std::unique_ptr<Seat> sit() override { return std::make_unique<SeatOfIt>(path_); }
  std::unique_ptr<Promoter> promoter() override {
    return std::make_unique<PathPromoter<Traits>>(path_);
  }
  std::size_t living_snapshots() const override { return Snapshot::living.load(); }

 private:
  Profile profile_;
  std::unique_ptr<Path<Traits>> own_;
  Path<Traits>& path_;
};

Profile profile_of(const char* name, const char* way) {
  Profile profile;
  profile.name = name;
  profile.library = "knhk";
  profile.way = way;
  profile.garbage = Garbage::bounded;
  profile.is_peer = false;
  profile.seats_share_threads = true;
  return profile;
}

}  // namespace

void add_knhk(Contests& contests) {
  Profile id_only = profile_of("HotPath::current_id", "the id alone, without being registered");
  id_only.gives_artifacts = false;
  id_only.nests = true;
  id_only.garbage = Garbage::bounded;
  contests.push_back(std::make_unique<PathContest<IdSeat>>(std::move(id_only), nullptr));

  Profile pin = profile_of("Reader::pin", "pins and unpins, with the test for an outer pin");
  pin.nests = true;
  contests.push_back(
      std::make_unique<PathContest<ReaderSeat<hot_path::DefaultTraits>>>(pin, nullptr));

  contests.push_back(std::make_unique<PathContest<StickySeat>>(
      profile_of("StickyReader::current", "keeps what was seen last"), nullptr));

  Profile binder = profile_of("HotPathBinder::pin", "the reader of this thread, found by itself");
  binder.nests = true;
  binder.can_chain = false;
  binder.seats_share_threads = false;
  contests.push_back(std::make_unique<PathContest<BinderSeat>>(std::move(binder), &bound_path));

  pin.name = "Reader::pin, a scan each time";
  pin.way = "as Reader::pin; every promotion looks for garbage";
  contests.push_back(
      std::make_unique<PathContest<ReaderSeat<ScansEachTime>, ScansEachTime>>(pin, nullptr));
}

}  // namespace knhk::bench
