/* x86-TSO: each thread's stores wait in its buffer, first in, first out, and reach memory at any
 * later time. A thread sees its own waiting stores first. Locked instructions (xchg, cmpxchg) and
 * membarrier(2) empty the buffer.
 *
 * Orders weaker than seq_cst are the same instruction here, so this machine tells apart only what
 * needs a fence. What the compiler may swap is written as swapped code in hot_path.pml.
 * Plain memory (what a slot holds) goes through the buffers too.
 */

#define CONTENT(slot) (ATOMICS + (slot))
#define BUFFERED 10

typedef Buffer {
  byte count;
  byte place[BUFFERED];
  byte value[BUFFERED]
};
byte cell[ATOMICS + SLOTS];
Buffer buffer[THREADS];
hidden byte entry;  /* a loop's, over before anyone else goes on */

#define known_word() (cell[WORD])

/* The oldest waiting store of `who` reaches memory. */
inline flush_one(who) {
  cell[buffer[who].place[0]] = buffer[who].value[0];
  buffer[who].count--;
  for (entry : 0 .. BUFFERED - 2) {
    buffer[who].place[entry] = buffer[who].place[entry + 1];
    buffer[who].value[entry] = buffer[who].value[entry + 1]
  }
  buffer[who].place[BUFFERED - 1] = 0;
  buffer[who].value[BUFFERED - 1] = 0
}

inline drain(who) {
  do
  :: buffer[who].count > 0 -> flush_one(who)
  :: else -> break
  od
}

inline push(where, what) {
  assert(buffer[me].count < BUFFERED);  /* else the bound is too small */
  buffer[me].place[buffer[me].count] = where;
  buffer[me].value[buffer[me].count] = what;
  buffer[me].count++
}

inline load(where, order, into) {
  d_step {
    step();
    into = cell[where];
    for (entry : 0 .. BUFFERED - 1) {
      if
      :: entry < buffer[me].count && buffer[me].place[entry] == where -> into = buffer[me].value[entry]
      :: else
      fi
    }
  }
}

inline store(where, order, what) {
  d_step {
    step();
    if
    :: order == SEQ_CST -> drain(me); cell[where] = what
    :: else -> push(where, what)
    fi
  }
}

inline cas(where, expected, desired, success, failure, found) {
  d_step {
    step();
    drain(me);
    found = cell[where];
    if
    :: found == expected -> cell[where] = desired
    :: else
    fi
  }
}

/* membarrier(2): passes through every thread, one after the other. */
inline heavy_fence() {
  d_step { step(); drain(me) };
  other = 0;
  do
  :: other < THREADS ->
     d_step { drain(other); other++ }
  :: else -> break
  od;
  other = 0
}

inline begin_record(record) { skip }
inline check_record(record) { skip }
inline check_ledger() { skip }
inline note_ledger() { skip }
inline fill(slot, generation) { push(CONTENT(slot), generation) }
inline check_last_uses(slot) { skip }

inline use_slot(word) {
  claim(a_slot_is_seen_as_it_was_filled, cell[CONTENT(slot_of(word))] == generation_of(word))
}

inline leave() { skip }

proctype store_buffer(byte me) {
end:
  do
  :: d_step { buffer[me].count > 0 -> flush_one(me) }
  od
}

inline start_at(where, what) { cell[where] = what }

inline start_memory() {
  cell[WORD] = make_word(1, 0);
  cell[CONTENT(0)] = 1;
  me = 0;
  do
  :: me < THREADS -> run store_buffer(me); me++
  :: else -> break
  od;
  me = 0
}
