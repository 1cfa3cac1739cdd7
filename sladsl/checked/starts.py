"""Starts that are covered: paused, cancelled or stopped as they happen; levels that never count (section 11).

Takes:  the clauses of a sound program.
Gives:  warnings, and an error for a clause that a more specific level always replaces.
Never:  complains where the start leaves it open.
"""

from __future__ import annotations

from sladsl.checked.doubts import Doubts
from sladsl.checked.program import Clause
from sladsl.checked.typed import Expr
from sladsl.text import Span


def tell_of_starts(doubts: Doubts) -> None:
    """Warn of starts after which nothing is left to promise."""
    for clause in doubts.program.clauses:
        if _tell_of_level(doubts, clause) or clause.index in doubts.settled:
            continue
        held = doubts.at_start(clause)
        if held:
            _tell_of_cover(doubts, clause, held)
            _tell_of_own_stop(doubts, clause, held)


def _tell_of_level(doubts: Doubts, clause: Clause) -> bool:
    """More specific levels of the label leave nothing to this one."""
    if clause.guard is None or clause.guard is clause.level.condition or doubts.logic.may_hold(clause.guard):
        return False
    what = f"`{clause.label}` of {_level(clause)} can never start: a more specific level counts in every case"
    doubts.tell("SLA0312", what, clause.head, help="take it out, or leave cases to it")
    return True


def _level(clause: Clause) -> str:
    return f"`{clause.level.name}`" if clause.level.condition is not None else "the corporate level"


def _tell_of_cover(doubts: Doubts, clause: Clause, held: tuple[Expr, ...]) -> None:
    """A condition that certainly holds as the clock starts."""
    found: list[tuple[Expr, Span, str, str]] = [
        (pause.condition, pause.span, "paused while", "its clock starts paused") for pause in clause.pauses
    ]
    found += [(each, each.span, "cancelled when", "each one is cancelled as it starts") for each in clause.cancels]
    found += [(each, each.span, "excused when", "each one is excused as it starts") for each in clause.excuses]
    for condition, place, word, so in found:
        if not doubts.logic.implies(held, condition):
            continue
        message = f"`{word} {_short(doubts, condition.span)}` holds whenever `{clause.label}` starts: {so}"
        labels = ((clause.start.span, "the clock starts here"),) if _is_elsewhere(clause, place) else ()
        help = "let the clock start, or the detail hold, under another condition"
        doubts.tell("SLA0322", message, place, help=help, labels=labels)


def _tell_of_own_stop(doubts: Doubts, clause: Clause, held: tuple[Expr, ...]) -> None:
    """What starts the clock is what stops it."""
    act, occurrence = clause.act, clause.start.occurrence
    start = occurrence.condition
    if act is None or start is None or clause.form not in ("within", "by", "at least", "must not within"):
        return
    if clause.count > 1 or clause.distinct > 1:
        return
    logic = doubts.logic
    if occurrence.what != ("begins" if act.state else "happens"):
        return
    covered = logic.implies([start], act.condition)
    same = covered and logic.implies([act.condition], start)
    if act.state:
        if not covered and not logic.implies(held, act.condition):
            return
    else:
        who = doubts.who(clause)
        # by the name of the event alone, whoever acts does both; a start with more to it may be somebody else's
        alike = same or all(set(case) <= {("event",)} for case in logic.cases(start))
        if not covered or not (logic.implies(held, who) or (alike and logic.may_hold(start, who))):
            return
    _say_own_stop(doubts, clause, same)


def _say_own_stop(doubts: Doubts, clause: Clause, same: bool) -> None:
    act, occurrence = clause.act, clause.start.occurrence
    assert act is not None
    done, begun = act.written, occurrence.written
    party = doubts.party_of(clause)
    by = f" by `{party.name}`" if party is not None else ""
    ends = "breaches it at once" if clause.form == "must not within" else "meets it at once"
    if act.state and same:
        message = f"the clock of `{clause.label}` starts when `{begun}` begins, and that is what must happen"
    elif act.state:
        message = f"`{done}` holds already when the clock of `{clause.label}` starts"
    else:
        message = f"`{done}`{by} starts the clock of `{clause.label}`, and {ends}"
    help = "say with `of …` what the clock starts at"
    if act.state and not same:
        help = "let the clock start at something that comes before"
    elif clause.start.rule == "of":
        help = "let the clock start at something else" if not by else f"let the clock start at what is not done{by}"
    labels = ((clause.start.span, "the clock starts here"),) if clause.start.rule == "above" else ()
    doubts.tell("SLA0323", message, act.span, help=help, labels=labels)


def _is_elsewhere(clause: Clause, place: Span) -> bool:
    return clause.start.span != place and clause.start.span.end > clause.start.span.start


def _short(doubts: Doubts, span: Span) -> str:
    text = doubts.text(span)
    return text if len(text) <= 60 else f"{text[:59]}…"
