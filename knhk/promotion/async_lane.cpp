#include <cassert>
#include <system_error>
#include <utility>

#include "knhk/promotion/detail/async_lane.hpp"

namespace knhk::promotion::detail {

AsyncLane::~AsyncLane() {
  closing_.request_stop();
  assert(worker_.get_id() != std::this_thread::get_id() &&
         "a pipeline is destroyed by a continuation of its own operation");
  if (worker_.joinable()) worker_.join();
}

void AsyncLane::add(Job job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
    if (is_working_) return;
    is_working_ = true;
    if (worker_.joinable()) worker_.join();  // it has left `work` or is about to: it takes no lock
    try {
      worker_ = std::thread([this] { work(); });
      return;
    } catch (const std::system_error&) {
      // No thread could be started.
    }
  }
  work();
}

void AsyncLane::work() {
  std::unique_lock lock(mutex_);
  while (!jobs_.empty()) {
    {
      const Job job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      job(closing_.get_token());
    }  // with what it holds
    lock.lock();
  }
  is_working_ = false;
}

}  // namespace knhk::promotion::detail
