"""Make log.csv: the orders of a web shop in the autumn of 2026, as its spreadsheet keeps them.

    python examples/orders/make_log.py

Takes:  nothing; every draw comes from one seed, so the log is the same each time.
Gives:  log.csv beside this file: a row an order, separated by semicolons, dates as in Spain; what has not happened is empty.
Never:  reads the clock of the machine.
"""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

SEED = 20260901
FIRST, EXPORTED = date(2026, 9, 1), datetime(2026, 11, 20, 18, 0)
HOLIDAYS = {date(2026, 10, 12), date(2026, 10, 13), date(2026, 11, 2)}
STEPS = ["Comprado", "Pagado", "Preparado", "Enviado", "Entregado", "Devuelto", "Abonado"]
HEADINGS = ["Pedido", "Destino", "Transportista", "Urgente", "Importe", *STEPS, "Prometido"]
CARRIERS = [("Correos Sur", 0.45), ("Rápido 24", 0.35), ("Envíos Duero", 0.20)]
DESTINATIONS = [("Madrid", 1), ("Barcelona", 1), ("Sevilla", 2), ("Lisboa", 3), ("Palma", 4)]


def opening_hours(day: date) -> list[tuple[datetime, datetime]]:
    """When the warehouse is open on a day: the same hours as in policy.sla."""
    if day.weekday() > 4 or day in HOLIDAYS:
        return []
    return [(datetime.combine(day, time(a)), datetime.combine(day, time(b))) for a, b in ((7, 15), (16, 20))]


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


def next_working_day(day: date) -> date:
    """The first working date after this one."""
    day += timedelta(days=1)
    while not opening_hours(day):
        day += timedelta(days=1)
    return day


def pick(rng: Random, choices: list[tuple[str, float]]) -> str:
    """One of the choices, by its weight."""
    at = rng.random() * sum(weight for _, weight in choices)
    for value, weight in choices:
        at -= weight
        if at < 0:
            return value
    return choices[-1][0]


def order(rng: Random, number: int, bought: datetime) -> dict[str, object]:
    """One order, from the purchase to the refund."""
    destination, days = rng.choice(DESTINATIONS)
    carrier = pick(rng, CARRIERS)
    express = rng.random() < 0.18
    paid = bought + timedelta(minutes=1 if rng.random() < 0.85 else 600 + rng.random() * 2000)
    row: dict[str, object] = {
        "Pedido": f"ES-{260000 + number}",
        "Destino": destination,
        "Transportista": carrier,
        "Urgente": "yes" if express else "no",
        "Importe": f"{rng.lognormvariate(3.9, 0.6):.2f}",
        "Comprado": bought,
    }
    promised = bought.date()
    for _ in range(days + (1 if express else 2)):
        promised = next_working_day(promised)
    row["Prometido"] = promised
    if rng.random() < 0.02:
        return row  # never paid
    row["Pagado"] = paid
    packed = after_work(paid, 8 + rng.expovariate(1 / (25 if express else 75)))
    row["Preparado"] = packed
    pick_up = datetime.combine(packed.date(), time(17, 20)) + timedelta(minutes=rng.random() * 35)
    if packed > pick_up - timedelta(minutes=10) or rng.random() < 0.015:
        pick_up = datetime.combine(next_working_day(packed.date()), time(17, 20)) + timedelta(minutes=rng.random() * 35)
    row["Enviado"] = pick_up
    # the carrier that is slow in October, for it has lost its hub at Burgos
    burgos = carrier == "Envíos Duero" and pick_up.month == 10
    arrives = pick_up.date()
    for _ in range(days + (rng.random() < 0.05) + (rng.random() < (0.45 if burgos else 0.02))):
        arrives = next_working_day(arrives)
    row["Entregado"] = datetime.combine(arrives, time(9)) + timedelta(minutes=rng.random() * 630)
    if rng.random() < 0.05:
        back = row["Entregado"] + timedelta(days=3 + rng.random() * 9)  # type: ignore[operator]
        row["Devuelto"] = back
        row["Abonado"] = back + timedelta(days=4 + rng.expovariate(1 / 4))
    return row


def log() -> str:
    """The whole spreadsheet as CSV."""
    rng = Random(SEED)
    rows: list[dict[str, object]] = []
    day = FIRST
    while day <= EXPORTED.date():
        for minute in sorted(
            min(1435.0, max(5, rng.gauss(15 * 60, 290))) for _ in range(int(7 * (0.5 + rng.random())))
        ):
            rows.append(order(rng, len(rows) + 1, datetime.combine(day, time(0)) + timedelta(minutes=minute)))
        day += timedelta(days=1)
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADINGS, restval="", delimiter=";", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        for step in STEPS:
            moment = row.get(step)
            if isinstance(moment, datetime):
                row[step] = f"{moment:%d/%m/%Y %H:%M}" if moment <= EXPORTED else ""
        writer.writerow(row | {"Prometido": f"{row['Prometido']:%d/%m/%Y}"})
    return out.getvalue()


if __name__ == "__main__":
    target = Path(__file__).with_name("log.csv")
    target.write_text(log(), encoding="utf-8", newline="\n")
    print(f"wrote {target}")
