"""`--where`: only some cases.

Takes:  an expression in the words of a policy.
Gives:  `compile_where`: a plan that asks it; `only_cases`: the events of the cases for which it holds; `unknown_to_where`.
Never:  reads the expression otherwise than the policy would.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from sladsl.events import Event, Log
from sladsl.ir.plan import Plan
from sladsl.pipeline.policy import Policy, PolicyError
from sladsl.text import Diagnostic, Severity, Source, Span, fold, nearest


def compile_where(policy: Policy, where: str) -> Plan:
    """A plan whose only clause is open in a case just while the expression holds.

    The expression is read where it would stand as the last line of the policy. Raises PolicyError.
    """
    from sladsl.checked import check_source
    from sladsl.ir.from_checked import lower

    if not policy.sources:
        message = "a compiled policy cannot take `--where`: its names are gone"
        raise PolicyError([Diagnostic("SLA0935", message, None, help="name the `.sla` file instead")])
    own = policy.sources[0]
    question = " ".join(where.split())
    text = own.text.rstrip("\r\n")
    opening = _question(policy.plan.language)
    mark = len(text) + 1 + len(opening)
    source = Source(own.name, f"{text}\n{opening}{question})\n")
    checked = check_source(source, lists=policy.settings.lists, timezone=policy.settings.timezone or None)
    if checked.program is None:
        told = [_moved(d, own.name, mark, len(question)) for d in checked.diagnostics if d.is_error]
        raise PolicyError(told, [Source("--where", question)])
    plan = lower(checked.program)
    clause = plan.clauses[-1]
    return attrs.evolve(
        plan,
        clauses=(attrs.evolve(clause, index=0, group=0, after=(), guard=None),),
        groups=(clause.label,),
        order=(0,),
        objectives=(),
        protocols=(),
        case_until=None,
        effective=(None, None),
    )


def _question(language: str) -> str:
    """The clause that asks, up to the expression, with the keywords of the policy's language."""
    from sladsl.syntax import read_table

    keywords = read_table(language)["keywords"]
    must_not, while_ = (w if isinstance(w := keywords[k], str) else w[0] for k in ("MUST_NOT", "WHILE"))
    return f"`--where`: `nobody` {must_not} `do anything` {while_} ("


def _moved(diagnostic: Diagnostic, name: str, mark: int, length: int) -> Diagnostic:
    """A finding in the added line, as one in the expression; labels and fixes elsewhere are dropped."""
    span, message = diagnostic.span, diagnostic.message
    if span is not None and span.source == name and span.end >= mark:
        if span.start == mark + length:  # the bracket that ends our clause is not the user's
            message = "the expression ends too early"
        start = min(max(span.start - mark, 0), length)
        span = Span("--where", start, min(max(span.end - mark, start), length))
    return attrs.evolve(diagnostic, message=message, span=span, labels=(), fix=None)


def unknown_to_where(filters: Sequence[Plan], plan: Plan, log: Log) -> list[Diagnostic]:
    """A complaint about columns that only `--where` names and the log does not have: it keeps no case by them."""
    if not filters or log.is_empty:
        return []
    unknown = sorted({*filters[-1].attributes} - {*plan.attributes} - log.attribute_names)
    names = {fold(heading): heading for heading in log.headings} | {name: name for name in log.attribute_names}
    told = []
    for name in unknown:
        near = nearest(name, names, 1)
        how = (
            f"did you mean `{names[near[0]]}`?" if near else "columns are written by their heading, or as in the policy"
        )
        message = f"`--where` names `{name}`, and the log has no such column, so it never holds"
        told.append(Diagnostic("SLA0913", message, None, Severity.WARNING, help=how))
    return told


def only_cases(events: list[Event], question: Plan, log: Log, as_of_us: int | None) -> list[Event]:
    """The events of the cases in which the state of `--where` holds after their last event."""
    from sladsl.evaluate.stream import judge

    outcome = judge(question, events, as_of_us, actors=log.has_actor)
    held = {verdict.case for verdict in outcome.verdicts if verdict.status == "open"}
    return [event for event in events if event.case in held]
