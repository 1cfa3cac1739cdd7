"""What a person should know about a run though it could be judged.

Takes:  a Plan, the Log, the Outcome and what the phrases matched.
Gives:  a warning for each thing, said once, with numbers.
Never:  changes a verdict, or warns of what the policy does not use.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches

from sladsl.clock import iso
from sladsl.evaluate.many import ManyOutcome, ManyVerdicts
from sladsl.evaluate.objectives.frames import MOST_WINDOWS
from sladsl.evaluate.objectives.outcome import ObjectivesOutcome
from sladsl.evaluate.verdict import UNDETERMINED, Outcome, Verdict
from sladsl.events import Log
from sladsl.events.valued import Valued
from sladsl.ir.expression import ActorIs
from sladsl.ir.invariants import nodes
from sladsl.ir.needed import compared_attributes
from sladsl.ir.parties import actors_by_party
from sladsl.ir.plan import Phrase, Plan
from sladsl.report.result import Matched
from sladsl.report.words import counted
from sladsl.text import Diagnostic, Severity, Source, Span, fold, nearest

_MOST_NAMES = 12
# Warnings that `--strict` turns into errors.
STRICT = {"SLA0911", "SLA0912"}


def odd_things(
    plan: Plan,
    log: Log,
    outcome: Outcome | ManyOutcome,
    matched: Iterable[Matched],
    types: Mapping[str, int],
    valued: Valued,
    source: Source | None = None,
    objectives: ObjectivesOutcome | None = None,
) -> list[Diagnostic]:
    """The warnings of a run, the loud ones first.

    Args:
        plan, log, outcome: what was judged, on what, and how it came out.
        matched: what `matched_phrases` found.
        types: event type to number of events.
        valued: in how many cases what is compared has a value.
        source: the policy's text, for the places of phrases.
        objectives: what its objectives came to.
    """
    told = objectives or ObjectivesOutcome()
    return [
        *nothing_read(log),
        *unmatched(plan, matched, types, source),
        *unchecked_parties(plan, log),
        *_idle_parties(plan, log),
        *_absent_attributes(plan, log),
        *refused_rows(log),
        *odd_times(log),
        *_without_value(plan, log, valued),
        *_came_later(plan, outcome),
        *_unknown_zones(plan, outcome),
        *_undetermined(plan, outcome),
        *_faults(plan, told),
        *_too_many_windows(plan, log, told),
        *log.warnings,
    ]


def _warning(
    code: str, message: str, help: str = "", notes: Iterable[str] = (), span: Span | None = None
) -> Diagnostic:
    return Diagnostic(code, message, span, Severity.WARNING, notes=tuple(notes), help=help)


def nothing_read(log: Log) -> Iterator[Diagnostic]:
    """A log without events."""
    if log.is_empty:
        yield _warning("SLA0910", "the log holds no event, so there is nothing to judge")


def unmatched(
    plan: Plan, matched: Iterable[Matched], types: Mapping[str, int], source: Source | None
) -> Iterator[Diagnostic]:
    """Each phrase that matched no event of the log, with the event names that are near."""
    if not types:
        return
    phrases = {phrase.written: phrase for phrase in reversed(plan.phrases)}
    for found in matched:
        if not found.events:
            phrase = phrases[found.phrase]
            near = near_events(phrase.written, types)
            help = f"did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else _say_which(phrase)
            message = f"`{phrase.written}` matched no event of the log"
            notes = [f"the log has {listed(types)}"]
            yield _warning("SLA0911", message, help, notes, _line_span(source, phrase))


def near_events(words: str, types: Mapping[str, int]) -> list[str]:
    """Event types that look like the phrase: a mistyped one, one with other words, or one that shares a word."""
    key = fold(words)
    folded = {fold(name): name for name in types}
    found = [folded[fold(name)] for name in nearest(key, folded)]
    found += [folded[name] for name in get_close_matches(key, folded, n=3, cutoff=0.6)]
    found += [name for name in types if set(key.split()) & set(fold(name).split())]
    return list(dict.fromkeys(found))[:3]


def _say_which(phrase: Phrase) -> str:
    return f'say which event is meant: `{phrase.written} = event = "…"`'


def _line_span(source: Source | None, phrase: Phrase) -> Span | None:
    if source is None or not phrase.line or phrase.line > len(source.line_starts):
        return None
    start = source.line_starts[phrase.line - 1]
    line = source.line(phrase.line)
    place = line.find(phrase.written)
    if place < 0:
        stripped = len(line) - len(line.lstrip())
        return Span(source.name, start + stripped, start + len(line.rstrip()))
    return Span(source.name, start + place, start + place + len(phrase.written))


def listed(names: Iterable[str]) -> str:
    """Names in backticks, so many as one reads."""
    shown = list(names)
    listed = ", ".join(f"`{name}`" for name in shown[:_MOST_NAMES])
    return f"{listed} and {len(shown) - _MOST_NAMES:,} more" if len(shown) > _MOST_NAMES else listed


def unchecked_parties(plan: Plan, log: Log) -> Iterator[Diagnostic]:
    """Parties known by their name only, where the log has no actor."""
    if log.has_actor or log.is_empty:
        return
    named = [
        party.name
        for party in plan.parties
        if any(isinstance(node, ActorIs) for node in nodes(plan.conditions[party.condition].expr))
    ]
    if named:
        message = f"the log has no actor, so nobody checked that {_joined(named)} acted"
        help = "say which column names the actor: `--column actor=COLUMN`"
        yield _warning("SLA0912", message, help)


def _joined(names: list[str]) -> str:
    shown = [f"`{name}`" for name in names]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _idle_parties(plan: Plan, log: Log) -> Iterator[Diagnostic]:
    """Parties of which the log names actors, but never theirs: whatever they did counts as nobody's."""
    known_by = actors_by_party(plan) if log.has_actor else {}
    for party in plan.parties:
        if party.name in known_by and known_by[party.name] <= log.actors.idle:
            by_name = isinstance(plan.conditions[party.condition].expr, ActorIs)
            yield idle_party(party.name, by_name, log.actors.names)


def idle_party(name: str, by_name: bool, actors: Sequence[str], span: Span | None = None) -> Diagnostic:
    """The warning that a party never acts.

    Args:
        by_name: whether it is known by its own name.
        actors: who does act, where they are few.
        span: where the policy says who the party is.
    """
    near = nearest(name, actors, 1) if by_name else []
    help = f'say who that is: `party {name} = actor = "…"`' if by_name else f"correct what `party {name}` asks for"
    if near:
        help = f'did you mean `{near[0]}`? `party {name} = actor = "{near[0]}"` says so'
    notes = [f"the actors of the log are {listed(actors)}"] if actors else []
    return _warning("SLA0922", f"`{name}` never acts: no event of the log is theirs", help, notes, span)


def _absent_attributes(plan: Plan, log: Log) -> Iterator[Diagnostic]:
    if log.is_empty:
        return
    present = log.attribute_names
    absent = [name for name in plan.attributes if name not in present]
    if absent:
        headings = {fold(heading): heading for heading in log.headings}
        meant = [(name, headings[near[0]]) for name in absent if (near := nearest(name, headings, 1))]
        help = f"did you mean {_joined_pairs(meant)}?" if meant else ""
        help += f" `--column '{meant[0][0]}={meant[0][1]}'` says so, too" if meant else ""
        message = f"the log has no column for {_joined(absent[:_MOST_NAMES])}: what the policy says of it never holds"
        notes = [f"the columns of the log are {listed(log.headings)}"] if log.headings and not meant else []
        yield _warning("SLA0913", message, help, notes)


def _joined_pairs(meant: list[tuple[str, str]]) -> str:
    if len(meant) == 1:
        return f"`{meant[0][1]}`"
    return " and ".join(f"`{column}` for `{name}`" for name, column in meant)


def refused_rows(log: Log) -> Iterator[Diagnostic]:
    """Rows that could not be read, and rows that came twice."""
    rejected = sum(report.rejected for report in log.inputs)
    if rejected:
        notes = []
        for reject in log.rejects[:3]:
            report = log.inputs[reject.input]
            cell = f" `{_short(reject.cell)}`" if reject.cell and reject.cell not in reject.reason else ""
            column = f" in `{reject.column}`" if reject.column else ""
            notes.append(f"{report.path or report.name or 'row'} row {reject.row}{column}:{cell} {reject.reason}")
        message = f"{counted(rejected, 'row')} could not be read and {'was' if rejected == 1 else 'were'} left out"
        yield _warning("SLA0917", message, "`--rejects FILE` writes all of them, with the reason", notes)
    duplicates = sum(report.duplicates for report in log.inputs)
    if duplicates:
        message = f"{counted(duplicates, 'row')} with an event id that came before {_was(duplicates)} not counted again"
        yield _warning("SLA0918", message)


def _was(number: int) -> str:
    return "was" if number == 1 else "were"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"


def odd_times(log: Log) -> Iterator[Diagnostic]:
    """Local times that a clock change skips or repeats."""
    skipped = sum(report.skipped_times for report in log.inputs)
    repeated = sum(report.repeated_times for report in log.inputs)
    if skipped or repeated:
        said = []
        if skipped:
            said.append(f"{counted(skipped, 'time')} that a clock change skips, read one hour later")
        if repeated:
            said.append(f"{counted(repeated, 'time')} that a clock change repeats, read as the first")
        yield _warning("SLA0916", f"the log has {' and '.join(said)}", "write times with their offset")


def _without_value(plan: Plan, log: Log, valued: Valued) -> Iterator[Diagnostic]:
    """What is compared and has never a value in some cases; columns that are not there at all have been told."""
    asked = compared_attributes(plan) & log.attribute_names & valued.counts.keys()
    missing = {name: without for name in asked if (without := valued.cases - valued.counts[name])}
    if missing:
        (name, count), *others = _most(missing)
        told = [f"{count:,} never had a value for `{name}`", *(f"{count:,} for `{name}`" for name, count in others)]
        message = f"of {counted(valued.cases, 'case')}, {_with_rest(told, len(missing))}"
        yield _warning("SLA0914", message, "a comparison with a missing value is false; `is known` asks for one")


def _most(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST_NAMES]


def _with_rest(told: list[str], number: int) -> str:
    return ", ".join(told) + (f" and {number - len(told):,} more" if number > len(told) else "")


def _came_later(plan: Plan, outcome: Outcome | ManyOutcome) -> Iterator[Diagnostic]:
    if outcome.later:
        told = [f"`{plan.groups[group]}` {counted(count, 'start')}" for group, count in sorted(outcome.later.items())]
        message = f"what decides the level or `when` came only after the start: {', '.join(told)}"
        yield _warning("SLA0915", message, "the level is read at the start and does not change later")


def _unknown_zones(plan: Plan, outcome: Outcome | ManyOutcome) -> Iterator[Diagnostic]:
    """Starts at which the attribute that says how a calendar is read held nothing known."""
    told = {spec.name: spec for spec in reversed(plan.calendars) if spec.named_by or spec.zone_attribute}
    for name, count in outcome.unknown_zones.items():
        spec = told[name]
        attribute, what, otherwise = spec.zone_attribute, "time zone", spec.zone_fallback
        if spec.named_by:
            attribute, what, otherwise = spec.named_by, "calendar", plan.calendars[spec.otherwise or 0].name
        message = f"`{attribute}` held no known {what} at {counted(count, 'start')}"
        yield _warning("SLA0919", f"{message}, so the calendar `{name}` was read as `{otherwise}`")


def _undetermined(plan: Plan, outcome: Outcome | ManyOutcome) -> Iterator[Diagnostic]:
    reasons = _undetermined_notes(outcome.verdicts)
    if reasons:
        total = sum(reasons.values())
        most = sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))[:3]
        notes = [f"`{plan.groups[group]}` {counted(n, 'time')}: {note}" for (group, note), n in most]
        message = f"{counted(total, 'instance')} could not be judged and {'counts' if total == 1 else 'count'} nowhere"
        commas = next((help for (_, note), _ in most if (help := _about_commas(note))), "")
        yield _warning("SLA0920", message, commas, notes)


def _undetermined_notes(verdicts: Sequence[Verdict]) -> Mapping[tuple[int, str], int]:
    if isinstance(verdicts, ManyVerdicts):
        return verdicts.notes(UNDETERMINED)
    return Counter((verdict.group, verdict.note) for verdict in verdicts if verdict.status == UNDETERMINED)


def _about_commas(reason: str) -> str:
    """What to do about a cell such as `4,5`, which is no number."""
    comma = re.search(r"`-?\d[\d.]*,\d+` is not a number", reason)
    return "the decimals of a log stand after a point; replace the comma before it is read" if comma else ""


def _faults(plan: Plan, objectives: ObjectivesOutcome) -> Iterator[Diagnostic]:
    for place, (count, reason) in sorted(objectives.faults.items()):
        message = f"`{plan.objectives[place].label}` could not decide {counted(count, 'time')}: {reason}"
        yield _warning("SLA0921", message, _about_commas(reason))


def _too_many_windows(plan: Plan, log: Log, objectives: ObjectivesOutcome) -> Iterator[Diagnostic]:
    instants = [us for report in log.inputs for us in (report.first_us, report.last_us) if us is not None]
    if not objectives.left_out or not instants:
        return
    first, last = (iso(us, plan.zone)[:10] for us in (min(instants), max(instants)))
    for place, count in sorted(objectives.left_out.items()):
        message = (
            f"the log reaches from {first} to {last}: of the windows of `{plan.objectives[place].label}` the last"
            f" {MOST_WINDOWS:,} are judged, and {counted(count, 'window')} before them not"
        )
        help = "a date far from all others is mostly a mistake, or stands for none; `--as-of` leaves out what is later"
        yield _warning("SLA0925", message, help)
