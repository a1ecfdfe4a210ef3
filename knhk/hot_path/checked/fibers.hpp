#pragma once

#include <ucontext.h>

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "knhk/hot_path/checked/view.hpp"

namespace knhk::hot_path::checked {

/// Functions that run in turns on one thread of the operating system: each on a stack of its own,
/// until it hands over to another. Number 0 is whoever called `run`.
class Fibers {
 public:
  Fibers();
  Fibers(const Fibers&) = delete;
  Fibers& operator=(const Fibers&) = delete;

  /// Runs `bodies` as numbers 1, 2, ... starting with `first`; returns when somebody hands over to
  /// 0. A body that ends calls `at_end`, which must hand over and never comes back. Bodies that did
  /// not end are forgotten: what their stacks hold is leaked.
  void run(const std::vector<std::function<void()>>& bodies, unsigned first,
           const std::function<void()>& at_end);

  /// Goes on with `number`; comes back when somebody hands over to the caller.
  void hand_over(unsigned number);
  [[nodiscard]] unsigned running() const noexcept { return running_; }

 private:
  static constexpr std::size_t kStackSize = std::size_t{256} << 10U;
  static void enter(unsigned high, unsigned low);

  std::array<ucontext_t, kMostThreads> contexts_{};
  // Kept from one execution to the next: getting and giving back a stack costs more than what runs
  // on it.
  static inline thread_local std::array<std::unique_ptr<std::byte[]>, kMostThreads> stacks_;
  const std::vector<std::function<void()>>* bodies_ = nullptr;
  const std::function<void()>* at_end_ = nullptr;
  unsigned running_ = 0;
};

}  // namespace knhk::hot_path::checked
