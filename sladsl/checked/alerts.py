"""Warnings and escalations that never come, or come at the wrong end (section 11).

Takes:  the clauses of a sound program.
Gives:  warnings.
Never:  judges one that depends on what happens.
"""

from __future__ import annotations

from sladsl.checked.doubts import Doubts
from sladsl.checked.program import Alert, Clause, Target
from sladsl.checked.values import DAY_US
from sladsl.clock import ClockKind

# Forms that are over at their due: nothing is left to be late.
_OVER_AT_DUE = {
    "must not within": "the clause is met and over when its time has passed",
    "time while": "the clause is breached and over when its sum is used up",
}


def tell_of_alerts(doubts: Doubts) -> None:
    """Warn of alerts after the end and of warnings that come with the start."""
    for clause in doubts.program.clauses:
        for alert in clause.alerts:
            _tell_of_late(doubts, clause, alert)
            _tell_of_early(doubts, clause, alert)


def _tell_of_late(doubts: Doubts, clause: Clause, alert: Alert) -> None:
    over = _OVER_AT_DUE.get(clause.form)
    share = alert.share
    if share is not None and share[0] > share[1] and over is not None:
        message = f"`{alert.written}` never comes: {over}"
        doubts.tell("SLA0324", message, alert.span, help="choose a share below 100%, or `at breach`")
    elif share is not None and share[0] >= share[1] and alert.kind == "warn":
        message = f"`{alert.written}` is no warning: by then the target has passed"
        help = 'choose a share below 100%, or write `escalate to "…" at breach`'
        doubts.tell("SLA0324", message, alert.span, help=help)
    elif alert.after is not None and clause.form == "must not within" and not clause.pauses:
        longest = [_at_most_us(target) for target in (clause.target, *(row.target for row in clause.rows))]
        after = alert.after.amount
        if after is None or after.kind is not ClockKind.EXACT or None in longest:
            return
        if all(limit is not None and after.ticks > limit for limit in longest):
            message = f"`{alert.written}` never comes: {over}"
            doubts.tell("SLA0324", message, alert.span, help="choose a shorter time, or `at breach`")


def _at_most_us(target: Target | None) -> int | None:
    """How long a target lasts in real time at most; None where it depends on a calendar."""
    if target is None or target.amount is None:
        return None
    if target.amount.kind is ClockKind.EXACT:
        return target.amount.ticks
    if target.amount.kind is ClockKind.CALENDAR_DAYS:
        return target.amount.ticks + 2 * DAY_US  # clock changes, and zones that skip a date
    return None


def _tell_of_early(doubts: Doubts, clause: Clause, alert: Alert) -> None:
    """`warn 2h before` a target of an hour."""
    before = alert.before
    targets = [clause.target, *(row.target for row in clause.rows)]
    if before is None or before.amount is None or not all(_is_within(target, before) for target in targets):
        return
    written = clause.target.written if clause.target is not None else ""
    why = "no target is longer than that" if clause.rows else f"the target is only `{written}`"
    message = f"`{alert.written}` comes when the clock starts: {why}"
    doubts.tell("SLA0326", message, alert.span, help="choose a shorter time, or a share: `warn at 75%`")


def _is_within(target: Target | None, before: Target) -> bool:
    """Whether a target is certainly no longer than the time before its due."""
    if target is None or target.amount is None or before.amount is None:
        return False
    same_clock = target.amount.kind is before.amount.kind and target.calendar == before.calendar
    return same_clock and target.amount.ticks <= before.amount.ticks
