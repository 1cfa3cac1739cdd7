"""What an event says to the clauses, found once for all events that say the same.

Takes:  the bits of a case before and after an event, and those of the event itself.
Gives:  `look_up`: the number of a row of facts; `fact`: one of the present row; `truth` of one condition.
Never:  knows of instances.

Conditions are boolean functions of bits, so all that clauses ask of them (did the action happen, did the start begin,
does the pause hold, which row counts) is a function of (bits before, bits after, bits of the event). Logs repeat these by
the million; a table remembers them.
"""

# What stands in the memory has no type here; Numba knows it.
# mypy: disable-error-code="no-any-return"
from __future__ import annotations

import numpy as np

from sladsl.evaluate.columnar.kernel.instructions import (
    AND,
    ANY,
    BEGINS,
    END_OF_FACTS,
    ENDS,
    ERROR,
    LEAF,
    NO,
    NOT,
    OR,
    PICK,
    REF,
    SAME,
    STATE,
    YES,
)
from sladsl.evaluate.columnar.kernel.layout import FALSE, FAULT, NOTE_NONE, TRUE
from sladsl.evaluate.columnar.kernel.memory import (
    clauses,
    event_words,
    facts,
    kernel,
    keys,
    leaves,
    main,
    needed,
    now_words,
    old_words,
    program_at,
    programs,
    reasons,
    stack,
    truth_before,
    truth_now,
)

_MIX = np.uint64(0x9E3779B97F4A7C15)
_STEP = np.uint64(0xD1342543DE82EF95)
_ONE = np.uint64(1)


@kernel
def truth(m: int, condition: int, before: bool) -> int:
    """The truth of a condition: FALSE, TRUE, or FAULT + the leaf that is in error."""
    code = programs(m)
    at = program_at(m)[condition]
    values = stack(m)
    top = 0
    while True:
        word = code[at]
        operation, argument = word & 15, word >> 4
        at += 1
        if operation in (YES, NO):
            values[top] = TRUE if operation == YES else FALSE
            top += 1
        elif operation == LEAF:
            leaf = leaves(m, argument)
            bits = now_words(m)[leaf.word]
            if leaf.of_event:
                bits = event_words(m)[leaf.word]
            elif before:
                bits = old_words(m)[leaf.word]
            if bits & leaf.fault:
                values[top] = FAULT + argument
            else:
                values[top] = TRUE if bits & leaf.bit else FALSE
            top += 1
        elif operation == REF:
            values[top] = truth_before(m)[argument] if before else truth_now(m)[argument]
            top += 1
        elif operation == NOT:
            held = values[top - 1]
            if held < FAULT:
                values[top - 1] = TRUE - held
        elif operation in (AND, OR):
            passing = TRUE if operation == AND else FALSE
            first = top - argument
            held = values[first]
            for i in range(first + 1, top):
                if held != passing:
                    break
                held = values[i]
            values[first] = held
            top = first + 1
        elif operation == SAME:
            left, right = values[top - 2], values[top - 1]
            top -= 1
            if left >= FAULT:
                values[top - 1] = left
            elif right >= FAULT:
                values[top - 1] = right
            else:
                values[top - 1] = TRUE if left == right else FALSE
        elif operation == ERROR:
            values[top] = FAULT + argument
            top += 1
        else:
            return int(values[0])


@kernel
def look_up(m: int, first: bool, quiet: bool) -> int:
    """The row of facts for the present bits; `first` before the first event of a case, `quiet` where there is no event.

    Which clauses must look then stands beside its key: `main.hot_now` is its place.
    """
    v = main(m)
    now, old, of_event = now_words(m), old_words(m), event_words(m)
    wide, narrow = v.case_words, v.event_width
    mark = 1 if first else 2
    if quiet:
        mark = 3
    h, by = np.uint64(mark) * _MIX, _MIX
    for i in range(wide):
        h += now[i] * by
        by *= _STEP
        h += old[i] * by
        by *= _STEP
    for i in range(narrow):
        h += of_event[i] * by
        by *= _STEP
    h = (h ^ (h >> np.uint64(32))) * _MIX
    slot = np.int64(h >> np.uint64(32)) & v.keys_mask
    held, width = keys(m), v.key_width
    while True:
        k = slot * width
        head = np.int64(held[k])
        if head == 0:
            break
        same = head & 3 == mark
        k += 1
        for i in range(wide):
            same &= (held[k] == now[i]) & (held[k + 1] == old[i])
            k += 2
        for i in range(narrow):
            same &= held[k] == of_event[i]
            k += 1
        if same:
            v.hot_now = k
            return head >> 2
        slot = (slot + 1) & v.keys_mask
    if v.keys_next == v.keys_cap:
        _forget(m)
        slot = np.int64(h >> np.uint64(32)) & v.keys_mask
    row = v.keys_next
    v.keys_next += 1
    k = slot * width
    held[k] = np.uint64(row << 2 | mark)
    k += 1
    for i in range(wide):
        held[k], held[k + 1] = now[i], old[i]
        k += 2
    for i in range(narrow):
        held[k] = of_event[i]
        k += 1
    v.hot_now = k
    _find(m, row, first, quiet)
    return row


@kernel
def _forget(m: int) -> None:
    """The table is full: begin anew, in a larger one as long as there is room. What is small stays at hand."""
    v = main(m)
    for slot in range(v.keys_mask + 1):
        keys(m)[slot * v.key_width] = np.uint64(0)
    v.keys_next = 0
    if v.keys_cap < v.keys_most:
        v.keys_cap *= 2
        v.keys_mask = 2 * v.keys_mask + 1


@kernel
def _find(m: int, row: int, first: bool, quiet: bool) -> None:
    """Compute a row of facts."""
    v = main(m)
    now, before = truth_now(m), truth_before(m)
    for i in range(v.needed_count):
        condition = needed(m)[i] >> 1
        action = needed(m)[i] & 1
        if action:
            before[condition] = FALSE
            now[condition] = FALSE if quiet else truth(m, condition, False)
        else:
            before[condition] = FALSE if first else truth(m, condition, True)
            now[condition] = truth(m, condition, False)
    hot = v.hot_now
    for i in range(v.hot_words):
        keys(m)[hot + i] = np.uint64(0)
    code, at = programs(m), program_at(m)[v.condition_count]
    base = row * v.fact_width
    for i in range(base, base + v.fact_width):
        facts(m)[i] = FALSE
    # the facts of the plan, then of each clause in turn: (place, operation, arguments)
    while True:
        operation, place = code[at] & 15, code[at] >> 4
        at += 1
        if operation == END_OF_FACTS:
            break
        if operation <= ENDS:
            at = _trigger(m, base + place, operation, at)
        elif operation == PICK:
            at = _pick(m, base + place, at)
        elif operation == STATE:
            facts(m)[base + place] = now[code[at]]
            at += 1
        else:
            at = _join(m, base + place, operation, at)
    for k in range(v.clause_count):
        at = program_at(m)[v.condition_count + 1 + k]
        while code[at] >= 0:
            condition = code[at] >> 1
            changed = now[condition] != before[condition] or ((code[at] & 1) == 1 and now[condition] != FALSE)
            if changed:
                keys(m)[hot + (k >> 6)] |= _ONE << np.uint64(k & 63)
                break
            at += 1
    if v.seen_width:
        at = program_at(m)[v.condition_count + 1 + v.clause_count]
        while code[at] >= 0:
            condition = code[at] >> 1
            if now[condition] != before[condition] or ((code[at] & 1) == 1 and now[condition] != FALSE):
                facts(m)[base + v.seen_place] = TRUE
                break
            at += 1


@kernel
def _trigger(m: int, place: int, operation: int, at: int) -> int:
    """Whether a condition happens, begins or ends: (condition, party or -1, a state that must hold or -1)."""
    code = programs(m)
    now, before = truth_now(m), truth_before(m)
    condition, party, state = code[at], code[at + 1], code[at + 2]
    held = now[condition]
    if operation in (BEGINS, ENDS):
        was = before[condition]
        if held >= FAULT:
            held = FALSE if was >= FAULT else held  # an error begins once
        elif operation == BEGINS:
            held = TRUE if held == TRUE and was != TRUE else FALSE
        else:
            held = TRUE if held == FALSE and was == TRUE else FALSE
    if held == TRUE and party >= 0:
        held = now[party]
    if held == TRUE and state >= 0:
        held = now[state]
    facts(m)[place] = held
    return at + 3


@kernel
def _join(m: int, place: int, operation: int, at: int) -> int:
    """ANY: the first condition that is not false; ALL: the first that is not true. (count, conditions)."""
    code, now = programs(m), truth_now(m)
    count = code[at]
    passing = FALSE if operation == ANY else TRUE
    held = passing
    for i in range(at + 1, at + 1 + count):
        held = now[code[i]]
        if held != passing:
            break
    facts(m)[place] = held
    return at + 1 + count


@kernel
def _pick(m: int, place: int, at: int) -> int:
    """The first row whose condition holds, else the last; an error as -1 - its leaf. (count, conditions or -1)."""
    code, now = programs(m), truth_now(m)
    count = code[at]
    found = count - 1
    for i in range(count):
        condition = code[at + 1 + i]
        held = TRUE if condition < 0 else now[condition]
        if held == TRUE:
            found = i
            break
        if held >= FAULT:
            found = -1 - (held - FAULT)
            break
    facts(m)[place] = found
    return at + 1 + count


@kernel
def fact(m: int, k: int, place: int) -> int:
    """What the present event says to a clause."""
    v = main(m)
    return int(facts(m)[v.effect * v.fact_width + clauses(m, k).facts + place])


@kernel
def note_of(m: int, c: int, held: int) -> int:
    """The note of a fact that is an error."""
    leaf = held - FAULT
    reason = leaves(m, leaf).reason
    if reason >= 0:
        return int(reason)
    v = main(m)
    if not v.has_reasons:
        return NOTE_NONE
    return int(reasons(m)[c * v.leaf_count + leaf])
