"""Clauses that follow clauses: which are judged first (section 6, `of breach of`, `of fulfilment of`).

Takes:  the checked clauses.
Gives:  their order, what a clause follows coming first; a complaint about each circle.
Never:  recurses along a chain of clauses.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush

from sladsl.checked.context import Context
from sladsl.checked.program import Clause


def follows(clause: Clause) -> tuple[int, ...]:
    """The groups whose breach or fulfilment starts a clause."""
    occurrence = clause.start.occurrence
    return (occurrence.group,) if occurrence.what in ("breach", "fulfilment") else ()


def put_clauses_in_order(context: Context, clauses: list[Clause]) -> tuple[int, ...]:
    """Indices of the clauses, each after all clauses of the groups it follows; ties in the order of the file."""
    members: dict[int, list[Clause]] = {}
    for clause in clauses:
        members.setdefault(clause.group, []).append(clause)
    open_needs = {clause.index: 0 for clause in clauses}
    needed_by: dict[int, list[int]] = {clause.index: [] for clause in clauses}
    # all clauses of a group stand before those that follow it, so each group is a step of its own: negative numbers
    for group, held in members.items():
        open_needs[-1 - group], needed_by[-1 - group] = len(held), []
        for clause in held:
            needed_by[clause.index].append(-1 - group)
    for clause in clauses:
        for group in follows(clause):
            if group in members:
                open_needs[clause.index] += 1
                needed_by[-1 - group].append(clause.index)
    ready = [step for step, needs in open_needs.items() if not needs]
    heapify(ready)
    order: list[int] = []
    while ready:
        step = heappop(ready)
        if step >= 0:
            order.append(step)
        for after in needed_by[step]:
            open_needs[after] -= 1
            if not open_needs[after]:
                heappush(ready, after)
    _tell_circles(context, [clause for clause in clauses if open_needs[clause.index]])
    return tuple(order)


def _tell_circles(context: Context, stuck: list[Clause]) -> None:
    """Walk from each clause that could not be placed to what it follows, until a circle closes."""
    waiting = {clause.group: clause for clause in reversed(stuck) if follows(clause)}
    told: set[int] = set()
    for start in stuck:
        path: dict[int, Clause] = {}
        here: int | None = start.group if follows(start) else None
        while here is not None and here in waiting and here not in told and here not in path:
            path[here] = waiting[here]
            here = follows(waiting[here])[0]
        if here is not None and here in path:
            circle = list(path.values())[list(path).index(here) :]
            names = " → ".join(f"`{clause.label}`" for clause in [*circle[:6], circle[0]])
            labels = tuple((clause.start.span, f"`{clause.label}` starts here") for clause in circle[1:6])
            message = f"clauses follow one another in a circle: {names}"
            if len(circle) == 1:
                message = f"`{circle[0].label}` follows itself"
            help = "let one of them start from an event or a state"
            context.findings.add("SLA0310", message, circle[0].start.span, help=help, labels=labels)
        told.update(path)
