"""Who owes something, and which actors they are known by.

Takes:  a Plan.
Gives:  `owing_parties`, `actors_by_party`.
Never:  guesses: a party that is told by anything else than the actor's name is left out.
"""

from __future__ import annotations

from sladsl.ir.expression import Actor, ActorIs, Compare, Expr, InList, Literal, Or, Ref
from sladsl.ir.plan import Party, Plan
from sladsl.text import fold


def owing_parties(plan: Plan) -> list[Party]:
    """The parties of clauses and objectives, in the plan's order."""
    owing = {fold(clause.party) for clause in plan.clauses} | {fold(objective.party) for objective in plan.objectives}
    return [party for party in plan.parties if fold(party.name) in owing]


def actors_by_party(plan: Plan) -> dict[str, frozenset[str]]:
    """The owing parties that are known by names of actors alone, and these names, folded.

    >>> import sladsl
    >>> policy = sladsl.load(text='party sales = actor in ("Ana", "Luis")\\nsales contacts within 24h of created')
    >>> sorted(actors_by_party(policy.plan)["sales"])
    ['ana', 'luis']
    """
    found = {party.name: _names(plan, plan.conditions[party.condition].expr) for party in owing_parties(plan)}
    return {name: names for name, names in found.items() if names}


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
            found: frozenset[str] = frozenset()
            for operand in expr.operands:
                names = _names(plan, operand)
                if names is None:
                    return None
                found |= names
            return found
    return None
