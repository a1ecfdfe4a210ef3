// Everything that object_code_test.py must refuse, one thing in each function.

#include <atomic>
#include <mutex>

extern "C" {

extern std::atomic<long> slow_word;
extern long slow_elsewhere();

void slow_sequential_store() { slow_word.store(1, std::memory_order_seq_cst); }

long slow_fence() {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  return slow_word.load(std::memory_order_relaxed);
}

long slow_addition() { return slow_word.fetch_add(1, std::memory_order_relaxed); }

long slow_exchange() { return slow_word.exchange(1, std::memory_order_relaxed); }

long slow_call() { return slow_elsewhere() + 1; }

long slow_loop() {
  while (slow_word.load(std::memory_order_relaxed) != 1) {
  }
  return 1;
}

}  // extern "C"
