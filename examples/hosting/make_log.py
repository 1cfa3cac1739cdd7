"""Make log.csv: three months of status checks of a hosting provider, with its outages and its maintenance.

    python examples/hosting/make_log.py

Takes:  nothing; every draw comes from one seed, so the log is the same each time.
Gives:  log.csv beside this file: a row a check, and a row for each thing that its people did about it, in UTC.
Never:  reads the clock of the machine.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

SEED = 20260401
FIRST, LAST = datetime(2026, 1, 1), datetime(2026, 4, 1)
HEADINGS = ["component", "time", "event", "actor", "status", "service", "customer", "latency", "announced_days"]
COMPONENTS = [
    ("web-eu-1", "web", "Cerámicas Vega"),
    ("web-eu-2", "web", "Banco del Norte"),
    ("web-us-1", "web", "Andina Travel"),
    ("mail-1", "mail", "Cerámicas Vega"),
    ("mail-2", "mail", "Andina Travel"),
]
# What went wrong: component, when, how it was, for how many minutes, how soon somebody was on it.
OUTAGES = [
    ("web-eu-1", "2026-01-14 03:12", "major_outage", 24, 4),
    ("web-us-1", "2026-01-22 17:40", "partial_outage", 11, 6),
    ("mail-2", "2026-02-03 09:05", "major_outage", 95, 8),
    ("web-eu-2", "2026-02-11 11:31", "major_outage", 27, 3),
    ("web-eu-1", "2026-02-11 11:33", "major_outage", 26, 14),
    ("web-eu-1", "2026-02-19 22:47", "degraded_performance", 165, 0),
    ("web-us-1", "2026-03-05 02:20", "major_outage", 190, 27),
    ("web-eu-2", "2026-03-05 02:21", "partial_outage", 9, 7),
    ("mail-1", "2026-03-17 14:02", "degraded_performance", 70, 0),
    ("mail-1", "2026-03-17 15:12", "major_outage", 46, 5),
]
# component, when, for how many minutes, announced how many days before
MAINTENANCE = [
    ("web-eu-1", "2026-01-25 02:00", 110, 10),
    ("web-eu-2", "2026-01-25 02:00", 110, 10),
    ("mail-1", "2026-02-08 01:00", 150, 7),
    ("web-us-1", "2026-02-21 06:00", 75, 1),
    ("web-eu-2", "2026-03-22 02:00", 200, 14),
]


class Component:
    """One component, and its rows."""

    def __init__(self, name: str, service: str, customer: str) -> None:
        self.name = name
        self.known: dict[str, object] = {"service": service, "customer": customer}
        self.rows: list[dict[str, object]] = []

    def add(self, at: datetime, event: str, actor: str, **values: object) -> None:
        self.rows.append({"component": self.name, "time": at, "event": event, "actor": actor, **values, **self.known})
        self.known = {}  # said once

    def check(self, at: datetime, status: str, **values: object) -> None:
        self.add(at, "check", "monitor", status=status, **values)


def spell(component: Component, start: datetime, status: str, minutes: int, seen_after: int, rng: Random) -> None:
    """An outage: the checks that find it and find it gone, and what was done about it."""
    end = start + timedelta(minutes=minutes)
    component.check(start, status, latency=round(900 + rng.random() * 2000) if status == "degraded_performance" else "")
    component.check(end, "operational", latency=round(90 + rng.random() * 60))
    if status == "degraded_performance":
        return
    component.add(start + timedelta(minutes=seen_after), "acknowledged", "operations")
    told = start + timedelta(minutes=seen_after + 20 + rng.random() * 35)
    while told < end:
        component.add(told, "update posted", "operations")
        told += timedelta(minutes=40 + rng.random() * 30)
    if minutes > 30 and rng.random() < 0.8:
        component.add(end + timedelta(hours=20 + rng.random() * 130), "report published", "operations")


def log() -> str:
    """The whole log as CSV."""
    rng = Random(SEED)
    components = {name: Component(name, service, customer) for name, service, customer in COMPONENTS}
    busy: dict[str, list[tuple[datetime, datetime]]] = {name: [] for name in components}
    spells = [(name, datetime.fromisoformat(at), minutes) for name, at, _, minutes, _ in OUTAGES]
    spells += [(name, datetime.fromisoformat(at), minutes) for name, at, minutes, _ in MAINTENANCE]
    for name, start, minutes in spells:
        busy[name].append((start, start + timedelta(minutes=minutes)))
    for place, (name, component) in enumerate(components.items()):
        at = FIRST + timedelta(minutes=place)
        while at <= LAST:
            if not any(start <= at <= end for start, end in busy[name]):
                slow = 60 if name == "web-us-1" and at.month == 3 else 0
                component.check(at, "operational", latency=round(80 + rng.gammavariate(4, 18) + slow))
            at += timedelta(hours=6)
    for name, at_text, status, minutes, seen_after in OUTAGES:
        spell(components[name], datetime.fromisoformat(at_text), status, minutes, seen_after, rng)
    for name, at_text, minutes, announced in MAINTENANCE:
        start = datetime.fromisoformat(at_text)
        components[name].add(start, "check", "monitor", status="maintenance", announced_days=announced)
        components[name].check(start + timedelta(minutes=minutes), "operational", latency=round(80 + rng.random() * 60))
    rows = [row for component in components.values() for row in component.rows]
    rows.sort(key=lambda row: row["time"])  # type: ignore[arg-type,return-value]
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADINGS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(row | {"time": f"{row['time']:%Y-%m-%dT%H:%M:%SZ}"} for row in rows)
    return out.getvalue()


if __name__ == "__main__":
    target = Path(__file__).with_name("log.csv")
    target.write_text(log(), encoding="utf-8", newline="\n")
    print(f"wrote {target}")
