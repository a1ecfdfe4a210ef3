#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "knhk/base/ticks.hpp"

namespace knhk::bench {

/// What a read gets hold of.
enum class Part : std::uint8_t {
  address,  ///< where the snapshot's artifacts are
  id,       ///< a copy of the 32 bytes of its id
};

/// How the reads of a loop depend on each other.
enum class Order : std::uint8_t {
  independent,  ///< not at all: what is measured is throughput
  chained,      ///< the address of what is read depends on the read before: latency
};

/// What becomes of snapshots that were replaced while a reader stalls.
enum class Garbage : std::uint8_t {
  never_freed,   ///< there is no reclamation at all
  bounded,       ///< a fixed number per reader is kept
  unbounded,     ///< everything that is replaced from then on is kept
  waits_for_it,  ///< none is made: the promotion waits until the reader is done
};

/// What is known of a contestant without running it.
struct Profile {
  std::string name;
  std::string library;  ///< with its version
  std::string way;      ///< how it is read here
  Garbage garbage = Garbage::never_freed;
  bool is_peer = true;               ///< false: the physical limit, or knhk itself
  bool nests = false;                ///< a read within a read is allowed
  bool gives_artifacts = true;       ///< false: the id alone
  bool gives_id = true;              ///< false: the address alone
  bool can_chain = true;             ///< false: a read has no address that could depend on another
  bool seats_share_threads = false;  ///< one thread may register many readers
};

/// One thread's access to a contest. Threads: the one that made it, which also destroys it.
class Seat {
 public:
  Seat() = default;
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;
  virtual ~Seat() = default;

  /// Reads `count` times in a loop. Requires: a multiple of 8; between resume() and rest().
  virtual void read(Part part, Order order, std::size_t count) = 0;
  /// Reads until the snapshot `number` is what it finds.
  virtual void await(std::uint64_t number) = 0;

  /// Starts a read and leaves it open until let_go(): a reader that stalls.
  virtual void hold() = 0;
  virtual void let_go() = 0;

  /// Says that this thread will read, or that it won't for a while. What quiescent states need;
  /// nothing elsewhere.
  virtual void resume() {}
  virtual void rest() {}
};

/// The one that promotes. Threads: the one that made it, which also destroys it.
class Promoter {
 public:
  Promoter() = default;
  Promoter(const Promoter&) = delete;
  Promoter& operator=(const Promoter&) = delete;
  virtual ~Promoter() = default;

  virtual void prepare(std::uint64_t number) = 0;
  virtual void publish() = 0;
  /// publish(), in counter units with the bracket around it. Where publish() is inlined.
  [[nodiscard]] virtual std::uint64_t timed_publish() = 0;
  /// Frees what was replaced, waiting for readers where the contestant does so.
  virtual void settle() = 0;
  /// Frees it without waiting: the contestant keeps it until it can. Where there is no such way,
  /// settle().
  virtual void settle_without_waiting() { settle(); }
  /// Frees everything that can be freed now.
  virtual void drain() {}

  void promote(std::uint64_t number) {
    prepare(number);
    publish();
    settle();
  }
};

/// One snapshot that a contestant keeps current. Snapshot 1 is current from the beginning.
class Contest {
 public:
  Contest() = default;
  Contest(const Contest&) = delete;
  Contest& operator=(const Contest&) = delete;
  virtual ~Contest() = default;

  [[nodiscard]] virtual const Profile& profile() const = 0;
  [[nodiscard]] virtual std::unique_ptr<Seat> sit() = 0;
  [[nodiscard]] virtual std::unique_ptr<Promoter> promoter() = 0;
  /// Snapshots made and not destroyed: of all contests that count in the same place.
  [[nodiscard]] virtual std::size_t living_snapshots() const = 0;
};

using Contests = std::vector<std::unique_ptr<Contest>>;

/// Why a contestant is not there.
struct Absence {
  std::string name;
  std::string reason;
};

}  // namespace knhk::bench
