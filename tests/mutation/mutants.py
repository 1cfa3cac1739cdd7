"""Small breaks of the stream evaluator and of the clocks that it uses.

Takes:  nothing; plain data.
Gives:  `MUTANTS`.
Never:  breaks anything by itself (see `mutate.py`).

Each is one place that a tired person could have written so. A break that changes nothing anybody can see is no mutant:
it is replaced. Old texts are as short as they can be and still stand once in their file, so that they outlive changes
around them.
"""

from __future__ import annotations

from attrs import frozen


@frozen
class Mutant:
    """One break.

    file    below `sladsl/`
    old     what stands there, exactly once
    new     what stands there instead
    breaks  what is wrong then
    """

    file: str
    old: str
    new: str
    breaks: str


CLOCKS = "clock/clocks.py"
POINTS = "clock/points.py"
ORDER = "events/order.py"
CLAUSE = "evaluate/stream/clause.py"
RUNNING = "evaluate/stream/running.py"
MACHINE = "evaluate/stream/machine.py"
HISTORY = "evaluate/stream/history.py"
SNAPSHOT = "evaluate/stream/snapshot.py"
OBSERVER = "evaluate/stream/observer.py"

MUTANTS = (
    # --- clocks and points
    Mutant(
        CLOCKS,
        "shift[bisect_left(counts, target, i >> 1) - 1]",
        "shift[bisect_right(counts, target, i >> 1) - 1]",
        "a due that falls on a closing moves to the next opening",
    ),
    Mutant(
        CLOCKS,
        "return target + shift[bisect_right(counts, target) - 1]",
        "return target + shift[bisect_left(counts, target) - 1]",
        "a warning before the due that falls on an opening is given at the closing before it",
    ),
    Mutant(
        CLOCKS,
        "self._first_at_least(self.read(start_us) + ticks) if",
        "start_us + ticks if",
        "calendar days are 24 hours over a clock change",
    ),
    Mutant(
        CLOCKS,
        "due = next_opening(self._offsets.first_at_least(days[i] * DAY_US + time_of_day + 1))",
        "due = self._offsets.first_at_least(days[i] * DAY_US + time_of_day + 1)",
        "a due in business days may fall outside hours",
    ),
    Mutant(
        CLOCKS,
        "return self.read(b_us) - self.read(a_us)\n\n    def due(self, start_us: int, ticks: int) -> int | None:\n"
        '        """The same wall-clock time so many working dates later',
        "return b_us - a_us\n\n    def due(self, start_us: int, ticks: int) -> int | None:\n"
        '        """The same wall-clock time so many working dates later',
        "elapsed business days are exact time",
    ),
    Mutant(
        POINTS, "start_us >= days.instant(", "start_us > days.instant(", "a start at the cut-off itself is before it"
    ),
    Mutant(POINTS, "if due >= start_us:", "if due > start_us:", "a start at the named time itself is past it"),
    Mutant(
        POINTS, "for found in days.after(day - 1):", "for found in days.after(day):", "the same day is the next one"
    ),
    # --- the clock of an instance
    Mutant(
        RUNNING,
        'calendar_read(self._plan.calendars, index, self._readings.get(index, "")',
        'calendar_read(self._plan.calendars, index - 1, self._readings.get(index, "")',
        "another calendar is taken than the one that is named",
    ),
    Mutant(
        RUNNING,
        "total += clock.measure(a, b) if clock is not None else b - a",
        "total = clock.measure(a, b) if clock is not None else b - a",
        "elapsed is what ran before the last pause only",
    ),
    Mutant(
        RUNNING,
        "                    ticks -= passed\n            return clock.due(since, ticks)",
        "                    pass\n            return clock.due(since, ticks)",
        "after a pause the whole target runs again",
    ),
    Mutant(
        RUNNING,
        "            if held is True:\n                return index\n",
        "            if held is True:\n                return min(index + 1, self.row_count - 1)\n",
        "the row after the first that holds counts",
    ),
    Mutant(
        RUNNING,
        "        elif due < t:\n            self.pass_due(inst, t, cause)",
        "        elif due <= t:\n            self.pass_due(inst, t, cause)",
        "a due that moves to this very instant is passed, though an action may still come",
    ),
    Mutant(
        RUNNING,
        "if due is not None and due < t:\n                    self.pass_due",
        "if due is not None and due <= t:\n                    self.pass_due",
        "an attribute that says this very instant is passed",
    ),
    Mutant(
        RUNNING,
        "since = t if inst.status == PAUSED else inst.since",
        "since = inst.since",
        "rows of a paused instance are compared as if it had run during the pause",
    ),
    Mutant(
        RUNNING,
        "tighter = new is not None and (old is None or new < old)",
        "tighter = new is not None and (old is None or new > old)",
        "tighter and looser rows are taken for each other",
    ),
    Mutant(
        RUNNING,
        "            inst.since = t if inst.status == OPEN else inst.since\n            inst.extra().stretches = ()",
        "            inst.since = t if inst.status == OPEN else inst.since\n            inst.extra()",
        "a restart keeps what had elapsed before a pause",
    ),
    Mutant(
        RUNNING,
        'if what == "keep":',
        'if what == "never":',
        "a row that is to be kept is carried over",
    ),
    Mutant(RUNNING, "(max(at, t), ALERT + k", "(at, ALERT + k", "a warning put into the past is given there"),
    Mutant(RUNNING, "x.fired |= 1 << k", "x.fired |= 0", "a warning is given again each time the due moves"),
    Mutant(
        RUNNING,
        "before.latest(due, ticks_of(alert.before))",
        "before.latest(due, ticks_of(alert.before)) + 1",
        "a warning before the due comes a microsecond late",
    ),
    Mutant(
        RUNNING,
        "after.due(inst.opened, ticks_of(alert.after))",
        "after.due(inst.since, ticks_of(alert.after))",
        "an escalation after so long counts from the last resumption",
    ),
    Mutant(
        RUNNING,
        "                part -= passed\n        return clock.due(inst.since, part)",
        "                pass\n        return clock.due(inst.since, part)",
        "a share of the target begins anew after a pause",
    ),
    Mutant(
        RUNNING,
        "due if clock is None else clock.due(t, 0)",
        "due if clock is None else t",
        "where nothing is left at the end of a pause outside hours, it is due there and not at the next opening",
    ),
    Mutant(
        RUNNING,
        "at = clock.due(since, ticks_of(self.pauses[j].at_most) - used)",
        "at = clock.due(since, ticks_of(self.pauses[j].at_most))",
        "the bound of a pause runs anew when it begins again",
    ),
    Mutant(
        RUNNING,
        "used, since = used + clock.measure(since, until), t",
        "used, since = used, t",
        "the bound of pauses is for each pause instead of their sum",
    ),
    Mutant(
        RUNNING,
        "x.paused_us += t - inst.since",
        "x.paused_us = t - inst.since",
        "only the last pause counts as paused",
    ),
    Mutant(
        RUNNING,
        "clocks.cancel.due(since, ticks - spent)",
        "clocks.cancel.due(since, ticks)",
        "`cancelled after … paused` is for each pause instead of their sum",
    ),
    Mutant(
        RUNNING,
        '            self.machine.follow(inst.cs, self.group, "breach", t, cause)',
        "            pass",
        "a breach by time starts nothing that follows it",
    ),
    Mutant(RUNNING, "        if born:\n", "        if not born:\n", "`born breached` is said of the wrong ones"),
    Mutant(
        RUNNING,
        "if self.clause.met_at_due:\n            self.close",
        "if False:\n            self.close",
        "what must not happen is breached where its time was already up when it began",
    ),
    # --- what an event does to an instance
    Mutant(
        CLAUSE,
        '"late" if inst.status == BREACHED else "met"',
        '"met"',
        "an action after the due meets",
    ),
    Mutant(
        CLAUSE,
        '"breached" if inst.status == BREACHED else "cancelled"',
        '"cancelled"',
        "a breach that is cancelled is forgotten",
    ),
    Mutant(
        CLAUSE,
        "        if self.cancels:\n            cancelled = self.any(inst.cs, self.cancels)",
        "        if self.excuses and self.any(inst.cs, self.excuses) is True:\n"
        "            self.excuse(inst, t, cause, True)\n            return\n"
        "        if self.cancels:\n            cancelled = self.any(inst.cs, self.cancels)",
        "an excuse comes before a cancellation at the same event",
    ),
    Mutant(
        CLAUSE,
        "        if seen.cancel and self.cancel(",
        "        if not seen.excuse and seen.cancel and self.cancel(",
        "an excuse comes before a cancellation at the start",
    ),
    Mutant(
        CLAUSE,
        "        if self.pauses and inst.status != BREACHED:\n            self.look_at_pauses(inst, t, seen.cause, seen.begun)",
        "        if False:\n            self.look_at_pauses(inst, t, seen.cause, seen.begun)",
        "an instance never opens paused",
    ),
    Mutant(
        CLAUSE, "x.acts_seen >= self.clause.needed", "x.acts_seen > self.clause.needed", "one action more is needed"
    ),
    Mutant(
        CLAUSE,
        "x.distinct.add(str(act.value))",
        "x.distinct.add(f'{act.value} {x.acts_seen}')",
        "values that repeat count as distinct",
    ),
    Mutant(
        CLAUSE,
        "len(x.distinct) < self.clause.distinct_needed",
        "len(x.distinct) <= self.clause.distinct_needed",
        "one distinct value more is needed",
    ),
    Mutant(
        CLAUSE,
        "not (self.one_for_one and act is not None and act.used) and self.strike",
        "self.strike",
        "one for one: an action fulfils all that are open",
    ),
    Mutant(
        CLAUSE,
        "seen >= self.clause.end_needed",
        "seen > self.clause.end_needed",
        "the end of what must not be needs one event more",
    ),
    Mutant(CLAUSE, "t >= self.until_us", "t > self.until_us", "a start at the end of the period is judged"),
    Mutant(CLAUSE, "if self.free and gs.open", "if False and gs.open", "a start while one is open opens another"),
    Mutant(
        CLAUSE,
        "act.position not in self.brought_by\n",
        "True\n",
        "an action that brought about a start fulfils what it started",
    ),
    Mutant(CLAUSE, "(every_one or not act.used)", "True", "an action fulfils two that start after it in its instant"),
    Mutant(
        CLAUSE,
        "due_passed = inst.due is not None and inst.due < t",
        "due_passed = inst.due is not None and inst.due <= t",
        "an instance whose due is its start is born breached",
    ),
    Mutant(
        CLAUSE,
        "return until is None or t <= until",
        "return until is None or t < until",
        "resuming ends before its last instant",
    ),
    Mutant(
        CLAUSE, 'if was == "late":', 'if was == "never":', "one that was late is not breached again when it resumes"
    ),
    Mutant(
        CLAUSE,
        "            x.stretches = ()\n            x.acts_seen",
        "            x.acts_seen",
        "a new one of `of latest` keeps what had elapsed",
    ),
    Mutant(
        CLAUSE,
        "if inst.m is not self:  # nothing of another level is inherited",
        "if False:",
        "a start that moves to another level keeps what was used of pauses, and which warnings were given",
    ),
    Mutant(
        CLAUSE,
        "in (clause.guard, clause.when, clause.subject) if",
        "in (clause.guard, clause.subject) if",
        "`when` is not asked",
    ),
    # --- time and order
    Mutant(
        MACHINE,
        "        if t < self.now:\n            return",
        "        if t <= self.now:\n            return",
        "time that has come to an event's instant fires nothing there",
    ),
    Mutant(
        MACHINE,
        "        self.fire(t, t)\n",
        "        self.fire(t - 1, t)\n",
        "a due at the instant to which time has come waits for the next",
    ),
    Mutant(
        MACHINE,
        "            if inst.m in looked:\n",
        "            if inst.m is members[0]:\n",
        "an event acts on what is open at one level only",
    ),
    Mutant(
        MACHINE,
        "paused += self.now - inst.since",
        "paused += 0",
        "the pause under way is not counted",
    ),
    # --- history
    Mutant(
        HISTORY,
        "self.clock.measure(kept[0][0], now) >= self.ticks",
        "self.clock.measure(kept[0][0], now) > self.ticks",
        "what happened at the very beginning of a window counts in it",
    ),
    Mutant(HISTORY, "past.last = us", "past.last = past.last or us", "the last time is the first"),
    Mutant(
        HISTORY,
        "past.values[value] = None",
        "past.values[len(past.values)] = None",
        "values that repeat count as distinct in what is remembered",
    ),
    # --- snapshots
    Mutant(SNAPSHOT, "[x.spent, list(", "[0, list(", "a snapshot forgets what is spent of `cancelled after`"),
    Mutant(SNAPSHOT, "            x.fired,\n", "            0,\n", "a snapshot forgets which warnings were given"),
    Mutant(
        SNAPSHOT,
        "[list(bound) if bound else None for bound in x.bounds]",
        "[]",
        "a snapshot forgets what is used of a pause's bound",
    ),
    Mutant(
        SNAPSHOT,
        "for stretch in x.stretches]",
        "for stretch in x.stretches[-1:]]",
        "a snapshot keeps the last stretch only",
    ),
    Mutant(
        SNAPSHOT,
        "if m.acts_us == machine.now",
        "if m.acts_us != machine.now",
        "a snapshot forgets the actions of its instant",
    ),
    # --- order of arrival
    Mutant(ORDER, "if time_us < floor_us:", "if time_us <= floor_us:", "an event as late as it may be is refused"),
    Mutant(
        ORDER,
        "if self._closed_us is not None and time_us <= self._closed_us:",
        "if self._closed_us is not None and time_us < self._closed_us:",
        "an event at an instant that is closed is judged",
    ),
    Mutant(ORDER, "        self._ids[key] = time_us\n", "", "an event that comes twice counts twice"),
    Mutant(ORDER, "held[0][0] <= until_us", "held[0][0] < until_us", "an event is held a moment too long"),
    Mutant(
        ORDER,
        "(event.time_us, event.position, self._arrived, event)",
        "(event.time_us, -event.position, self._arrived, event)",
        "events of one instant are judged in the reverse order",
    ),
)
