"""What run_models.py checks: configurations of hot_path.pml, and mutants that must be caught."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Configuration:
    """One exhaustive search."""
    name: str
    defines: dict
    size: str = "all"  # "quick": in every test run; "all": with scripts/test --all; "deep": by hand


@dataclasses.dataclass(frozen=True)
class Mutant:
    """The protocol with one order weakened, or one step left out or changed.

    `caught_by` is the promise that breaks; None for a survivor, whose `reason` says why nothing
    breaks. It is searched in each of `configurations`.
    """
    name: str
    defines: dict
    configurations: tuple
    caught_by: str = None
    reason: str = ""


MEMORIES = {"buffers": {}, "views": {"VIEWS": 1}}
MODES = {"asymmetric": {"PORTABLE": 0}, "portable": {"PORTABLE": 1}}


def family(name, size, memories=tuple(MEMORIES), modes=tuple(MODES), **defines):
    """One configuration for each memory and fence mode."""
    return [Configuration(f"{name}.{memory}.{mode}",
                          {**defines, **MEMORIES[memory], **MODES[mode]}, size)
            for memory in memories for mode in modes]


CONFIGURATIONS = [
    *family("pin", "quick", READER_1="PIN", READS=2, ROUNDS=2, STOPS=1),
    *family("sticky", "quick", READER_1="STICKY", READS=3, ROUNDS=2, STOPS=1),
    *family("id", "quick", READER_1="ID_ONLY", READS=2, ROUNDS=2, SLOTS=3, UNDOES=1, DEPTH=12),
    *family("undo", "all", READER_1="PIN", READS=2, ROUNDS=2, UNDOES=1, LAZY=1,
            memories=("buffers",)),
    *family("undo", "all", READER_1="PIN", READS=1, ROUNDS=2, UNDOES=1, LAZY=1,
            memories=("views",)),
    *family("two_readers", "all", READER_1="PIN", READER_2="STICKY", READS=1, ROUNDS=1, SLOTS=5,
            DEPTH=8, STOPS=1),
    *family("records", "all", READER_1="PIN", READER_2="PIN", RECORDS_CHANGE=1, READS=1, ROUNDS=1,
            SLOTS=5, DEPTH=10),
    *family("two_writers", "all", READER_1="PIN", WRITERS=2, READS=1, ROUNDS=1),
    *family("deep_pin", "deep", READER_1="PIN", READS=3, ROUNDS=3, DEPTH=20, UNDOES=1),
    *family("deep_sticky", "deep", READER_1="STICKY", READS=4, ROUNDS=3, DEPTH=20, UNDOES=1),
    *family("deep_id", "deep", READER_1="ID_ONLY", READS=2, ROUNDS=4, SLOTS=3, UNDOES=1, LAZY=1,
            DEPTH=24),
    *family("deep_two_readers", "deep", READER_1="PIN", READER_2="STICKY", READS=1, ROUNDS=2,
            SLOTS=5),
    *family("deep_records", "deep", READER_1="PIN", READER_2="PIN", RECORDS_CHANGE=1, READS=1,
            ROUNDS=2, SLOTS=5, DEPTH=10),
    *family("deep_two_writers", "deep", READER_1="STICKY", WRITERS=2, READS=2, ROUNDS=2, SLOTS=4,
            DEPTH=16),
]


def mutant(name, configurations, caught_by, **defines):
    return Mutant(name, defines, tuple(configurations.split()), caught_by)


def survivor(name, configurations, reason, **defines):
    return Mutant(name, defines, tuple(configurations.split()), reason=reason)


FREED = "a_freed_snapshot_is_never_read"
FILLED = "a_slot_is_seen_as_it_was_filled"
LAST = "a_last_read_comes_before_freeing"
OVERTAKEN = "a_store_is_never_overtaken"
MADE = "a_record_is_seen_as_it_was_made"
LEDGER = "the_ledger_is_seen_as_it_was_left"
MIXED = "an_id_is_never_mixed"
BACK = "a_reader_never_goes_back"
OLDER = "a_read_is_not_older_than_its_start"
BOUNDED = "living_snapshots_are_bounded"
REFUSED = "a_promotion_is_never_refused"
WAITS = "nobody_waits_for_a_thread_that_stopped"
STEPS = "operations_take_a_bounded_number_of_steps"

SINGLE_ORDER = "seq_cst is for the portable mode; here acquire does, and one scan serves both"
FENCED = "the heavy fence gives the same order; needed in portable mode, where it is caught"
IN_ORDER = "this model carries out loads in the order of the program, so only portable mode shows " \
           "that R2 keeps R3 behind it"
SAME = "equivalent: a slot that is held isn't filled again, so its word is the hazard's"

MUTANTS = [
    mutant("W1-relaxed", "id.views.portable", MIXED, W1_ORDER="RELAXED"),
    mutant("W2-relaxed", "pin.views.asymmetric", FILLED, W2_ORDER="RELAXED"),
    mutant("W2-relaxed-id", "id.views.asymmetric", MIXED, W2_ORDER="RELAXED"),
    mutant("W4-left-out", "pin.buffers.asymmetric", FREED, W4_LEFT_OUT=1),
    mutant("W4-left-out-portable", "pin.buffers.portable", FREED, W4_LEFT_OUT=1),
    mutant("W4-release-portable", "sticky.views.portable", LAST, W4_ORDER="RELEASE"),
    mutant("W4-release-portable-x86", "sticky.buffers.portable", FREED, W4_ORDER="RELEASE"),
    mutant("W5-relaxed", "pin.views.asymmetric", LAST, W5_ORDER="RELAXED"),
    mutant("W5-acquire-portable", "sticky.views.portable", LAST, W5_ORDER="ACQUIRE"),
    survivor("W5-acquire", "pin.views.asymmetric sticky.views.asymmetric", SINGLE_ORDER,
             W5_ORDER="ACQUIRE"),
    mutant("W6-left-out", "sticky.buffers.asymmetric", FREED, W6_LEFT_OUT=1),
    mutant("W6-success-acquire", "sticky.views.portable", FILLED, W6_ORDER="ACQUIRE"),
    survivor("W6-success-acquire-asymmetric", "sticky.views.asymmetric", FENCED,
             W6_ORDER="ACQUIRE"),
    mutant("W6-success-release", "sticky.views.asymmetric", LAST, W6_ORDER="RELEASE"),
    mutant("W6-failure-relaxed", "sticky.views.asymmetric", LAST, W6_FAILURE="RELAXED"),
    mutant("W6-helps-with-the-word-before", "sticky.buffers.asymmetric", OLDER,
           W6_WORD="outgoing"),
    mutant("W6-waits-instead", "sticky.buffers.asymmetric", STEPS, W6_WAITS=1),
    mutant("W7-take-relaxed", "two_writers.views.asymmetric", LEDGER, W7_TAKE="RELAXED"),
    mutant("W7-give-relaxed", "two_writers.views.asymmetric", LEDGER, W7_GIVE="RELAXED"),
    mutant("W8-relaxed", "records.views.asymmetric", OVERTAKEN, W8_ORDER="RELAXED", ROUNDS=0),
    mutant("W9-relaxed", "records.views.asymmetric", MADE, W9_ORDER="RELAXED", READS=0),
    mutant("W9-acquire-portable", "records.views.portable", LAST, W9_ORDER="ACQUIRE"),
    mutant("R1-relaxed-id", "id.views.asymmetric", MIXED, R1_ORDER="RELAXED"),
    mutant("R2-relaxed", "id.views.portable", MIXED, R2_ORDER="RELAXED"),
    survivor("W1-relaxed-asymmetric", "id.views.asymmetric", FENCED,
             W1_ORDER="RELAXED"),
    survivor("R2-relaxed-asymmetric", "id.views.asymmetric", IN_ORDER,
             R2_ORDER="RELAXED"),
    mutant("R3-left-out", "id.buffers.asymmetric", MIXED, R3_LEFT_OUT=1),
    mutant("R3-compares-slots", "id.buffers.asymmetric", MIXED,
           R3_CONFIRMS="(slot_of(again)==slot_of(word))"),
    mutant("R4-relaxed", "pin.views.asymmetric", LAST, R4_ORDER="RELAXED"),
    mutant("R4-relaxed-portable", "pin.views.portable", LAST, R4_ORDER="RELAXED"),
    mutant("R4-fence-left-out", "pin.buffers.asymmetric", FREED, PIN_FENCE_LEFT_OUT=1),
    mutant("R4-guesses-in-portable-mode", "pin.buffers.portable", FREED,
           GUESS_IN_PORTABLE_MODE=1),
    mutant("R4b-relaxed", "pin.views.asymmetric", FILLED, R4B_ORDER="RELAXED"),
    mutant("R4b-left-out", "pin.buffers.asymmetric", FREED, R4B_CONFIRMS="true"),
    mutant("R5-relaxed", "sticky.views.asymmetric", LAST, R5_ORDER="RELAXED"),
    mutant("R5-release-portable", "sticky.views.portable", LAST, R5_ORDER="RELEASE"),
    mutant("R5-release-portable-x86", "sticky.buffers.portable", FREED, R5_ORDER="RELEASE"),
    mutant("R5-fence-left-out", "sticky.buffers.asymmetric", FREED, SLOW_FENCE_LEFT_OUT=1),
    mutant("R5b-relaxed", "sticky.views.asymmetric", FILLED, R5B_ORDER="RELAXED"),
    mutant("R5b-acquire-portable", "sticky.views.portable", LAST, R5B_ORDER="ACQUIRE"),
    mutant("R6-failure-relaxed", "sticky.views.portable", FILLED, R6_FAILURE="RELAXED"),
    survivor("R6-failure-relaxed-asymmetric", "sticky.views.asymmetric", FENCED,
             R6_FAILURE="RELAXED"),
    mutant("R6-ignores-help", "sticky.buffers.asymmetric", FREED, R6_ACCEPTS="word"),
    mutant("R6-tries-again", "pin.buffers.asymmetric", STEPS, R6_TRIES_AGAIN=1),
    mutant("R7-relaxed", "pin.views.asymmetric", LAST, R7_ORDER="RELAXED"),
    mutant("R8-relaxed", "records.views.asymmetric", OVERTAKEN, R8_ORDER="RELAXED", ROUNDS=0),
    mutant("R9-relaxed", "records.views.asymmetric", MADE, R9_ORDER="RELAXED", READS=0),
    mutant("R9-acq-rel-portable", "records.views.portable", LAST, R9_ORDER="ACQ_REL"),
    mutant("hazards-ignored", "pin.buffers.asymmetric", FREED, HAZARD_COUNTS="false"),
    survivor("hazards-compared-as-words", "sticky.views.asymmetric undo.views.asymmetric", SAME,
             HAZARD_COUNTS="(names_slot(hazard) && "
                        "generation_in[slot_of(hazard)]==generation_of(hazard))"),
    mutant("sticky-never-looks", "sticky.buffers.asymmetric", OLDER,
           STICKY_MATCHES="(holds!=HOLDS_NOTHING)"),
    mutant("undo-repeats-the-word", "undo.buffers.asymmetric", FREED, UNDO_WORD="outgoing"),
    mutant("undo-repeats-the-generation", "undo.buffers.asymmetric", BACK,
           UNDO_GENERATION="generation_of(outgoing)", KNOWN_AT_START="0"),
    mutant("short-of-slots-without-a-scan", "undo.buffers.asymmetric", REFUSED,
           SCANS_WHEN_SHORT="false"),
    mutant("scans-wait-for-readers", "pin.buffers.asymmetric", WAITS, WAITS_FOR_READERS=1),
    mutant("scans-free-nothing", "pin.buffers.asymmetric", BOUNDED, FREES="false"),
]
