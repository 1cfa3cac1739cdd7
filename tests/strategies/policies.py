"""Policies drawn sentence by sentence: every clause form, with every detail.

Takes:  which forms and features a law can have.
Gives:  `agreements`: policies that compile; the simplest words stand first, so that failures shrink to plain ones.
Never:  draws a policy that the checker refuses (a test holds it to that).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from attrs import evolve
from hypothesis import strategies as st
from made_policy import Agreement, Block, Promise

T = TypeVar("T")

FORMS = (
    "within",
    "by",
    "every",
    "at least",
    "lasts",
    "must not within",
    "must not before",
    "must not while",
    "at most",
    "time while",
)
# What a law may ask to be left out.
FEATURES = (
    "alerts",
    "bounds",  # on pauses
    "calendars",
    "cancel",
    "change",  # restart and keep
    "customer zones",
    "effective",
    "excuse",
    "first event",  # starts at a case's first event
    "follow",
    "history",
    "levels",
    "pause",
    "reopen",
    "rows",
    "subject",
    "time",  # conditions that read the instant
    "until",
    "when",
    "words",  # zones of clock changes other than the plain ones
)
ZONES = ("UTC", "Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")

STATES = ("waiting", "on hold", "being open", "qualified", "gold", "urgent", "sound")
PAST = ("busy", "many", "tried", "spent", "early")
TIMELY = ("stale", "office hours", "afternoon")
ATOMS = (
    'priority = "P2"',
    "score >= 61",
    "region in near",
    "channel is known",
    "not gold",
    "not waiting",
    "score is missing",
    'tier != "silver"',
    'region starts with "E"',
)
ENDS = ("duplicate = yes", "merged", "not being open", "waiver = yes", 'actor = "customer"', 'actor != "support"')
VERBS = (
    ("replies", ("reply", ())),
    ("fixes", ("fix", ())),
    ("replies or fixes", ("fix", ())),
    ("contacts", ("call", (("channel", "phone"),))),
)
EXACT = ("2h", "1h", "30 min", "4h", "1 day", "2 days", "1h30m")
BUSINESS = ("2 business hours", "1 business hour", "90 business minutes", "4 business hours", "9 business hours")
WORKING = ("1 business day", "2 business days")
DATED = ("1 calendar day", "2 calendar days")
POINTS = ("by 18:00", "by promised", "by 09:00 next calendar day")
WORKING_POINTS = (
    "by 17:00 same business day",
    "by 12:00 next business day",
    "by end of same business day",
    "by end of next business day",
    "by 10:30 2nd business day",
    "by 12:00 same business day cutoff 11:00",
    "by end of next business day cutoff 14:00",
)
WEEKS = (
    ("mon-fri 09:00-17:00",),
    ("mon-fri 09:00-13:00, 14:00-18:00",),
    ("mon-thu 08:00-14:00, 15:00-18:30", "fri 08:00-15:00"),
    ("every day 00:00-24:00",),
    ("mon-sat 00:00-09:00, 20:00-24:00",),
    ("mon-fri 10:00-16:00", "sun 01:00-04:00"),
)
NIGHTS = (("every day 22:00-06:00",), ("fri, sat 20:00-04:30", "mon-wed 12:00-13:00"))
LINES = (
    "holidays ES-MD",
    "closed 2026-03-04, 2026-08-10..2026-08-12",
    "open 2026-03-29 09:00-12:00",
    "open 2026-12-24 09:00-13:00",
    "from 03-30 until 04-03\n    mon-fri 08:00-12:00",
    "from 12-24 until 01-02\n    mon-fri 10:00-12:00",
)


@lru_cache(maxsize=10_000)
def one_of(options: tuple[T, ...]) -> st.SearchStrategy[T]:
    """One of these; made once, for making a strategy takes longer than drawing from it."""
    return st.sampled_from(options)


class Author:
    """Draws one policy."""

    def __init__(self, draw: st.DrawFn, forms: Sequence[str], without: frozenset[str]) -> None:
        assert without <= set(FEATURES)
        self.draw = draw
        self.forms = tuple(forms)
        self.without = without
        self.calendars: list[str] = []
        self.working: list[str] = []  # those whose days can be counted
        self.own = ""  # the calendar that the clause at hand names for itself

    def one(self, options: Sequence[T]) -> T:
        """One of these, the first being the simplest."""
        return self.draw(one_of(tuple(options)))

    def maybe(self, feature: str, often: int = 4) -> bool:
        """Once in so many times, unless the law wants it left out."""
        return feature not in self.without and self.one((False,) * (often - 1) + (True,))

    # --- the whole -----------------------------------------------------------------------------------------------------

    def agreement(self, most: int) -> Agreement:
        """A policy with up to so many labels."""
        zone = self.one(ZONES[:1] if "words" in self.without else ZONES)
        calendars = self.draw_calendars()
        promises: list[Promise] = []
        for label in ("a", "b", "c")[: self.one(range(1, most + 1))]:
            promises.append(self.promise(label, promises))
        blocks: list[Block] = []
        if self.maybe("levels", 4):
            promises, blocks = self.with_levels(promises)
        return Agreement(
            zone,
            self.draw_head(),
            tuple(calendars),
            tuple(promises),
            tuple(blocks),
            default=(self.calendars or [""])[0],
        )

    def draw_head(self) -> tuple[str, ...]:
        head = []
        if self.maybe("until", 4):
            head.append("case ticket until closed")
        if self.maybe("effective", 8):
            head.append(self.one(("effective from 2026-03-02 until 2026-03-04", "effective until 2026-03-29 03:30")))
        return tuple(head)

    def draw_calendars(self) -> list[tuple[str, ...]]:
        if "calendars" in self.without:
            return []
        found = [self.draw_calendar("office", WEEKS)]
        self.calendars, self.working = ["office"], ["office"]
        if self.one((False, False, True)):
            name = self.one(("shop", "night"))
            found.append(self.draw_calendar(name, NIGHTS if name == "night" else WEEKS))
            self.calendars.append(name)
            if name != "night":
                self.working.append(name)
        return found

    def draw_calendar(self, name: str, weeks: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
        lines = list(self.one(weeks))
        for line in LINES:
            if self.one((False,) * 5 + (True,)):
                lines += line.split("\n")
        if self.maybe("customer zones", 5):
            lines.append("timezone of zone, otherwise Europe/Madrid")
        elif "words" not in self.without and self.one((False, False, True)):
            lines.append(f"timezone {self.one(ZONES)}")
        return (f"calendar {name}", *(f"    {line}" for line in lines))

    def with_levels(self, promises: list[Promise]) -> tuple[list[Promise], list[Block]]:
        """One label said again at other levels, in the same form; a label that nobody follows may leave the corporate level."""
        label = self.one([promise.label for promise in promises])
        base = next(promise for promise in promises if promise.label == label)
        heads = [self.one(('customer "ACME"', 'service "mail"', 'for region in ("ES", "FR")'))]
        if self.one((False, False, True)):
            heads.append('customer "Beta"' if heads[0].startswith("customer") else 'customer "ACME"')
        blocks = []
        for head in heads:
            own = [p for p in promises if p.label != base.follows]
            again = self.in_form(base.form, label, base.follows, own)
            blocks.append(Block(head, (again,)))
        followed = {promise.follows for promise in promises}
        if label not in followed and len(promises) > 1 and self.one((False, False, False, True)):
            promises = [promise for promise in promises if promise.label != label]
        return promises, blocks

    # --- one clause ------------------------------------------------------------------------------------------------------

    def promise(self, label: str, earlier: list[Promise]) -> Promise:
        """One clause for everyone."""
        # most details go with `within`
        form = self.one((*self.forms, "within", "within") if "within" in self.forms else self.forms)
        follows = ""
        if form in ("within", "at least") and earlier and self.maybe("follow", 2):
            follows = self.one([promise.label for promise in earlier])
        return self.in_form(form, label, follows, earlier)

    def in_form(self, form: str, label: str, follows: str, earlier: list[Promise]) -> Promise:
        makers: dict[str, Callable[[str, str], Promise]] = {
            "within": self.within,
            "by": self.by,
            "every": self.every,
            "at least": self.at_least,
            "lasts": self.lasts,
            "must not within": self.must_not_within,
            "must not before": self.must_not_before,
            "must not while": self.must_not_while,
            "at most": self.at_most,
            "time while": self.time_while,
        }
        start = f" of {self.one(('breach', 'fulfilment', 'each breach'))} of {follows}" if follows else ""
        return evolve(makers[form](label, start), form=form, follows=follows)

    def within(self, label: str, start: str) -> Promise:
        party, verb, act = self.phrase()
        amount, _ = self.amount()
        start = start or self.start()
        of_state = start in ("", " of opened") and self.maybe("subject", 6)
        subject = f" {self.one(('qualified', 'gold', 'being open'))} ticket" if of_state else ""
        details = self.details(by=False)
        if " each " in start and self.one((False, False, True)):
            details.append("one for one")
        return Promise(label, f"{party} {verb}{subject} within {amount}{start}", self.with_own(details), act=act)

    def by(self, label: str, start: str) -> Promise:
        party, verb, act = self.phrase()
        start = start or self.start()
        point, _ = self.point()
        details = self.with_own(self.details(by=True))
        return Promise(label, f"{party} {verb} {point}{start}", details, act=act)

    def every(self, label: str, start: str) -> Promise:
        party, verb, act = self.phrase()
        amount, _ = self.amount()
        must = "first event" in self.without
        state = self.one(("being open", "qualified", *(() if must else ("",))))
        held = f" while {state}" if state else ""
        details = self.with_own(self.details(by=False, reopen=False))
        return Promise(label, f"{party} {verb} every {amount}{held}", details, act=act)

    def at_least(self, label: str, start: str) -> Promise:
        party, verb, act = self.phrase()
        amount, _ = self.amount()
        start = start or self.start()
        needed = self.one((2, 3))
        over = " over 2 distinct channel" if self.one((False, False, True)) else ""
        head = f"{party} {verb} at least {needed} times{over} within {amount}{start}"
        details = self.with_own(self.details(by=False))
        return Promise(label, head, details, act=None if over else act, needed=needed)

    def lasts(self, label: str, start: str) -> Promise:
        amount, _ = self.amount()
        state = self.one(("waiting", "being open", "score >= 61", *(() if "history" in self.without else ("busy",))))
        return Promise(label, f"{state} lasts at most {amount}", self.with_own(self.details(by=False, reopen=False)))

    def must_not_within(self, label: str, start: str) -> Promise:
        party, verb, act = self.phrase(must_not=True)
        amount, _ = self.amount()
        start = start or self.start() or " of opened"
        details = self.with_own(self.details(by=False, reopen=False))
        return Promise(label, f"{party} {verb} within {amount}{start}", details, act=act)

    def must_not_before(self, label: str, start: str) -> Promise:
        party, verb, act = self.phrase(must_not=True)
        what = self.one(("2 messages", "1 message", "2 replies"))
        return Promise(label, f"{party} {verb} before {what}", self.timeless(), act=act)

    def must_not_while(self, label: str, start: str) -> Promise:
        party, verb, act = self.phrase(must_not=True)
        state = self.one(("waiting", "qualified", "being open"))
        return Promise(label, f"{party} {verb} while {state}", self.timeless(), act=act)

    def at_most(self, label: str, start: str) -> Promise:
        count = self.one((1, 2))
        until = " until closed" if self.one((False, True)) else ""
        what = "handover" if count == 1 else "handovers"
        act = ("handover", "support", ())
        return Promise(label, f"at most {count} {what} per case{until}", self.timeless(), act=act, needed=count + 1)

    def time_while(self, label: str, start: str) -> Promise:
        amount, _ = self.amount()
        state = self.one(("waiting", "being open", "not gold"))
        until = " until closed" if self.one((False, True)) else ""
        details = self.with_own(self.details(by=False, reopen=False, pause=False))
        return Promise(label, f"time while {state} at most {amount}{until}", details)

    def with_own(self, details: list[str]) -> tuple[str, ...]:
        """The details with the calendar of the clause."""
        return ((f"in {self.own}",) if self.own else ()) + tuple(details)

    # --- the words of a sentence -------------------------------------------------------------------------------------------

    def phrase(self, must_not: bool = False) -> tuple[str, str, tuple[str, str, tuple[tuple[str, str], ...]]]:
        """Party and verb, and an event that is the action."""
        party = self.one(("support", "support", "support", "crew"))
        verb, (kind, values) = self.one(VERBS)
        if must_not:
            verb, kind, values = self.one((("must not close", "close", ()), ("must not reply", "reply", ())))
        if party == "crew":
            values = (*values, ("team", "crew"))
        return party, verb, (kind, "support", values)

    def start(self) -> str:
        """The `of` part."""
        starts = [" of opened", " of message", " of qualified", " of first message", " of each message"]
        starts += [" of latest message", " of each qualified", " of latest qualified", ' of (status = "open")']
        starts += [" of (opened or gold)", " of merged"]
        if "first event" not in self.without:
            starts.append("")
        return self.one(starts)

    def amount(self) -> tuple[str, str]:
        """The target of a clause, and the calendar that the clause names, or ""."""
        self.own = ""
        amount, self.own = self._amount(EXACT, BUSINESS, WORKING, DATED, named=3)
        return amount, self.own

    def further(self) -> tuple[str, str]:
        """A further amount of a clause, and the calendar that stands beside it, or ""."""
        kinds = (EXACT, BUSINESS, WORKING, DATED)
        return self._amount(*(kinds if self.own in ("", *self.working) else (EXACT, BUSINESS, DATED)), named=5)

    def alone(self) -> str:
        """A further amount where none can name a calendar."""
        kinds = (EXACT, BUSINESS, WORKING, DATED)
        return self._amount(*(kinds if self.own in ("", *self.working) else (EXACT, BUSINESS, DATED)), named=0)[0]

    def _amount(self, *kinds: Sequence[str], named: int) -> tuple[str, str]:
        weights = {EXACT: 2, BUSINESS: 2}
        known = [kind for kind in kinds if self.calendars or kind in (EXACT, DATED)]
        kind = self.one([kind for kind in known for _ in range(weights.get(kind, 1))])
        calendars = self.calendars if kind is BUSINESS else self.working if kind is WORKING else []
        one = self.one(calendars) if calendars and named and self.one((False,) * (named - 1) + (True,)) else ""
        return self.one(kind), one

    def point(self) -> tuple[str, str]:
        """A point in time, and the calendar that the clause names, or ""."""
        self.own = ""
        kinds = [POINTS] + ([WORKING_POINTS, WORKING_POINTS] if self.working else [])
        kind = self.one(kinds)
        if kind is WORKING_POINTS and self.one((False, False, True)):
            self.own = self.one(self.working)
        return self.one(kind), self.own

    def state(self) -> str:
        """A condition that holds from one event to another."""
        names = list(STATES)
        if "history" not in self.without:
            names += PAST
        if "time" not in self.without:
            names += TIMELY if self.calendars else [name for name in TIMELY if name != "office hours"]
        if "history" in self.without and "stale" in names:
            names.remove("stale")
        atoms = [*names, *ATOMS]
        if not self.one((False, False, False, True)):
            return self.one(atoms)
        return f"{self.one(atoms)} {self.one(('and', 'or'))} {self.one(atoms)}"

    def timeless(self) -> tuple[str, ...]:
        """Details of a clause without a target."""
        details = []
        if self.maybe("when", 5):
            details.append(f"when {self.state()}")
        if self.maybe("cancel", 4):
            details.append(f"cancelled when {self.one(ENDS)}")
        if self.maybe("excuse", 5):
            details.append(f"excused when {self.one(ENDS)}")
        return tuple(details)

    def details(self, *, by: bool, reopen: bool = True, pause: bool = True) -> list[str]:
        """Details of a clause with a target."""
        details = list(self.timeless())
        rows = [self.row() for _ in range(self.one((0, 1, 1, 2)))] if self.maybe("rows", 2) else []
        details += rows
        if rows and self.maybe("change", 2):
            tighter, looser = self.one(("restart", "keep", "carry")), self.one(("carry", "keep", "restart"))
            details.append(f"on tighter {tighter}, on looser {looser}")
        if not by and pause and self.maybe("pause", 2):
            details += self.pauses()
        if reopen and self.maybe("reopen", 4):
            within = f" within {self.alone()}" if self.one((True, False)) else ""
            details.append(self.one((f"on reopen resume{within}", "on reopen ignore")))
        if self.maybe("alerts", 3):
            details += self.alerts()
        return details

    def row(self) -> str:
        """A row of targets."""
        condition = self.one(("urgent", 'priority = "P2"', "gold", "score >= 61", "on hold"))
        amount, calendar = self.further()
        return f"{amount} when {condition}" + (f", in {calendar}" if calendar else "")

    def pauses(self) -> list[str]:
        """One or two pauses, perhaps with a bound."""
        found = []
        for state in ("waiting", "on hold")[: self.one((1, 1, 2))]:
            bound = ""
            if self.maybe("bounds", 3):
                amount, calendar = self.further()
                bound = f", at most {amount}" + (f", in {calendar}" if calendar else "")
            found.append(f"paused while {self.state() if self.one((False,) * 4 + (True,)) else state}{bound}")
        if self.maybe("bounds", 5):
            found.append(f"cancelled after {self.alone()} paused")
        return found

    def alerts(self) -> list[str]:
        """Warnings and escalations, each to somebody else."""
        ways = ("at 75%", "before", "at breach", "at 150%", "after")
        found = []
        for who in ("lead", "head")[: self.one((1, 2))]:
            way = self.one(ways)
            amount = self.alone()
            if way == "before":
                found.append(f"warn {amount} before")
            elif way == "at 75%":
                found.append("warn at 75%")
            else:
                found.append(f'escalate to "{who}" {way}' + (f" {amount}" if way == "after" else ""))
        return list(dict.fromkeys(found))


def agreements(
    *, forms: Sequence[str] = FORMS, without: Sequence[str] = (), most: int = 3
) -> st.SearchStrategy[Agreement]:
    """Policies of up to so many labels in these forms, without these features."""

    @st.composite
    def drawn(draw: st.DrawFn) -> Any:
        return Author(draw, forms, frozenset(without)).agreement(most)

    return drawn()
