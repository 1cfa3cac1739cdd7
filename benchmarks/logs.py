"""Large logs: sladsl beside a bare scan, hand-written SQL, Polars and a plain Python loop.

    python benchmarks/logs.py                          10^6 events, text and integer ids, sorted and shuffled, Parquet and CSV
    python benchmarks/logs.py 1e7 --ids int --order sorted --format parquet
    python benchmarks/logs.py 1e8 --ids int --order sorted --format parquet --only scan,sladsl-1
    python benchmarks/logs.py --start                  what a first and a later process wait for the kernel

Each contestant runs in a process of its own, which gives its seconds (without imports and compilation), those of all its
threads, and its peak memory. All verdicts of the first clause are compared before a time is printed. The data is made from
a seed, once, into `--folder`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HOUR = 3_600_000_000
DAY = 24 * HOUR
TARGET = 8 * HOUR
EVENTS_A_CASE = 10
TYPES = ("created", "scored", "viewed", "call", "email", "note", "assigned", "contact")

HEAD = """
list buyer_persona = "cto", "cfo"
qualified lead = score >= 60 and role in buyer_persona
calendar office
    mon-fri 09:00-17:00
business hours = office
"""
CLAUSES = (
    'first contact: sales contacts within 8 business hours of first qualified lead, paused while status = "unreachable"',
    "scoring: marketing scores within 2 days of created",
    "calling: sales calls within 3 business days of qualified lead",
    "mail: sales emails within 24h of call",
    'reachable: status = "unreachable" lasts at most 24h',
    "notes: support notes within 12h of assigned, warn at 75%",
    "handling: at most 3 assigned per case",
    "quiet: marketing must not email within 1 day of call",
    'waiting: time while status = "unreachable" at most 3 days',
    "attempts: sales calls at least 2 times within 5 business days of qualified lead",
)


def policy(clauses: int) -> str:
    """A policy of so many clauses."""
    return HEAD + "\n".join(CLAUSES[:clauses]) + "\n"


# --- data -------------------------------------------------------------------------------------------------------------


def make(folder: Path, events: int, ids: str, order: str, format: str) -> Path:
    """The log, made where it is not there yet."""
    import numpy as np
    import pyarrow as pa
    from pyarrow import csv, parquet

    path = folder / f"{events}-{ids}-{order}.{format}"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    dice = np.random.default_rng(events)
    cases = events // EVENTS_A_CASE
    begins = dice.integers(0, 365 * DAY, cases)
    gaps = dice.exponential(6 * HOUR, (cases, EVENTS_A_CASE)).astype(np.int64) + 1
    at = (begins[:, None] + gaps.cumsum(axis=1)).ravel() + 20_454 * DAY
    case = np.repeat(np.arange(cases), EVENTS_A_CASE)
    place = np.argsort(at, kind="stable") if order == "sorted" else dice.permutation(events)
    at, case = at[place], case[place]

    def words(among: tuple[str, ...], missing: float) -> Any:
        codes = dice.integers(0, len(among), events).astype(np.int32)
        return pa.DictionaryArray.from_arrays(
            pa.array(codes, mask=dice.random(events) < missing), pa.array(among)
        ).cast(pa.string())

    names = pa.array(case * 7 + 13)
    table = pa.table(
        {
            "case": names
            if ids == "int"
            else pa.compute.binary_join_element_wise("lead-", names.cast(pa.string()), ""),
            "time": pa.array(at, pa.timestamp("us", "UTC")),
            "event": words(TYPES, 0),
            "actor": words(("sales", "marketing", "support", "bot"), 0.1),
            "score": pa.array(dice.integers(0, 100, events), mask=dice.random(events) < 0.7),
            "role": words(("cto", "cfo", "founder", "dev", "ops"), 0.7),
            "status": words(("reachable", "unreachable", "new"), 0.7),
        }
    )
    if format == "parquet":
        parquet.write_table(table, path, row_group_size=1 << 19)
    else:
        text = pa.compute.strftime(table["time"], "%Y-%m-%dT%H:%M:%SZ")
        csv.write_csv(table.set_column(1, "time", text), path)
    return path


# --- contestants: each gives a table of (case, status, opened, due, closed), or None ---------------------------------


def scan(path: Path) -> Any:
    """What reading all columns costs DuckDB."""
    import duckdb

    columns = ", ".join(f'max("{name}")' for name in ("case", "event", "actor", "score", "role", "status"))
    duckdb.connect().execute(f"select count(*), max(epoch_us(time)), {columns} from '{path}'").fetchall()
    return None


def sladsl(clauses: int) -> Callable[[Path], Any]:
    def run(path: Path) -> Any:
        import pyarrow as pa

        from sladsl.evaluate.columnar import judge_files

        found = judge_files(PLANS[clauses], str(path))
        names = ["case", "status", "opened", "due", "closed"]
        # all verdicts are made, as whoever writes them to a file does; those of the first clause are kept to be compared
        kept = [batch.filter(pa.compute.equal(batch["clause"], 0)).select(names) for batch in found.batches()]
        plain = pa.schema([field.with_type(getattr(field.type, "value_type", field.type)) for field in kept[0].schema])
        return pa.Table.from_batches(kept).cast(plain)

    return run


# Business time of Monday to Friday, 09:00 to 17:00, and the instant at which it has come to an amount.
SQL = f"""
create or replace macro worked(t) as (
    ((t // {DAY} + 3) // 7) * {40 * HOUR} + least((t // {DAY} + 3) % 7, 5) * {8 * HOUR}
    + case when (t // {DAY} + 3) % 7 < 5 then least(greatest(t % {DAY} - {9 * HOUR}, 0), {8 * HOUR}) else 0 end);
create or replace macro reached(x) as (
    (((x - 1) // {40 * HOUR}) * 7 + ((x - 1) % {40 * HOUR}) // {8 * HOUR} - 3) * {DAY} + {9 * HOUR}
    + (x - 1) % {8 * HOUR} + 1);
create or replace table verdicts as
with known as (
    select "case" as c, epoch_us(time) as t, event = 'contact' and actor is not distinct from 'sales' as act,
        last_value(score ignore nulls) over w as score, last_value(role ignore nulls) over w as role,
        last_value(status ignore nulls) over w as status
    from '{{path}}' window w as (partition by "case" order by time rows unbounded preceding)
), held as (
    select c, t, act, coalesce(score >= 60 and role in ('cto', 'cfo'), false) as qualified,
        coalesce(status = 'unreachable', false) as stands
    from known
), begun as (select c, min(t) as opened from held where qualified group by c
), since as (select c, t, act, stands, opened from held join begun using (c) where t >= opened
), acted as (select c, min(t) as act_at from since where act group by c
), ends as (select max(t) as as_of from held
), stretches as (
    select c, opened, act_at, as_of, t, stands,
        coalesce(lead(t) over (partition by c order by t), as_of) as until
    from since left join acted using (c) cross join ends where act_at is null or t <= act_at
), running as (
    select *, case when stands or t = act_at then 0 else worked(until) - worked(t) end as ran from stretches
), added as (
    select *, sum(ran) over (partition by c order by t) as total,
        case when stands then null else reached(worked(t) + {TARGET} - (sum(ran) over (partition by c order by t) - ran)) end as due
    from running
), judged as (
    select c, any_value(opened) as opened, any_value(act_at) as act_at, any_value(as_of) as as_of,
        min(due) filter (not stands and due <= until and t is distinct from act_at and due is distinct from act_at
            and (due < until or act_at is null)) as breached,
        arg_max(due, t) filter (t is distinct from act_at) as last_due,
        arg_max(stands, t) filter (t is distinct from act_at) as last_stands
    from added group by c
)
select c as "case",
    case when breached is not null then case when act_at is null then 'breached' else 'late' end
        when act_at is not null then 'met' when last_stands then 'paused' else 'open' end as status,
    opened,
    case when breached is not null then breached
        when act_at = opened then reached(worked(opened) + {TARGET})
        when last_stands then null else last_due end as due,
    act_at as closed
from judged
"""


def sql(path: Path) -> Any:
    """The same verdicts by SQL for just this clause."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(SQL.replace("{path}", str(path)))
    return connection.execute("select * from verdicts").to_arrow_table()


def polars(path: Path) -> Any:
    """The same by Polars."""
    import polars as pl

    c, t = pl.col("case"), pl.col("t")
    log = pl.scan_parquet(path) if path.suffix == ".parquet" else pl.scan_csv(path, try_parse_dates=True)

    def worked(of: Any) -> Any:
        day = of // DAY + 3
        inside = (of % DAY - 9 * HOUR).clip(0, 8 * HOUR)
        return (
            day // 7 * (40 * HOUR)
            + pl.min_horizontal(day % 7, pl.lit(5)) * (8 * HOUR)
            + pl.when(day % 7 < 5).then(inside).otherwise(0)
        )

    def reached(of: Any) -> Any:
        within = (of - 1) % (40 * HOUR)
        return ((of - 1) // (40 * HOUR) * 7 + within // (8 * HOUR) - 3) * DAY + 9 * HOUR + (of - 1) % (8 * HOUR) + 1

    held = (
        log.with_columns(t=pl.col("time").dt.epoch("us"))
        .sort("case", "t")
        .with_columns(pl.col("score", "role", "status").forward_fill().over("case"))
        .select(
            c,
            t,
            act=((pl.col("event") == "contact") & (pl.col("actor") == "sales")).fill_null(False),
            qualified=((pl.col("score") >= 60) & pl.col("role").is_in(["cto", "cfo"])).fill_null(False),
            stands=(pl.col("status") == "unreachable").fill_null(False),
        )
        .collect()
    )
    as_of = held["t"].max()
    since = (
        held.lazy()
        .with_columns(opened=t.filter(pl.col("qualified")).min().over("case"))
        .filter(t >= pl.col("opened"))
        .with_columns(act_at=t.filter(pl.col("act")).min().over("case"))
        .filter(pl.col("act_at").is_null() | (t <= pl.col("act_at")))
        .with_columns(until=t.shift(-1).over("case").fill_null(as_of), is_act=(t == pl.col("act_at")).fill_null(False))
        .with_columns(
            ran=pl.when(pl.col("stands") | pl.col("is_act")).then(0).otherwise(worked(pl.col("until")) - worked(t))
        )
        .with_columns(before=pl.col("ran").cum_sum().over("case") - pl.col("ran"))
        .with_columns(
            due=pl.when(pl.col("stands")).then(None).otherwise(reached(worked(t) + TARGET - pl.col("before")))
        )
    )
    reaches = (
        ~pl.col("is_act")
        & (pl.col("due") <= pl.col("until"))
        & ((pl.col("due") < pl.col("until")) | pl.col("act_at").is_null())
    ).fill_null(False)
    judged = since.group_by("case").agg(
        pl.col("opened").first(),
        pl.col("act_at").first(),
        breached=pl.col("due").filter(reaches).min(),
        last_due=pl.col("due").filter(~pl.col("is_act")).last(),
        last_stands=pl.col("stands").filter(~pl.col("is_act")).last(),
    )
    act_at, breached, stands = pl.col("act_at"), pl.col("breached"), pl.col("last_stands").fill_null(False)
    at_once = (act_at == pl.col("opened")).fill_null(False)
    status = (
        pl.when(breached.is_not_null() & act_at.is_null()).then(pl.lit("breached"))
        .when(breached.is_not_null()).then(pl.lit("late"))
        .when(act_at.is_not_null()).then(pl.lit("met"))
        .when(stands).then(pl.lit("paused")).otherwise(pl.lit("open"))
    )  # fmt: skip
    due = (
        pl.when(breached.is_not_null()).then(breached)
        .when(at_once).then(reached(worked(pl.col("opened")) + TARGET))
        .when(stands).then(None).otherwise(pl.col("last_due"))
    )  # fmt: skip
    return (
        judged.select(c, status.alias("status"), "opened", due.alias("due"), act_at.alias("closed"))
        .collect()
        .to_arrow()
    )


def loop(path: Path) -> Any:
    """The same by a plain loop over rows, a dictionary a case."""
    import pyarrow as pa
    from pyarrow import csv, parquet

    def worked(t: int) -> int:
        week, day = divmod(t // DAY + 3, 7)
        inside = min(max(t % DAY - 9 * HOUR, 0), 8 * HOUR) if day < 5 else 0
        return week * 40 * HOUR + min(day, 5) * 8 * HOUR + inside

    def reached(x: int) -> int:
        week, within = divmod(x - 1, 40 * HOUR)
        return (week * 7 + within // (8 * HOUR) - 3) * DAY + 9 * HOUR + (x - 1) % (8 * HOUR) + 1

    table = (
        parquet.read_table(path)
        if path.suffix == ".parquet"
        else csv.read_csv(path, convert_options=csv.ConvertOptions(strings_can_be_null=True))
    )
    times = table["time"].cast(pa.timestamp("us", "UTC")).cast(pa.int64())
    order = pa.compute.sort_indices(times)
    table, times = table.take(order), times.take(order).to_pylist()
    columns = [table[name].to_pylist() for name in ("case", "event", "actor", "score", "role", "status")]
    states: dict[Any, list[Any]] = {}  # score, role, stands, opened, elapsed, since, due, closed, status
    for t, case, event, actor, score, role, status in zip(times, *columns, strict=True):
        s = states.get(case)
        if s is None:
            s = states[case] = [None, None, False, None, 0, 0, None, None, ""]
        if s[6] is not None and s[6] < t and s[8] == "open":
            s[8] = "breached"
        if score is not None:
            s[0] = score
        if role is not None:
            s[1] = role
        if status is not None:
            s[2] = status == "unreachable"
        act = event == "contact" and actor == "sales"
        if s[3] is None:
            if s[0] is None or s[0] < 60 or s[1] not in ("cto", "cfo"):
                continue
            s[3], s[5], s[6], s[8] = t, t, reached(worked(t) + TARGET), "open"
            if act:
                s[7], s[8] = t, "met"
            elif s[2]:
                s[6], s[8] = None, "paused"
        elif s[7] is None and act:
            s[7], s[8] = t, "late" if s[8] == "breached" else "met"
        elif s[8] == "open" and s[2]:
            s[4] += worked(t) - worked(s[5])
            s[6], s[8] = None, "paused"
        elif s[8] == "paused" and not s[2]:
            s[5], s[6], s[8] = t, reached(worked(t) + TARGET - s[4]), "open"
    for s in states.values():
        if s[8] == "open" and s[6] <= times[-1]:
            s[8] = "breached"
    kept = [(case, s[8], s[3], s[6], s[7]) for case, s in states.items() if s[3] is not None]
    return pa.table(
        dict(zip(("case", "status", "opened", "due", "closed"), map(list, zip(*kept, strict=True)), strict=True))
    )


CONTESTANTS: dict[str, tuple[str, Callable[[Path], Any]]] = {
    "scan": ("a bare DuckDB scan", scan),
    "sladsl-1": ("sladsl, 1 clause", sladsl(1)),
    "sladsl-5": ("sladsl, 5 clauses", sladsl(5)),
    "sladsl-10": ("sladsl, 10 clauses", sladsl(10)),
    "sql": ("DuckDB SQL by hand", sql),
    "polars": ("Polars by hand", polars),
    "loop": ("a plain Python loop", loop),
}
PLANS: dict[int, Any] = {}


# --- one contestant in its own process -------------------------------------------------------------------------------


def work(name: str, path: Path, warm: Path) -> dict[str, Any]:
    """Run a contestant: its seconds, its peak memory, and what its verdicts come to."""
    run = CONTESTANTS[name][1]
    if name.startswith("sladsl"):
        import sladsl

        clauses = int(name.split("-")[1])
        PLANS[clauses] = sladsl.load(text=policy(clauses)).plan
    run(warm)  # imports, and the kernel that is kept on disk
    before, before_all = time.perf_counter(), time.process_time()
    table = run(path)
    seconds, all_threads = time.perf_counter() - before, time.process_time() - before_all
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "seconds": seconds,
        "threads": all_threads,
        "peak": peak,
        "verdicts": None if table is None else digest(table),
    }


def digest(table: Any) -> list[Any]:
    """How many verdicts there are in each status, and a number that depends on all of each."""
    import duckdb

    connection = duckdb.connect()
    connection.register("given", table)
    kinds = dict(connection.execute("select column_name, column_type from (describe given)").fetchall())
    us = {name: f"epoch_us({name})" if "TIMESTAMP" in kinds[name] else name for name in ("opened", "due", "closed")}
    whole = (
        f'hash("case"::varchar, status::varchar, {us["opened"]}::bigint, {us["due"]}::bigint, {us["closed"]}::bigint)'
    )
    rows = connection.execute(
        f"select status::varchar, count(*), sum({whole}::hugeint)::varchar from given group by 1 order by 1"
    ).fetchall()
    return [list(row) for row in rows]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("events", nargs="?", type=float, default=1e6)
    arguments.add_argument("--ids", choices=("int", "text"), action="append")
    arguments.add_argument("--order", choices=("sorted", "shuffled"), action="append")
    arguments.add_argument("--format", choices=("parquet", "csv"), action="append")
    arguments.add_argument("--only", default=",".join(CONTESTANTS))
    arguments.add_argument("--repeat", type=int, default=3, help="the best of so many is taken")
    arguments.add_argument("--folder", type=Path, default=Path("/tmp/sladsl-logs"))
    arguments.add_argument("--start", action="store_true")
    arguments.add_argument("--work", nargs=3, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.work:
        print(json.dumps(work(given.work[0], Path(given.work[1]), Path(given.work[2]))))
        return
    print(machine())
    if given.start:
        start(given)
        return
    for format in given.format or ("parquet", "csv"):
        for order in given.order or ("sorted", "shuffled"):
            for ids in given.ids or ("int", "text"):
                compare(given, ids, order, format)


def machine() -> str:
    """Where it runs, and with what."""
    from importlib.metadata import version

    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    libraries = ", ".join(f"{name} {version(name)}" for name in ("sladsl", "duckdb", "polars", "pyarrow", "numba"))
    return f"{os.cpu_count()} cores ({model}), Python {platform.python_version()}, {libraries}"


def start(given: Any) -> None:
    """How long a process takes to judge a small log by columns: when nothing is compiled yet, and after that."""
    path = make(given.folder, 10_000, "int", "sorted", "parquet")
    code = (
        "import resource, sladsl; from sladsl.evaluate.columnar import judge_files;"
        f"judge_files(sladsl.load(text={policy(1)!r}).plan, {str(path)!r});"
        "used = resource.getrusage(resource.RUSAGE_SELF); print(used.ru_utime + used.ru_stime)"
    )
    with tempfile.TemporaryDirectory() as kept:
        for told in ("nothing is compiled yet", "the kernel is on disk"):
            before = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-c", code],
                env={**os.environ, "NUMBA_CACHE_DIR": kept},
                capture_output=True,
                text=True,
            )
            if done.returncode:
                sys.exit(f"the process failed:\n{done.stderr}")
            seconds = time.perf_counter() - before
            print(f"  {told:24} {seconds:6.2f} s {float(done.stdout):6.2f} s of all threads", flush=True)


def compare(given: Any, ids: str, order: str, format: str) -> None:
    """One table."""
    events = int(given.events)
    path = make(given.folder, events, ids, order, format)
    warm = make(given.folder, 10_000, ids, order, format)
    results: dict[str, dict[str, Any]] = {}
    for name in given.only.split(","):
        for _ in range(given.repeat):
            command = [sys.executable, __file__, "--work", name, str(path), str(warm)]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                sys.exit(f"{name} failed:\n{done.stderr}")
            found = json.loads(done.stdout.splitlines()[-1])
            best = results.setdefault(name, found)
            best["peak"] = max(best["peak"], found["peak"])
            for kind in ("seconds", "threads"):
                best[kind] = min(best[kind], found[kind])
    told = {name: result["verdicts"] for name, result in results.items() if result["verdicts"] is not None}
    for name, verdicts in told.items():
        first = next(iter(told))
        if verdicts != told[first]:
            sys.exit(f"{name} and {first} differ:\n{verdicts}\n{told[first]}")
    print(
        f"\n{events:,} events, {ids} ids, {order}, {format}; {', '.join(f'{n:,} {s}' for s, n, _ in next(iter(told.values()), []))}"
    )
    base = results.get("scan")
    for name, result in results.items():
        told_times = ""
        for kind in ("seconds", "threads"):
            ratio = f"{result[kind] / base[kind]:6.1f}×" if base else ""
            told_times += f" {result[kind]:8.2f} s{'' if kind == 'seconds' else ' of all threads'} {ratio}"
        print(f"  {CONTESTANTS[name][0]:20}{told_times} {result['peak']:8.0f} MB", flush=True)


if __name__ == "__main__":
    main()
