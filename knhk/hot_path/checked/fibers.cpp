#include "knhk/hot_path/checked/fibers.hpp"

#include <bit>
#include <cstdint>
#include <cstdlib>
#include <utility>

namespace knhk::hot_path::checked {

Fibers::Fibers() = default;

void Fibers::run(const std::vector<std::function<void()>>& bodies, unsigned first,
                 const std::function<void()>& at_end) {
  if (bodies.size() >= kMostThreads) std::abort();  // a test asks for more than there are
  bodies_ = &bodies;
  at_end_ = &at_end;
  // makecontext passes ints alone, so the address travels in two halves.
  const auto self = std::bit_cast<std::uintptr_t>(this);
  for (unsigned i = 1; i <= bodies.size(); ++i) {
    if (stacks_[i] == nullptr) {
      stacks_[i] = std::make_unique_for_overwrite<std::byte[]>(kStackSize);
    }
    ucontext_t& context = contexts_[i];
    getcontext(&context);
    context.uc_stack.ss_sp = stacks_[i].get();
    context.uc_stack.ss_size = kStackSize;
    context.uc_link = nullptr;
    makecontext(&context, reinterpret_cast<void (*)()>(&Fibers::enter), 2,
                static_cast<unsigned>(self >> 32U), static_cast<unsigned>(self));
  }
  hand_over(first);
}

void Fibers::hand_over(unsigned number) {
  const unsigned from = std::exchange(running_, number);
  if (from != number) swapcontext(&contexts_[from], &contexts_[number]);
}

void Fibers::enter(unsigned high, unsigned low) {
  const std::uintptr_t address = (std::uintptr_t{high} << 32U) | low;
  auto* const self = std::bit_cast<Fibers*>(address);
  (*self->bodies_)[self->running_ - 1]();
  (*self->at_end_)();
}

}  // namespace knhk::hot_path::checked
