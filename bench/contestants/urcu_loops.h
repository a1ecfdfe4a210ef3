/* The loops around the reads of one flavour of liburcu, in C: C++ takes the library's thread-local
 * readers for objects that may still have to be constructed, and asks at each access. The including
 * file defines READ_LOCK, READ_UNLOCK, QUIESCENT_STATE and READ_MANY, the name of the function. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As RcuSnapshot and RcuSlot in urcu.hpp, as far as they are read. */
struct snapshot {
  uint64_t id[4];
};
struct slot {
  struct snapshot* current;
};

static inline __attribute__((always_inline)) uint64_t keep(uint64_t value) {
  __asm__ volatile("" : "+r"(value));
  return value;
}

static inline __attribute__((always_inline)) uint64_t read_once(struct slot* slot, bool id) {
  uint64_t result;
  READ_LOCK();
  const struct snapshot* const snapshot = rcu_dereference(slot->current);
  if (id) {
    result = __atomic_load_n(&snapshot->id[0], __ATOMIC_RELAXED);
    uint64_t second = __atomic_load_n(&snapshot->id[1], __ATOMIC_RELAXED);
    uint64_t third = __atomic_load_n(&snapshot->id[2], __ATOMIC_RELAXED);
    uint64_t fourth = __atomic_load_n(&snapshot->id[3], __ATOMIC_RELAXED);
    __asm__ volatile("" : "+r"(result), "+r"(second), "+r"(third), "+r"(fourth));
  } else {
    result = keep((uint64_t)(uintptr_t)snapshot);
  }
  READ_UNLOCK();
  return result;
}

static inline __attribute__((always_inline)) uint64_t loop(struct slot* slot, bool id, bool chained,
                                                           size_t count) {
  const uint64_t zero = keep(0);
  uint64_t last = 0;
#define STEP last = read_once(chained ? (struct slot*)((uintptr_t)slot + (last & zero)) : slot, id)
  for (size_t turn = 0; turn < count / 8; ++turn) {
    STEP;
    STEP;
    STEP;
    STEP;
    STEP;
    STEP;
    STEP;
    STEP;
  }
#undef STEP
  QUIESCENT_STATE();
  return keep(last);
}

/* Reads `count` times, a multiple of 8; gives what the last read gave. */
uint64_t READ_MANY(void* slot, bool id, bool chained, size_t count);
uint64_t READ_MANY(void* slot, bool id, bool chained, size_t count) {
  if (id) return chained ? loop(slot, true, true, count) : loop(slot, true, false, count);
  return chained ? loop(slot, false, true, count) : loop(slot, false, false, count);
}
