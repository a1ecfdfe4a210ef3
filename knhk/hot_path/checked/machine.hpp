#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "knhk/hot_path/checked/choices.hpp"
#include "knhk/hot_path/checked/fibers.hpp"
#include "knhk/hot_path/checked/site.hpp"
#include "knhk/hot_path/checked/view.hpp"

namespace knhk::hot_path::checked {

/// The operations that were met, with the orders they asked for.
using Sites = std::map<Site, Orders>;

/// What one execution is to be like.
struct Settings {
  std::uint64_t seed = 1;
  const Mutation* mutation = nullptr;  ///< one operation made weaker; null: none
  Sites* sites = nullptr;              ///< where to note the operations; null: nowhere
  bool heavy_fence_may_fail = false;
};

/// What must not have happened, and the steps that led to it.
struct Violation {
  std::string claim;
  std::string trace;
};

/// A machine with a weak memory, near to what C++20 allows (see below), that carries out one
/// execution of a concurrent program, chosen by a seed.
///
/// Every atomic keeps the history of its values, and every thread a view: how new a value it must
/// see at least. A load takes any value that its thread's view allows: a store that others don't
/// see yet stands in a store buffer or on its way between cores, as one likes. A release store
/// leaves its thread's view with the value, an acquire load takes it over; sequentially consistent
/// operations see one another in the order in which they are carried out. An exchange reads the
/// newest value and goes on with the release sequence, a later plain store does not (C++20). A
/// store that is not sequentially consistent may also be carried out after the load that follows
/// it in the program, as compilers and processors do, unless a light fence stands between. The
/// heavy fence makes every thread, at some moment during it, see all that any thread before it did,
/// and be seen: membarrier(2). It does not stop a compiler.
///
/// Plain memory is watched: an access that no synchronisation puts after the one before, with a
/// write among the two, is a data race.
///
/// Not shown, where C++20 would allow more: load buffering (a load that sees a store that follows
/// it); two threads' stores to one atomic count in the order in which they are carried out; the
/// single order of sequentially consistent operations agrees with happens-before; plain accesses
/// come before a heavy fence that the program reaches after them; an exchange that fails is bound
/// by the order it asked for in case of success.
///
/// Threads: one machine at a time on a thread of the operating system.
class Machine {
 public:
  using Value = std::uint64_t;

  explicit Machine(const Settings& settings);
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;
  ~Machine();
  /// The one that was made last. Requires: it lives.
  [[nodiscard]] static Machine& current() noexcept { return *current_; }

  /// Runs `bodies` at once, each as a thread that comes after the caller's past and before its
  /// future; false when something went wrong, after which nothing may be looked at but
  /// `violation()`.
  [[nodiscard]] bool run(const std::vector<std::function<void()>>& bodies);

  /// Ends the execution with a violation unless `holds`.
  void expect(bool holds, const char* claim);
  [[nodiscard]] const std::optional<Violation>& violation() const noexcept { return violation_; }

  /// What is there now may be used after its end: a global's parts are, until the process ends.
  void lets_these_be_used_after_their_end() noexcept {
    globals_ = locations_.size();
    global_cells_ = cells_.size();
  }

  /// Atomic operations and fences that the running thread has done.
  [[nodiscard]] std::uint64_t steps() const noexcept { return threads_[running()].steps; }
  [[nodiscard]] Choices& choices() noexcept { return choices_; }

  /// The machine's number of an atomic or a cell, and where that lies: a mutant may come upon
  /// memory that is neither.
  struct Handle {
    const void* address = nullptr;
    std::uint32_t id = 0;
  };

  // What atomics, cells and fences call.
  [[nodiscard]] Handle add_location(const void* address, Value initial);
  void remove_location(const Handle& handle);
  [[nodiscard]] Value load(const Handle& handle, Orders orders, const Site& site);
  void store(const Handle& handle, Value value, Orders orders, const Site& site);
  [[nodiscard]] bool exchange(const Handle& handle, Value& expected, Value desired, bool may_fail,
                              Orders orders, const Site& site);
  [[nodiscard]] Handle add_cell(const void* address);
  void read_cell(const Handle& handle);
  void write_cell(const Handle& handle);
  void remove_cell(const Handle& handle);
  void light_fence(const Site& site);
  [[nodiscard]] bool heavy_fence(const Site& site);

 private:
  struct Message {
    Value value = 0;
    View released;  ///< what an acquire load of this value takes over
  };
  using LocationId = std::uint32_t;
  struct Location {
    const void* address = nullptr;
    std::vector<Message> history;
    std::size_t newest_in_order = 0;  ///< of the sequentially consistent operations so far
    unsigned made_by = 0;
    std::uint32_t made_at = 0;
    std::array<std::uint32_t, kMostThreads> used_at{};
  };
  struct Cell {
    const void* address = nullptr;
    unsigned written_by = 0;
    std::uint32_t written_at = 0;
    std::array<std::uint32_t, kMostThreads> read_at{};
  };
  /// A store that the program is past, and memory is not.
  struct Delayed {
    LocationId location = 0;
    Message message;
  };
  struct Thread {
    View view;
    std::optional<Delayed> delayed;
    std::map<LocationId, std::size_t> last_read;  // for loads that are left out
    std::uint64_t steps = 0;
    bool ended = true;
  };
  struct Step {
    unsigned thread = 0;
    Site site;
    unsigned location = 0;
    Value value = 0;
    bool is_old = false;
    bool failed = false;
  };

  [[nodiscard]] unsigned running() const noexcept { return fibers_.running(); }
  [[nodiscard]] Thread& thread() noexcept { return threads_[running()]; }
  [[nodiscard]] const Mutation* mutation_of(const Site& site) const noexcept;
  /// A step begins: notes the site, lets others go first perhaps; gives the orders that hold.
  Orders begin(const Site& site, Orders orders);
  void let_others_run();
  void demand(bool holds, const char* claim);
  void leave();
  [[noreturn]] void give_up();
  [[nodiscard]] bool comes_after(unsigned other, std::uint32_t at) noexcept;
  [[nodiscard]] std::uint32_t now() noexcept;
  [[nodiscard]] LocationId check(const Handle& handle);
  [[nodiscard]] Cell& cell(const Handle& handle);
  void carry_out_delayed(Thread& thread);
  [[nodiscard]] std::size_t pick(LocationId id, bool in_order, Value unlike, bool any_value);
  void take_over(LocationId id, std::size_t place, std::memory_order order);
  void append(LocationId id, Message message, bool in_order);
  void pass_fence(unsigned number);
  void note(const Site& site, unsigned location, Value value, bool is_old, bool failed);
  [[nodiscard]] std::string trace() const;

  static inline Machine* current_ = nullptr;

  Settings settings_;
  Choices choices_;
  Fibers fibers_;
  std::array<Thread, kMostThreads> threads_{};
  std::vector<Location> locations_;
  std::size_t globals_ = 0;  // so many of the first locations
  std::vector<Cell> cells_;
  std::size_t global_cells_ = 0;
  View fence_view_;  // what those that passed a heavy fence knew
  std::vector<Step> steps_;
  std::optional<Violation> violation_;
};

}  // namespace knhk::hot_path::checked
