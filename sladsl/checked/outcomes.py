"""Clauses that can never be met or never be breached, and pauses that never hold (section 11).

Takes:  the clauses of a sound program.
Gives:  warnings; a clause of which one has been given is settled.
Never:  looks at what a log holds.
"""

from __future__ import annotations

from sladsl.checked.doubts import Doubts
from sladsl.checked.program import Clause
from sladsl.checked.typed import Actor, ActorIs, Attr, DefRef, EventType, Expr, TypeMatches, children
from sladsl.clock import ClockKind
from sladsl.text import Span

_CLOCKED = ("within", "every", "at least", "lasts", "time while", "must not within")
_WHILE = ("every", "lasts", "time while")
_NEVER_MET, _NEVER_BREACHED = "SLA0320", "SLA0321"


def tell_of_outcomes(doubts: Doubts) -> None:
    """Warn of clauses of which one outcome is out of reach."""
    for clause in doubts.program.clauses:
        tells = (_tell_of_act, _tell_of_no_time, _tell_of_state, _tell_of_clock)
        if any(tell(doubts, clause) for tell in tells):
            doubts.settled.add(clause.index)
        else:
            _tell_of_pauses(doubts, clause)


def _tell_of_act(doubts: Doubts, clause: Clause) -> bool:
    """The party can never do what the clause speaks of, or what it counts never happens."""
    logic = doubts.logic
    act = clause.act
    if act is not None and not logic.may_hold(act.condition, doubts.who(clause)):
        party = doubts.party_of(clause)
        inverse = clause.form.startswith("must not")
        result = "can never be breached" if inverse else "can never be met"
        labels: tuple[tuple[Span, str], ...] = ()
        if party is not None and logic.may_hold(act.condition) and logic.may_hold(party.condition):
            why = f"no event can be `{act.written}` and an act of `{party.name}`"
            labels = ((party.span, f"what `{party.name}` is"),)
        else:
            why = f"`{act.written}` never happens"
        message = f"`{clause.label}` {result}: {why}"
        doubts.tell(_NEVER_BREACHED if inverse else _NEVER_MET, message, act.span, labels=labels)
        return True
    counted = clause.counted
    if counted is not None and counted.condition is not None:
        who = doubts.who(clause) if clause.counted_by_party else None
        if not logic.may_hold(counted.condition, who):
            at_most = clause.form == "at most"
            result = "can never be breached" if at_most else "can never be met"
            message = f"`{clause.label}` {result}: `{counted.written}` never happens"
            doubts.tell(_NEVER_BREACHED if at_most else _NEVER_MET, message, counted.span)
            return True
    return False


def _tell_of_no_time(doubts: Doubts, clause: Clause) -> bool:
    """The target leaves no time for what is owed."""
    target = clause.target
    if clause.form not in ("within", "every", "at least") or target is None or target.amount is None:
        return False
    if target.amount.ticks or target.amount.kind not in (ClockKind.EXACT, ClockKind.BUSINESS_TIME):
        return False
    message = f"`{clause.label}` is met only at the very instant at which it starts: `{target.written}` leaves no time"
    doubts.tell(_NEVER_MET, message, target.span, help="give it some time: `within 24h`, `within 5 min`")
    return True


def _tell_of_state(doubts: Doubts, clause: Clause) -> bool:
    """The state that a clause watches always holds, or never."""
    if clause.state is None or clause.form not in ("lasts", "time while"):
        return False
    state = doubts.text(clause.state.span)
    if clause.form == "lasts" and not doubts.logic.may_hold(but=(clause.state,)):
        message = f"`{clause.label}` can never be met: `{state}` always holds, so it never ends"
        doubts.tell(_NEVER_MET, message, clause.state.span)
        return True
    if clause.form == "time while" and not doubts.logic.may_hold(clause.state):
        message = f"`{clause.label}` can never be breached: `{state}` never holds, so no time is summed"
        doubts.tell(_NEVER_BREACHED, message, clause.state.span)
        return True
    return False


def _tell_of_clock(doubts: Doubts, clause: Clause) -> bool:
    """The clock never runs: wherever it could, the clause is paused, cancelled or excused."""
    if clause.form not in _CLOCKED:
        return False
    life = clause.state if clause.form in _WHILE else None
    pauses = [pause.condition for pause in clause.pauses if pause.at_most is None]
    ends = [each for each in (*clause.cancels, *clause.excuses) if not _is_action(doubts, each)]
    if not (pauses or ends) or doubts.logic.may_hold(life, but=(*pauses, *ends)):
        return False
    inverse = clause.form == "must not within"
    what = " or ".join(dict.fromkeys((["paused"] if pauses else []) + (["ended by a detail"] if ends else [])))
    result = "met" if inverse else "breached"
    message = f"`{clause.label}` can never be {result}: its clock never runs, for the clause is always {what}"
    place = clause.pauses[0].span if pauses else ends[0].span
    help = "say in the condition when the clock shall stand still, and when it shall run"
    doubts.tell(_NEVER_MET if inverse else _NEVER_BREACHED, message, place, help=help)
    return True


def _tell_of_pauses(doubts: Doubts, clause: Clause) -> None:
    """A pause that never falls into the life of the clause."""
    life = clause.state if clause.form in _WHILE else None
    if life is None:
        return
    for pause in clause.pauses:
        if doubts.logic.may_hold(pause.condition) and not doubts.logic.may_hold(life, pause.condition):
            message = f"`{_without_bound(doubts, pause.span)}` has no effect: the clock runs only while `{doubts.text(life.span)}`"
            doubts.tell("SLA0316", message, pause.span, help="leave it out", labels=((life.span, "and never both"),))


def _without_bound(doubts: Doubts, span: Span) -> str:
    return doubts.text(span).partition(",")[0]


def _is_action(doubts: Doubts, condition: Expr) -> bool:
    """Whether a condition holds at single events only."""
    waiting: list[object] = [condition]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (EventType, Actor, TypeMatches, ActorIs)) or (isinstance(node, Attr) and node.own):
            return True
        if isinstance(node, DefRef) and doubts.program.definitions[node.definition].action:
            return True
        waiting.extend(children(node))
    return False
