"""What one run found out: everything that the forms print.

Takes:  nothing but plain data, filled in by the pipeline.
Gives:  Result and its parts, the same whichever evaluator judged.
Never:  formats or sums anything; see figures.py and the file of each form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

from sladsl.clock import Amount, ClockKind, iso
from sladsl.evaluate.objectives.outcome import ObjectiveRow, ObjectivesOutcome
from sladsl.evaluate.verdict import Alert, Verdict
from sladsl.events import InputReport, Reject
from sladsl.ir.plan import Clause, Plan, Target
from sladsl.text import Diagnostic, Source

if TYPE_CHECKING:
    import pyarrow as pa

    from sladsl.report.alerts import AlertRow
    from sladsl.report.figures import ClauseFigures
    from sladsl.report.verdict_row import VerdictRow


@frozen
class JudgedVersion:
    """One version of the agreement and what it judged: all of it, unless there are several versions.

    plan      what was judged
    path      the file it came from; "" for a text
    verdicts  ordered by label (file order), case, number; of a large log they are ManyVerdicts
    alerts    ordered by instant, clause, case, number; of a large log they are ManyAlerts
    objectives  rows, alerts, consequences and payments of its objectives
    """

    plan: Plan
    path: str
    verdicts: Sequence[Verdict]
    alerts: Sequence[Alert]
    objectives: ObjectivesOutcome = field(factory=ObjectivesOutcome)

    @property
    def hash(self) -> str:
        """The SHA-256 that names what the policy means; worked out when it is asked for."""
        from sladsl.ir.wire import policy_hash

        return policy_hash(self.plan)

    def clause_of(self, verdict: Verdict) -> Clause:
        """The clause that a verdict of this version is about."""
        return self.plan.clauses[verdict.clause]

    def target_of(self, verdict: Verdict) -> Target | None:
        """The target of the row that counts, or None where the clause has no time limit."""
        return self.plan.clauses[verdict.clause].rows[verdict.row].target if verdict.row >= 0 else None


@frozen
class Matched:
    """What a verb or another phrase without an action matched: event types as written, and how often."""

    phrase: str
    role: str
    events: Mapping[str, int]


@define(repr=False)
class Result:
    """Everything that a run found out.

    Args:
        name: the agreement's name; the file's where it has none.
        zone: the agreement's zone, in which instants are printed.
        as_of_us: the instant as of which was judged; None where nothing was read.
        versions: the policies, in order of their periods; usually one.
        inputs: what was read, one report an input.
        rejects: rows that could not be read.
        matched: what each phrase matched, in the order of the policy.
        warnings: each thing that a person should know, said once.
        parts: what the verdicts depend on beside policy and log: `sladsl`, `holidays`, `zones`, … to its version.
        engine: the evaluator that judged: `stream` or `columnar`.
        engine_reason: why it was this one, in a few words; "" where nothing was chosen.
        says_engine: whether a person should be told.
        sources: the texts that the spans of `warnings` point into.
    """

    name: str
    zone: str
    as_of_us: int | None
    versions: tuple[JudgedVersion, ...]
    inputs: tuple[InputReport, ...]
    rejects: list[Reject] = field(factory=list)
    matched: tuple[Matched, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    parts: Mapping[str, str] = field(factory=dict)
    engine: str = "stream"
    engine_reason: str = ""
    says_engine: bool = False
    sources: tuple[Source, ...] = ()

    def __repr__(self) -> str:
        count = sum(len(version.verdicts) for version in self.versions)
        as_of = "nothing" if self.as_of_us is None else iso(self.as_of_us, self.zone)
        return f"Result({self.name}, as of {as_of}: {count:,} verdicts)"

    @property
    def verdicts(self) -> list[VerdictRow]:
        """Every verdict, ordered by label, case and number, with datetimes and timedeltas."""
        from sladsl.report.verdict_row import VerdictRow

        return [VerdictRow(version.plan, verdict) for version, verdict in self.judged()]

    @property
    def objectives(self) -> list[ObjectiveRow]:
        """The verdict on each objective, window and group: by objective (file order), window, group."""
        rows = [row for version in self.versions for row in version.objectives.rows]
        if len(self.versions) > 1:
            places = {label: place for place, label in enumerate(dict.fromkeys(row.label for row in rows))}
            rows.sort(key=lambda row: (places[row.label], row.level, row.start_us, row.group))
        return rows

    @property
    def clauses(self) -> list[ClauseFigures]:
        """A row for each clause and level: how many opened, met, late …, attainment, median and p95."""
        from sladsl.report.figures import clause_figures

        return clause_figures(self)

    @property
    def alerts(self) -> list[AlertRow]:
        """The warnings and escalations of clauses and the alerts of objectives, by instant."""
        from sladsl.report.alerts import alert_rows

        return alert_rows(self)

    def write_alerts(self, path: str | Path) -> None:
        """Write the alerts to a file ending `.csv` or `.ndjson`.

        Raises ValueError for another ending, OSError where the file cannot be written.
        """
        from sladsl.report.alerts import write_alerts

        write_alerts(self, path)

    def table(self) -> pa.Table:
        """The verdict table in Arrow, with timestamps and microseconds."""
        from sladsl.report.table import arrow_table

        return arrow_table(self)

    def to_dict(self) -> dict[str, Any]:
        """The JSON result as plain lists, dicts and numbers."""
        from sladsl.report.json_result import result_json

        return result_json(self)

    def write_verdicts(self, path: str | Path) -> None:
        """Write the verdict table to a file ending `.csv`, `.ndjson` or `.parquet`.

        Raises ValueError for another ending, OSError where the file cannot be written.
        """
        from sladsl.report.files import write_verdicts

        write_verdicts(self, path)

    @property
    def labels(self) -> list[str]:
        """The labels of all versions, in the order in which they first stand."""
        return list(dict.fromkeys(label for version in self.versions for label in version.plan.groups))

    def judged(self) -> Iterator[tuple[JudgedVersion, Verdict]]:
        """Every verdict with its version, ordered by label, case and number."""
        if len(self.versions) == 1:
            version = self.versions[0]
            yield from ((version, verdict) for verdict in version.verdicts)
            return
        places = {label: place for place, label in enumerate(self.labels)}
        pairs = [(version, verdict) for version in self.versions for verdict in version.verdicts]
        pairs.sort(key=lambda pair: (places[pair[0].plan.groups[pair[1].group]], pair[1].case, pair[1].number))
        yield from pairs


def clock_of(target: Target | None) -> ClockKind:
    """The clock of an elapsed time: its target's; exact for points in time, attributes, and without a target."""
    return target.amount.kind if target is not None and target.amount is not None else ClockKind.EXACT


def amount_of(target: Target | None) -> Amount | None:
    """The amount of time of a target, where it is one."""
    return target.amount if target is not None else None
