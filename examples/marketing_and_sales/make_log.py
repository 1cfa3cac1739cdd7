"""Make log.csv: what happened to the leads of a software company in Madrid in the first quarter of 2026.

    python examples/marketing_and_sales/make_log.py

Takes:  nothing; every draw comes from one seed, so the log is the same each time.
Gives:  log.csv beside this file, as a customer relationship system would export it, in the order in which it was entered.
Never:  reads the clock of the machine.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

SEED = 20260101
FIRST, LAST = date(2026, 1, 1), date(2026, 4, 17)  # leads come until the end of March, work on them goes on
HOLIDAYS = {date(2026, 1, 1), date(2026, 1, 6), date(2026, 4, 2), date(2026, 4, 3)}
FAIR = (date(2026, 3, 2), date(2026, 3, 6))  # half of the sales team is at a trade fair
HEADINGS = [
    *("Lead ID", "Timestamp", "Activity", "Owner", "Team", "Lead Score", "Job Title", "Company Size", "Mail Domain"),
    *("Region", "Source", "Channel", "Outcome", "Accepted", "Reachable", "Status", "Stage", "Waiver"),
]

BUYERS = ["CTO", "CFO", "Founder", "Head of Operations", "Director General"]
OTHERS = ["Developer", "Student", "Marketing Manager", "Consultant", "Office Manager"]
COMPANIES = [
    "acme",
    "norte",
    "almazara",
    "ferrer",
    "lumen",
    "tejados",
    "brisa",
    "olivar",
    "andina",
    "pampa",
    "faro",
    "cantabria",
]
SDRS, AES = ["Lucía Romero", "Javier Ortiz", "Inés Vidal"], ["Marta Soler", "Diego Fuentes"]
REGIONS = [("Spain", "es", 0.62), ("Portugal", "pt", 0.16), ("Latin America", "mx", 0.22)]


def opening_hours(day: date) -> list[tuple[datetime, datetime]]:
    """When the office is open on a day: the same hours as in policy.sla."""
    if day.weekday() > 4 or day in HOLIDAYS:
        return []
    spans = [("08:00", "15:00")] if day.weekday() == 4 else [("09:00", "14:00"), ("15:00", "18:30")]
    return [
        (datetime.combine(day, time.fromisoformat(a)), datetime.combine(day, time.fromisoformat(b))) for a, b in spans
    ]


def after_work(start: datetime, minutes: float) -> datetime:
    """The instant at which so many minutes of opening hours have passed."""
    left, day = timedelta(minutes=minutes), start.date()
    while True:
        for opening, closing in opening_hours(day):
            begin = max(opening, start)
            if begin < closing:
                if begin + left < closing:
                    return begin + left
                left -= closing - begin
        day += timedelta(days=1)


class Lead:
    """One lead, and what happens to it, as rows."""

    def __init__(self, rng: Random, number: int, created: datetime) -> None:
        self.rng = rng
        self.id = f"L{number:04d}"
        self.now = created
        self.owner = rng.choice(SDRS)
        self.region, domain, _ = pick(rng, REGIONS)
        self.buyer = rng.random() < 0.68
        self.size = rng.choice([8, 25, 60, 80, 120, 150, 220, 300, 420, 800])
        self.mail = "gmail.com" if rng.random() < 0.08 else f"{rng.choice(COMPANIES)}{number % 7}.{domain}"
        self.source = pick(rng, [("demo", 0, 0.14), ("webinar", 0, 0.26), ("search", 0, 0.35), ("partner", 0, 0.25)])[0]
        self.score = min(99, max(5, round(rng.gauss(62 if self.buyer else 45, 15))))
        self.rows: list[dict[str, object]] = []

    def add(self, event: str, actor: str, team: str, **values: object) -> None:
        stamp = self.now.replace(second=0, microsecond=0)
        row = {"Lead ID": self.id, "Timestamp": stamp, "Activity": event, "Owner": actor, "Team": team}
        self.rows.append(row | {key.replace("_", " "): value for key, value in values.items()})

    def wait(self, minutes: float) -> None:
        """Let minutes of opening hours pass."""
        self.now = after_work(self.now, minutes)

    @property
    def fits(self) -> bool:
        return self.buyer and 50 <= self.size <= 500 and self.mail != "gmail.com"

    def arrive(self) -> None:
        rng = self.rng
        role = rng.choice(BUYERS if self.buyer else OTHERS)
        first = "demo request" if self.source == "demo" else "created"
        known = {"Job_Title": role, "Company_Size": self.size, "Mail_Domain": self.mail, "Region": self.region}
        if self.source == "demo" and self.fits:
            self.score = max(self.score, 64 + int(rng.random() * 25))
        self.add(first, "web form", "marketing", Lead_Score=self.score, Source=self.source, Status="new", **known)
        qualified = self.now if self.score >= 60 else None
        for _ in range(int(rng.random() * 4)):
            self.now += timedelta(minutes=4 + rng.random() * 900)
            event = rng.choice(["page view", "page view", "pricing view", "mail opened"])
            self.score = min(99, self.score + (7 if event == "pricing view" else 2))
            self.add(event, "web site", "marketing", Lead_Score=self.score)
            if self.score >= 60:
                qualified = qualified or self.now
        if qualified and self.fits:
            self.now = qualified  # what they go on to read does not keep anybody from working on them
            self.work()

    def work(self) -> None:
        rng = self.rng
        at_fair = FAIR[0] <= self.now.date() <= FAIR[1]
        self.wait(3 + rng.expovariate(1 / 30))
        self.add("handed over", "Nuria Campos", "marketing")
        if rng.random() < 0.03:
            self.wait(20 + rng.random() * 100)
            self.add("merged", "Nuria Campos", "marketing", Status="duplicate")
            return
        handed = self.now
        quick = 4 if self.source == "demo" else 45
        self.wait((quick + rng.expovariate(1 / (4 if self.source == "demo" else 60))) * (2.4 if at_fair else 1))
        if rng.random() < 0.09:
            self.add("rejected", self.owner, "sdr", Accepted="no", Status="rejected")
            return
        self.add("accepted", self.owner, "sdr", Accepted="yes", Status="in progress")
        if rng.random() < 0.06:
            self.add("out of office", self.owner, "sdr", Reachable="no")
            self.wait(60 * (8 + rng.random() * 20))
            self.add("back in office", self.owner, "sdr", Reachable="yes")
        self.wait((3 + rng.expovariate(1 / 6)) if self.source == "demo" else rng.expovariate(1 / 70))
        if at_fair and rng.random() < 0.6:
            self.wait(60 * (6 + rng.random() * 8))
            if rng.random() < 0.25:
                self.add("waiver granted", "Marta Soler", "ae", Waiver="approved")
        elif rng.random() < 0.04:
            self.wait(60 * (7 + rng.random() * 6))
        self.rescue(handed)
        self.contact()

    def rescue(self, handed: datetime) -> None:
        """The sales manager sees who has not been called in time, and mostly does so at once."""
        intent = sum(row["Activity"] in ("demo request", "pricing view") for row in self.rows)
        due = after_work(handed, 4 * 60 if intent >= 2 else 8 * 60)
        if self.source == "demo":
            due = handed + timedelta(minutes=30)
        if self.now > due and self.rng.random() < 0.8:
            seen, self.now = self.now, after_work(due, 10 + self.rng.expovariate(1 / 90))
            self.add("call", "Elena Prieto", "sales management", Channel="phone", Outcome="voice mail")
            self.now = max(seen, after_work(self.now, 15))

    def contact(self) -> None:
        rng = self.rng
        talked = False
        for number in range(pick(rng, [(2, 0, 0.08), (4, 0, 0.3), (5, 0, 0.4), (7, 0, 0.2)])[0]):
            channel = rng.choice(["phone", "phone", "email", "linkedin"])
            event = {"phone": "call", "email": "email", "linkedin": "message"}[channel]
            outcome = pick(
                rng, [("no answer", 0, 0.45), ("reached", 0, 0.45), ("bounced", 0, 0.10 if channel == "email" else 0)]
            )[0]
            self.add(event, self.owner, "sdr", Channel=channel, Outcome=outcome)
            talked = talked or outcome == "reached"
            if talked and number >= 3 and rng.random() < 0.7:
                break
            self.wait(60 * (2 + rng.expovariate(1 / 9)))
        if not talked or rng.random() < 0.35:
            if rng.random() < 0.85:
                self.add("recycled", self.owner, "sdr", Status="recycled", Stage="nurture")
            return
        self.wait(60 * (1 + rng.expovariate(1 / 8)))
        self.add("meeting booked", self.owner, "sdr")
        if rng.random() < 0.62:
            seller = rng.choice(AES)
            self.wait(60 * (8 + rng.expovariate(1 / 20)))
            self.add("opportunity opened", seller, "ae", Stage="opportunity")
            self.wait(60 * (40 + rng.expovariate(1 / 60)))
            won = rng.random() < 0.4
            self.add("won" if won else "lost", seller, "ae", Stage="won" if won else "lost", Status="closed")


def pick(rng: Random, choices: list[tuple[str, object, float]]) -> tuple[str, object, float]:
    """One of the choices, by its weight, which stands last."""
    at = rng.random() * sum(weight for *_, weight in choices)
    for choice in choices:
        at -= choice[2]
        if at < 0:
            return choice
    return choices[-1]


def leads(rng: Random) -> Iterator[Lead]:
    """Leads as they come: more on working days, fewer at night, until the end of March."""
    number, day = 0, FIRST
    while day <= date(2026, 3, 31):
        busy = bool(opening_hours(day))
        for _ in range(int((7.9 if busy else 2.6) * (0.5 + rng.random()))):
            minute = rng.gauss(13.5 * 60, 170)
            number += 1
            yield Lead(rng, number, datetime.combine(day, time(0)) + timedelta(minutes=min(1435, max(5, minute))))
        day += timedelta(days=1)


def log() -> str:
    """The whole log as CSV."""
    rng = Random(SEED)
    rows: list[dict[str, object]] = []
    for lead in leads(rng):
        lead.arrive()
        rows += lead.rows
    rows = [row for row in rows if row["Timestamp"].date() <= LAST]  # type: ignore[attr-defined]
    rows.sort(key=lambda row: row["Timestamp"])  # type: ignore[arg-type,return-value]
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADINGS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(row | {"Timestamp": f"{row['Timestamp']:%d/%m/%Y %H:%M}"} for row in rows)
    return out.getvalue()


if __name__ == "__main__":
    target = Path(__file__).with_name("log.csv")
    target.write_text(log(), encoding="utf-8", newline="\n")
    print(f"wrote {target}")
