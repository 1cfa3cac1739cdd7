"""Explanations for a terminal and as JSON.

Takes:  stories, and for clauses that never applied what kept them from starting.
Gives:  `story_lines`: the timeline of an instance, whose sum is shown; `story_json`; `never_lines`.
Never:  computes a figure: the sum is that of the story.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sladsl.clock import ClockKind, iso
from sladsl.evaluate.stream.chances import Chance
from sladsl.evaluate.verdict import Cause, Step
from sladsl.ir.plan import Clause, Plan
from sladsl.report.language import language_of
from sladsl.report.sentence import clause_sentence
from sladsl.report.story import COUNTED, Story, Stretch
from sladsl.report.words import elapsed_text, target_text

Name = Callable[[int], str]  # of an input, by its index
_NTH = {1: "", 2: ", 2nd cycle", 3: ", 3rd cycle"}


def story_lines(plan: Plan, story: Story, input_name: Name, width: int) -> Iterator[str]:
    """The timeline of one instance, line by line, without colour."""
    verdict, clause, zone = story.verdict, story.clause, plan.zone
    number = _NTH.get(verdict.number, f", {verdict.number}th cycle")
    level = "" if clause.level.name == "corporate" else f" ({clause.level.name})"
    yield f"{clause.label}{level}, {plan.case_word} {verdict.case}{number}: {_outcome(story)}"
    yield from textwrap.wrap(
        clause_sentence(plan, clause, set(), language_of(plan.language)),
        width - 2,
        initial_indent="  ",
        subsequent_indent="  ",
    )
    yield from textwrap.wrap(f"Times are those of {zone}.", width - 2, initial_indent="  ", subsequent_indent="  ")
    yield ""
    entries: list[tuple[int, int, str]] = []
    for step in story.steps:
        entries.append((step.at_us, 1, f"{wall_text(step.at_us, zone)}  {_step(plan, story, step, input_name)}"))
    for stretch in story.stretches:
        entries.append((stretch.start_us, 2, f"  {_stretch(story, stretch, zone)}"))
    for _, _, line in sorted(entries, key=lambda entry: entry[:2]):
        yield from textwrap.wrap(line, width - 2, initial_indent="  ", subsequent_indent=" " * 8) or [""]
    yield ""
    counted = [stretch for stretch in story.stretches if stretch.kind == COUNTED]
    parts = " + ".join(_ticks(stretch.ticks, story.clock) for stretch in counted) or "nothing"
    total = _ticks(verdict.elapsed, story.clock)
    sum_text = f"elapsed {total}" if parts == total else f"elapsed {parts} = {total}"
    target = target_text(story.target)
    yield from textwrap.wrap(
        sum_text + (f"; target {target}" if target else "") + _left(story),
        width - 2,
        initial_indent="  ",
        subsequent_indent="    ",
    )


def wall_text(us: int, zone: str) -> str:
    """An instant as a clock on the wall shows it in the zone: seconds and fractions only where there are any.

    >>> wall_text(1_772_442_000_000_000, "UTC"), wall_text(1_772_442_001_500_000, "UTC")
    ('2026-03-02 09:00', '2026-03-02 09:00:01.500000')
    """
    written = iso(us, zone)
    date, _, rest = written.partition("T")
    time = re.split(r"Z|[+-]\d\d:", rest)[0]
    return f"{date} {time.removesuffix(':00') if len(time) == 8 else time}"


def _span_text(start_us: int, end_us: int, zone: str) -> str:
    start, end = wall_text(start_us, zone), wall_text(end_us, zone)
    return f"{start} to {end[11:] if start[:10] == end[:10] else end}"


def _ticks(ticks: int, clock: ClockKind) -> str:
    return elapsed_text(ticks, clock)


def _outcome(story: Story) -> str:
    verdict = story.verdict
    if verdict.late_by_us is not None:
        return f"late by {elapsed_text(verdict.late_by_us, ClockKind.EXACT)}"
    return f"{verdict.status}{f', {verdict.note}' if verdict.note else ''}"


def _left(story: Story) -> str:
    verdict = story.verdict
    if story.slack is not None:
        return f", {_ticks(story.slack, story.clock)} left"
    if verdict.late_by_us is not None and verdict.late_by_ticks is not None:
        own = _ticks(verdict.late_by_ticks, story.clock)
        exact = elapsed_text(verdict.late_by_us, ClockKind.EXACT)
        return f", late by {own}" + (f" ({exact} of real time)" if own != exact else "")
    return ""


def _cause(cause: Cause | None, input_name: Name) -> str:
    if cause is None:
        return ""
    name = input_name(cause.input)
    row = f" ({name + ' ' if name else ''}row {cause.row})" if cause.row else ""
    return f" by `{cause.type}`{row}"


def _step(plan: Plan, story: Story, step: Step, input_name: Name) -> str:
    zone = plan.zone
    due = f"; due {wall_text(step.due_us, zone)}" if step.due_us is not None else ""
    by = _cause(step.cause, input_name)
    row = story.clause.rows[step.row].target.written if 0 <= step.row < len(story.clause.rows) else ""
    match step.kind:
        case "opened":
            return f"opened{by or _followed(plan, story.clause)}{due}"
        case "row":
            return f"target is {row} now{by}{due}"
        case "due":
            return f"due moved{by}{due or '; no due'}"
        case "resumed":
            return f"clock runs again{by}{f' ({step.detail})' if step.detail else ''}{due}"
        case "paused":
            return f"clock stands still{by}"
        case "restarted":
            return f"started anew{by}{due}"
        case "reopened":
            return f"reopened{by}{due}"
        case "counted":
            return f"one more{by}"
        case "breached":
            return f"breached{by or ': the due has passed'}"
        case "alert":
            return f"{step.detail} given"
        case _:
            return f"{step.detail or step.kind}{by}"


def _followed(plan: Plan, clause: Clause) -> str:
    """What brought about an instance that no event opened: the breach or the fulfilment of another clause."""
    start = next((start for start in clause.starts if start.kind in ("breach", "fulfilment")), None)
    return f" by the {start.kind} of `{plan.groups[start.condition]}`" if start is not None else ""


def _stretch(story: Story, stretch: Stretch, zone: str) -> str:
    span = _span_text(stretch.start_us, stretch.end_us, zone)
    if stretch.kind == COUNTED:
        return f"{span}  counted {_ticks(stretch.ticks, story.clock)}"
    why = f": {stretch.reason}" if stretch.reason else ""
    return f"{span}  {stretch.kind}{why}"


def never_lines(
    plan: Plan, clause: Clause, found: Sequence[Chance], case: str, values: Mapping[str, object], width: int
) -> Iterator[str]:
    """Why a clause opened no instance in a case whose attributes had these values at last."""
    yield f"{clause.label}, {plan.case_word} {case}: does not apply"
    for line in _never(plan, clause, found, values):
        yield from textwrap.wrap(line, width - 2, initial_indent="  ", subsequent_indent="    ")


def _never(plan: Plan, clause: Clause, found: Sequence[Chance], values: Mapping[str, object]) -> Iterator[str]:
    if not found:
        follows = [t for t in clause.starts if t.kind in ("breach", "fulfilment")]
        if follows:
            yield f"it follows the {follows[0].kind} of `{plan.groups[follows[0].condition]}`, and there was none"
            return
        names = [t.written or plan.conditions[t.condition].written for t in clause.starts if t.condition >= 0]
        verb = "began to hold" if any(t.kind == "begins" for t in clause.starts) else "happened"
        yield f"its start, {' or '.join(f'`{name}`' for name in names)}, never {verb}"
        read = dict.fromkeys(n for t in clause.starts if t.condition >= 0 for n in plan.conditions[t.condition].reads)
        if read:
            known = (f"{name} = {values[name]}" if name in values else f"{name} was never seen" for name in read)
            yield f"at last: {', '.join(known)}"
        return
    for chance in found[:5]:
        at = wall_text(chance.at_us, plan.zone)
        written = plan.conditions[chance.condition].written if chance.condition >= 0 else ""
        reason = {
            "period": "the agreement was not in force",
            "level": f"its level ({clause.level.name}) did not apply, or a more specific one did",
            "when": f"`{written}` did not hold",
            "subject": f"`{written}` did not hold",
            "state": f"`{written}` did not hold",
        }.get(chance.lacking, "an instance of it was running already, or it starts once a case")
        yield f"{at}: `{chance.cause.type}` would have started it, but {reason}"
    if len(found) > 5:
        yield f"and {len(found) - 5} more"


def story_json(plan: Plan, story: Story, input_name: Name) -> dict[str, Any]:
    """One instance as plain data; ticks are microseconds of its clock."""
    verdict, zone = story.verdict, plan.zone

    def at(us: int | None) -> str | None:
        return None if us is None else iso(us, zone)

    def cause(of: Cause | None) -> dict[str, Any] | None:
        return None if of is None else {"input": input_name(of.input), "row": of.row, "event": of.type}

    return {
        "clause": story.clause.label,
        "level": story.clause.level.name,
        "party": story.clause.party,
        "case": verdict.case,
        "number": verdict.number,
        "status": verdict.status,
        "opened": at(verdict.opened_us),
        "due": at(verdict.due_us),
        "closed": at(verdict.closed_us),
        "clock": story.clock.value,
        "target": target_text(story.target) or None,
        "elapsed_ticks": verdict.elapsed,
        "counted_ticks": story.counted,
        "slack_ticks": story.slack,
        "late_by_us": verdict.late_by_us,
        "late_by_ticks": verdict.late_by_ticks,
        "paused_us": verdict.paused_us,
        "note": verdict.note,
        "stretches": [
            {
                "kind": stretch.kind,
                "start": at(stretch.start_us),
                "end": at(stretch.end_us),
                "ticks": stretch.ticks,
                "reason": stretch.reason,
                "cause": cause(stretch.cause),
            }
            for stretch in story.stretches
        ],
        "steps": [
            {
                "kind": step.kind,
                "at": at(step.at_us),
                "due": at(step.due_us),
                "row": step.row,
                "cause": cause(step.cause),
                "detail": step.detail,
            }
            for step in story.steps
        ],
    }
