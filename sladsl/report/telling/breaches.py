"""The worst breaches, each with its timeline.

Takes:  an Account and a Language.
Gives:  `breaches`: a card for each: what was promised, what came when, and on a line the time that counted and the time that did not.
Never:  judges: every instant and stretch is the story's.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import nlargest

from sladsl.evaluate.verdict import Step
from sladsl.report.account import Account, Breach
from sladsl.report.charts import TimelineChart
from sladsl.report.language import Language
from sladsl.report.story import CLOSED as SHUT
from sladsl.report.story import COUNTED, PAUSED, Story
from sladsl.report.telling.short import cut, labelled
from sladsl.report.view import BAD, Block, Card, Cards, Figure, Points, Section

_MOST_STEPS = 9
_CLASSES = {COUNTED: "counted", SHUT: "shut", PAUSED: "stood"}
_TOLD_STEPS = ("opened", "row", "paused", "resumed", "restarted", "reopened", "breached", "closed", "alert", "counted")


def breaches(account: Account, language: Language) -> Section | None:
    """The broken promises with the most time over."""
    if not account.worst:
        return None
    cards = tuple(_card(breach, account, language) for breach in account.worst)
    if account.broken > len(cards):
        shown, all_of = language.number(len(cards)), language.number(account.broken)
        title = language("breaches.title.some", shown=shown, all=all_of)
    else:
        title = language("breaches.title")
    return Section("breaches", title, language("breaches.lead"), (Cards(cards),))


def _card(breach: Breach, account: Account, language: Language) -> Card:
    verdict = breach.verdict
    number = language("breach.cycle", number=language.number(verdict.number)) if verdict.number > 1 else ""
    label = labelled(breach.clause.label, breach.clause.level.name, language)
    over = language.short(breach.over_us) if breach.over_us else ""
    target = breach.clause.rows[verdict.row].target if verdict.row >= 0 else None
    promised = language("breach.promised", target=cut(language.target(target), 60)) if target is not None else ""
    party = cut(breach.clause.party, 40)
    under = " · ".join(part for part in (party, promised, _sum(breach.story, language)) if part)
    blocks: list[Block] = []
    if breach.story is not None:
        blocks += [block for block in (_line(breach, account, language),) if block is not None]
        blocks.append(Points(tuple(_steps(breach.story, account, language))))
    return Card(
        title=f"{cut(verdict.case, 40)}{number} · {label}",
        badge=language(f"breach.{_ending(breach)}"),
        tone=BAD,
        figure=language("breach.over", time=over) if over else "",
        under=under,
        blocks=tuple(blocks),
    )


def _ending(breach: Breach) -> str:
    verdict = breach.verdict
    if verdict.status == "late":
        return "late"
    if verdict.due_us is None or breach.clause.inverse:
        return "forbidden"
    return "never" if verdict.closed_us is None else "closed"


def _sum(story: Story | None, language: Language) -> str:
    """How much of its life counted, and how much did not."""
    if story is None:
        return ""
    spans = {kind: sum(s.end_us - s.start_us for s in story.stretches if s.kind == kind) for kind in (SHUT, PAUSED)}
    told = [language("breach.counted", time=language.short(story.counted, story.clock))]
    told += [language(f"breach.time.{kind}", time=language.short(us)) for kind, us in spans.items() if us]
    return ", ".join(told)


def _line(breach: Breach, account: Account, language: Language) -> Figure | None:
    story, verdict = breach.story, breach.verdict
    assert story is not None
    end = verdict.closed_us if verdict.closed_us is not None else account.as_of_us
    if end is None or end <= verdict.opened_us:
        return None
    start = verdict.opened_us
    stretches = []
    for stretch in story.stretches:
        name = _CLASSES.get(stretch.kind, "uncounted")
        due = verdict.due_us
        if name == "counted" and due is not None and stretch.end_us > due:
            if stretch.start_us < due:
                stretches.append((stretch.start_us, due, "counted"))
            stretches.append((max(stretch.start_us, due), stretch.end_us, "overdue"))
        else:
            stretches.append((stretch.start_us, stretch.end_us, name))
    chart = TimelineChart(
        start=float(start),
        end=float(end),
        stretches=tuple((float(a), float(b), name) for a, b, name in stretches),
        due=float(verdict.due_us) if verdict.due_us is not None and start <= verdict.due_us <= end else None,
        due_text=language("breach.due", instant=language.instant(verdict.due_us, account.zone))
        if verdict.due_us is not None
        else "",
        start_text=language.instant(start, account.zone),
        end_text=language.instant(end, account.zone),
    )
    names = dict.fromkeys(name for _, _, name in stretches)
    legend = tuple((name, language(f"legend.{name}")) for name in names)
    caption = language(
        "breach.caption",
        start=language.instant(start, account.zone),
        end=language.instant(end, account.zone),
    )
    return Figure(chart, caption, legend)


def _steps(story: Story, account: Account, language: Language) -> Iterator[tuple[str, str]]:
    """The steps that a reader follows; of very many the first ones, the breach and the end."""
    told = [step for step in story.steps if step.kind in _TOLD_STEPS]
    kept = set(range(len(told)))
    if len(told) > _MOST_STEPS:
        weight = {"opened": 3, "breached": 3, "closed": 3, "row": 2}
        kept = set(nlargest(_MOST_STEPS, range(len(told)), key=lambda n: (weight.get(told[n].kind, 0), -n)))
    hidden = 0
    for place, step in enumerate(told):
        if place not in kept:
            hidden += 1
            continue
        yield language.instant(step.at_us, account.zone), _step(story, step, account, language)
    if hidden:
        yield "…", language("more.rows", count=language.number(hidden))


def _step(story: Story, step: Step, account: Account, language: Language) -> str:
    by = language("step.by", event=cut(step.cause.type, 60)) if step.cause is not None else ""
    due = language("step.due", instant=language.instant(step.due_us, account.zone)) if step.due_us is not None else ""
    if step.kind == "closed":
        key = f"step.{step.detail}" if language.has(f"step.{step.detail}") else "step.closed"
        text = language(key)
    elif step.kind == "row":
        rows = story.clause.rows
        target = language.target(rows[step.row].target) if 0 <= step.row < len(rows) else ""
        text = language("step.row", target=cut(target, 60))
    elif step.kind == "alert":
        text = (
            language(f"step.alert.{step.detail}") if language.has(f"step.alert.{step.detail}") else cut(step.detail, 60)
        )
    else:
        text = language(f"step.{step.kind}")
    return text + by + (due if step.kind in ("opened", "row", "resumed", "restarted", "reopened") else "")
