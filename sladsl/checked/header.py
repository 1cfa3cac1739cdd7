"""The header: name, zone, period, the word for a case, and the like (section 5).

Takes:  `sla` statements; a zone that the caller sets instead.
Gives:  Header, in two steps: what words and instants need at once, the rest when definitions are known.
Never:  reads the machine's zone.
"""

from __future__ import annotations

from attrs import define

from sladsl.checked.calendars import zone_of
from sladsl.checked.context import Context
from sladsl.checked.expressions import Expressions
from sladsl.checked.happenings import occurrence_of
from sladsl.checked.money import cap_of
from sladsl.checked.program import Cap
from sladsl.checked.typed import Occurrence
from sladsl.checked.values import amount_of, exact, instant_us
from sladsl.clock import ClockKind, known_zone, nearest_zones
from sladsl.syntax import tree
from sladsl.text import Span

EDITION = 1


@define
class Header:
    """What the header says, with what holds where it says nothing."""

    name: str = ""
    edition: int = EDITION
    case_word: str = "case"
    effective: tuple[int | None, int | None] = (None, None)
    lateness_us: int = 0
    between: tuple[str, ...] = ()
    case_until: Occurrence | None = None
    credit_cap: Cap | None = None
    lines: tuple[tree.HeaderLine, ...] = ()


def read_header(context: Context, zone: str | None) -> Header:
    """Everything in the header that needs no other name; sets the zone and the word for a case in the context."""
    header = Header(case_word=context.words.case_word)
    zone = _given_zone(context, zone)
    statements = [s for s in context.policy.statements if isinstance(s, tree.Sla)]
    for second in statements[1:]:
        labels = ((statements[0].name.span, "the first one"),)
        context.findings.add("SLA0307", "a file has one header", second.name.span, labels=labels)
    if not statements:
        context.zone = zone or context.zone
        return header
    header.name = statements[0].name.value
    header.lines = statements[0].lines
    seen: dict[type[tree.Node], Span] = {}
    for line in header.lines:
        earlier = seen.setdefault(type(line), line.span)
        if earlier is not line.span:
            labels = ((earlier, "said here before"),)
            context.findings.add("SLA0307", "the header says this twice", line.span, labels=labels)
    _zone(context, header, zone)
    for line in header.lines:
        match line:
            case tree.Edition():
                _edition(context, line)
            case tree.Between():
                header.between = tuple(party.text for party in line.parties)
            case tree.Effective():
                _effective(context, header, line)
            case tree.CaseCalled():
                header.case_word = line.name.text
            case tree.Lateness():
                _lateness(context, header, line)
    context.words.case_word = header.case_word
    return header


def _given_zone(context: Context, zone: str | None) -> str | None:
    if zone is None or known_zone(zone):
        return zone
    near = nearest_zones(zone)
    help = (
        f"did you mean {' or '.join(f'`{each}`' for each in near)}?" if near else "zones are named as `Europe/Madrid`"
    )
    context.findings.add("SLA0704", f"unknown time zone `{zone}`", None, help=help)
    return None


def finish_header(context: Context, header: Header) -> None:
    """What refers to definitions: the end of a case, and the cap on credits."""
    for line in header.lines:
        if isinstance(line, tree.CaseCalled) and line.until is not None:
            header.case_until = occurrence_of(Expressions(context, context.root), line.until, "end")
        elif isinstance(line, tree.CreditsCap):
            header.credit_cap = _credits(context, line)


def _zone(context: Context, header: Header, override: str | None) -> None:
    line = next((line for line in header.lines if isinstance(line, tree.ZoneLine)), None)
    if line is not None and line.of is not None:
        message = "the agreement's own time zone is one and the same for all cases"
        help = "name it, e.g. `timezone Europe/Madrid`; a calendar may take its zone from a column"
        context.findings.add("SLA0704", message, line.span, help=help)
    elif line is not None:
        known, _, _ = zone_of(context, line)
        context.zone = known or context.zone
    context.zone = override or context.zone


def _edition(context: Context, line: tree.Edition) -> None:
    number = exact(line.number.value)
    if number == EDITION:
        return
    message = f"edition {context.text(line.number.span)} of the language is not known here"
    context.findings.add("SLA0213", message, line.number.span, help=f"this release reads edition {EDITION}")


def _effective(context: Context, header: Header, line: tree.Effective) -> None:
    start = instant_us(line.start, context.zone) if line.start else None
    until = instant_us(line.until, context.zone) if line.until else None
    if start is not None and until is not None and start >= until:
        message = "the agreement ends before it begins"
        context.findings.add("SLA0710", message, line.span, help="`until` names the first instant that is outside")
        return
    header.effective = (start, until)


def _lateness(context: Context, header: Header, line: tree.Lateness) -> None:
    amount = amount_of(line.amount, context.findings)
    if amount is None:
        return
    if amount.kind is not ClockKind.EXACT:
        message = f"events are waited for in exact time, and `{line.amount.written}` is {amount.kind.value}"
        context.findings.add("SLA0201", message, line.amount.span, help="e.g. `lateness 1h`")
        return
    header.lateness_us = amount.ticks


def _credits(context: Context, line: tree.CreditsCap) -> Cap | None:
    cap = cap_of(context, context.root, line.cap, "")
    if cap is not None and not cap.per:
        message = f"`{context.text(line.span)}` does not say in which time"
        context.findings.add("SLA0508", message, line.span, help="e.g. `per month`")
        return None
    return cap
