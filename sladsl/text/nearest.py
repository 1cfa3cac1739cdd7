"""Which known names are near to a mistyped one.

Takes:  a word and the names that would have been right.
Gives:  the nearest few, best first.
Never:  guesses wildly: short words must differ by one letter, long ones by two or three.
"""

from __future__ import annotations

from collections.abc import Iterable

from sladsl.text.fold import fold


def nearest(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The names of `known` that `word` was probably meant to be, best first, at most `most` of them.

    Of equally near ones, the longer come first: letters are left out more often than added.

    Names are compared folded; a letter left out, added, changed or swapped with its neighbour counts one.

    >>> nearest("scoer", ["score", "role", "company size"])
    ['score']
    """
    key = fold(word)
    if not key or len(key) > 80:
        return []
    found: list[tuple[int, int, int, str]] = []
    for place, name in enumerate(dict.fromkeys(known)):
        candidate = fold(name)
        limit = _allowed(min(len(key), len(candidate)))
        if abs(len(key) - len(candidate)) > limit:
            if len(key) >= 4 and (candidate.startswith(key) or key.startswith(candidate)) and len(candidate) >= 4:
                found.append((4, 0, place, name))
            continue
        distance = _distance(key, candidate, limit)
        if distance <= limit:
            found.append((distance, -len(candidate), place, name))
    return [name for *_, name in sorted(found)[:most]]


def _allowed(length: int) -> int:
    return 0 if length < 2 else 1 if length < 5 else 2 if length < 10 else 3


def _distance(one: str, two: str, limit: int) -> int:
    """Letters to change from `one` to `two`, neighbours swapped counting one; `limit + 1` where it is more."""
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, other in enumerate(two, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if older and j > 1 and letter == two[j - 2] and one[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]
