#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "bench/contestants/contestant.hpp"
#include "knhk/base/ticks.hpp"
#include "knhk/hot_path/measure.hpp"

namespace knhk::bench {

/// The loops of a seat, made where the contestant's read can be inlined into them. `Self` has
///   * a type `Access`, made from the seat for each loop: what the loop keeps in registers;
///   * in it `subject()`, the object through which the caller reads, and `read<part>(subject)`,
///     which gives a register of what it read.
template <class Self>
class LoopedSeat : public Seat {
 public:
  void read(Part part, Order order, std::size_t count) final {
    if (order == Order::independent) {
      part == Part::address ? loop<Part::address, Order::independent>(count)
                            : loop<Part::id, Order::independent>(count);
    } else {
      part == Part::address ? loop<Part::address, Order::chained>(count)
                            : loop<Part::id, Order::chained>(count);
    }
  }

  void await(std::uint64_t number) final {
    typename Self::Access access(static_cast<Self&>(*this));
    while (access.template read<Part::id>(access.subject()) != number) continue;
  }

 private:
  template <Part part, Order order>
  [[gnu::noinline]] void loop(std::size_t count) {
    typename Self::Access access(static_cast<Self&>(*this));
    auto& subject = access.subject();
    [[maybe_unused]] const std::uint64_t zero = hot_path::detail::keep(std::uint64_t{0});
    std::uint64_t last = 0;
    const auto step = [&]() __attribute__((always_inline)) {
      if constexpr (order == Order::independent) {
        last = access.template read<part>(subject);
      } else {
        last = access.template read<part>(hot_path::detail::after(subject, last, zero));
      }
    };
    for (std::size_t turn = 0; turn < count / 8; ++turn) {
      step();
      step();
      step();
      step();
      step();
      step();
      step();
      step();
    }
    static_cast<void>(hot_path::detail::keep(last));
  }
};

/// publish() and what it takes: `Self` has `step()`, which is inlined into both, and may have
/// `approach()`, which fetches what the step will write.
template <class Self>
class TimedPromoter : public Promoter {
 public:
  void publish() final { static_cast<Self&>(*this).step(); }
  [[nodiscard]] std::uint64_t timed_publish() final {
    auto& self = static_cast<Self&>(*this);
    if constexpr (requires { self.approach(); }) self.approach();
    const std::uint64_t start = TickCounter::bracket();
    self.step();
    return TickCounter::bracket() - start;
  }
};

}  // namespace knhk::bench
