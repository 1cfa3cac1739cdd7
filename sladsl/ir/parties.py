"""Which actors a party is known by.

Takes:  a Plan.
Gives:  `actors_by_party`.
Never:  guesses: a party that is told by anything else than the actor's name is left out.
"""

from __future__ import annotations

from sladsl.ir.expression import Actor, ActorIs, Compare, Expr, InList, Literal, Or, Ref
from sladsl.ir.plan import Plan
from sladsl.text import fold


def actors_by_party(plan: Plan) -> dict[str, frozenset[str]]:
    """The parties of clauses and objectives that are known by names of actors alone, and these names, folded.

    >>> import sladsl
    >>> policy = sladsl.load(text='party sales = actor in ("Ana", "Luis")\\nsales contacts within 24h of created')
    >>> sorted(actors_by_party(policy.plan)["sales"])
    ['ana', 'luis']
    """
    owing = {fold(clause.party) for clause in plan.clauses} | {fold(objective.party) for objective in plan.objectives}
    found = {}
    for party in plan.parties:
        names = _names(plan, plan.conditions[party.condition].expr) if fold(party.name) in owing else None
        if names:
            found[party.name] = names
    return found


def _names(plan: Plan, expr: Expr) -> frozenset[str] | None:
    """The folded names of which the actor must have one, where that is all that is asked; else None."""
    match expr:
        case Ref():
            return _names(plan, plan.conditions[expr.condition].expr)
        case ActorIs():
            return frozenset({expr.name})
        case Compare(op="=", left=Actor(), right=Literal(value=str(name))):
            return frozenset({fold(name)})
        case Compare(op="=", left=Literal(value=str(name)), right=Actor()):
            return frozenset({fold(name)})
        case InList(operand=Actor(), negated=False):
            return frozenset(fold(str(value)) for value in expr.values)
        case Or():
            names = [_names(plan, operand) for operand in expr.operands]
            return None if None in names else frozenset().union(*(each for each in names if each is not None))
    return None
