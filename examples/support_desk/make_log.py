"""Make log.ndjson: three months of a support desk in Madrid whose customers are hotels.

    python examples/support_desk/make_log.py

Takes:  nothing; every draw comes from one seed, so the log is the same each time.
Gives:  log.ndjson beside this file: an event a line, as a helpdesk sends them, with only what the event changes.
Never:  reads the clock of the machine.
"""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

SEED = 20260112
FIRST, LAST = date(2026, 1, 12), date(2026, 4, 10)  # tickets come until the end of March
MADRID = ZoneInfo("Europe/Madrid")
HOLIDAYS = {date(2026, 4, 3)}
FLU = (date(2026, 2, 9), date(2026, 2, 20))  # two of four agents are ill
AGENTS = ["Carmen Gil", "Raúl Peña", "Aitor Etxebarria", "Nerea Blanco"]
CUSTOMERS = [
    ("Grupo Costa Hoteles", 0.3),
    ("Hostal Miramar", 0.2),
    ("Paradores del Sur", 0.25),
    ("Casa Rural Tajo", 0.25),
]
PRIORITIES = [("Urgent", 0.10), ("High", 0.22), ("Normal", 0.5), ("Low", 0.18)]
WORK = {"Urgent": 45, "High": 240, "Normal": 700, "Low": 900}  # minutes until a ticket is solved, on average


def opening_hours(day: date) -> list[tuple[datetime, datetime]]:
    """When the desk is open on a day: the same hours as in policy.sla."""
    if day in HOLIDAYS or day.weekday() == 6:
        return []
    start, end = (9, 14) if day.weekday() == 5 else (8, 20)
    return [(datetime.combine(day, time(start)), datetime.combine(day, time(end)))]


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


def pick(rng: Random, choices: list[tuple[str, float]]) -> str:
    """One of the choices, by its weight."""
    at = rng.random() * sum(weight for _, weight in choices)
    for value, weight in choices:
        at -= weight
        if at < 0:
            return value
    return choices[-1][0]


class Ticket:
    """One ticket, and what happens to it, as events."""

    def __init__(self, rng: Random, number: int, opened: datetime) -> None:
        self.rng = rng
        self.id = f"T-{number:04d}"
        self.now = opened
        self.customer = pick(rng, CUSTOMERS)
        self.priority = pick(rng, PRIORITIES)
        self.agent = rng.choice(AGENTS[:2] if FLU[0] <= opened.date() <= FLU[1] else AGENTS)
        self.events: list[dict[str, object]] = []

    def add(self, event: str, actor: str, role: str, **values: object) -> None:
        moment = self.now.replace(second=0, microsecond=0, tzinfo=MADRID)
        self.events.append(
            {"ticket_id": self.id, "time": moment, "event": event, "actor": actor, "role": role, **values}
        )

    def by_agent(self, event: str, **values: object) -> None:
        self.add(event, self.agent, "agent", **values)

    def wait(self, minutes: float) -> None:
        """Let minutes pass: of opening hours, or of the night watch for what is urgent."""
        at_once = self.priority == "Urgent"
        self.now = self.now + timedelta(minutes=minutes) if at_once else after_work(self.now, minutes)

    def live(self) -> None:
        rng = self.rng
        self.add(
            "opened",
            self.customer,
            "customer",
            status="open",
            priority=self.priority,
            customer=self.customer,
            channel=pick(rng, [("mail", 0.5), ("phone", 0.2), ("web", 0.3)]),
        )
        self.add("reply", "robot", "agent", automatic=True)
        if self.priority == "Normal" and rng.random() < 0.05:
            self.wait(60 + rng.random() * 120)
            self.priority = "Urgent"
            self.add("upgraded", self.customer, "customer", priority="Urgent")
        slow = 2.6 if FLU[0] <= self.now.date() <= FLU[1] else 1.0
        first = {"Urgent": 9, "High": 40, "Normal": 130, "Low": 170}[self.priority]
        if self.customer == "Grupo Costa Hoteles":
            first = min(first, 22) * (0.5 if self.priority == "Urgent" else 1)
        self.wait(1 + rng.expovariate(1 / first) * slow)
        self.by_agent("reply", automatic=False)
        self.work(slow)

    def work(self, slow: float) -> None:
        rng = self.rng
        while rng.random() < 0.45:
            self.wait(10 + rng.expovariate(1 / 50) * slow)
            self.by_agent("question", status="pending")
            self.now += timedelta(minutes=20 + rng.expovariate(1 / 900))
            self.add("customer reply", self.customer, "customer", status="open")
            self.wait(2 + rng.expovariate(1 / (12 if self.priority == "Urgent" else 100)) * slow)
            self.by_agent("reply")
        left = rng.expovariate(1 / WORK[self.priority]) * slow
        while self.priority == "Urgent" and left > 200:
            pause = 100 + rng.random() * 160
            self.wait(pause)
            left -= pause
            self.by_agent("update posted")
        if rng.random() < 0.06:
            self.by_agent("passed on", status="hold")
            self.now += timedelta(hours=10 + rng.expovariate(1 / 60))
            self.by_agent("taken back", status="open", cause="vendor" if rng.random() < 0.4 else "own")
        self.wait(5 + left)
        if rng.random() < 0.9 or self.priority != "Urgent":
            self.by_agent("cause noted", cause=rng.choice(["own", "use", "configuration"]))
        self.by_agent("solved", status="solved")
        reopened = rng.random() < 0.07
        if reopened:
            self.now += timedelta(hours=2 + rng.random() * 100)
            self.add("reopened", self.customer, "customer", status="open")
            self.wait(20 + rng.expovariate(1 / 200))
            self.by_agent("reply")
            self.by_agent("solved", status="solved")
        if rng.random() < 0.5:
            self.now += timedelta(minutes=30 + rng.random() * 600)
            stars = [5, 5, 5, 4, 4, 3] if slow == 1.0 and not reopened else [5, 4, 4, 3, 3, 2]
            self.add("rated", self.customer, "customer", stars=rng.choice(stars))
        self.now += timedelta(hours=30)
        self.by_agent("closed", status="closed")


def log() -> str:
    """The whole log, an event a line."""
    rng = Random(SEED)
    events: list[dict[str, object]] = []
    number, day = 0, FIRST
    while day <= date(2026, 3, 31):
        for _ in range(int((3.2 if opening_hours(day) else 1.0) * (0.4 + rng.random()))):
            number += 1
            minute = min(1435, max(5, rng.gauss(13 * 60, 240)))
            ticket = Ticket(rng, number, datetime.combine(day, time(0)) + timedelta(minutes=minute))
            ticket.live()
            events += ticket.events
        day += timedelta(days=1)
    events = [event for event in events if event["time"].date() <= LAST]  # type: ignore[attr-defined]
    events.sort(key=lambda event: event["time"])  # type: ignore[arg-type,return-value]
    return "".join(
        json.dumps(event | {"time": event["time"].isoformat()}, ensure_ascii=False) + "\n"  # type: ignore[attr-defined]
        for event in events
    )


if __name__ == "__main__":
    target = Path(__file__).with_name("log.ndjson")
    target.write_text(log(), encoding="utf-8", newline="\n")
    print(f"wrote {target}")
