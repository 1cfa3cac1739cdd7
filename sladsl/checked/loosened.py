"""What a more specific level changes of a wider one: where it promises less, and what it drops (section 7).

Takes:  the clauses and objectives of a sound program, several of one label.
Gives:  a warning where a level loosens, a remark for what it drops.
Never:  compares what is counted on clocks that cannot be compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from sladsl.checked.doubts import Doubts
from sladsl.checked.program import Clause, Objective, Target
from sladsl.checked.typed import Expr
from sladsl.clock import ClockKind
from sladsl.text import Span, fold

_MOST_PAIRS = 20_000
_MOST_WIDER = 50
_MOST_ROWS = 20
_MOST_SHOWN = 3
# Forms in which a longer time asks for less.
_SHORTER_IS_MORE = ("within", "every", "at least", "lasts", "time while")


def tell_of_loosened(doubts: Doubts) -> None:
    """Warn of levels that loosen, remark what they drop."""
    groups: dict[int, list[Clause]] = {}
    for clause in doubts.program.clauses:
        groups.setdefault(clause.group, []).append(clause)
    pairs = ((narrow, wide) for held in groups.values() for narrow, wide in _pairs_of_clauses(doubts, held))
    dropped: dict[tuple[int, tuple[str, ...]], list[tuple[Clause, Clause]]] = {}
    for narrow, wide in islice(pairs, _MOST_PAIRS):
        _tell_if_looser(doubts, narrow, wide)
        left_out = tuple(_dropped(narrow, wide))
        if left_out:
            dropped.setdefault((wide.index, left_out), []).append((narrow, wide))
    for (_, left_out), found in dropped.items():
        _tell_of_dropped(doubts, left_out, found)
    _compare_objectives(doubts)


def _pairs_of_clauses(doubts: Doubts, held: list[Clause]) -> Iterator[tuple[Clause, Clause]]:
    """Each clause with the nearest wider one of its label, which would count without it."""
    if len(held) < 2:
        return
    by_rank: dict[tuple[int, int], list[Clause]] = {}
    for clause in held:
        by_rank.setdefault(clause.level.rank, []).append(clause)
    ranks = sorted(by_rank, reverse=True)
    for narrow in held:
        wider = (wide for rank in ranks if rank < narrow.level.rank for wide in islice(by_rank[rank], _MOST_WIDER))
        found = next((wide for wide in wider if _applies_too(doubts, narrow, wide)), None)
        if found is not None:
            yield narrow, found


def _applies_too(doubts: Doubts, narrow: Clause | Objective, wide: Clause | Objective) -> bool:
    return wide.level.condition is None or doubts.logic.implies([narrow.level.condition], wide.level.condition)


# --- looser -------------------------------------------------------------------------------------------------------------


def _tell_if_looser(doubts: Doubts, narrow: Clause, wide: Clause) -> None:
    if narrow.form != wide.form:
        return
    found = _looser_count(narrow, wide) or _looser_target(doubts, narrow, wide)
    if found is None:
        return
    less, more, place, earlier = found
    message = f"`{narrow.level.name}` promises less of `{narrow.label}`: {less}, and {_whom(wide)} has {more}"
    help = "leave it, if that was agreed; a level replaces the wider promise as a whole"
    doubts.tell("SLA0402", message, place, help=help, labels=((earlier, "the wider promise"),))


def _looser_count(narrow: Clause, wide: Clause) -> tuple[str, str, Span, Span] | None:
    fewer_is_less = narrow.form in ("at least", "must not before")
    if narrow.form not in ("at least", "must not before", "at most"):
        return None
    for mine, other, word in (
        (narrow.count, wide.count, "times" if narrow.form == "at least" else ""),
        (narrow.distinct, wide.distinct, "distinct"),
    ):
        if mine != other and (mine < other) == fewer_is_less:
            return f"`{mine}` {word}".rstrip(), f"`{other}`", narrow.head, wide.head
    return None


def _looser_target(doubts: Doubts, narrow: Clause, wide: Clause) -> tuple[str, str, Span, Span] | None:
    """A case in which the narrower level certainly gives a looser target than the wider one."""
    for mine, my_case, not_mine in _targets(narrow):
        for other, other_case, not_other in _targets(wide):
            if not _is_looser(mine, other, narrow.form):
                continue
            plain = my_case is None and other_case is None and not not_mine and not not_other
            if plain or doubts.logic.surely_meet(
                narrow.level.condition, my_case, other_case, but=(*not_mine, *not_other)
            ):
                when = f" when `{doubts.text(other_case.span)}`" if other_case is not None else ""
                return f"`{mine.written}`", f"`{other.written}`{when}", mine.span, other.span
    return None


def _targets(clause: Clause) -> Iterator[tuple[Target, Expr | None, list[Expr]]]:
    """Each target with the condition of its row, and those of the rows that come before it; the headline last."""
    earlier: list[Expr] = []
    for row in clause.rows[:_MOST_ROWS]:
        yield row.target, row.when, list(earlier)
        earlier.append(row.when)
    if clause.target is not None and len(clause.rows) <= _MOST_ROWS:
        yield clause.target, None, earlier


def _is_looser(mine: Target, other: Target, form: str) -> bool:
    """Whether one target certainly asks for less than another."""
    one, two = mine.amount, other.amount
    if one is None or two is None:
        return False
    if form == "must not within":
        return one.kind is two.kind and mine.calendar == other.calendar and one.ticks < two.ticks
    if form not in _SHORTER_IS_MORE:
        return False
    if one.kind is two.kind and mine.calendar == other.calendar:
        return one.ticks > two.ticks
    # opening hours pass no faster than real time
    return one.kind is ClockKind.BUSINESS_TIME and two.kind is ClockKind.EXACT and one.ticks > two.ticks


def _whom(wide: Clause | Objective) -> str:
    return "everyone else" if wide.level.condition is None else f"`{wide.level.name}`"


# --- dropped ------------------------------------------------------------------------------------------------------------


def _dropped(narrow: Clause, wide: Clause) -> Iterator[str]:
    """What the wider clause has and the narrower one has nothing of its sort for."""
    if wide.rows and not narrow.rows:
        yield "row of targets" if len(wide.rows) == 1 else f"{len(wide.rows)} rows of targets"
    sorts: tuple[tuple[str, Iterable[object], Iterable[object]], ...] = (
        ("paused while", wide.pauses, narrow.pauses),
        ("cancelled when", wide.cancels, narrow.cancels),
        ("excused when", wide.excuses, narrow.excuses),
        ("penalty", wide.penalties, narrow.penalties),
        ("warn", _alerts(wide, "warn"), _alerts(narrow, "warn")),
        ("escalate", _alerts(wide, "escalate"), _alerts(narrow, "escalate")),
    )
    for word, there, here in sorts:
        if there and not here:
            yield f"`{word} …`"
    if wide.reopen != "new" and narrow.reopen == "new":
        yield f"`on reopen {wide.reopen}`"


def _alerts(clause: Clause, kind: str) -> list[object]:
    return [alert for alert in clause.alerts if alert.kind == kind]


def _tell_of_dropped(doubts: Doubts, left_out: tuple[str, ...], found: list[tuple[Clause, Clause]]) -> None:
    narrow, wide = found[0]
    names = ", ".join(f"`{each.level.name}`" for each, _ in found[:_MOST_SHOWN])
    if len(found) > _MOST_SHOWN:
        names += f" and {len(found) - _MOST_SHOWN:,} more"
    verb = "replaces" if len(found) == 1 else "replace"
    told = left_out[0] if len(left_out) == 1 else f"{', '.join(left_out[:-1])} and {left_out[-1]}"
    message = f"{names} {verb} `{narrow.label}` as a whole, without its {told}"
    labels = ((wide.head, "the promise that is replaced"),)
    doubts.tell("SLA0403", message, narrow.head, help="repeat here what shall still hold", labels=labels)


# --- objectives ---------------------------------------------------------------------------------------------------------


def _compare_objectives(doubts: Doubts) -> None:
    groups: dict[str, list[Objective]] = {}
    for objective in doubts.program.objectives:
        groups.setdefault(fold(objective.label), []).append(objective)
    for held in groups.values():
        wider = [each for each in held if each.level.rank == (0, 0)][:1]
        for narrow in held if wider else ():
            if narrow.level.rank > (0, 0):
                _tell_if_lower(doubts, narrow, wider[0])


def _tell_if_lower(doubts: Doubts, narrow: Objective, wide: Objective) -> None:
    alike = (narrow.measure, narrow.window, narrow.sign) == (wide.measure, wide.window, wide.sign)
    if not alike or narrow.target == wide.target:
        return
    if (narrow.target < wide.target) != (narrow.sign in (">", ">=")):
        return
    message = f"`{narrow.level.name}` promises less of `{narrow.label}` than everyone else has"
    labels = ((wide.head, "the wider promise"),)
    doubts.tell("SLA0402", message, narrow.head, help="leave it, if that was agreed", labels=labels)
