#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <utility>

#include "knhk/hot_path/checked/cell.hpp"
#include "knhk/hot_path/checked/snapshot.hpp"
#include "knhk/hot_path/reader.hpp"
#include "knhk/hot_path/snapshots_for_tests.hpp"
#include "knhk/hot_path/sticky_reader.hpp"

namespace knhk::hot_path::checked {

/// A hot path, the memory of its snapshots, and what threads do with it. Memory of a dead snapshot
/// stays, so that who still looks at it finds poison.
template <class Traits>
class World {
 public:
  using Path = HotPath<Snapshot, Traits>;

  explicit World(Machine& machine) : machine_(machine), path_(new Path) {
    published_[1].generation = 1;  // the empty descriptor
    machine_.lets_these_be_used_after_their_end();
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  /// After an execution that went wrong nothing can be taken apart any more.
  ~World() {
    if (machine_.violation()) static_cast<void>(path_.release());
  }

  /// What one thread has seen so far.
  struct Witness {
    std::uint64_t newest = 0;
  };

  template <class Held>
  void look(const Held& held, std::uint64_t began_at, Witness& witness) {
    const std::uint64_t generation = held.generation();
    machine_.expect(generation >= witness.newest, "no reader goes back");
    machine_.expect(generation >= began_at, "no reader sees what was replaced when it began");
    witness.newest = generation;
    const SnapshotId id = held.id();
    if (!held) {
      machine_.expect(id.is_zero(), "an id is not mixed");
      return;
    }
    const std::uint64_t n = number_of(id);
    machine_.expect(n != 0, "an id is not mixed");
    machine_.expect(held->first == n && held->last == n, "a snapshot that is held is alive");
  }

  /// Pins, looks twice, pins again inside, unpins.
  void pin(Reader<Snapshot, Traits>& reader, Witness& witness) {
    const std::uint64_t began_at = generation_perhaps();
    const std::uint64_t before = machine_.steps();
    const auto pin = reader.pin();
    machine_.expect(machine_.steps() - before <= kMostStepsOfPin,
                    "a pin takes a bounded number of steps");
    look(pin, began_at, witness);
    const auto inner = reader.pin();
    look(inner, began_at, witness);
    look(pin, began_at, witness);
  }

  void follow(StickyReader<Snapshot, Traits>& reader, Witness& witness) {
    const std::uint64_t began_at = generation_perhaps();
    const std::uint64_t before = machine_.steps();
    const auto& view = reader.current();
    machine_.expect(machine_.steps() - before <= kMostStepsOfSticky,
                    "a sticky read takes a bounded number of steps");
    look(view, began_at, witness);
    look(view, began_at, witness);
  }

  void read_ids(Witness& witness) {
    const SnapshotId id = path_->current_id();
    machine_.expect(id.is_zero() || number_of(id) != 0, "an id is not mixed");
    bool is_new_enough = false;
    for (std::uint64_t g = std::max<std::uint64_t>(witness.newest, 1); g < published_.size(); ++g) {
      is_new_enough = is_new_enough || published_[g].id == id;
    }
    machine_.expect(is_new_enough, "no reader goes back");
    const Published published = path_->published();
    machine_.expect(published == published_[published.generation],
                    "id and epoch are of one publish");
    machine_.expect(published.generation >= witness.newest, "no reader goes back");
    witness.newest = published.generation;
  }

  enum class Way { publish, undo, drop };
  /// Nobody else takes the writer token.
  void has_one_writer() { has_one_writer_ = true; }

  /// Does nothing when another promoter is at work.
  void promote(Way way = Way::publish) {
    const std::uint64_t n = ++last_;
    auto publication = path_->prepare(id_of(n), make(n), n, kRollBackEpoch + n);
    if (!publication) {
      const Errc code = publication.error().code;
      machine_.expect(code == Errc::writer_busy || code == Errc::promotion_unsettled,
                      "slots suffice");
      machine_.expect(!has_one_writer_, "a promoter alone is never refused");
      return;
    }
    if (way == Way::drop) return;
    notes_[publication->generation()] = n;
    notes_[publication->roll_back_generation()] = n;
    const std::uint64_t generation = publication->generation();
    const SnapshotId outgoing = publication->outgoing().id;
    published_[generation] = {id_of(n), n, generation};
    published_[generation + 1] = {outgoing, outgoing.is_zero() ? 0 : kRollBackEpoch + n,
                                  generation + 1};
    publication->publish();
    machine_.expect(path_->published() == publication->next(), "what was published is current");
    if (way == Way::undo) {
      publication->undo();
      machine_.expect(path_->published() == publication->roll_back(), "what was undone is back");
    }
    publication->settle();
  }
  /// Scans; then at most one snapshot for each of `readers` and the current one are left, and the
  /// one that another promoter may have prepared or replaced meanwhile.
  void reclaim(std::size_t readers) {
    if (!path_->reclaim()) return;
    const std::size_t most = readers + (has_one_writer_ ? 1 : 2);
    machine_.expect(path_->stats().living_snapshots <= most, "living snapshots are bounded");
  }

  /// Ends the path as a global's destructor does, while others may still read. They find nothing,
  /// or what they hold.
  void destroy_path() {
    path_->~Path();
    is_destroyed_ = true;
  }

  /// After all threads: nothing but the current snapshot is left, and that goes with the path.
  void end() {
    if (is_destroyed_) {
      machine_.expect(path_->published().id.is_zero(), "a path that has ended shows no snapshot");
      ::operator delete(path_.release(), std::align_val_t{alignof(Path)});
      return;
    }
    if (path_->reclaim()) machine_.expect(alive_ <= 1, "what nobody reads is freed");
    const bool fences_work = path_->stats().failed_barriers == 0;
    path_.reset();
    if (fences_work) machine_.expect(alive_ == 0, "a path frees what it held");
  }

  [[nodiscard]] Path& path() noexcept { return *path_; }

 private:
  /// What was current before, if the thread looks: it may also read without knowing anything.
  std::uint64_t generation_perhaps() { return machine_.choices().flips() ? generation() : 0; }

  /// The generation, after a look at what its promoter had written elsewhere before.
  std::uint64_t generation() {
    const std::uint64_t generation = path_->generation();
    const std::uint64_t note = notes_[generation];
    machine_.expect(generation == 1 || note != 0, "who sees a generation sees its promoter's past");
    return generation;
  }

  // The fast path's and then the slow path's, fences among them.
  static constexpr std::uint64_t kMostStepsOfPin = 11;
  static constexpr std::uint64_t kMostStepsOfSticky = 7;
  static constexpr std::uint64_t kRollBackEpoch = 1000;

  std::shared_ptr<const Snapshot> make(std::uint64_t n) {
    auto& memory = memory_.emplace_back();
    ++alive_;
    return {new (memory.bytes) const Snapshot(n), [this](const Snapshot* dead) {
              --alive_;
              dead->~Snapshot();
            }};
  }

  struct Memory {
    alignas(Snapshot) std::byte bytes[sizeof(Snapshot)];
  };

  Machine& machine_;
  std::deque<Memory> memory_;
  std::size_t alive_ = 0;
  std::uint64_t last_ = 0;
  bool has_one_writer_ = false;
  bool is_destroyed_ = false;
  // One for each generation. What was published is the test's own knowledge, and no memory of the
  // program.
  std::array<Cell<std::uint64_t>, 32> notes_;
  std::array<Published, 32> published_{};
  std::unique_ptr<Path> path_;
};

}  // namespace knhk::hot_path::checked
