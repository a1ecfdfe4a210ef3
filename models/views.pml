/* C++20 without load buffering: a view machine.
 *
 * Each atomic object keeps all values that were stored to it, in its modification order. A thread's
 * view says, for each object, the oldest value it may still read; a load takes any value that is
 * not older. A release store attaches the thread's view to the value, an acquire load joins it into
 * the reader's view; a relaxed store attaches nothing, also when it follows a release store of the
 * same thread (C++20), but a read-modify-write hands on what the value it replaced had. A failed
 * compare-exchange is a load. Sequentially consistent operations read nothing older than what an
 * earlier one stored or read. membarrier(2) joins the writer's view with each thread's, both ways.
 *
 * A view covers plain memory too, as clocks: how far the slots were filled, whether a record was
 * made, how often each thread used a snapshot. A plain access whose partner is not in the view is a
 * race, and reported as one.
 *
 * Values are only ever appended. That is all there is as long as whoever stores has seen the newest
 * value, which is a claim: a store is never overtaken.
 *
 * Left out: a load that takes its value from a store that comes later in execution (no compiler or
 * processor does that across these acquire loads); and the one place where C++20 lets the order of
 * seq_cst operations disagree with happens-before (Power needs it; x86 and Arm do not).
 */

#define FILLS ATOMICS
#define BORN (ATOMICS + 1)
#define USES(reader) (ATOMICS + 2 + (reader) - WRITERS)
#define PLACES (ATOMICS + 2 + READERS)

typedef View { byte at[PLACES] };
typedef Message { byte value; View carries };
typedef Location { Message message[DEPTH] };
Location history[ATOMICS];
byte newest[ATOMICS];
View seen[THREADS];
View agreed;  /* what sequentially consistent operations have stored and read */
bool gone[THREADS];
byte fills;
byte filled_at[SLOTS];
byte last_use[SLOTS * THREADS];
hidden byte place;  /* loops' and sums, over before anyone else goes on */
hidden byte who;
hidden byte low;

#define acquires(order) ((order) & 1)
#define releases(order) ((order) & 2)
#define value_of(where, at) history[where].message[at].value
#define carries_of(where, at) history[where].message[at].carries
#define known_word() (value_of(WORD, seen[me].at[WORD]))

inline join(into, from) {
  for (place : 0 .. PLACES - 1) {
    if
    :: into.at[place] < from.at[place] -> into.at[place] = from.at[place]
    :: else
    fi
  }
}

/* Wipes values that no thread can read any more, so that different pasts become one state. */
inline forget() {
  for (place : 0 .. ATOMICS - 1) {
    low = newest[place];
    for (who : 0 .. THREADS - 1) {
      if
      :: !gone[who] && seen[who].at[place] < low -> low = seen[who].at[place]
      :: else
      fi
    }
    do
    :: low > 0 && (low == 1 || carries_of(place, low - 1).at[place] != 0) ->
       low--;
       value_of(place, low) = 0;
       for (who : 0 .. PLACES - 1) { carries_of(place, low).at[who] = 0 }
    :: else -> break
    od
  };
  low = 0
}

inline append(where, what, order) {
  claim(a_store_is_never_overtaken, seen[me].at[where] == newest[where]);
  newest[where]++;
  assert(newest[where] < DEPTH);  /* else the bound is too small */
  value_of(where, newest[where]) = what;
  seen[me].at[where] = newest[where];
  if
  :: releases(order) -> join(carries_of(where, newest[where]), seen[me])
  :: else -> carries_of(where, newest[where]).at[where] = newest[where]
  fi;
  if
  :: order == SEQ_CST -> agreed.at[where] = newest[where]
  :: else
  fi
}

inline load(where, order, into) {
  atomic {
    at = seen[me].at[where];
    if
    :: order == SEQ_CST && at < agreed.at[where] -> at = agreed.at[where]
    :: else
    fi;
    do
    :: at < newest[where] -> at++
    :: d_step {
         step();
         into = value_of(where, at);
         seen[me].at[where] = at;
         if
         :: acquires(order) -> join(seen[me], carries_of(where, at))
         :: else
         fi;
         if
         :: order == SEQ_CST && agreed.at[where] < at -> agreed.at[where] = at
         :: else
         fi;
         forget();
         at = 0
       };
       break
    od
  }
}

inline store(where, order, what) {
  d_step {
    step();
    append(where, what, order);
    forget()
  }
}

inline cas(where, expected, desired, success, failure, found) {
  atomic {
    at = seen[me].at[where];
    do
    :: at < newest[where] -> at++
    :: d_step {
         at == newest[where] || value_of(where, at) != expected ->
         step();
         found = value_of(where, at);
         seen[me].at[where] = at;
         if
         :: found == expected ->
            if
            :: acquires(success) -> join(seen[me], carries_of(where, at))
            :: else
            fi;
            append(where, desired, success);
            join(carries_of(where, newest[where]), carries_of(where, at))
         :: else ->
            if
            :: acquires(failure) -> join(seen[me], carries_of(where, at))
            :: else
            fi
         fi;
         forget();
         at = 0
       };
       break
    od
  }
}

/* membarrier(2): passes through every thread, one after the other. */
inline heavy_fence() {
  d_step { step() };
  other = 0;
  do
  :: other < THREADS ->
     d_step {
       if
       :: other != me -> join(seen[other], seen[me]); join(seen[me], seen[other])
       :: else
       fi;
       other++;
       forget()
     }
  :: else -> break
  od;
  other = 0
}

inline begin_record(record) { seen[me].at[BORN] = 1 }
inline check_record(record) {
  claim(a_record_is_seen_as_it_was_made, !RECORDS_CHANGE || record == 0 || seen[me].at[BORN] == 1)
}
inline check_ledger() { claim(the_ledger_is_seen_as_it_was_left, seen[me].at[FILLS] == fills) }
inline note_ledger() { fills++; seen[me].at[FILLS] = fills }
inline fill(slot, generation) { filled_at[slot] = fills }

inline check_last_uses(slot) {
  for (who : WRITERS .. THREADS - 1) {
    claim(a_last_read_comes_before_freeing,
          seen[me].at[USES(who)] >= last_use[(slot) * THREADS + who]);
    last_use[(slot) * THREADS + who] = 0
  }
}

inline use_slot(word) {
  claim(a_slot_is_seen_as_it_was_filled, seen[me].at[FILLS] >= filled_at[slot_of(word)]);
  seen[me].at[USES(me)]++;
  last_use[slot_of(word) * THREADS + me] = seen[me].at[USES(me)]
}

/* The thread has ended and reads no more; a barrier still passes through it, as a switch to another
 * thread is one. */
inline leave() {
  d_step {
    gone[me] = true;
    forget()
  }
}

inline start_at(where, what) { value_of(where, 0) = what }

inline start_memory() { start_at(WORD, make_word(1, 0)) }
