#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace knhk::promotion::detail {

/// Runs jobs one after another, in the order of their calls, on a thread that exists only while
/// there are jobs.
///
/// Threads: `add` is safe from any thread, from within a job too. The destructor waits for all jobs
/// and so must not be called by one.
class AsyncLane {
 public:
  /// Gets a token that is stopped when the lane wants to end. Must not throw.
  using Job = std::function<void(const std::stop_token& closing)>;

  AsyncLane() = default;
  AsyncLane(const AsyncLane&) = delete;
  AsyncLane& operator=(const AsyncLane&) = delete;
  ~AsyncLane();

  /// Where the system starts no thread, the calling one does what there is to do.
  /// Effects: allocates; throws std::bad_alloc, as a container would, and has added nothing then.
  void add(Job job);

 private:
  void work();

  std::mutex mutex_;
  std::deque<Job> jobs_;
  bool is_working_ = false;  // a thread takes jobs until there are none
  std::thread worker_;       // of the last thread: joined before the next one is started
  std::stop_source closing_;
};

}  // namespace knhk::promotion::detail
