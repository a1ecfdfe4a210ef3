#include "knhk/hot_path/checked/machine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace knhk::hot_path::checked {
namespace {

// An execution takes some hundred steps; one that takes this many goes round in circles.
constexpr std::size_t kMostSteps = 20'000;
constexpr std::size_t kTracedSteps = 80;
constexpr Machine::Value kLargestShown = 0xFFFF'FFFFU;

}  // namespace

Machine::Machine(const Settings& settings) : settings_(settings), choices_(settings.seed) {
  current_ = this;
  threads_[0].ended = false;
  threads_[0].view.clock[0] = 1;
  locations_.reserve(kMostLocations);
  steps_.reserve(1024);
}

Machine::~Machine() { current_ = nullptr; }

bool Machine::run(const std::vector<std::function<void()>>& bodies) {
  carry_out_delayed(threads_[0]);
  ++threads_[0].view.clock[0];
  for (unsigned i = 1; i <= bodies.size(); ++i) {
    threads_[i].view.join(threads_[0].view);
    threads_[i].ended = false;
  }
  const std::function<void()> at_end = [this] {
    let_others_run();
    carry_out_delayed(thread());
    ++thread().view.clock[running()];
    thread().ended = true;
    leave();
  };
  fibers_.run(bodies, 1 + choices_.below(static_cast<unsigned>(bodies.size())), at_end);
  for (unsigned i = 1; i <= bodies.size(); ++i) threads_[0].view.join(threads_[i].view);
  return !violation_;
}

/// The running thread has ended: another goes on, or the caller of run() when none is left.
void Machine::leave() {
  std::array<unsigned, kMostThreads> ready{};
  unsigned count = 0;
  for (unsigned i = 1; i < kMostThreads; ++i) {
    if (!threads_[i].ended) ready[count++] = i;
  }
  fibers_.hand_over(count == 0 ? 0 : ready[choices_.below(count)]);
}

void Machine::let_others_run() {
  if (running() == 0 || !choices_.switches_thread()) return;
  leave();
}

void Machine::give_up() {
  if (running() != 0) fibers_.hand_over(0);  // and nobody comes back
  // What is set up before and looked at after the threads has to be right; it is not a test's
  // matter.
  fmt::print(stderr, "outside the threads: {}\n{}", violation_->claim, violation_->trace);
  std::abort();
}

void Machine::expect(bool holds, const char* claim) {
  if (holds || violation_) return;
  violation_ = Violation{claim, trace()};
  if (running() != 0) give_up();
}

/// As expect(), where the execution can't go on otherwise, and for what a test must not ask for.
void Machine::demand(bool holds, const char* claim) {
  expect(holds, claim);
  if (!holds) give_up();
}

const Mutation* Machine::mutation_of(const Site& site) const noexcept {
  const Mutation* const mutation = settings_.mutation;
  return mutation != nullptr && mutation->site == site ? mutation : nullptr;
}

Orders Machine::begin(const Site& site, Orders orders) {
  if (settings_.sites != nullptr) settings_.sites->try_emplace(site, orders);
  let_others_run();
  ++thread().steps;
  ++thread().view.clock[running()];
  if (steps_.size() >= kMostSteps && !violation_) {
    violation_ = Violation{"every thread gets to its end", trace()};
    give_up();
  }
  const Mutation* const mutation = mutation_of(site);
  return mutation == nullptr ? orders : mutation->orders;
}

Machine::Handle Machine::add_location(const void* address, Value initial) {
  demand(locations_.size() < kMostLocations, "a view has room for every atomic");
  Location location;
  location.address = address;
  location.history.reserve(16);
  location.history.push_back({initial, {}});
  location.made_by = running();
  location.made_at = now();
  locations_.push_back(std::move(location));
  return {address, static_cast<std::uint32_t>(locations_.size() - 1)};
}

bool Machine::comes_after(unsigned other, std::uint32_t at) noexcept {
  return other == running() || thread().view.clock[other] >= at;
}

/// When the running thread does what lies between its last step and its next: a release that is its
/// last step does not cover it, one that is its next step does.
std::uint32_t Machine::now() noexcept { return thread().view.clock[running()] + 1; }

/// The atomic's number, when there is one at all and its user knows that it was made.
Machine::LocationId Machine::check(const Handle& handle) {
  const bool exists =
      handle.id < locations_.size() && locations_[handle.id].address == handle.address;
  demand(exists && comes_after(locations_[handle.id].made_by, locations_[handle.id].made_at),
         "an atomic is made before it is used, and has not ended");
  locations_[handle.id].used_at[running()] = thread().view.clock[running()];
  return handle.id;
}

/// All use of an atomic comes before its end, unless it is a global's.
void Machine::remove_location(const Handle& handle) {
  Location& location = locations_[handle.id];
  if (violation_ || handle.id < globals_) return;
  location.address = nullptr;
  bool comes_after_all = true;
  for (unsigned i = 0; i < kMostThreads; ++i) {
    comes_after_all = comes_after_all && comes_after(i, location.used_at[i]);
  }
  expect(comes_after_all, "an atomic ends after it was used");
}

Machine::Cell& Machine::cell(const Handle& handle) {
  const bool exists = handle.id < cells_.size() && cells_[handle.id].address == handle.address;
  demand(exists, "plain memory is what it was made as");
  return cells_[handle.id];
}

void Machine::carry_out_delayed(Thread& thread) {
  if (!thread.delayed) return;
  const Delayed delayed = *std::exchange(thread.delayed, std::nullopt);
  const std::size_t place = locations_[delayed.location].history.size();
  thread.view.seen[delayed.location] = static_cast<std::uint16_t>(place);
  locations_[delayed.location].history.push_back(delayed.message);
}

/// Which value a load sees: the newest, or an older one that the thread's view allows. With
/// `any_value` false one unlike `unlike` is looked for, and the newest is taken if there is none.
std::size_t Machine::pick(LocationId id, bool in_order, Value unlike, bool any_value) {
  const Location& location = locations_[id];
  const std::size_t newest = location.history.size() - 1;
  std::size_t oldest = thread().view.seen[id];
  if (in_order) oldest = std::max(oldest, location.newest_in_order);
  if (oldest >= newest || !choices_.reads_old_value()) return newest;
  const std::size_t place = oldest + choices_.below(static_cast<unsigned>(newest - oldest));
  return any_value || location.history[place].value != unlike ? place : newest;
}

void Machine::take_over(LocationId id, std::size_t place, std::memory_order order) {
  Location& location = locations_[id];
  thread().view.seen[id] = static_cast<std::uint16_t>(place);
  thread().last_read[id] = place;
  if (order == std::memory_order_seq_cst) {
    location.newest_in_order = std::max(location.newest_in_order, place);
  }
  if (acquires(order)) thread().view.join(location.history[place].released);
}

void Machine::append(LocationId id, Message message, bool in_order) {
  Location& location = locations_[id];
  const std::size_t place = location.history.size();
  thread().view.seen[id] = static_cast<std::uint16_t>(place);
  message.released.seen[id] = static_cast<std::uint16_t>(place);
  if (in_order) location.newest_in_order = place;
  location.history.push_back(message);
}

Machine::Value Machine::load(const Handle& handle, Orders orders, const Site& site) {
  orders = begin(site, orders);
  Thread& self = thread();
  const LocationId id = check(handle);
  const bool goes_first = self.delayed && self.delayed->location != id &&
                          orders.first != std::memory_order_seq_cst && choices_.flips();
  if (!goes_first) carry_out_delayed(self);
  std::size_t place = pick(id, orders.first == std::memory_order_seq_cst, 0, true);
  const Mutation* const mutation = mutation_of(site);
  if (mutation != nullptr && mutation->left_out && self.last_read.contains(id)) {
    place = self.last_read[id];
  }
  take_over(id, place, orders.first);
  const Location& location = locations_[id];
  note(site, id, location.history[place].value, place + 1 != location.history.size(), false);
  return location.history[place].value;
}

void Machine::store(const Handle& handle, Value value, Orders orders, const Site& site) {
  orders = begin(site, orders);
  Thread& self = thread();
  const LocationId id = check(handle);
  carry_out_delayed(self);
  const Mutation* const mutation = mutation_of(site);
  if (mutation != nullptr && mutation->left_out) return;
  note(site, id, value, false, false);
  Message message{value, {}};
  if (releases(orders.first)) message.released = self.view;
  if (orders.first == std::memory_order_seq_cst) {
    append(id, message, true);
    return;
  }
  message.released.seen[id] = static_cast<std::uint16_t>(locations_[id].history.size());
  self.delayed = Delayed{id, message};
  if (choices_.flips()) carry_out_delayed(self);
}

bool Machine::exchange(const Handle& handle, Value& expected, Value desired, bool may_fail,
                       Orders orders, const Site& site) {
  orders = begin(site, orders);
  Thread& self = thread();
  const LocationId id = check(handle);
  carry_out_delayed(self);
  const std::size_t newest = locations_[id].history.size() - 1;
  const bool in_order = orders.first == std::memory_order_seq_cst;
  // One that fails is a load, and may see an old value that differs from the expected one.
  const std::size_t place = pick(id, in_order, expected, false);
  const Value found = locations_[id].history[place].value;
  const Mutation* const mutation = mutation_of(site);
  const bool fails = found != expected || (may_fail && choices_.below(8) == 0) ||
                     (mutation != nullptr && mutation->left_out);
  if (fails) {
    take_over(id, place, orders.on_failure);
    note(site, id, found, place != newest, true);
    expected = found;
    return false;
  }
  take_over(id, place, orders.first);
  Message message{desired, {}};
  if (releases(orders.first)) message.released = self.view;
  message.released.join(locations_[id].history[place].released);  // the release sequence goes on
  append(id, message, in_order);
  note(site, id, desired, false, false);
  return true;
}

Machine::Handle Machine::add_cell(const void* address) {
  cells_.push_back({address, running(), now(), {}});
  return {address, static_cast<std::uint32_t>(cells_.size() - 1)};
}

void Machine::read_cell(const Handle& handle) {
  Cell& read = cell(handle);
  expect(comes_after(read.written_by, read.written_at),
         "plain memory is read after it was written, not meanwhile");
  read.read_at[running()] = now();
}

void Machine::write_cell(const Handle& handle) {
  Cell& written = cell(handle);
  bool comes_after_all = comes_after(written.written_by, written.written_at);
  for (unsigned i = 0; i < kMostThreads; ++i) {
    comes_after_all = comes_after_all && comes_after(i, written.read_at[i]);
  }
  expect(comes_after_all, "plain memory is written after it was read and written, not meanwhile");
  written.written_by = running();
  written.written_at = now();
}

/// The end of plain memory is like a write to it, and the last.
void Machine::remove_cell(const Handle& handle) {
  if (violation_ || handle.id < global_cells_) return;
  write_cell(handle);
  cells_[handle.id].address = nullptr;
}

void Machine::light_fence(const Site& site) {
  static_cast<void>(begin(site, {}));
  const Mutation* const mutation = mutation_of(site);
  if (mutation == nullptr || !mutation->left_out) carry_out_delayed(thread());
  note(site, 0, 0, false, false);
}

void Machine::pass_fence(unsigned number) {
  ++threads_[number].view.clock[number];
  threads_[number].view.join(fence_view_);
  fence_view_.join(threads_[number].view);
}

bool Machine::heavy_fence(const Site& site) {
  static_cast<void>(begin(site, {}));
  carry_out_delayed(thread());
  const Mutation* const mutation = mutation_of(site);
  if (mutation != nullptr && mutation->left_out) return true;
  if (settings_.heavy_fence_may_fail && choices_.flips()) {
    note(site, 0, 0, false, true);
    return false;
  }
  const unsigned self = running();
  pass_fence(self);
  // Each core is interrupted at a moment of its own.
  const unsigned first = choices_.below(kMostThreads);
  for (unsigned i = 0; i < kMostThreads; ++i) {
    const unsigned other = (first + i) % kMostThreads;
    if (other == self) continue;
    let_others_run();
    pass_fence(other);  // one that has ended passed its last fence then
  }
  pass_fence(self);
  note(site, 0, 0, false, false);
  return true;
}

void Machine::note(const Site& site, unsigned location, Value value, bool is_old, bool failed) {
  steps_.push_back({running(), site, location, value, is_old, failed});
}

std::string Machine::trace() const {
  std::string text;
  const std::size_t first = steps_.size() > kTracedSteps ? steps_.size() - kTracedSteps : 0;
  if (first != 0) text += fmt::format("  ({} steps before)\n", first);
  for (std::size_t i = first; i < steps_.size(); ++i) {
    const Step& step = steps_[i];
    text += fmt::format("  thread {}  {}:{}  {}", step.thread, step.site.file, step.site.line,
                        name(step.site.operation));
    if (step.site.operation <= Operation::exchange) {
      text += fmt::format(" of atomic {}", step.location);
      // Larger ones are parts of ids and addresses, which say nothing.
      if (step.value <= kLargestShown) text += fmt::format(": {:#x}", step.value);
    }
    if (step.is_old) text += ", not the newest";
    if (step.failed) text += ", failed";
    text += '\n';
  }
  return text;
}

}  // namespace knhk::hot_path::checked
