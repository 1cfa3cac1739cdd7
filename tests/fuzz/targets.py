"""Every way in, and what must hold there whatever comes.

Takes:  texts, bytes, trees, rows and arguments that `mangled` and `odd_values` draw.
Gives:  `TARGETS`: a million inputs between them.
Never:  catches anything but what a user is told to expect: `PolicyError`, `LogError`, `WireError`, `StateError`.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import mangled as texts
import odd_values as odd
from attrs import asdict
from fuzzing import Target

import sladsl
from sladsl.cli import exits
from sladsl.events import Reject
from sladsl.text import Source, decode, render, to_json
from sladsl.watching.follow import Follower

# No host language's words in what people are told.
_FOREIGN = re.compile(r"Traceback|NoneType|<class |object at 0x|\bdict\b|\bstr\b|_us\b")


def told(diagnostics: Any, sources: Any = ()) -> None:
    """Findings can be shown in every form."""
    for diagnostic in diagnostics:
        assert diagnostic.code
        assert diagnostic.message
        said = re.sub(r"`[^`]*`|\"[^\"]*\"", "", diagnostic.message)
        assert not _FOREIGN.search(said), diagnostic.message
        source = next((s for s in sources if diagnostic.span and s.name == diagnostic.span.source), None)
        if source is not None:
            assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(source.text)
        json.dumps(to_json(diagnostic, source))
    render(diagnostics, sources)


def compiled(text: str) -> sladsl.Policy | None:
    """The policy of a text; None where it does not compile."""
    try:
        return sladsl.load(text=text, name="any.sla")
    except sladsl.PolicyError as error:
        refused = error
    assert any(diagnostic.is_error for diagnostic in refused.diagnostics)
    told(refused.diagnostics, refused.sources)
    return None


# --- policies ----------------------------------------------------------------------------------------------------------


def draw_text(random: Random) -> str:
    """A text, near the language or far from it."""
    kind = random.random()
    if kind < 0.75:
        return texts.mangled(random)
    if kind < 0.9:
        return texts.noise(random)
    return decode("any.sla", texts.raw(random))[0].text


def parse(text: str) -> None:
    """A tree and findings."""
    from sladsl.syntax import parse, tree

    source = Source("any.sla", text)
    parsed = parse(source)
    told(parsed.diagnostics, [source])
    tree.show(parsed.tree)


def check(text: str) -> None:
    """Findings; and of what compiles a sentence a promise, and the same plan back from JSON."""
    policy = compiled(text)
    if policy is None:
        return
    from sladsl.cli.check import promises
    from sladsl.ir.show import show
    from sladsl.ir.wire import WireError, from_json

    told(policy.warnings, policy.sources)
    for _ in promises(policy.plan):
        pass
    show(policy.plan)
    try:
        again = from_json(policy.to_json())
    except WireError as error:
        raise AssertionError(f"what was compiled does not load: {error}") from error
    assert again == policy.plan


def draw_bytes(random: Random) -> bytes:
    """The bytes of a policy's file."""
    return texts.raw(random)


def from_file(data: bytes) -> None:
    """A file of any bytes."""
    path = _folder() / "any.sla"
    path.write_bytes(data)
    try:
        sladsl.load(path)
    except sladsl.PolicyError as error:
        told(error.diagnostics, error.sources)


# --- judging -----------------------------------------------------------------------------------------------------------


@cache
def _sound() -> tuple[str, ...]:
    found = [text for text in texts.small_policies() if "use " not in text and _compiles(text)]
    assert len(found) > 150
    return tuple(found)


def _compiles(text: str) -> bool:
    try:
        sladsl.load(text=text)
    except sladsl.PolicyError:
        return False
    return True


def _spoken(text: str) -> tuple[str, ...]:
    """Words of a policy as types of events, so that something happens."""
    words = re.findall(r"[^\W\d]{3,}", text)
    return tuple(dict.fromkeys(words))[:60] + odd.TYPES


def draw_judged(random: Random) -> tuple[str, list[dict[Any, Any]], str]:
    """A policy that mostly compiles, rows, and an evaluator."""
    text = random.choice(_sound())
    if random.random() < 0.6:
        text = texts.mangled(random, text, 2)
    policy = _quietly(text)
    attributes = policy.plan.attributes if policy else ()
    return text, odd.events(random, attributes, _spoken(text)), "auto"


def _quietly(text: str) -> sladsl.Policy | None:
    try:
        return sladsl.load(text=text)
    except sladsl.PolicyError:
        return None


def judge(drawn: tuple[str, list[dict[Any, Any]], str]) -> None:
    """A result that can be shown in every form, or complaints."""
    text, rows, engine = drawn
    policy = compiled(text)
    if policy is None:
        return
    try:
        result = sladsl.run(policy, rows, engine=engine)
    except sladsl.LogError as error:
        told(error.diagnostics)
        return
    shown(result)


def shown(result: sladsl.Result) -> None:
    """Every form of a result."""
    from rich.console import Console

    from sladsl.report.files import write_verdicts_to
    from sladsl.report.junit import write_junit
    from sladsl.report.text import print_text

    told(result.warnings, result.sources)
    json.dumps(result.to_dict(), ensure_ascii=False, allow_nan=False).encode("utf-8", "surrogatepass")
    print_text(result, Console(file=io.StringIO(), width=80))
    write_junit(result, io.StringIO())
    for ending in (".csv", ".ndjson"):
        write_verdicts_to(result, io.BytesIO(), ending)


# --- compiled policies ---------------------------------------------------------------------------------------------------


@cache
def _plans() -> tuple[Any, ...]:
    return tuple(json.loads(sladsl.load(text=text).to_json()) for text in _sound())


def draw_plan(random: Random) -> tuple[str, list[dict[Any, Any]]]:
    """The JSON of a plan with changes, as a tree or as a text; and rows for what loads."""
    tree = random.choice(_plans())
    as_tree = random.random() < 0.85
    text = json.dumps(odd.mangled_json(random, tree)) if as_tree else texts.mangled(random, json.dumps(tree), 3)
    return text, odd.events(random, tuple(random.sample(odd.HEADINGS, 4)))


def plan(drawn: tuple[str, list[dict[Any, Any]]]) -> None:
    """A plan that can be judged by, or complaints."""
    from sladsl.cli.check import promises
    from sladsl.ir.wire import WireError, from_json

    text, rows = drawn
    try:
        loaded = from_json(text)
    except WireError as error:
        told(error.diagnostics)
        return
    policy = sladsl.Policy(loaded)
    for _ in promises(loaded):
        pass
    try:
        shown(sladsl.run(policy, rows))
    except sladsl.LogError as error:
        told(error.diagnostics)


# --- logs ----------------------------------------------------------------------------------------------------------------


@cache
def _folder() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="sladsl-fuzz-")
    _KEPT.append(folder)  # lives as long as the process
    return Path(folder.name)


_KEPT: list[Any] = []
_BLOCKS = (
    "",
    "",
    "events\n    case = lead_id\n    time = created_at\n    event = activity\n",
    'events\n    case = case\n    time = time, format "%d/%m/%Y %H:%M"\n    event = event\n    missing "?", "NULL"\n    date means end of day\n',
    "events\n    case = case\n    time = ts, unit ms\n    event = type\n    score = score\n",
    "events\n    case = case\n    opened at created_at\n    closed at closed_at\n",
    'events\n    case = "Case ID"\n    time = timestamp\n    event = event\n    promised = closed_at, unit s\n',
    "events leads\n    case = lead_id\n    time = ts\n    event = event\nevents orders\n    case = id\n    opened at created_at\n",
)
_JUDGED = 'a: sales contacts within 24h of created, paused while status = "waiting"\nb: support replies by promised\n'


def draw_log(random: Random) -> tuple[str, bytes, str]:
    """The name of a file, its bytes, and the `events` blocks by which it is read."""
    block = random.choice(_BLOCKS)
    headings = re.findall(r"= \"?([\w ]+)\"?|at (\w+_at)", block)
    lines = odd.table(random, [a or b for a, b in headings if (a or b) not in ("score",)])
    kind = random.choice(("csv", "csv", "csv", "tsv", "ndjson", "ndjson", "json", "json", "parquet", "raw"))
    data = _written(random, lines, kind)
    if random.random() < 0.3 and data:
        changed = bytearray(data)
        for _ in range(random.randint(1, 4)):
            at = random.randrange(len(changed) or 1)
            changed[at : at + random.choice((0, 1, 1, 4))] = random.randbytes(random.choice((0, 1, 1, 2)))
        data = bytes(changed)
    if random.random() < 0.1:
        data = data[: random.randrange(len(data) + 1)]
    ending = kind if kind != "raw" and random.random() < 0.95 else random.choice(("csv", "json", "parquet", "", "sla"))
    if random.random() < 0.1:
        data = gzip.compress(data, 1)
        data = data if random.random() < 0.7 else data[: random.randrange(len(data))]
        ending += ".gz"
    return f"log.{ending}", data, block


def _written(random: Random, lines: list[list[str]], kind: str) -> bytes:
    if kind == "raw":
        return random.randbytes(random.randint(0, 300))
    if kind in ("csv", "tsv"):
        out = io.StringIO()
        separator = "\t" if kind == "tsv" else random.choice((",", ",", ",", ";", "|"))
        style = random.choice(("excel", "unix", "plain"))
        if style == "plain":
            out.write("\n".join(separator.join(line) for line in lines))
        else:
            csv.writer(out, style, delimiter=separator).writerows(lines)
        return out.getvalue().encode(random.choice(("utf-8", "utf-8", "utf-8", "utf-16", "utf-8-sig")), "surrogatepass")
    names, *rows = lines
    objects: list[Any] = [dict(zip(names, cells, strict=False)) for cells in rows]
    for made in objects:
        for name in made:
            if random.random() < 0.15:
                made[name] = random.choice(
                    (None, True, 5, 1.5, 10**30, [1], {"a": [{}]}, "", float("nan"), float("inf"))
                )
    if kind == "parquet":
        return _parquet(random, names, rows)
    for place in range(len(objects)):
        if random.random() < 0.04:
            objects[place] = random.choice((5, None, "x", [], [objects[place]], {"": ""}))
    if kind == "ndjson":
        return "\n".join(map(json.dumps, objects)).encode()
    return json.dumps(
        random.choice((objects, objects, {"events": objects}, objects[:1], {"log": {"traces": objects}}))
    ).encode()


def _parquet(random: Random, names: list[str], rows: list[list[str]]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns: dict[str, Any] = {}
    for place, name in enumerate(names):
        cells = [row[place] if place < len(row) else None for row in rows]
        kind = random.random()
        if kind < 0.1:
            columns[name] = pa.array([random.choice((0, 1, 2**62, -1, None)) for _ in rows], pa.int64())
        elif kind < 0.2:
            unit = random.choice(("s", "ms", "us", "ns"))
            zone = random.choice((None, "UTC", "Europe/Madrid"))
            columns[name] = pa.array(
                [random.choice((0, 2**53, -(2**53), None, 10**9)) for _ in rows], pa.timestamp(unit, zone)
            )
        elif kind < 0.25:
            columns[name] = pa.array(
                [random.choice((0.5, float("nan"), float("inf"), None)) for _ in rows], pa.float64()
            )
        elif kind < 0.3:
            columns[name] = pa.array([[1], None, []] * len(rows), pa.list_(pa.int8()))[: len(rows)]
        else:
            columns[name] = pa.array(
                [None if c is None else c.encode("utf-8", "replace").decode() for c in cells], pa.string()
            )
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


@cache
def _reading(block: str) -> sladsl.Policy:
    return sladsl.load(text=block + _JUDGED)


def log(drawn: tuple[str, bytes, str]) -> None:
    """A log of which every row is an event or is refused, or complaints."""
    name, data, block = drawn
    path = _folder() / name
    path.write_bytes(data)
    policy = _reading(block)
    given = f"leads={path}" if "leads" in block else str(path)
    try:
        result = sladsl.run(policy, given)
    except sladsl.LogError as error:
        told(error.diagnostics)
        if error.log is not None:
            error.log.write_rejects(_folder() / "rejects.csv")
        return
    finally:
        path.unlink()
    for read in result.inputs:
        assert read.rejected <= read.rows
        if not any(spec.steps for spec in policy.plan.inputs):
            assert read.rows == read.events + read.rejected + read.duplicates
    for reject in result.rejects:
        (reject.text + reject.reason + reject.cell + reject.column).encode()
    json.dumps(result.to_dict(), allow_nan=False).encode()


# --- monitors -------------------------------------------------------------------------------------------------------------


@cache
def _watched() -> tuple[sladsl.Policy, ...]:
    return tuple(sladsl.load(text=text) for text in _sound()[::3])


def draw_fed(random: Random) -> tuple[int, list[tuple[str, Any]]]:
    """A policy, and what is done with its monitor."""
    number = random.randrange(len(_watched()))
    held = _watched()[number].plan
    kinds = (*held.attributes[:6], "score")
    doings: list[tuple[str, Any]] = []
    for _ in range(random.randint(1, 8)):
        kind = random.random()
        if kind < 0.7:
            doings.append(("feed", odd.row(random, kinds)))
        elif kind < 0.8:
            doings.append(
                ("feed", [odd.row(random, kinds) if random.random() < 0.7 else odd.value(random) for _ in range(3)])
            )
        elif kind < 0.84:
            doings.append(("feed", odd.value(random)))
        elif kind < 0.94:
            doings.append(("advance", odd.moment(random)))
        else:
            doings.append(("restart", None))
    return number, doings


def feed(drawn: tuple[int, list[tuple[str, Any]]]) -> None:
    """Verdicts and rejects; or a TypeError that says what `feed` or `advance` takes."""
    number, doings = drawn
    policy = _watched()[number]
    monitor = policy.monitor()
    for word, what in doings:
        if word == "restart":
            monitor = policy.monitor(json.loads(json.dumps(monitor.snapshot())))
            continue
        try:
            verdicts = monitor.feed(what) if word == "feed" else monitor.advance(what)
        except TypeError as error:
            if not str(error).startswith((f"{word} takes ", "an instant is ")):
                raise
            continue
        except sladsl.LogError as error:
            told(error.diagnostics)
            continue
        for verdict in verdicts:
            repr(verdict)
        repr((monitor.open(), monitor.next_due(), monitor.alerts(), monitor.late))
        for reject in monitor.rejects:
            (reject.text + reject.reason + reject.cell + reject.column).encode()


@cache
def _states() -> tuple[tuple[int, Any], ...]:
    found = []
    for number, policy in enumerate(_watched()):
        for seed in range(3):
            random = Random(f"state:{number}:{seed}")
            monitor = policy.monitor()
            monitor.feed(odd.events(random, policy.plan.attributes, _spoken(policy.sources[0].text)))
            found.append((number, json.loads(json.dumps(monitor.snapshot()))))
    return tuple(found)


def draw_state(random: Random) -> tuple[int, Any, list[dict[Any, Any]]]:
    """A snapshot with changes, and rows to go on with."""
    number, state = random.choice(_states())
    changed = odd.mangled_json(random, state, 3)
    if isinstance(changed, dict) and random.random() < 0.9:
        changed["policy"] = state["policy"]
    return number, changed, odd.events(random, _watched()[number].plan.attributes[:5])


def state(drawn: tuple[int, Any, list[dict[Any, Any]]]) -> None:
    """A monitor that goes on, or a StateError."""
    number, held, rows = drawn
    try:
        monitor = _watched()[number].monitor(held)
    except sladsl.StateError:
        return
    monitor.feed(rows)
    monitor.advance("2026-06-01T00:00:00Z")
    repr(monitor.open())
    json.dumps(monitor.snapshot())


# --- a log that grows ---------------------------------------------------------------------------------------------------


def draw_followed(random: Random) -> tuple[str, list[bytes], int]:
    """The name of a log, the bytes that are added to it one after the other, and after which of them its reader is another."""
    kind = random.choice(("csv", "csv", "tsv", "ndjson"))
    data = _written(random, odd.table(random, []), kind) if random.random() < 0.9 else random.randbytes(200)
    if random.random() < 0.3 and data:
        changed = bytearray(data)
        for _ in range(random.randint(1, 4)):
            at = random.randrange(len(changed))
            changed[at : at + random.choice((0, 1, 1, 4))] = random.choice((b"\r", b"\n", b'"', b"\0", b"\xff", b"{"))
        data = bytes(changed)
    cuts = sorted(random.randrange(len(data) + 1) for _ in range(random.randint(0, 5)))
    parts = [data[a:b] for a, b in pairwise([0, *cuts, len(data)])]
    return f"followed.{kind}", parts, random.randrange(len(parts))


def follow(drawn: tuple[str, list[bytes], int]) -> None:
    """The rows are those of the whole log, however it grows and whoever goes on reading; what is no row is told."""
    name, parts, another = drawn
    path = _folder() / name
    path.write_bytes(b"")
    follower, found = Follower(str(path)), []
    for number, part in enumerate(parts):
        with path.open("ab") as file:
            file.write(part)
        if number == another:
            position = json.loads(json.dumps(follower.position))
            follower.close()
            follower = Follower(str(path), position)
            assert not follower.restarted
        found += _rows_of(follower, last=False)
    found += _rows_of(follower, last=True)
    follower.close()
    whole = Follower(str(path))
    assert found == _rows_of(whole, last=True)
    whole.close()


def _rows_of(follower: Follower, last: bool) -> list[tuple[int, str]]:
    rows: list[tuple[int, str]] = []
    while batch := follower.batch(3, last):
        told = [str(asdict(row)) if isinstance(row, Reject) else str(row) for row in batch]
        rows += zip(follower.numbers, told, strict=True)
    return rows


# --- scenarios -------------------------------------------------------------------------------------------------------------

_SCENARIO = re.compile(r"^scenario .*?(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


@cache
def _scenarios() -> tuple[str, ...]:
    found = [scenario for text in texts.policies() for scenario in _SCENARIO.findall(text) if len(scenario) < 1500]
    assert len(found) > 20
    return tuple(found)


def draw_scenario(random: Random) -> str:
    """A policy with a scenario, changed there."""
    text = texts.mangled(random, random.choice(_scenarios()), 4)
    for _ in range(random.randint(0, 2)):
        text = text.replace(random.choice(re.findall(r"\S+", text) or [""]), odd.cell(random), 1)
    return random.choice(_sound()) + text


def scenario(text: str) -> None:
    """Scenarios that pass or fail."""
    from sladsl.testing import run_scenario, scenarios_of

    policy = compiled(text)
    if policy is not None:
        for one in scenarios_of(policy):
            run_scenario(one)


# --- the command line --------------------------------------------------------------------------------------------------------

_LOG = """case,time,event,actor,score,status
A,2026-03-02T09:00:00Z,created,marketing,80,open
A,2026-03-02T10:00:00Z,contact,sales,,waiting
B,2026-03-02T09:00:00Z,created,marketing,50,open
B,never,contact,sales,,
"""
_POLICY = """list buyers = "cto"
first contact: sales contacts within 24h of created, when score >= 60
    warn at 75%
speed: p95 of time of first contact <= 3h per month
scenario "one"
    2026-03-02 17:30  L1  created  score = 80
    2026-03-03 10:00  L1  contact  actor = sales
    expect first contact met for L1
"""
_ASKED: dict[str, tuple[str, ...]] = {
    "run": ("--as-of", "--where", "--list", "--timezone", "--lateness", "--column", "--engine", "--fail-on", "--format"),
    "report": ("--as-of", "--where", "--list", "--timezone", "--column", "--by", "--period", "--lang", "--format"),
    "check": ("--list", "--timezone", "--format"),
    "explain": ("--case", "--clause", "--as-of", "--column", "--list", "--timezone"),
    "test": ("-k", "--list", "--timezone", "--format"),
    "compile": ("--list", "--timezone"),
    "simulate": ("--days", "--seed", "--start", "--faults", "--input", "--list", "--timezone"),
    "watch": ("--future", "--lateness", "--list", "--timezone"),
}  # fmt: skip
_SENSIBLE = {
    "--where": ("score >= 60", "status = waiting", 'status = "open" and score < 5', "event = contact", "buyers", "score in buyers"),
    "--as-of": odd.TIMES,
    "--list": ("buyers=a,b", "x=", "=x", "x", "buyers=,,", 'a b="c"', "x=" + "a," * 2000),
    "--timezone": ("Europe/Madrid", "UTC", "europe/madrid", "../../etc/passwd", "Mars/Base", "local", "+02:00", "Europe"),
    "--lateness": ("1h", "30 min", "0h", "-1h", "1 business hour", "1e9h", "9999999999 days", "1h\n a: b c within 1h of d"),
    "--future": ("7 days", "0h", "x", "99999999999 days"),
    "--column": ("case=case", "case=nothing", "time=score", "score=status", "=", "a=b=c", "event=actor"),
    "--period": ("2026-03", "2026-Q1", "2026-W10", "2026", "2026-03-05", "0000", "9999-12", "2026-W60", "10000"),
    "--by": ("actor", "score", "nothing", "Actor", "case"),
    "--case": ("A", "B", "nobody"),
    "--clause": ("first contact", "nothing"),
    "--days": ("1", "5", "0", "-1", "x"),
    "--seed": ("1", "-5", "9" * 50, "x"),
    "--start": ("2026-01-05", "9999-12-30", "0001-01-01", "x"),
    "--faults": ("late=2%", "all", "late=200%", "x=1", "late=", "doubled,lost,late=1/2"),
    "--engine": ("auto", "stream", "columnar"),
    "--format": ("text", "json", "csv", "junit", "html", "github", "xml"),
    "--fail-on": ("breach", "missed", "undecided", "never"),
    "--lang": ("en", "es"),
}  # fmt: skip


def draw_command(random: Random) -> list[str]:
    """The arguments of a command."""
    command = random.choice(tuple(_ASKED))
    made = [
        command,
        "p.sla" if random.random() < 0.97 else random.choice(("log.csv", "plan.json", "", "none.sla", "\0")),
    ]
    if command in ("run", "report", "explain", "watch"):
        made.append(
            "log.csv"
            if random.random() < 0.95
            else random.choice(("p.sla", "*.csv", "none.csv", "a=log.csv", "", "[", "\0"))
        )
    if command == "watch":
        made += ["--once", "--state", "state.db"]
    if command == "simulate":
        made += ["--cases", random.choice(("1", "2", "0", "x"))]
    for _ in range(random.randint(1, 3)):
        option = random.choice(_ASKED[command])
        choices = _SENSIBLE.get(option, ("",))
        said = (
            random.choice(choices)
            if random.random() < 0.6
            else random.choice((odd.cell(random), texts.noise(random)[:200]))
        )
        if option == "--where" and random.random() < 0.5:
            said = texts.mangled(random, said or "x", 3)
        made += [option, said.replace("\0", "") if random.random() < 0.9 else said]
    return made


def command(arguments: list[str]) -> None:
    """An exit code that has a meaning, and no word of ours on the way."""
    from sladsl.cli.main import main

    folder = _folder() / "command"
    folder.mkdir(exist_ok=True)
    (folder / "p.sla").write_text(_POLICY)
    (folder / "log.csv").write_text(_LOG)
    for name in ("state.db", "state.db-wal", "state.db-shm"):
        (folder / name).unlink(missing_ok=True)
    before = Path.cwd()
    streams = {
        name: io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for name in ("stdin", "stdout", "stderr")
    }
    kept = {name: getattr(sys, name) for name in (*streams, "argv")}
    os.chdir(folder)
    try:
        for name, stream in streams.items():
            setattr(sys, name, stream)
        sys.argv = ["sladsl", *arguments]
        main(arguments)
    except SystemExit as ended:
        code = ended.code
    finally:
        for name, value in kept.items():
            setattr(sys, name, value)
        os.chdir(before)
    streams["stderr"].flush()
    said = streams["stderr"].buffer.getvalue().decode()  # type: ignore[attr-defined]
    assert code in set(exits.MEANINGS) - {exits.OURS, exits.INTERRUPTED}, said
    assert "Traceback" not in said


def _target(name: str, make: Callable[[Random], Any], attempt: Callable[[Any], None], share: int) -> Target:
    return Target(name, make, attempt, share)


TARGETS = (
    _target("parse", draw_text, parse, 310_000),
    _target("check", draw_text, check, 200_000),
    _target("file", draw_bytes, from_file, 40_000),
    _target("judge", draw_judged, judge, 60_000),
    _target("plan", draw_plan, plan, 100_000),
    _target("log", draw_log, log, 120_000),
    _target("feed", draw_fed, feed, 60_000),
    _target("state", draw_state, state, 50_000),
    _target("follow", draw_followed, follow, 20_000),
    _target("scenario", draw_scenario, scenario, 20_000),
    _target("command", draw_command, command, 20_000),
)
