#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <stop_token>
#include <system_error>
#include <thread>
#include <vector>

namespace knhk {

/// Runs `work` on up to `thread_count` threads at once, the calling one among them: on fewer when
/// the system starts no more. Returns when all are done.
///
/// Requires: `work` does the whole task when it runs alone, and throws nothing.
template <class Work>
void run_on_threads(std::size_t thread_count, const Work& work) {
  std::vector<std::jthread> others;
  others.reserve(thread_count);
  try {
    for (std::size_t i = 1; i < thread_count; ++i) others.emplace_back(work);
  } catch (const std::system_error&) {
    // Those that there are do it.
  }
  work();
}

/// Calls `body(begin, end)` for chunks that together cover `[0, count)`, on up to `thread_count`
/// threads (0: as many as the machine has), the calling one among them. Returns when all are done.
///
/// Requires: `body` is safe to call at once from several threads.
/// Errors: what `body` throws, the first of it, once all threads have ended; other chunks may have
/// been left out then. Once `stop` is requested no further chunk is begun: ask it afterwards.
/// Determinism: which thread takes which chunk varies, the chunks themselves don't; write results
/// by index and their order is the same for every thread count.
template <class Body>
void parallel_chunks(std::size_t count, std::size_t chunk_size, unsigned thread_count,
                     const Body& body, const std::stop_token& stop = {}) {
  chunk_size = std::max<std::size_t>(chunk_size, 1);
  const std::size_t chunk_count = (count + chunk_size - 1) / chunk_size;
  if (thread_count == 0) thread_count = std::max(1U, std::thread::hardware_concurrency());
  std::atomic<std::size_t> next{0};
  std::mutex failure_lock;
  std::exception_ptr failure;
  run_on_threads(std::min<std::size_t>(thread_count, chunk_count), [&] {
    try {
      // Relaxed: a chunk's number is all that is handed over; joining publishes the results.
      for (std::size_t chunk = next.fetch_add(1, std::memory_order_relaxed);
           chunk < chunk_count && !stop.stop_requested();
           chunk = next.fetch_add(1, std::memory_order_relaxed)) {
        body(chunk * chunk_size, std::min(count, (chunk + 1) * chunk_size));
      }
    } catch (...) {
      next.store(chunk_count, std::memory_order_relaxed);
      const std::lock_guard lock(failure_lock);
      if (!failure) failure = std::current_exception();
    }
  });
  if (failure) std::rethrow_exception(failure);
}

}  // namespace knhk
