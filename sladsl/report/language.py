"""How numbers, times and words are written in a language.

Takes:  exact figures, and keys of the texts in `languages/`.
Gives:  `Language`, and `language_of` a code.
Never:  rounds more than the reader sees (see words.py), or falls back to another language for a word that is lacking.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from importlib import import_module

from attrs import frozen

from sladsl.clock import Amount, ClockKind, amount_text, iso
from sladsl.ir.plan import Target
from sladsl.report.words import elapsed_text, number_text, percent_text, short_text

LANGUAGES = ("en", "es")
_NO_BREAK = "\u00a0"


@frozen
class Language:
    """One language: its code and its texts. A text may hold `{names}`, which are filled in."""

    code: str
    texts: Mapping[str, str]

    def __call__(self, key: str, **parts: object) -> str:
        """The text of a key. Raises KeyError where there is none."""
        text = self.texts[key]
        return text.format(**parts) if parts else text

    def has(self, key: str) -> bool:
        """Whether there is a text of that key."""
        return key in self.texts

    # --- numbers ----------------------------------------------------------------------------------------------------

    def number(self, number: Fraction | int, bound: Fraction | None = None) -> str:
        """A number with two decimals at most, or as many as it takes to tell it from its bound."""
        return self.marked(number_text(Fraction(number), bound))

    def marked(self, text: str) -> str:
        """A number written with `,` between thousands and `.` before decimals, with the marks of the language."""
        thousands, decimal = self("mark.thousands"), self("mark.decimal")
        whole, _, fraction = text.partition(".")
        digits = sum(character.isdigit() for character in whole)
        if digits < int(self("mark.thousands.from")):
            whole = whole.replace(",", "")
        return whole.replace(",", thousands) + (decimal + fraction if fraction else "")

    def percent(self, share: Fraction, bound: Fraction | None = None) -> str:
        """A share; never shown as 100%, 0% or its bound where it is not."""
        text = percent_text(share, bound)
        for word in ("just over ", "just under "):
            if text.startswith(word):
                return self(word.strip().replace(" ", "."), share=self._percent(text.removeprefix(word)))
        return self._percent(text)

    def _percent(self, text: str) -> str:
        return self.marked(text.removesuffix("%")) + self("percent")

    def counted(self, number: int, noun: str) -> str:
        """A number and its noun, of which `languages/` has the two forms: `3 promises`."""
        return f"{self.number(number)}{_NO_BREAK}{self.noun(number, noun)}"

    def noun(self, number: int, noun: str) -> str:
        """The form of a noun that goes with a number."""
        one, many = self(f"noun.{noun}").split("|")
        return one if number == 1 else many

    def cases(self, number: int, word: str) -> str:
        """So many cases, by the policy's own word for one."""
        plural = word if number == 1 else self("plural.of", word=word)
        return f"{self.number(number)}{_NO_BREAK}{plural}"

    def money(self, amount: Fraction | str, currency: str) -> str:
        """An amount with its currency; a text is one that has been rounded to be paid."""
        written = self.marked(_grouped(amount)) if isinstance(amount, str) else self.number(amount)
        return f"{written}{_NO_BREAK}{currency}"

    # --- times ------------------------------------------------------------------------------------------------------

    def short(self, ticks: int, clock: ClockKind = ClockKind.EXACT) -> str:
        """Elapsed time in its two largest units."""
        return self.marked_time(short_text(ticks, clock))

    def elapsed(self, ticks: int, clock: ClockKind = ClockKind.EXACT) -> str:
        """Elapsed time, nothing left out."""
        return self.marked_time(elapsed_text(ticks, clock))

    def marked_time(self, text: str) -> str:
        """`1h 2.5s`, with the decimal mark of the language, in one line."""
        return text.replace(".", self("mark.decimal")).replace(" ", _NO_BREAK)

    def clock(self, clock: ClockKind) -> str:
        """What a clock counts: `business time`."""
        return self(f"clock.{clock.value}")

    def amount(self, amount: Amount) -> str:
        """An amount in words, with its clock: `2 business days`."""
        if self.code == "en":
            return amount_text(amount)
        size, unit = _unit(amount)
        if not unit:
            return self("amount.other", amount=self.short(amount.ticks, amount.kind), clock=self.clock(amount.kind))
        return f"{self.number(size)} {self.noun(1 if size == 1 else 2, f'unit.{unit}')}"

    def target(self, target: Target | None) -> str:
        """A target in words: an amount in this language, a point in time as the author wrote it."""
        if target is None:
            return ""
        if target.amount is not None:
            return self.amount(target.amount)
        if target.attribute:
            return self("target.attribute", name=target.attribute)
        return target.written or self("target.point")

    def unit(self, unit: str) -> str:
        """The unit of an objective's target: `business hours`."""
        key = f"unit.of.{unit}"
        return self(key) if self.has(key) else unit

    def bound(self, op: str, target: Fraction, unit: str) -> str:
        """A promise: `at least 95%`, `at most 3 business hours`; the target in its unit."""
        if unit == "share":
            return self(f"bound.{op}", value=self("s.the.share", share=self.percent(target)))
        number = self.number(target)
        return self(f"bound.{op}", value=f"{number} {self.unit(unit)}" if unit else number)

    # --- instants and windows ---------------------------------------------------------------------------------------

    def date(self, us: int, zone: str) -> str:
        """`2 Mar 2026`."""
        return self.day(iso(us, zone)[:10])

    def day(self, date: str) -> str:
        """The same of an ISO date; one far away stays as it is."""
        year, _, rest = date.partition("-")
        month, _, day = rest.partition("-")
        if not (year.isdecimal() and month.isdecimal() and day.isdecimal()):
            return date
        return self("date", day=int(day), month=self(f"month.short.{int(month)}"), year=int(year))

    def instant(self, us: int, zone: str) -> str:
        """`2 Mar 2026, 09:00`; seconds only where there are any."""
        written = iso(us, zone)
        time = written.partition("T")[2][:8].removesuffix(":00")
        return self("instant", date=self.day(written.partition("T")[0]), time=time)

    def window(self, name: str) -> str:
        """A window by its name: `March 2026`, `Q1 2026`, `week 3 of 2026`, `5 Jan 2026`, `2026`."""
        year, _, part = name.partition("-")
        if not part:
            return name
        if part.startswith("Q"):
            return self("window.quarter", quarter=part[1:], year=year)
        if part.startswith("W"):
            return self("window.week", week=int(part[1:]), year=year)
        if "-" in part:
            return self.day(name)
        return self("window.month", month=self(f"month.{int(part)}"), year=year)

    def window_short(self, name: str) -> str:
        """The same for the axis of a chart: `Mar 26`, `Q1 26`, `W3`, `5 Jan`."""
        year, _, part = name.partition("-")
        if not part:
            return name
        if part.startswith("Q"):
            return self("window.quarter", quarter=part[1:], year=year[-2:])
        if part.startswith("W"):
            return self("window.week.short", week=int(part[1:]))
        if "-" in part:
            month, _, day = part.partition("-")
            return self("window.day.short", day=int(day), month=self(f"month.short.{int(month)}"))
        return self("window.month.short", month=self(f"month.short.{int(part)}"), year=year[-2:])

    # --- names ------------------------------------------------------------------------------------------------------

    def level(self, name: str) -> str:
        """A level: `everyone`, `service hosting`, `customer ACME, service hosting`."""
        if name == "corporate":
            return self("level.corporate")
        for word in ("customer", "service", "for"):
            if name.startswith(f"{word} "):
                name = f"{self(f'level.{word}')} {name.removeprefix(f'{word} ')}"
                break
        return name.replace(", service ", f", {self('level.service')} ")

    def listed(self, items: list[str]) -> str:
        """`a`, `a and b`, `a, b and c`."""
        if len(items) < 2:
            return "".join(items)
        return self("listed", some=", ".join(items[:-1]), last=items[-1])


def _grouped(amount: str) -> str:
    """`1234.50` as `1,234.50`."""
    whole, dot, fraction = amount.partition(".")
    return f"{int(whole):,}{dot}{fraction}" if whole.lstrip("-").isdecimal() else amount


def _unit(amount: Amount) -> tuple[Fraction | int, str]:
    """The size and the unit of an amount that is whole in a unit of its clock; "" where it is not."""
    hour, minute, day = 3_600_000_000, 60_000_000, 86_400_000_000
    if amount.kind in (ClockKind.BUSINESS_DAYS, ClockKind.CALENDAR_DAYS):
        return (amount.ticks // day, amount.kind.value) if amount.ticks % day == 0 else (0, "")
    name = "business " if amount.kind is ClockKind.BUSINESS_TIME else ""
    if name == "" and amount.ticks % day == 0 and amount.ticks >= 2 * day:
        return amount.ticks // day, "days"
    if amount.ticks % hour == 0 and amount.ticks:
        return amount.ticks // hour, f"{name}hours"
    if amount.ticks % minute == 0 and (not name or amount.ticks < 3 * hour):
        return amount.ticks // minute, f"{name}minutes"
    return 0, ""


@cache
def language_of(code: str) -> Language:
    """The language of a code. Raises KeyError for one that there is no table of."""
    if code not in LANGUAGES:
        raise KeyError(code)
    return Language(code, import_module(f"sladsl.report.languages.{code}").TEXTS)
