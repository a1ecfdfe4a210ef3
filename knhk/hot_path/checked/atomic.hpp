#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <source_location>
#include <type_traits>

#include "knhk/hot_path/checked/machine.hpp"

namespace knhk::hot_path::checked {

/// In the place of std::atomic: each operation is a step of the current `Machine`.
template <class U>
class Atomic {
  static_assert(std::is_trivially_copyable_v<U> && sizeof(U) <= sizeof(Machine::Value));
  using Where = std::source_location;

 public:
  Atomic() : Atomic(U{}) {}
  explicit Atomic(U value) : id_(Machine::current().add_location(this, to_bits(value)).id) {}
  Atomic(const Atomic&) = delete;
  Atomic& operator=(const Atomic&) = delete;
  ~Atomic() { Machine::current().remove_location({this, id_}); }

  [[nodiscard]] U load(std::memory_order order,
                       const Where& where = Where::current()) const noexcept {
    return from_bits(
        Machine::current().load({this, id_}, {order}, Site::of(where, Operation::load)));
  }
  void store(U value, std::memory_order order, const Where& where = Where::current()) noexcept {
    Machine::current().store({this, id_}, to_bits(value), {order},
                             Site::of(where, Operation::store));
  }
  bool compare_exchange_strong(U& expected, U desired, std::memory_order success,
                               std::memory_order failure,
                               const Where& where = Where::current()) noexcept {
    return exchange(expected, desired, false, {success, failure}, where);
  }
  bool compare_exchange_weak(U& expected, U desired, std::memory_order success,
                             std::memory_order failure,
                             const Where& where = Where::current()) noexcept {
    return exchange(expected, desired, true, {success, failure}, where);
  }

 private:
  bool exchange(U& expected, U desired, bool may_fail, Orders orders, const Where& where) noexcept {
    Machine::Value found = to_bits(expected);
    const bool done = Machine::current().exchange({this, id_}, found, to_bits(desired), may_fail,
                                                  orders, Site::of(where, Operation::exchange));
    expected = from_bits(found);
    return done;
  }
  [[nodiscard]] static Machine::Value to_bits(U value) noexcept {
    Machine::Value bits = 0;
    std::memcpy(&bits, &value, sizeof value);
    return bits;
  }
  [[nodiscard]] static U from_bits(Machine::Value bits) noexcept {
    U value{};
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }

  std::uint32_t id_;
};

}  // namespace knhk::hot_path::checked
