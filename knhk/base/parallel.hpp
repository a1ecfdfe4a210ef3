#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace knhk {

/// Calls `body(begin, end)` for chunks that together cover `[0, count)`, on up to `thread_count`
/// threads (0: as many as the machine has), the calling one among them. Returns when all are done.
///
/// Requires: `body` is safe to call at once from several threads and throws nothing.
/// Determinism: which thread takes which chunk varies, the chunks themselves don't; write results
/// by index and their order is the same for every thread count.
template <class Body>
void parallel_chunks(std::size_t count, std::size_t chunk_size, unsigned thread_count,
                     const Body& body) {
  chunk_size = std::max<std::size_t>(chunk_size, 1);
  const std::size_t chunk_count = (count + chunk_size - 1) / chunk_size;
  if (thread_count == 0) thread_count = std::max(1U, std::thread::hardware_concurrency());
  const std::size_t workers = std::min<std::size_t>(thread_count, chunk_count);
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    // Relaxed: a chunk's number is all that is handed over; joining publishes the results.
    for (std::size_t chunk = next.fetch_add(1, std::memory_order_relaxed); chunk < chunk_count;
         chunk = next.fetch_add(1, std::memory_order_relaxed)) {
      body(chunk * chunk_size, std::min(count, (chunk + 1) * chunk_size));
    }
  };
  std::vector<std::jthread> helpers;
  for (std::size_t i = 1; i < workers; ++i) helpers.emplace_back(work);
  work();
}

}  // namespace knhk
