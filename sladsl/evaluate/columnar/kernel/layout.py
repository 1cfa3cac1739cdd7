"""How the kernel's memory is laid out.

Takes:  nothing.
Gives:  the numbers that stand for words, and the layout of each record.
Never:  needs Numba, so that a plan becomes tables without it.
"""

from __future__ import annotations

import numpy as np

NONE = -(1 << 63)  # an instant that there is not
NO_CAUSE = -1  # in place of an event: time alone did it

FALSE, TRUE, FAULT = 0, 1, 2  # a fact; an error is FAULT + the leaf it comes from

# How an instance stands, and the words of verdicts, which are the same up to PAUSED.
OPEN, PAUSED, BREACHED, CLOSED = 0, 1, 2, 3
MET, LATE, CANCELLED, EXCUSED, UNDETERMINED = 4, 5, 6, 7, 8

# Why a walk over a batch stopped before its end.
DONE, GROW, UNORDERED, TOO_LARGE = 0, 1, 2, 3

# Kinds of targets and clocks.
AMOUNT, POINT, FOLLOWED = 1, 2, 3
EXACT, BUSINESS_TIME, BUSINESS_DAYS, CALENDAR_DAYS = 0, 1, 2, 3

# How often a start opens an instance; what a change of row does; what a start after the last instance does.
FREE, FIRST, EACH, LATEST = 0, 1, 2, 3
# How the actions that a clause needs are counted: not at all, in the instance, in its Extra.
COUNTS_NONE, COUNTS_FEW, COUNTS_MANY = 0, 1, 2
ACTS_FEW, ALERTS_FEW = 30_000, 7  # so many actions and alerts an instance counts itself
CARRY, RESTART, KEEP = 0, 1, 2
NEW, RESUME, IGNORE = 0, 1, 2

# Kinds of starts that facts do not tell.
ON_FACT, ON_FIRST_EVENT, ON_FATE = 0, 1, 2
BREACH, FULFILMENT = 0, 1  # what becomes of an instance, and clauses may start from

# Kinds of timers, in the order in which those of one instant and instance fire; an alert or a pause adds its place.
# What ends a pause comes before everything else of its instant, events included.
PAUSE_USED, CANCEL_AFTER, ALERT, DUE = -(1 << 14), 0, 1, 1 << 14

LOW = (1 << 32) - 1  # the lower half of a number
ALL_PAUSES = -1  # in place of the number of a pause

# Notes that every plan has; those of cells follow.
NOTE_NONE, NOTE_BORN_BREACHED, NOTE_NEVER, NOTE_DIVISION, NOTE_REVISED = 0, 1, 2, 3, 4
NOTES = (
    "",
    "born breached",
    "the target is not reached within ten years of its calendar",
    "a division by zero",
    "revised",
)

NOTE_BASE = 1 << 20  # the notes of an instance are digits of one number with this base
ZONES_AT_MOST = 1024
# How a calendar is read at a start: its place among the plan's, and the zone. The readings of an instance are digits.
READING_BASE = 1 << 20

# A row of a batch: the case, with its place in the batch above 32 bits, the instant, the cause and the type; then the bits
# and the mask of each word of the case, and the words of the event.
ROW_CASE, ROW_TIME, ROW_CAUSE, ROW_TYPE, ROW_HEAD = 0, 1, 2, 3, 4

_TABLES = (
    *("cases", "words", "groups", "lasts", "firsts", "looks", "watches", "values", "reasons", "histories"),
    *("instances", "extras", "nodes", "timers"),
    *("verdicts", "alerts_given", "stretches"),
    *(
        "clauses",
        "rows",
        "targets",
        "pauses",
        "alerts",
        "starts",
        "watched",
        "zone_rules",
        "named_rules",
        "told",
        "unknown_zones",
    ),
    *("clocks", "clock_times", "clock_ticks", "clock_edges", "zone_clocks", "points", "point_starts", "point_dues"),
    *("programs", "program_at", "leaves", "needed", "truth_now", "truth_before", "stack"),
    *("now_words", "old_words", "event_words", "keys", "facts"),
    *(
        "hot",
        "fates",
        "queue",
        "later",
        "columns",
        "leaf_reasons",
        "derived_code",
        "numbers",
        "history_rules",
        "start_hot",
        "acted",
        "seen",
        "seen_at",
        "seen_values",
    ),
    "batch_rows",
)
_VARIABLES = (
    *(
        "case_words",
        "event_width",
        "clause_count",
        "group_count",
        "first_words",
        "fault_bits",
        "keeps_any",
        "watch_count",
        "value_count",
    ),
    *("leaf_count", "history_count", "hot_words", "condition_count", "needed_count", "derived_count"),
    *("instances_next", "instances_free", "instances_cap", "extras_next", "extras_free", "extras_cap"),
    *("nodes_next", "nodes_free", "nodes_cap", "timers_next", "timers_free", "timers_cap"),
    *("verdicts_next", "verdicts_cap", "alerts_next", "alerts_cap", "stretches_next", "stretches_cap"),
    *("keys_next", "keys_cap", "keys_most", "keys_mask", "key_width", "hot_now", "fact_width"),
    *(
        "walkers_log2",
        "walker",
        "row_width",
        "row_at",
        "row_end",
        "row",
        "cause",
        "type",
        "now",
        "timing",
        "effect",
        "case_ends",
        "fault",
        "ordinal",
        "bringing",
        "queue_head",
        "queue_last",
    ),
    *("has_reasons", "known_reasons", "effective_from", "effective_until", "any_follows", "stopped", "stack_cap"),
    *(
        "has_case_until",
        "keeps_stretches",
        "open_count",
        "watched_bits",
        "numbers_cap",
        "too_large",
        "most",
        "room",
        "starts_at_once",
        "followers",
    ),
    *(
        "calendar_count",
        "never_quiet",
        "nodes_an_instance",
        "timers_an_instance",
        "instances_spare",
        "extras_spare",
        "nodes_spare",
        "timers_spare",
    ),
    *("seen_width", "seen_place", "seen_facts", "seen_value_count", "seen_firsts", "seen_now", "seen_next", "seen_cap"),
)
MAIN = np.dtype([(name, "i8") for name in (*_TABLES, *_VARIABLES)])

CASE = np.dtype(
    [
        ("time", "i8"),  # of its last event
        ("next_at", "i8"),  # of its first timer, where it has one
        *((name, "i4") for name in ("timers", "fresh", "acts", "last_act", "act_count", "brought", "open")),
        ("started", "i1"),
        ("ended", "i1"),
        ("look", "i1"),  # clauses look at its next event whatever that changes: `looks` says which
    ],
    align=True,
)
# One label in one case: numbers given, the last open instance (a ring: its `next` is the first).
GROUP = np.dtype([("count", "i4"), ("ring", "i4")])
# While open, `since` is when it last began to run; while paused, when it began to stand still. Of actions and alerts only
# few are counted here, see `COUNTS_FEW` and `ALERTS_FEW`; an Extra has room for the others.
INSTANCE = np.dtype(
    [
        *((name, "i8") for name in ("opened", "due", "since", "cause")),
        *((name, "i4") for name in ("case", "number", "next", "extra", "generation", "type")),
        *((name, "i2") for name in ("acts", "clause")),
        *((name, "i1") for name in ("fresh", "fired")),
        ("row", "i1"),
        ("status", "i1"),
    ]
)
EXTRA = np.dtype(
    [
        *((name, "i8") for name in ("paused", "spent", "fired", "cause", "zones", "note")),
        *(
            (name, "i4")
            for name in ("type", "cancel_seen", "excuse_seen", "acts", "ends", "distinct", "distinct_count")
        ),
        *((name, "i4") for name in ("ran", "ran_last", "held", "held_count", "kept", "brought")),
    ],
    align=True,
)
# An entry of a list; what a, b, c and k mean depends on the list.
NODE = np.dtype([("a", "i8"), ("b", "i8"), ("c", "i8"), ("k", "i4"), ("next", "i4")])
TIMER = np.dtype(
    [
        ("at", "i8"),
        *((name, "i4") for name in ("instance", "generation", "left", "right", "number")),
        *((name, "i2") for name in ("kind", "clause")),
    ]
)
VERDICT = np.dtype(
    [
        *((name, "i8") for name in ("opened", "due", "closed", "elapsed", "paused", "late_ticks")),
        *((name, "i8") for name in ("cause", "closed_cause", "zones", "note")),
        *((name, "i4") for name in ("case", "number", "type", "closed_type", "stretches")),
        ("clause", "i2"),
        ("row", "i1"),
        ("status", "i1"),
    ],
    align=True,
)
ALERT_GIVEN = np.dtype([("at", "i8"), *((name, "i4") for name in ("clause", "case", "number", "alert"))])
STRETCH = np.dtype([("since", "i8"), ("until", "i8")])

CLAUSE = np.dtype(
    [
        *((name, "i8") for name in ("needed", "distinct_needed", "end_needed")),
        *(
            (name, "i4")
            for name in ("index", "group", "act", "remembers", "counts", "distinct", "inverse", "met_at_due")
        ),
        *((name, "i4") for name in ("closes_at_due", "how", "chains", "one_for_one", "end", "rows", "row_count")),
        *((name, "i4") for name in ("pauses", "pause_count", "alerts", "alert_count", "starts", "start_count")),
        *((name, "i4") for name in ("cancels", "excuses", "settles", "reads", "tighter", "looser", "reopen")),
        *((name, "i4") for name in ("reopen_within", "cancel_after", "checks", "watched", "watched_count")),
        *(
            (name, "i4")
            for name in (
                "keeps_last",
                "first_bit",
                "first_label",
                "facts",
                "zones",
                "zone_count",
                "follows",
                "together",
            )
        ),
    ],
    align=True,
)
ROW = np.dtype([("target", "i4")])
PAUSE = np.dtype([("target", "i4")])
TARGET = np.dtype(
    [("ticks", "i8"), *((name, "i4") for name in ("kind", "clock", "point", "value", "zone_place", "family"))],
    align=True,
)
ALERT_RULE = np.dtype(
    [("numerator", "i8"), ("denominator", "i8"), *((name, "i4") for name in ("before", "after", "breach", "index"))]
)
START = np.dtype([("kind", "i4"), ("fate", "i4"), ("happens", "i4")])
WATCHED = np.dtype([("bit", "i4"), ("pair", "i4"), ("group", "i4")])
# By calendar: the column of values that tells its zone, or -1, and the zone where it tells none; the column that names
# the calendar for which it stands, or -1, and the one where it names none.
ZONE_RULE = np.dtype([("value", "i4"), ("fallback", "i4")])
NAMED_RULE = np.dtype([("value", "i4"), ("otherwise", "i4")])
CLOCK = np.dtype([*((name, "i4") for name in ("kind", "first", "count", "edges", "edge_count"))])
POINTS = np.dtype([("first", "i4"), ("count", "i4")])
# Where a leaf's truth stands: a bit of the case's words or of the event's, and one that says it is an error.
LEAF = np.dtype(
    [("bit", "u8"), ("fault", "u8"), ("of_event", "i4"), ("word", "i4"), ("reason", "i4"), ("place", "i4")], align=True
)
VALUE = np.dtype([("number", "i8"), ("denominator", "i8"), ("flag", "i8")])
COLUMN = np.dtype(
    [("numbers", "i8"), ("denominators", "i8"), ("flags", "i8"), ("kept", "i8"), ("follows", "i8"), ("seen", "i8")]
)
# How often what a history counts happened, when first and last, and what it sums or keeps.
HISTORY = np.dtype(
    [
        *((name, "i8") for name in ("count", "first", "last", "number", "denominator")),
        *((name, "i4") for name in ("fault", "kept", "kept_last", "distinct")),
    ],
    align=True,
)

HISTORY_RULE = np.dtype([(name, "i4") for name in ("function", "condition", "party", "begins", "value", "window")])
