#pragma once

#include <cassert>
#include <chrono>
#include <coroutine>
#include <future>
#include <memory>
#include <stop_token>
#include <utility>

#include "knhk/base/result.hpp"
#include "knhk/promotion/detail/operation_state.hpp"

namespace knhk::promotion {

/// An admission, promotion or rollback under way: to be waited for, called off, or left alone.
///
/// Its result can be taken once, by `get`, `co_await` or the future. Dropped, it neither waits nor
/// calls anything off. Threads: one at a time, but for `cancel`, which any thread may call.
template <class T>
class [[nodiscard]] Operation {
 public:
  explicit Operation(std::shared_ptr<detail::OperationState<T>> state)
      : state_(std::move(state)), future_(state_->promise.get_future()) {}

  /// False once the result was taken.
  [[nodiscard]] bool is_valid() const noexcept { return future_.valid(); }
  /// True when `get` wouldn't wait. Requires: valid, as all that follows.
  [[nodiscard]] bool is_ready() const { return wait_for(std::chrono::seconds{0}); }
  void wait() const {
    assert(is_valid() && "the result of an operation is taken twice");
    future_.wait();
  }
  /// Returns: whether it is ready.
  template <class Rep, class Period>
  [[nodiscard]] bool wait_for(const std::chrono::duration<Rep, Period>& time) const {
    assert(is_valid() && "the result of an operation is taken twice");
    return future_.wait_for(time) == std::future_status::ready;
  }
  /// Waits, and takes the result. What a domain threw against its contract is thrown here.
  [[nodiscard]] Result<T> get() {
    assert(is_valid() && "the result of an operation is taken twice");
    return future_.get();
  }
  /// The same as a standard future, for those who have a place for that.
  [[nodiscard]] std::future<Result<T>> to_future() && { return std::move(future_); }

  /// Calls the operation off: unless it has committed already, it ends with the error cancelled and
  /// nothing has changed. Returns at once. May be called again, and when it is over.
  void cancel() const noexcept { state_->stop.request_stop(); }

  /// What `co_await` needs. The result is that of `get`.
  class Awaiter {
   public:
    explicit Awaiter(Operation operation) : operation_(std::move(operation)) {}
    Awaiter(const Awaiter&) = delete;
    Awaiter& operator=(const Awaiter&) = delete;
    ~Awaiter() { operation_.state_->continuation.forget(); }

    [[nodiscard]] bool await_ready() const { return operation_.is_ready(); }
    [[nodiscard]] bool await_suspend(std::coroutine_handle<> handle) {
      return operation_.state_->continuation.set(handle);
    }
    [[nodiscard]] Result<T> await_resume() { return operation_.get(); }

   private:
    Operation operation_;
  };
  /// `co_await pipeline.promote_snapshot_async(id)`, or `co_await std::move(operation)`. Ready: the
  /// coroutine goes on at once. Else it goes on on the pipeline's thread, which does no other
  /// operation before the coroutine suspends again or ends; so there it must neither wait for a
  /// later operation of that pipeline otherwise than by `co_await`, nor destroy the pipeline, nor
  /// let an exception out. A coroutine that is destroyed while it waits isn't resumed.
  [[nodiscard]] Awaiter operator co_await() && { return Awaiter(std::move(*this)); }

 private:
  std::shared_ptr<detail::OperationState<T>> state_;
  std::future<Result<T>> future_;
};

}  // namespace knhk::promotion
