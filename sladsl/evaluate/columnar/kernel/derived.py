"""Conditions over several values, time and the past of a case: evaluated at every event, where a plan has them.

Takes:  the kernel's memory, and a program: which conditions, histories and leaves to compute, in order.
Gives:  `derive`: the bits of these leaves beside all others.
Never:  rounds: numbers are fractions of two 64-bit integers, and where one would not fit, `main.stopped` says TOO_LARGE.

An operand is (flag, number, denominator): flag OK, MISSING, or an error as ERROR + its note. A cell that cannot be read is
an error only once all operands of its comparison are known (SOFT is added); one of arithmetic at once.
"""

# What stands in the memory has no type here; Numba knows it.
# mypy: disable-error-code="no-any-return"
from __future__ import annotations

from sladsl.evaluate.columnar.kernel.clocks import is_open, measure, point_due
from sladsl.evaluate.columnar.kernel.facts import truth
from sladsl.evaluate.columnar.kernel.instructions import (
    ADD,
    AT_MOST,
    BETWEEN,
    CARRIED,
    COMPARE,
    CONSTANT,
    COUNT,
    DATE,
    DISTINCT,
    DIVIDE,
    DONE,
    DURING,
    EQUAL,
    FIRST_TIME,
    HOUR,
    IN_LIST,
    KNOWN,
    LAST_TIME,
    LESS,
    MORE,
    MULTIPLY,
    NOW,
    PART,
    PAST,
    REMEMBER,
    STOP,
    SUBTRACT,
    SUM,
    TRUTH,
    UNEQUAL,
    VALUE,
    WEEKDAY,
)
from sladsl.evaluate.columnar.kernel.layout import NOTE_DIVISION, TRUE
from sladsl.evaluate.columnar.kernel.memory import (
    at_address,
    columns,
    derived_code,
    event_words,
    histories,
    history_rules,
    kernel,
    leaves,
    main,
    new_node,
    nodes,
    now_words,
    numbers,
    reading_of,
    reasons,
    targets,
    told_clock,
    truth_before,
    truth_now,
    values,
)

OK, MISSING, ERROR = 0, 1, 2
SOFT = 1 << 40

_DAY_US = 86_400_000_000
_LARGEST = 4.0e18


@kernel
def derive(m: int, row: int, c: int, t: int, first: bool) -> None:
    """Run the program for an event: its leaves' bits are set, its histories remember."""
    code = derived_code(m)
    at = 0
    while True:
        item, argument = code[at], code[at + 1]
        at += 2
        if item == STOP:
            return
        if item == TRUTH:
            condition = int(argument >> 1)
            action = argument & 1
            truth_before(m)[condition] = 0 if action or first else truth(m, condition, True)
            truth_now(m)[condition] = truth(m, condition, False)
        elif item == REMEMBER:
            _remember(m, int(argument), row, c, t)
        else:
            at = _leaf(m, int(argument), at, row, c, t)


@kernel
def _leaf(m: int, leaf: int, at: int, row: int, c: int, t: int) -> int:
    """Compute a leaf, and set its bits."""
    at, flag, held = _evaluate(m, at, row, c, t)
    rule = leaves(m, leaf)
    table = event_words(m) if rule.of_event else now_words(m)
    bits = table[rule.word] & ~(rule.bit | rule.fault)
    if flag >= ERROR:
        bits |= rule.fault
        v = main(m)
        if v.has_reasons:
            reasons(m)[c * v.leaf_count + leaf] = (flag & (SOFT - 1)) - ERROR
    elif flag == OK and held:
        bits |= rule.bit
    table[rule.word] = bits
    return at


@kernel
def _evaluate(m: int, at: int, row: int, c: int, t: int) -> tuple[int, int, int]:
    """Where the next item of the program stands, and the truth that this one comes to: its flag, and 0 or 1."""
    v = main(m)
    code, stack = derived_code(m), numbers(m)
    top = 0
    while True:
        operation = code[at]
        at += 1
        if operation == DONE:
            return at, stack[0], stack[1]
        if operation == CONSTANT:
            stack[top], stack[top + 1], stack[top + 2] = OK, code[at], code[at + 1]
            at += 2
            top += 3
        elif operation == VALUE:
            value = values(m, c * v.value_count + code[at])
            flag = MISSING if value.flag == 0 else OK if value.flag == 1 else value.flag - 2 + ERROR + SOFT
            stack[top], stack[top + 1], stack[top + 2] = flag, value.number, value.denominator
            at += 1
            top += 3
        elif operation == CARRIED:
            column = columns(m, code[at])
            told = at_address(column.flags)[row]
            flag = MISSING if told == 0 else OK if told == 1 else told - 2 + ERROR + SOFT
            stack[top], stack[top + 1] = flag, at_address(column.numbers)[row]
            stack[top + 2] = at_address(column.denominators)[row] if column.denominators else 1
            at += 1
            top += 3
        elif operation == NOW:
            stack[top], stack[top + 1], stack[top + 2] = OK, t, 1
            top += 3
        elif operation == PAST:
            flag, number, denominator = _past(m, int(code[at]), c, t)
            stack[top], stack[top + 1], stack[top + 2] = flag, number, denominator
            at += 1
            top += 3
        elif operation <= DIVIDE:
            top -= 3
            _arithmetic(m, operation, top - 3)
        elif operation == PART:
            if stack[top - 3] >= ERROR:
                stack[top - 3] &= SOFT - 1
            elif stack[top - 3] == OK:
                stack[top - 2] = _part(m, int(code[at]), int(code[at + 1]), stack[top - 2])
                stack[top - 1] = 1
            at += 2
        elif operation == COMPARE:
            top -= 3
            flag = _both(m, top - 3)
            held = 0
            if flag == OK:
                order = _order(m, top - 3, top)
                held = _fits(code[at], order)
            stack[top - 3], stack[top - 2] = flag, held
            at += 1
        elif operation == BETWEEN:
            top -= 6
            flag = _both(m, top - 3)
            if flag == OK or flag >= ERROR:
                flag = _all_three(m, top - 3)
            held = 0
            if flag == OK:
                within = _order(m, top, top - 3) <= 0 and _order(m, top - 3, top + 3) <= 0
                held = 1 if within != (code[at] == 1) else 0
            stack[top - 3], stack[top - 2] = flag, held
            at += 1
        elif operation == IN_LIST:
            flag = stack[top - 3]
            count, negated = code[at], code[at + 1]
            at += 2
            held = 0
            if flag >= ERROR:
                stack[top - 3] = flag & (SOFT - 1)
            elif flag == OK:
                for i in range(count):
                    if stack[top - 2] == code[at + 2 * i] and stack[top - 1] == code[at + 2 * i + 1]:
                        held = 1
                held = 1 - held if negated else held
            stack[top - 2] = held
            at += 2 * count
        elif operation == KNOWN:
            flag = stack[top - 3]
            if flag >= ERROR and not flag & SOFT:
                held = 0
            else:
                held = 0 if flag == MISSING else 1
                stack[top - 3] = OK
            stack[top - 2] = held
        elif operation == DURING:
            stack[top], stack[top + 1], stack[top + 2] = OK, _during(m, at, c, t), 1
            at += 2
            top += 3
        else:  # IS_TRUE
            flag = stack[top - 3]
            if flag >= ERROR:
                stack[top - 3] = flag & (SOFT - 1)


@kernel
def _both(m: int, first: int) -> int:
    """The flag of two operands: errors of arithmetic as they come, then what is missing, then cells in error."""
    stack = numbers(m)
    left, right = stack[first], stack[first + 3]
    if left == MISSING or (left >= ERROR and not left & SOFT):
        return left
    if right == MISSING or (right >= ERROR and not right & SOFT):
        return right
    if left >= ERROR:
        return left & (SOFT - 1)
    return right & (SOFT - 1) if right >= ERROR else OK


@kernel
def _all_three(m: int, first: int) -> int:
    """The same for three operands: of `low <= value <= high` the low one is read first, then the value."""
    stack = numbers(m)
    for i in range(3):
        flag = stack[first + 3 * i]
        if flag == MISSING or (flag >= ERROR and not flag & SOFT):
            return flag
    value, low, high = stack[first], stack[first + 3], stack[first + 6]
    if low >= ERROR:
        return low & (SOFT - 1)
    if value >= ERROR:
        return value & (SOFT - 1)
    if high >= ERROR and _order(m, first + 3, first) <= 0:
        return high & (SOFT - 1)
    return OK


@kernel
def _fits(operator: int, order: int) -> int:
    if operator == EQUAL:
        return 1 if order == 0 else 0
    if operator == UNEQUAL:
        return 1 if order != 0 else 0
    if operator == LESS:
        return 1 if order < 0 else 0
    if operator == AT_MOST:
        return 1 if order <= 0 else 0
    if operator == MORE:
        return 1 if order > 0 else 0
    return 1 if order >= 0 else 0


@kernel
def _order(m: int, left: int, right: int) -> int:
    """-1, 0 or 1: how two operands compare."""
    stack = numbers(m)
    a, b, c, d = stack[left + 1], stack[left + 2], stack[right + 1], stack[right + 2]
    if b != d:
        a = _times(m, a, d)
        c = _times(m, c, b)
    return -1 if a < c else 1 if a > c else 0


@kernel
def _times(m: int, a: int, b: int) -> int:
    if abs(float(a) * float(b)) > _LARGEST:
        main(m).too_large = 1
        return 0
    return a * b


@kernel
def _plus(m: int, a: int, b: int) -> int:
    if abs(float(a) + float(b)) > _LARGEST:
        main(m).too_large = 1
        return 0
    return a + b


@kernel
def _arithmetic(m: int, operation: int, left: int) -> None:
    """left and the operand after it become one."""
    stack = numbers(m)
    right = left + 3
    flag = _both(m, left)
    if flag != OK:
        stack[left] = flag
        return
    a, b, c, d = stack[left + 1], stack[left + 2], stack[right + 1], stack[right + 2]
    if operation == DIVIDE:
        if c == 0:
            stack[left] = ERROR + NOTE_DIVISION
            return
        c, d = d, c
    if operation in (MULTIPLY, DIVIDE):
        number, denominator = _times(m, a, c), _times(m, b, d)
    else:
        if operation == SUBTRACT:
            c = -c
        if b == d:
            number, denominator = _plus(m, a, c), b
        else:
            number, denominator = _plus(m, _times(m, a, d), _times(m, c, b)), _times(m, b, d)
    if denominator < 0:
        number, denominator = -number, -denominator
    if denominator != 1 and denominator != 0:
        x, y = abs(number), denominator
        while y:
            x, y = y, x % y
        number //= x
        denominator //= x
    stack[left + 1], stack[left + 2] = number, denominator


@kernel
def _part(m: int, part: int, table: int, us: int) -> int:
    """A part of an instant in the agreement's zone."""
    wall = us + point_due(m, table, us)
    day = wall // _DAY_US
    if part == DATE:
        return day
    if part == WEEKDAY:
        return (day + 3) % 7
    if part == HOUR:
        return (wall - day * _DAY_US) // 3_600_000_000
    # the month of a day number, counted in 400 years that begin with march
    of_era = (day + 719_468) % 146_097
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    return month + 3 if month < 10 else month - 9


@kernel
def _during(m: int, at: int, c: int, t: int) -> int:
    """Whether a calendar is open: (its clock, or -1 - its family), (which one it is)."""
    code = derived_code(m)
    clock = code[at]
    if clock < 0:
        clock = told_clock(m, -1 - clock, reading_of(m, c, int(code[at + 1]), False))
    return 1 if is_open(m, int(clock), t) else 0


# --- the past ---------------------------------------------------------------------------------------------------------


@kernel
def _remember(m: int, h: int, row: int, c: int, t: int) -> None:
    """Where what a history counts has happened with this event, add it."""
    v = main(m)
    rule = history_rules(m, h)
    if truth_now(m)[rule.condition] != TRUE:
        return
    if rule.begins and truth_before(m)[rule.condition] == TRUE:
        return
    if rule.party >= 0 and truth_now(m)[rule.party] != TRUE:
        return
    past = histories(m, c * v.history_count + h)
    flag, number, denominator = 0, 0, 1
    if rule.function == DISTINCT:
        column = columns(m, rule.value)
        flag = at_address(column.flags)[row]
        number = at_address(column.numbers)[row]
    elif rule.function == SUM:
        value = values(m, c * v.value_count + rule.value)
        flag, number, denominator = value.flag, value.number, value.denominator
    if rule.window >= 0:
        i = new_node(m)
        node = nodes(m, i)
        node.a, node.b, node.c, node.k = t, number, denominator, flag
        if past.kept:
            nodes(m, past.kept_last).next = i
        else:
            past.kept = i
        past.kept_last = i
        return
    if past.count == 0:
        past.first = t
    past.count += 1
    past.last = t
    if rule.function == SUM and flag:
        _add_to_sum(m, c * v.history_count + h, flag, number, denominator)
    elif rule.function == DISTINCT and flag:
        i = past.distinct
        while i:
            if nodes(m, i).a == number:
                return
            i = nodes(m, i).next
        i = new_node(m)
        nodes(m, i).a = number
        nodes(m, i).next = past.distinct
        past.distinct = i
        past.number += 1


@kernel
def _add_to_sum(m: int, place: int, flag: int, number: int, denominator: int) -> None:
    past = histories(m, place)
    if flag > 1:
        past.fault = flag
        return
    stack = numbers(m)
    top = main(m).numbers_cap - 6
    stack[top], stack[top + 1], stack[top + 2] = OK, past.number, max(past.denominator, 1)
    stack[top + 3], stack[top + 4], stack[top + 5] = OK, number, denominator
    _arithmetic(m, ADD, top)
    past.number, past.denominator = stack[top + 1], stack[top + 2]


@kernel
def _drop_old(m: int, h: int, c: int, t: int) -> None:
    """Forget what lies before the window."""
    v = main(m)
    past = histories(m, c * v.history_count + h)
    window = targets(m, history_rules(m, h).window)
    while past.kept:
        i = past.kept
        if measure(m, window.clock, nodes(m, i).a, t) < window.ticks:
            return
        past.kept = nodes(m, i).next
        nodes(m, i).next = v.nodes_free
        v.nodes_free = i
        v.nodes_spare += 1


@kernel
def _past(m: int, h: int, c: int, t: int) -> tuple[int, int, int]:
    """The value of a history: its flag, number, denominator."""
    v = main(m)
    rule = history_rules(m, h)
    past = histories(m, c * v.history_count + h)
    if rule.window >= 0:
        _drop_old(m, h, c, t)
        return _past_in_window(m, h, c, t)
    if rule.function == COUNT:
        return OK, past.count, 1
    if rule.function == DISTINCT:
        return OK, past.number, 1
    if rule.function == SUM:
        if past.fault:
            return past.fault - 2 + ERROR, 0, 1
        return OK, past.number, max(past.denominator, 1)
    if past.count == 0:
        return MISSING, 0, 1
    if rule.function == FIRST_TIME:
        return OK, past.first, 1
    return OK, past.last if rule.function == LAST_TIME else t - past.last, 1


@kernel
def _past_in_window(m: int, h: int, c: int, t: int) -> tuple[int, int, int]:
    v = main(m)
    rule = history_rules(m, h)
    past = histories(m, c * v.history_count + h)
    count = 0
    stack = numbers(m)
    top = v.numbers_cap - 6
    stack[top], stack[top + 1], stack[top + 2] = OK, 0, 1
    i = past.kept
    while i:
        node = nodes(m, i)
        if rule.function == COUNT:
            count += 1
        elif rule.function == DISTINCT and node.k:
            j = past.kept
            while j != i and not (nodes(m, j).k and nodes(m, j).b == node.b):
                j = nodes(m, j).next
            if j == i:
                count += 1
        elif rule.function == SUM and node.k:
            if node.k > 1:
                return node.k - 2 + ERROR, 0, 1
            stack[top + 3], stack[top + 4], stack[top + 5] = OK, node.b, node.c
            _arithmetic(m, ADD, top)
        i = node.next
    if rule.function <= DISTINCT:
        return OK, count, 1
    if rule.function == SUM:
        return OK, stack[top + 1], stack[top + 2]
    if past.kept == 0:
        return MISSING, 0, 1
    if rule.function == FIRST_TIME:
        return OK, nodes(m, past.kept).a, 1
    last = nodes(m, past.kept_last).a
    return OK, last if rule.function == LAST_TIME else t - last, 1
