/* The protocol of knhk/hot_path, for spin: every interleaving of a few readers and promotions.
 *
 * The labels are those of the C++: what stands here beside [R4] is what stands there beside [R4].
 * run_models.py puts in front of this file a configuration (who reads how, which memory, which fence
 * mode) and, for a mutant, one order weakened or one step left out. What each configuration and
 * mutant is for stands in catalogue.py, what came out of it in docs/models.md.
 *
 * Modelled: the three ways to read, the slow path and its help, both fence modes; prepare, publish,
 * undo, drop, settle; scans; slots that are freed and filled again at once; records handed back,
 * taken again, linked in; two promoters; threads that stop for ever at any point.
 *
 * Left out, and what covers it:
 *   nested pins, views, the const interface    local to a thread: hot_path_test
 *   choosing the mode; membarrier refused      Errors/Kernel.*, Reclamation.keeps_garbage_*
 *   a failed membarrier                        a scan that does not happen, which is modelled
 *   destruction, static or not; fork           Lifetime.*, Fork.*
 *   who owns shared artifacts, bytes           the writer's alone: Reclamation.counts_*
 *   the epoch, four id parts                   two parts stand for all that are read without a hold
 *   what compilers make of it                  hot_path.object_code, the torture
 *
 * To read a counterexample: run_models.py --only NAME --keep FOLDER leaves model.pml and its trail in
 * FOLDER; there, `spin -t -p -g model.pml` prints each step with what it changed.
 */

#ifndef PORTABLE
#define PORTABLE 0 /* the fence mode */
#endif
#ifndef READER_1
#define READER_1 PIN
#endif
#ifndef READER_2
#define READER_2 NOBODY
#endif
#ifndef READS
#define READS 2 /* by each reader */
#endif
#ifndef WRITERS
#define WRITERS 1
#endif
#ifndef ROUNDS
#define ROUNDS 2 /* promotions by each writer */
#endif
#ifndef SLOTS
#define SLOTS 4
#endif
#ifndef DEPTH
#define DEPTH 12 /* stores to one object (views) */
#endif
#ifndef UNDOES
#define UNDOES 0 /* promotions may be undone, or dropped before they are published */
#endif
#ifndef LAZY
#define LAZY 0 /* settling may leave the scan to a later promotion */
#endif
#ifndef STOPS
#define STOPS 0 /* threads may stop for ever */
#endif
#ifndef RECORDS_CHANGE
#define RECORDS_CHANGE 0 /* the first reader hands its record back, the second takes one */
#endif

#define NOBODY 0
#define PIN 1
#define STICKY 2
#define ID_ONLY 3
#if READER_2 == NOBODY
#define READERS 1
#else
#define READERS 2
#endif
#if READER_1 == ID_ONLY
#define IDS 1
#define HOLDERS 0
#else
#define IDS 0
#define HOLDERS READERS
#endif
#define THREADS (WRITERS + READERS)

/* Memory orders, as bits: acquires, releases, takes part in the single order. */
#define RELAXED 0
#define ACQUIRE 1
#define RELEASE 2
#define ACQ_REL 3
#define SEQ_CST 7

/* The orders of the C++, unless a mutant has another. */
#ifndef W1_ORDER
#define W1_ORDER RELEASE
#endif
#ifndef W2_ORDER
#define W2_ORDER RELEASE
#endif
#ifndef W4_ORDER
#define W4_ORDER SEQ_CST
#endif
#ifndef W5_ORDER
#define W5_ORDER SEQ_CST
#endif
#ifndef W6_ORDER
#define W6_ORDER ACQ_REL
#endif
#ifndef W6_FAILURE
#define W6_FAILURE ACQUIRE
#endif
#ifndef W7_TAKE
#define W7_TAKE ACQUIRE
#endif
#ifndef W7_GIVE
#define W7_GIVE RELEASE
#endif
#ifndef W8_ORDER
#define W8_ORDER RELEASE
#endif
#ifndef W9_ORDER
#define W9_ORDER SEQ_CST
#endif
#ifndef R1_ORDER
#define R1_ORDER ACQUIRE
#endif
#ifndef R1S_ORDER
#define R1S_ORDER RELAXED
#endif
#ifndef R2_ORDER
#define R2_ORDER ACQUIRE
#endif
#ifndef R4_ORDER
#define R4_ORDER RELEASE
#endif
#ifndef R4B_ORDER
#define R4B_ORDER ACQUIRE
#endif
#ifndef R5_ORDER
#if PORTABLE
#define R5_ORDER SEQ_CST
#else
#define R5_ORDER RELEASE
#endif
#endif
#ifndef R5B_ORDER
#if PORTABLE
#define R5B_ORDER SEQ_CST
#else
#define R5B_ORDER ACQUIRE
#endif
#endif
#ifndef R6_ORDER
#define R6_ORDER RELAXED
#endif
#ifndef R6_FAILURE
#define R6_FAILURE ACQUIRE
#endif
#ifndef R7_ORDER
#define R7_ORDER RELEASE
#endif
#ifndef R8_ORDER
#define R8_ORDER ACQUIRE
#endif
#ifndef R9_ORDER
#define R9_ORDER SEQ_CST
#endif

/* The conditions of the C++, unless a mutant has another. */
#ifndef SCANS_WHEN_SHORT
#define SCANS_WHEN_SHORT true
#endif
#ifndef FREES
#define FREES true
#endif
#ifndef UNDO_WORD
#define UNDO_WORD roll_back
#endif
#ifndef UNDO_GENERATION
#define UNDO_GENERATION (generation_of(outgoing) + 2)
#endif
#ifndef R6_ACCEPTS
#define R6_ACCEPTS found
#endif
#ifndef W6_WORD
#define W6_WORD current
#endif
#ifndef KNOWN_AT_START
#define KNOWN_AT_START generation_of(known_word())
#endif
#ifndef HAZARD_COUNTS
#define HAZARD_COUNTS names_slot(hazard)
#endif
#ifndef R4B_CONFIRMS
#define R4B_CONFIRMS (found == word)
#endif
#ifndef GUESS_IN_PORTABLE_MODE
#define GUESS_IN_PORTABLE_MODE 0
#endif
#ifndef STICKY_MATCHES
#define STICKY_MATCHES (word == holds)
#endif
#ifndef R3_CONFIRMS
#define R3_CONFIRMS (again == word)
#endif

/* Words, as in detail/word.hpp. */
#define NO_HAZARD 0
#define LOADING 1
#define NEVER_MATCHES 2
#define HOLDS_NOTHING 3
#define make_word(generation, slot) (((generation) << 3) | (slot))
#define generation_of(word) ((word) >> 3)
#define slot_of(word) ((word) & 7)
#define names_slot(word) (generation_of(word) != 0)

/* Atomic objects. */
#define WORD 0
#define HAZARD(record) (1 + (record))
#define HEAD (1 + HOLDERS)
#define TAKEN (HEAD + RECORDS_CHANGE)
#define TOKEN (TAKEN + RECORDS_CHANGE)
#define PART(slot, part) (TOKEN + (WRITERS - 1) + (slot) * 2 + (part))
#define ATOMICS PART(IDS * SLOTS, 0)

/* What is promised. The names are what a counterexample prints. */
#define claim(promise, holds) assert((promise) || (holds))
hidden byte a_freed_snapshot_is_never_read;
hidden byte a_slot_is_seen_as_it_was_filled;
hidden byte a_last_read_comes_before_freeing;
hidden byte a_store_is_never_overtaken;
hidden byte a_record_is_seen_as_it_was_made;
hidden byte the_ledger_is_seen_as_it_was_left;
hidden byte an_id_is_never_mixed;
hidden byte a_reader_never_goes_back;
hidden byte a_read_is_not_older_than_its_start;
hidden byte living_snapshots_are_bounded;
hidden byte a_promotion_is_never_refused;
hidden byte operations_take_a_bounded_number_of_steps;

#ifndef READER_STEPS
#define READER_STEPS 7
#endif
#define SCAN_STEPS (2 + HOLDERS * 2 + RECORDS_CHANGE)
#define WRITER_STEPS (6 + SCAN_STEPS * 2 + IDS * 4)
byte steps[THREADS];
#define step() \
  steps[me]++; \
  claim(operations_take_a_bounded_number_of_steps, \
        steps[me] <= (me < WRITERS -> WRITER_STEPS : \
                      (IDS -> 4 * (1 + 2 * ROUNDS * WRITERS) : READER_STEPS)))

/* The writer's ledger: bit sets of slots, and which snapshot each slot names. */
byte used = 1;
byte retired;
byte generation_in[SLOTS];
byte snapshot_in[SLOTS];
byte snapshots;
byte id_of[IDS * 2 * ROUNDS * WRITERS + 2];  /* by generation */
hidden byte slot;
hidden byte count;
hidden byte living;
#define bit_of(slot) (1 << (slot))
#define is_used(slot) ((used & bit_of(slot)) != 0)

#ifdef VIEWS
#include "views.pml"
#else
#include "store_buffers.pml"
#endif

#define may_stop() \
  if \
  :: true \
  :: STOPS -> goto stopped \
  fi

/* ---- the writer ---- */

inline count_slots(set) {
  count = 0;
  for (slot : 0 .. SLOTS - 1) { count = count + ((set >> slot) & 1) }
}

/* The lowest free slot, as SlotLedger::take(). */
inline take_slot(taken) {
  taken = 0;
  do
  :: is_used(taken) -> taken++
  :: else -> break
  od;
  assert(taken < SLOTS);
  used = used | bit_of(taken)
}

inline give_back_slot(taken) {
  check_last_uses(taken);
  used = used & ~bit_of(taken);
  generation_in[taken] = 0;
  snapshot_in[taken] = 0
}

inline name_snapshot(taken, generation, snapshot) {
  generation_in[taken] = generation;
  snapshot_in[taken] = snapshot;
  fill(taken, generation)
}

#define is_held(slot) ((held & bit_of(slot)) != 0)

inline reclaim() {
  d_step {
    check_ledger();
    for (slot : 0 .. SLOTS - 1) {
      if
      :: FREES && (retired & bit_of(slot)) != 0 && !is_held(slot) ->
         retired = retired & ~bit_of(slot);
         give_back_slot(slot)
      :: else
      fi
    };
    note_ledger();
    /* One snapshot per holder besides the current one. */
    living = 0;
    for (slot : 0 .. SLOTS - 1) { living = living | (is_used(slot) -> bit_of(snapshot_in[slot]) : 0) };
    count_bits_of(living);
    claim(living_snapshots_are_bounded, count <= HOLDERS + 1);
    held = 0;
    records = 0;
    current = 0
  }
}

inline count_bits_of(set) {
  count = 0;
  do
  :: set != 0 -> count = count + (set & 1); set = set >> 1
  :: else -> break
  od
}

inline scan() {
  load(WORD, RELAXED, current);
#ifndef W4_LEFT_OUT
#if PORTABLE
  store(WORD, W4_ORDER, current); /* [W4] */
#else
  heavy_fence(); /* [W4] */
#endif
#endif
#if RECORDS_CHANGE
  load(HEAD, W9_ORDER, records); /* [W9] */
#else
  records = HOLDERS;
#endif
#if HOLDERS
  do
  :: record < records ->
     d_step { check_record(record) };
#ifdef WAITS_FOR_READERS
     cell[HAZARD(record)] == NO_HAZARD;
#endif
     load(HAZARD(record), W5_ORDER, hazard); /* [W5] */
#ifdef W6_WAITS
     do
     :: hazard == LOADING -> load(HAZARD(record), W5_ORDER, hazard)
     :: else -> break
     od;
#endif
#ifndef W6_LEFT_OUT
     if
     :: hazard == LOADING ->
        cas(HAZARD(record), LOADING, W6_WORD, W6_ORDER, W6_FAILURE, hazard); /* [W6] */
        if
        :: hazard == LOADING -> hazard = W6_WORD
        :: else
        fi
     :: else
     fi;
#endif
     d_step {
       if
       :: HAZARD_COUNTS -> held = held | bit_of(slot_of(hazard))
       :: else
       fi;
       hazard = 0;
       record++
     }
  :: else -> break
  od;
  record = 0;
#endif
  reclaim()
}

inline rewrite_id(taken, snapshot) {
  store(PART(taken, 0), W1_ORDER, snapshot); /* [W1] */
  store(PART(taken, 1), W1_ORDER, snapshot)  /* [W1] */
}

inline prepare() {
  d_step {
    check_ledger();
    take_slot(next);
    take_slot(roll_back);
    note_ledger();
    snapshots++;
    name_snapshot(next, generation_of(outgoing) + 1, snapshots);
    name_snapshot(roll_back, UNDO_GENERATION, snapshot_in[slot_of(outgoing)]);
#if IDS
    id_of[generation_of(outgoing) + 1] = snapshots;
    id_of[generation_of(outgoing) + 2] = snapshot_in[slot_of(outgoing)]
#endif
  };
#if IDS
  rewrite_id(next, snapshot_in[next]);
  rewrite_id(roll_back, snapshot_in[roll_back]);
#endif
  next = make_word(generation_of(outgoing) + 1, next);
  roll_back = make_word(UNDO_GENERATION, roll_back)
}

inline publish(word) {
  store(WORD, W2_ORDER, word) /* [W2] */
}

inline conclude() {
  d_step {
    check_ledger();
    if
    :: current != outgoing -> retired = retired | bit_of(slot_of(outgoing))
    :: else
    fi;
    if
    :: current == roll_back -> retired = retired | bit_of(slot_of(next))
    :: else ->
       give_back_slot(slot_of(roll_back));
       if
       :: current == outgoing -> give_back_slot(slot_of(next))
       :: else
       fi
    fi;
    note_ledger();
    current = 0;
    next = 0;
    roll_back = 0
  }
}

proctype writer(byte me) {
  byte round, outgoing, current, next, roll_back, record, records, hazard, held, at, other, taken;
  do
  :: round < ROUNDS ->
     d_step { round++; steps[me] = 0 };
     may_stop();
#if WRITERS > 1
     cas(TOKEN, 0, 1, W7_TAKE, RELAXED, taken); /* [W7] */
     if
     :: taken != 0 -> taken = 0; goto refused
     :: else
     fi;
#endif
     load(WORD, RELAXED, outgoing);
     d_step { count_slots(used); taken = count };
     if
     :: taken > SLOTS - 2 && SCANS_WHEN_SHORT -> scan()
     :: else
     fi;
     d_step { count_slots(used); taken = count };
     if
     :: taken > SLOTS - 2 ->
        claim(a_promotion_is_never_refused, SLOTS < HOLDERS + 3);
        taken = 0;
        goto over
     :: else -> taken = 0
     fi;
     may_stop();
     prepare();
     if
     :: true -> publish(next)
     :: UNDOES -> publish(next); publish(UNDO_WORD)
     :: UNDOES
     fi;
     may_stop();
     load(WORD, RELAXED, current);
     conclude();
     if
     :: true -> scan()
     :: LAZY
     fi;
over:
     outgoing = 0;
#if WRITERS > 1
     store(TOKEN, W7_GIVE, 0); /* [W7] */
#endif
refused:
     skip
  :: else -> break
  od;
  taken = 0;
  leave();
stopped:
end:
  false
}

/* ---- readers ---- */

inline begin() {
  d_step {
    steps[me] = 0;
    start = KNOWN_AT_START
  }
}

inline use(word) {
  d_step {
    claim(a_freed_snapshot_is_never_read,
          is_used(slot_of(word)) && generation_in[slot_of(word)] == generation_of(word));
    use_slot(word);
    note_generation(word)
  }
}

inline note_generation(word) {
  claim(a_reader_never_goes_back, generation_of(word) >= latest);
  claim(a_read_is_not_older_than_its_start, generation_of(word) >= start);
  latest = generation_of(word);
  start = 0
}

/* HotPath::hold_current() */
inline hold_current() {
#ifdef SLOW_FENCE_LEFT_OUT
  load(WORD, R5B_ORDER, word);
  store(HAZARD(record), R5_ORDER, LOADING);
#else
  store(HAZARD(record), R5_ORDER, LOADING); /* [R5] */
  may_stop();
  load(WORD, R5B_ORDER, word); /* [R5b] */
#endif
  cas(HAZARD(record), LOADING, word, R6_ORDER, R6_FAILURE, found); /* [R6], and [R6a] where it fails */
  if
#ifdef R6_TRIES_AGAIN
  :: found != LOADING -> found = 0; goto try_again
#else
  :: found != LOADING -> word = R6_ACCEPTS
#endif
  :: else
  fi;
  found = 0
}

inline pin() {
  atomic {
    begin();
#if PORTABLE && !GUESS_IN_PORTABLE_MODE
    word = NEVER_MATCHES /* [R4a] */
#else
    load(WORD, RELAXED, word) /* [R4a] */
#endif
  };
#ifdef PIN_FENCE_LEFT_OUT
  load(WORD, R4B_ORDER, found);
  store(HAZARD(record), R4_ORDER, word);
#else
  store(HAZARD(record), R4_ORDER, word); /* [R4] */
  load(WORD, R4B_ORDER, found);          /* [R4b] */
#endif
  if
  :: R4B_CONFIRMS -> found = 0
  :: else ->
try_again:
     found = 0;
     hold_current()
  fi;
  may_stop();
  use(word);
  word = 0
}

inline unpin() {
  store(HAZARD(record), R7_ORDER, NO_HAZARD) /* [R7] */
}

inline hand_back() {
  store(HAZARD(record), R7_ORDER, NO_HAZARD); /* [R7] */
  store(TAKEN, W8_ORDER, 0)                   /* [W8] */
}

inline take_record() {
  load(TAKEN, RELAXED, found);
  if
  :: found == 0 -> cas(TAKEN, 0, 1, R8_ORDER, RELAXED, found) /* [R8] */
  :: else
  fi;
  if
  :: found == 0 -> record = 0
  :: else ->
     d_step { begin_record(record) };
     cas(HEAD, 1, 2, R9_ORDER, RELAXED, found); /* [R9] */
     record = 1
  fi;
  found = 0
}

#if READER_1 == PIN || READER_2 == PIN
proctype reader(byte me; byte record; bool is_last) {
  byte reads, word, found, at, start, latest;
#if RECORDS_CHANGE
  if
  :: is_last -> take_record()
  :: else
  fi;
#endif
  do
  :: reads < READS ->
     reads++;
     pin();
     unpin()
  :: else -> break
  od;
#if RECORDS_CHANGE
  if
  :: !is_last -> steps[me] = 0; hand_back()
  :: else
  fi;
#endif
  latest = 0;
  leave();
stopped:
end:
  false
}

#endif

#if READER_1 == STICKY || READER_2 == STICKY
proctype sticky_reader(byte me; byte record) {
  byte reads, word, found, at, start, latest;
  byte holds = HOLDS_NOTHING;
  do
  :: reads < READS ->
     reads++;
     atomic {
       begin();
       load(WORD, R1S_ORDER, word) /* [R1s] */
     };
     if
     :: STICKY_MATCHES -> skip
     :: else ->
try_again:
        hold_current();
        holds = word
     fi;
     word = 0;
     may_stop();
     use(holds);
     if
     :: true
     :: holds = HOLDS_NOTHING; store(HAZARD(record), R7_ORDER, NO_HAZARD) /* [R7] */
     fi
  :: else -> break
  od;
  latest = 0;
stopped:
end:
  false
}

#endif

#if IDS
/* HotPath::current_id(), and load_id_after_retry() in the same words. */
proctype id_reader(byte me) {
  byte reads, word, again, first, second, at, start, latest;
  do
  :: reads < READS ->
     reads++;
     begin();
try_again:
     load(WORD, R1_ORDER, word);                    /* [R1] */
     load(PART(slot_of(word), 0), R2_ORDER, first);  /* [R2] */
     load(PART(slot_of(word), 1), R2_ORDER, second); /* [R2] */
#ifndef R3_LEFT_OUT
     load(WORD, RELAXED, again); /* [R3] */
     if
     :: R3_CONFIRMS -> skip
     :: else ->
        d_step { again = 0; first = 0; second = 0 };
        goto try_again
     fi;
#endif
     d_step {
       claim(an_id_is_never_mixed,
             first == id_of[generation_of(word)] && second == id_of[generation_of(word)]);
       note_generation(word);
       word = 0;
       again = 0;
       first = 0;
       second = 0
     }
  :: else -> break
  od;
  latest = 0;
  leave();
stopped:
end:
  false
}

#endif

init {
  byte me;
  atomic {
    generation_in[0] = 1;
    start_memory();
#if RECORDS_CHANGE
    start_at(HEAD, 1);
    start_at(TAKEN, 1);
#endif
    do
    :: me < WRITERS -> run writer(me); me++
    :: else -> break
    od;
#if READER_1 == PIN
    run reader(me, 0, false);
#elif READER_1 == STICKY
    run sticky_reader(me, 0);
#else
    run id_reader(me);
#endif
#if READER_2 == PIN
    run reader(me + 1, 1, true);
#elif READER_2 == STICKY
    run sticky_reader(me + 1, 1);
#endif
    me = 0
  }
}
