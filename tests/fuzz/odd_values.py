"""Values, rows, tables and JSON that are odd.

Takes:  a random generator.
Gives:  `cell`, `value`, `row`, `events`, `table`: what a log or a program may hold; `mangled_json`: a tree with changes.
Never:  draws differently for one and the same generator.
"""

from __future__ import annotations

import datetime
import json
from collections import OrderedDict
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from mangled import ODD

TIMES = (
    *("2026-03-02T09:00:00Z", "2026-03-02T09:00:00Z", "2026-03-03 10:30", "2026-03-02", "2026-03-29 02:30", "2026-10-25 02:30"),
    *("2026-03-02T09:00:00.123456789+05:45", "1772442000", "1772442000000", "2026-03-02T24:00:00Z", "2026-03-02T09:00:60Z"),
    *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "10000-01-01", "-0001-01-01", "2026-02-30", "2026-3-2", "02/03/2026"),
    *("2026-W10-1", "2026-061", "09:00", "now", "Mon Mar  2 09:00:00 2026", "20260302T090000Z", "2026-03-02T09", "٢٠٢٦-٠٣-٠٢"),
)  # fmt: skip
CELLS = (
    *("", " ", "0", "1", "-1", "60", "61.5", "1e3", "1e400", "nan", "inf", "-0", "1_000", "1,5", "95%", "300 EUR", "٣", "½"),
    *("yes", "no", "true", "FALSE", "open", "waiting", "P1", "ACME", "ES", "NULL", "?", "Europe/Madrid", "Mars/Base", "UTC"),
    *("9" * 25, "9" * 5000, "1/3", "1/0", "0x10", "=1+1", "a,b", 'a"b', "a\nb", "[1]", "{}", "x" * 1000),
)  # fmt: skip
TYPES = (
    *("created", "contact", "contacted", "reply", "message", "closed", "opened", "fix", "call", "handover", "handoff", "x"),
    *("delivered", "purchased", "accepted", "payment", "status change", "ÉTAT", "puts away", "note posted", "0", " "),
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 60, 2**63, -(2**63) - 1, 10**40, 10**5000, 0.0, -0.0, 1.5, 1e308, 5e-324),
    *(float("nan"), float("inf"), float("-inf"), Decimal("1.5"), Decimal("1e999999"), Decimal("nan"), Decimal("sNaN")),
    *(Fraction(1, 3), 1j, b"", b"x\xff", bytearray(b"a"), [], [1], (1, 2), {}, {"a": 1}, {"a": {"b": [None]}}, set(), frozenset({1})),
    *(datetime.datetime(2026, 3, 2, 9), datetime.datetime.min, datetime.datetime.max, datetime.date(2026, 3, 2), datetime.time(9)),
    datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC),
    datetime.datetime(2026, 3, 29, 2, 30, tzinfo=ZoneInfo("Europe/Madrid")),
    datetime.datetime.max.replace(tzinfo=ZoneInfo("America/New_York")),
    datetime.datetime.min.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=23, minutes=59, microseconds=1))),
    *(datetime.timedelta(days=1), datetime.timedelta.max, ZoneInfo("UTC"), object, int, len, ..., NotImplemented, range(3)),
    *("", "open", "60", "\ud800", "\0", "9" * 5000, "2026-03-02", "x" * 10_000),
)  # fmt: skip
ROLES = ("case", "time", "event", "actor", "event_id")
HEADINGS = (
    *("case", "case_id", "lead_id", "id", "time", "timestamp", "ts", "event", "activity", "type", "actor", "owner", "event_id"),
    *("score", "role", "status", "priority", "region", "created_at", "closed_at", "Case ID", "case ", "", "a b", "ñ", "event"),
)  # fmt: skip


def cell(random: Random) -> str:
    """The text of a cell."""
    return random.choice(random.choice((TIMES, CELLS, CELLS, TYPES, ODD)))


def value(random: Random) -> Any:
    """A value as a program may have it."""
    return random.choice(VALUES) if random.random() < 0.6 else cell(random)


def moment(random: Random) -> Any:
    """When: mostly an instant in a few days of 2026 in some form."""
    kind = random.random()
    if kind < 0.6:
        us = 1_772_442_000_000_000 + random.randrange(20 * 24 * 4) * 900_000_000 + random.choice((0, 0, 1, -1))
        if kind < 0.3:
            return datetime.datetime.fromtimestamp(0, datetime.UTC) + datetime.timedelta(microseconds=us)
        return (datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=us)).isoformat() + "Z"
    return random.choice(TIMES) if kind < 0.8 else value(random)


def row(random: Random, attributes: Sequence[str] = (), types: Sequence[str] = TYPES) -> dict[Any, Any]:
    """A dictionary: mostly an event."""
    made: dict[Any, Any] = {
        "case": random.choice(("A", "A", "B", 7)) if random.random() < 0.95 else value(random),
        "time": moment(random),
        "event": random.choice(types) if random.random() < 0.9 else value(random),
    }
    if random.random() < 0.6:
        made["actor"] = random.choice(("sales", "support", "marketing")) if random.random() < 0.9 else value(random)
    if random.random() < 0.2:
        made["event_id"] = random.choice(("1", "2", 3)) if random.random() < 0.8 else value(random)
    for name in attributes:
        if random.random() < 0.5:
            made[name] = value(random)
    if random.random() < 0.05:
        made.pop(random.choice(tuple(made)))
    if random.random() < 0.05:
        made[random.choice((7, None, "\ud800", ("a",), "CASE", "time ", "a" * 500))] = value(random)
    return OrderedDict(made) if random.random() < 0.02 else made


def events(random: Random, attributes: Sequence[str] = (), types: Sequence[str] = TYPES) -> list[dict[Any, Any]]:
    """A few rows, most of them in order."""
    made = [row(random, attributes, types) for _ in range(random.randint(1, 8))]
    return made if random.random() < 0.2 else sorted(made, key=lambda made: _shown(made.get("time")))


def _shown(value: Any) -> str:
    try:
        return str(value)
    except ValueError:  # so many digits are not written
        return ""


def table(random: Random, headings: Sequence[str] = ()) -> list[list[str]]:
    """Headings and rows of text."""
    first = [*headings] or ["case", "time", "event"]
    first += random.sample(HEADINGS, random.randint(0, 4))
    if random.random() < 0.1:
        random.shuffle(first)
    if random.random() < 0.1:
        del first[random.randrange(len(first))]
    lines = [first]
    for _ in range(random.randint(0, 6)):
        cells = [cell(random) for _ in first]
        for place, heading in enumerate(first):
            if random.random() < 0.9:
                if heading in ("case", "case_id", "lead_id"):
                    cells[place] = random.choice(("A", "B"))
                elif heading in ("time", "created_at", "closed_at", "timestamp", "ts"):
                    cells[place] = random.choice(TIMES)
                elif heading in ("event", "activity"):
                    cells[place] = random.choice(TYPES)
        lines.append(cells[: random.choice((len(cells),) * 8 + (len(cells) - 1, 1))])
    return lines


def mangled_json(random: Random, tree: Any, most: int = 4) -> Any:
    """A tree of lists and objects, a few of whose places hold something else; the tree given stays as it is."""
    tree = json.loads(json.dumps(tree))
    places: list[tuple[Any, Any]] = []
    waiting = [tree]
    while waiting:
        here = waiting.pop()
        keys = list(here) if isinstance(here, dict) else list(range(len(here)))
        places += [(here, key) for key in keys]
        waiting += [here[key] for key in keys if isinstance(here[key], (dict, list))]
    for _ in range(random.randint(1, most)):
        here, key = random.choice(places)
        if (isinstance(here, dict) and key not in here) or (isinstance(here, list) and key >= len(here)):
            continue
        _change(random, here, key, places)
    return tree


_PLAIN = (
    *(None, True, False, 0, 1, -1, 2, 7, 10**6, 2**62, 2**63, -(2**63), 10**18, 10**30, 10**4000, 0.5, 1e300, "", "x", "1/3"),
    *("1/0", "1e9", "\ud800", "\0", "Mars/Base", "UTC", "exact", "business time", "2026-02-30", [], [[]], {}, {"node": "And"}),
    *({"fraction": "1/3"}, {"instant": 5}, {"decimal": "nan"}, {"fault": "x"}, {"float": "inf"}, {"decimal": "x"}, [1, 2, 3], "9" * 5000),
)  # fmt: skip


def _change(random: Random, here: Any, key: Any, places: list[tuple[Any, Any]]) -> None:
    old = here[key]
    kind = random.random()
    if kind < 0.3 and isinstance(old, (int, float)) and not isinstance(old, bool):
        here[key] = random.choice((old + 1, old - 1, -old, old * 2, old * 10**6, old * 10**13, 0, "7"))
    elif kind < 0.45:
        donor, place = random.choice(places)
        held = (isinstance(donor, dict) and place in donor) or (isinstance(donor, list) and place < len(donor))
        here[key] = json.loads(json.dumps(donor[place])) if held else None
    elif kind < 0.55:
        if isinstance(here, dict):
            del here[key]
        else:
            here.pop(key)
    elif kind < 0.62 and isinstance(here, list):
        here.insert(key, json.loads(json.dumps(old)))
    elif kind < 0.66 and isinstance(here, dict):
        here[random.choice(("x", "node", "kind", "\ud800"))] = old
    else:
        here[key] = random.choice(_PLAIN)
