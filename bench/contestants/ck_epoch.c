/* Concurrency Kit's epochs with the loops around their reads: the library's headers are C. Sections
 * are left out: they serve long reads and cost more. */

#include <ck_epoch.h>
#include <ck_pr.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* As Snapshot in snapshot.hpp, part for part. */
struct snapshot {
  uint64_t id[4];
  char artifacts[992];
  ck_epoch_entry_t entry;
} __attribute__((aligned(64)));

struct contest {
  struct snapshot* current __attribute__((aligned(64)));
  ck_epoch_t epoch __attribute__((aligned(64)));
};

struct seat {
  struct contest* contest;
  ck_epoch_record_t* record;
};

struct promoter {
  struct contest* contest;
  ck_epoch_record_t* record;
  struct snapshot* next;
  struct snapshot* old;
};

static size_t living;

static void* allocate(size_t size) {
  void* const memory = aligned_alloc(64, (size + 63) / 64 * 64);
  if (memory == NULL) abort();
  return memory;
}

static struct snapshot* snapshot_new(uint64_t number) {
  struct snapshot* const snapshot = allocate(sizeof *snapshot);
  for (int i = 0; i < 4; ++i) ck_pr_store_64(&snapshot->id[i], number);
  __atomic_fetch_add(&living, 1, __ATOMIC_RELAXED);
  return snapshot;
}

static void snapshot_free(struct snapshot* snapshot) {
  __atomic_fetch_sub(&living, 1, __ATOMIC_RELAXED);
  free(snapshot);
}

static void entry_free(ck_epoch_entry_t* entry) {
  snapshot_free((struct snapshot*)((char*)entry - offsetof(struct snapshot, entry)));
}

/* A record can't be destroyed once it is registered, so it goes back for another to use. */
static ck_epoch_record_t* take_record(ck_epoch_t* epoch) {
  ck_epoch_record_t* record = ck_epoch_recycle(epoch, NULL);
  if (record == NULL) {
    record = allocate(sizeof *record);
    ck_epoch_register(epoch, record, NULL);
  }
  return record;
}

static void* contest_new(void) {
  struct contest* const contest = allocate(sizeof *contest);
  ck_epoch_init(&contest->epoch);
  contest->current = snapshot_new(1);
  return contest;
}
static void contest_free(void* object) {
  struct contest* const contest = object;
  snapshot_free(contest->current);
  free(contest);
}

static void* seat_new(void* object) {
  struct seat* const seat = allocate(sizeof *seat);
  seat->contest = object;
  seat->record = take_record(&seat->contest->epoch);
  return seat;
}
static void seat_free(void* object) {
  struct seat* const seat = object;
  ck_epoch_unregister(seat->record);
  free(seat);
}

static inline __attribute__((always_inline)) uint64_t keep(uint64_t value) {
  __asm__ volatile("" : "+r"(value));
  return value;
}

static inline __attribute__((always_inline)) uint64_t read_once(ck_epoch_record_t* record,
                                                                struct contest* contest, bool id) {
  uint64_t result;
  ck_epoch_begin(record, NULL);
  const struct snapshot* const snapshot = ck_pr_load_ptr(&contest->current);
  if (id) {
    result = __atomic_load_n(&snapshot->id[0], __ATOMIC_RELAXED);
    uint64_t second = __atomic_load_n(&snapshot->id[1], __ATOMIC_RELAXED);
    uint64_t third = __atomic_load_n(&snapshot->id[2], __ATOMIC_RELAXED);
    uint64_t fourth = __atomic_load_n(&snapshot->id[3], __ATOMIC_RELAXED);
    __asm__ volatile("" : "+r"(result), "+r"(second), "+r"(third), "+r"(fourth));
  } else {
    result = keep((uint64_t)(uintptr_t)snapshot);
  }
  ck_epoch_end(record, NULL);
  return result;
}

static inline __attribute__((always_inline)) void loop(const struct seat* seat, bool id,
                                                       bool chained, size_t count) {
  ck_epoch_record_t* const record = seat->record;
  struct contest* const contest = seat->contest;
  const uint64_t zero = keep(0);
  uint64_t last = 0;
#define STEP               \
  last = read_once(record, \
                   chained ? (struct contest*)((uintptr_t)contest + (last & zero)) : contest, id)
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
  (void)keep(last);
}

static void read_many(void* seat, bool id, bool chained, size_t count) {
  if (id) {
    if (chained) {
      loop(seat, true, true, count);
    } else {
      loop(seat, true, false, count);
    }
  } else {
    if (chained) {
      loop(seat, false, true, count);
    } else {
      loop(seat, false, false, count);
    }
  }
}

static void wait_for(void* object, uint64_t number) {
  const struct seat* const seat = object;
  while (read_once(seat->record, seat->contest, true) != number) continue;
}
static void hold(void* object) {
  const struct seat* const seat = object;
  ck_epoch_begin(seat->record, NULL);
}
static void let_go(void* object) {
  const struct seat* const seat = object;
  ck_epoch_end(seat->record, NULL);
}

static void* promoter_new(void* object) {
  struct promoter* const promoter = allocate(sizeof *promoter);
  promoter->contest = object;
  promoter->record = take_record(&promoter->contest->epoch);
  promoter->next = promoter->old = NULL;
  return promoter;
}
static void promoter_free(void* object) {
  struct promoter* const promoter = object;
  ck_epoch_unregister(promoter->record);
  free(promoter);
}
static void prepare(void* object, uint64_t number) {
  struct promoter* const promoter = object;
  promoter->next = snapshot_new(number);
  promoter->old = promoter->contest->current; /* one promoter: nobody else changes it */
}
static void publish(void* object) {
  struct promoter* const promoter = object;
  ck_pr_fence_store();
  ck_pr_store_ptr(&promoter->contest->current, promoter->next);
}
static void settle(void* object) {
  struct promoter* const promoter = object;
  ck_epoch_synchronize(promoter->record);
  snapshot_free(promoter->old);
}
static void settle_without_waiting(void* object) {
  struct promoter* const promoter = object;
  ck_epoch_call(promoter->record, &promoter->old->entry, entry_free);
  ck_epoch_poll(promoter->record);
}
static void drain(void* object) {
  const struct promoter* const promoter = object;
  ck_epoch_barrier(promoter->record);
}
static size_t living_snapshots(void) { return __atomic_load_n(&living, __ATOMIC_RELAXED); }

/* As ForeignTable in foreign.hpp. */
struct table {
  void* (*contest_new)(void);
  void (*contest_free)(void*);
  void* (*seat_new)(void*);
  void (*seat_free)(void*);
  void (*read)(void*, bool id, bool chained, size_t count);
  void (*await)(void*, uint64_t number);
  void (*hold)(void*);
  void (*let_go)(void*);
  void* (*promoter_new)(void*);
  void (*promoter_free)(void*);
  void (*prepare)(void*, uint64_t number);
  void (*publish)(void*);
  void (*settle)(void*);
  void (*settle_without_waiting)(void*);
  void (*drain)(void*);
  size_t (*living_snapshots)(void);
};

const struct table knhk_bench_ck_epoch = {contest_new,  contest_free,
                                          seat_new,     seat_free,
                                          read_many,    wait_for,
                                          hold,         let_go,
                                          promoter_new, promoter_free,
                                          prepare,      publish,
                                          settle,       settle_without_waiting,
                                          drain,        living_snapshots};
