#pragma once

#include <coroutine>
#include <exception>
#include <future>
#include <mutex>
#include <stop_token>
#include <utility>

#include "knhk/base/result.hpp"

namespace knhk::promotion::detail {

/// The coroutine that goes on when an operation is over. Threads: safe from any thread.
class Continuation {
 public:
  /// False when the operation is over: then the coroutine has to go on by itself.
  [[nodiscard]] bool set(std::coroutine_handle<> handle) {
    const std::lock_guard lock(mutex_);
    if (is_over_) return false;
    handle_ = handle;
    return true;
  }
  /// The coroutine is gone.
  void forget() {
    const std::lock_guard lock(mutex_);
    handle_ = {};
  }
  /// The operation is over: resumes the coroutine if one waits.
  void resume() {
    std::coroutine_handle<> handle;
    {
      const std::lock_guard lock(mutex_);
      is_over_ = true;
      handle = std::exchange(handle_, {});
    }
    if (handle) handle.resume();
  }

 private:
  std::mutex mutex_;
  bool is_over_ = false;
  std::coroutine_handle<> handle_;
};

/// What an operation and the job that carries it out share.
template <class T>
struct OperationState {
  std::stop_source stop;
  std::promise<Result<T>> promise;
  Continuation continuation;

  /// Carries `body` out and hands on what it returns.
  template <class Body>
  void complete(const Body& body) noexcept {
    try {
      promise.set_value(body());
    } catch (...) {
      promise.set_exception(std::current_exception());
    }
    continuation.resume();
  }
};

}  // namespace knhk::promotion::detail
