"""Policies gone wrong: real ones with pieces deleted, doubled, swapped and replaced.

Takes:  the policies of this repository, and a random generator.
Gives:  `policy`, `mangled`: texts near the language; `noise`, `raw`: texts far from it; `ODD`: pieces that are odd everywhere.
Never:  draws differently for one and the same generator.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from random import Random

ROOT = Path(__file__).parent.parent.parent
TOKEN = re.compile(r"\n[ \t]*|[^\W\d]+|\d+|[ \t]+|[^\w\s]|.", re.DOTALL)
_LONGEST = 2500

ODD = (
    *("\0", "\ufeff", "\u200b", "\u202e", "\u2028", "\x85", "\x0b", "\r", "\t", "\\", "\x1b[31m", "\ud800", "\udfff"),
    *("İ", "ı", "ß", "ﬁ", "e\u0301", "\u0301", "ñ", "Ω", "Å", "🙂", "👩\u200d👩", "٣", "²", "½", "१२", "Ⅷ", "〇", "０"),
    *("9" * 30, "9" * 5000, "0", "00", "-1", "1e999", "1_0_0", "1__0", "1.", ".5", "1..", "0.0", "0x10", "1" * 19),
    *("9999999999999 business days", "0h", "0 business days", "1h1h", "90m", "1000000 weeks", "0.0000001h", "½ day"),
    *("24:00", "25:61", "00:00-00:00", "23:59-00:01", "2026-02-30", "9999-12-31", "0001-01-01", "2026-03-29 02:30"),
    *("2026-01-05T09:30:00+99:00", "02-29", "13-01", "100000%", "0%", "-5%", "99.999999999999%", "1 XXX", "1 EUR"),
    *('"', '""', '"""', "`", "``", "'", "(", ")", "[", "]", "()", "[]", "((((((((", "))))))))", "{", "}", "<", ">", "<<"),
    *("==", "=", "!=", "!", "&&", "||", "%", "#", ";", ";;", ",", ",,", ":", "::", "..", "...", "–", "—", "~", "@", "$"),
    *("not not not", "and or", "of of", "in in", "must must not", "of breach of", "of each", "of latest", "each", "per"),
    *("paused while", "cancelled when", "by end of", "cutoff 24:00", "within", "every", "lasts", "on reopen resume"),
    *("use std.business", "use std.nowhere", 'use "../x.sla"', 'use "x.sla"', "# language: es\n", "# language: xx\n"),
    *("\n\n", "\n    ", "\n        ", "\n\t", "\n ", " \t ", "a" * 300, "a " * 200, "a_b-c", "_", "-", "__", "a-", "-a"),
    *("timezone Mars/Base", "timezone of zone, otherwise UTC", "holidays XX", "holidays ES-MD", "every day 00:00-24:00"),
)  # fmt: skip


@cache
def policies() -> tuple[str, ...]:
    """Every policy of the repository that can be had as a text."""
    found: list[str] = []
    folders = ("tests/language", "tests/conformance", "examples", "stdlib")
    for path in sorted(path for folder in folders for path in (ROOT / folder).rglob("*.sla")):
        text = path.read_text(encoding="utf-8")
        found.append("\n".join(line for line in text.splitlines() if not line.startswith("#! ")) + "\n")
    for path in sorted((ROOT / "tests/spanish/twins").glob("*.txt")):
        found += ["# language: es\n" + part for part in path.read_text(encoding="utf-8").split("\n==\n")]
    for name in ("good", "bad"):
        entries = (ROOT / f"tests/checked/{name}.txt").read_text(encoding="utf-8").split("\n=== ")
        found += [entry.partition("\n")[2].partition("\n---")[0] + "\n" for entry in entries]
    return tuple(text for text in found if text.strip())


@cache
def small_policies() -> tuple[str, ...]:
    """Those of which a great many can be tried."""
    return tuple(text for text in policies() if len(text) < 700)


@cache
def tokens() -> tuple[str, ...]:
    """Pieces of the policies, each once."""
    return tuple(sorted({token for text in policies() for token in TOKEN.findall(text)}))


@cache
def lines() -> tuple[str, ...]:
    """Lines of the policies, each once."""
    return tuple(sorted({line for text in policies() for line in text.splitlines() if line.strip()}))


def policy(random: Random) -> str:
    """A policy as it stands in the repository; mostly a small one."""
    return random.choice(small_policies() if random.random() < 0.93 else policies())


def mangled(random: Random, text: str | None = None, most: int = 6) -> str:
    """A policy with a few changes."""
    pieces = TOKEN.findall(policy(random) if text is None else text)
    for _ in range(random.randint(1, most)):
        pieces = _CHANGES[min(int(random.expovariate(0.22)), len(_CHANGES) - 1)](random, pieces or [""])
    return "".join(pieces)[:_LONGEST] if len(pieces) > 3000 else "".join(pieces)


def noise(random: Random) -> str:
    """Words of the language in any order, with odd things between them."""
    pools = (tokens(), tokens(), lines(), ODD)
    joins = ("", " ", " ", "\n", "\n    ")
    return "".join(random.choice(random.choice(pools)) + random.choice(joins) for _ in range(random.randint(1, 30)))


def raw(random: Random) -> bytes:
    """Bytes: any, or a policy's with a few of them changed."""
    if random.random() < 0.3:
        return random.randbytes(random.randint(0, 200))
    data = bytearray(policy(random).encode())
    for _ in range(random.randint(1, 8)):
        at = random.randrange(len(data))
        data[at : at + random.choice((0, 1, 1, 2))] = random.randbytes(random.choice((0, 1, 1, 3)))
        data = data or bytearray(b"a")
    marks = (b"", b"", b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
    return random.choice(marks) + bytes(data)


# --- changes -----------------------------------------------------------------------------------------------------------


def _delete(random: Random, pieces: list[str]) -> list[str]:
    at = random.randrange(len(pieces))
    return pieces[:at] + pieces[at + random.choice((1, 1, 1, 2, 3, 8)) :]


def _replace(random: Random, pieces: list[str]) -> list[str]:
    at = random.randrange(len(pieces))
    return [*pieces[:at], random.choice(tokens()), *pieces[at + 1 :]]


def _double(random: Random, pieces: list[str]) -> list[str]:
    at = random.randrange(len(pieces))
    return pieces[:at] + pieces[at : at + random.choice((1, 2, 5))] + pieces[at:]


def _swap(random: Random, pieces: list[str]) -> list[str]:
    a, b = random.randrange(len(pieces)), random.randrange(len(pieces))
    swapped = list(pieces)
    swapped[a], swapped[b] = swapped[b], swapped[a]
    return swapped


def _insert(random: Random, pieces: list[str]) -> list[str]:
    at = random.randrange(len(pieces) + 1)
    return [*pieces[:at], " ", random.choice(tokens()), " ", *pieces[at:]]


def _odd(random: Random, pieces: list[str]) -> list[str]:
    at = random.randrange(len(pieces) + 1)
    return [*pieces[:at], random.choice(ODD), *pieces[at + random.choice((0, 1)) :]]


def _line(random: Random, pieces: list[str]) -> list[str]:
    ends = [at for at, piece in enumerate(pieces) if piece.startswith("\n")] or [len(pieces)]
    at = random.choice(ends)
    return [*pieces[:at], "\n", *TOKEN.findall(random.choice(lines())), *pieces[at:]]


def _number(random: Random, pieces: list[str]) -> list[str]:
    numbers = [at for at, piece in enumerate(pieces) if piece.isdigit()]
    if not numbers:
        return _odd(random, pieces)
    new = random.choice(
        ("0", "1", "2", "00", "7", "24", "59", "60", "99", "100", "366", "9999", "1000000000000", "9" * 40)
    )
    return [new if at == numbers[0] or random.random() < 0.3 else piece for at, piece in enumerate(pieces)]


def _splice(random: Random, pieces: list[str]) -> list[str]:
    other = TOKEN.findall(random.choice(small_policies()))
    return pieces[: random.randrange(len(pieces) + 1)] + other[random.randrange(len(other)) :]


def _nest(random: Random, pieces: list[str]) -> list[str]:
    at = random.randrange(len(pieces))
    depth = random.choice((1, 1, 2, 5, 60, 400))
    opening, closing = random.choice((("(", ")"), ("not (", ")"), ("[", "]"), ("not ", ""), ("-", "")))
    return [*pieces[:at], opening * depth, pieces[at], closing * depth, *pieces[at + 1 :]]


def _repeat(random: Random, pieces: list[str]) -> list[str]:
    at = random.randrange(len(pieces))
    some = pieces[at : at + random.choice((1, 2, 4, 9))]
    return pieces[:at] + some * random.choice((2, 5, 30, 200)) + pieces[at:]


def _case(random: Random, pieces: list[str]) -> list[str]:
    at = random.randrange(len(pieces))
    return [*pieces[:at], random.choice((str.upper, str.title, str.swapcase))(pieces[at]), *pieces[at + 1 :]]


def _indent(random: Random, pieces: list[str]) -> list[str]:
    ends = [at for at, piece in enumerate(pieces) if piece.startswith("\n")]
    if not ends:
        return _insert(random, pieces)
    at = random.choice(ends)
    return [*pieces[:at], "\n" + random.choice(("", " ", "    ", "        ", "\t", " \t")), *pieces[at + 1 :]]


# the first ones most often
_CHANGES = (
    *(_replace, _delete, _swap, _double, _insert, _line, _odd, _number),
    *(_indent, _splice, _nest, _case, _repeat, _delete, _odd, _line),
)
