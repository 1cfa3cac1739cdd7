"""Simulated logs: every policy gets one that runs, the same seed gives the same bytes, the evaluators agree on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import sladsl
from sladsl.evaluate import reference
from sladsl.evaluate.stream import judge as stream
from sladsl.events import ReadOptions
from sladsl.events.reader import read
from sladsl.simulating import FaultError, Faults, NoSuchInputError, Settings, simulate
from sladsl.text import fold, shipped

ROOT = Path(__file__).parents[2]
POLICIES = sorted(
    [
        *ROOT.glob("tests/conformance/*/*/policy.sla"),
        *ROOT.glob("examples/*/policy.sla"),
        *shipped("stdlib").glob("*.sla"),
    ]
)


def named(path: Path) -> str:
    return path.stem if path.parent.name == "stdlib" else f"{path.parent.parent.name} {path.parent.name}"


def written(policy: sladsl.Policy, place: Path, settings: Settings) -> Path:
    place.write_text("".join(simulate(policy.plan, settings).lines(place.suffix[1:])), encoding="utf-8")
    return place


@pytest.mark.parametrize("path", POLICIES, ids=named)
def test_a_log_runs_and_the_evaluators_agree(path: Path, tmp_path: Path) -> None:
    """No row is refused, and the reference evaluator gives what the stream gives, on 30 cases."""
    policy = sladsl.load(path)
    plan = policy.plan
    log = written(policy, tmp_path / "log.csv", Settings(cases=30, seed=11))
    told = sladsl.run(policy, str(log)).to_dict()
    assert told["inputs"][0]["rejected"] == 0
    assert told["inputs"][0]["cases"] >= 25
    assert not [w for w in told["warnings"] if w["code"] == "SLA0911"], "a verb that matched nothing"
    events = read([str(log)], plan.inputs, ReadOptions(plan.zone, plan.case_word))
    ours, theirs = (
        sorted(
            (v.clause, v.case, v.number, v.status, v.opened_us, v.due_us or 0, v.closed_us or 0)
            for v in judge(plan, events.events, None, actors=events.has_actor)
        )
        for judge in (stream, reference.judge)
    )
    assert ours == theirs


def test_logs_show_what_can_become_of_a_promise(tmp_path: Path) -> None:
    """Wherever a policy has clauses with a time limit, most are kept, some are late and some never."""
    without = []
    for path in POLICIES:
        policy = sladsl.load(path)
        if not any(clause.rows and not clause.inverse for clause in policy.plan.clauses):
            continue
        log = written(policy, tmp_path / "log.csv", Settings(cases=150, seed=5))
        seen = Counter(v.status for v in sladsl.run(policy, str(log)).verdicts)
        if not {"met", "late", "breached"} <= set(seen) or seen["undetermined"]:
            without.append((named(path), dict(seen)))
    assert without == []


@pytest.mark.parametrize("name", ["marketing_and_sales", "orders", "support_desk"])
def test_most_is_kept(name: str, tmp_path: Path) -> None:
    """Of what is decided in the examples more is met than is late or never done."""
    policy = sladsl.load(ROOT / "examples" / name / "policy.sla")
    log = written(policy, tmp_path / "log.csv", Settings(cases=150, days=90, seed=2))
    seen = Counter(v.status for v in sladsl.run(policy, str(log)).verdicts)
    assert seen["met"] > seen["late"] + seen["breached"]


def test_steps_stand_in_order_and_what_few_are_promised_of_is_rare() -> None:
    policy = sladsl.load(ROOT / "examples" / "orders" / "policy.sla")
    log = simulate(policy.plan, Settings(cases=300, days=90, seed=4))
    steps = [fold(step.event) for step in policy.plan.inputs[0].steps]
    for row in log.rows:
        times = [row.steps[step] for step in steps if step in row.steps]
        assert times == sorted(times)
    share = sum("returned" in row.steps for row in log.rows) / len(log.rows)
    assert 0.02 < share < 0.12  # of returns at most 6% are promised


def test_states_end_and_what_is_measured_mostly_holds(tmp_path: Path) -> None:
    text = """
uptime: share of time while status = "up" >= 99% per month
outage: status = "down" lasts at most 30 min
"""
    policy = sladsl.load(text=text)
    log = written(policy, tmp_path / "log.csv", Settings(cases=60, days=60, seed=3))
    result = sladsl.run(policy, str(log))
    assert min(row.value for row in result.objectives if row.value is not None) > 0.9
    assert sum(row.status == "met" for row in result.verdicts) > 20


def test_what_follows_what_is_forbidden_is_done_too(tmp_path: Path) -> None:
    text = """
limit: at most 1 handover per case
review: manager reviews within 1h of breach of limit
quiet: support must not email within 1h of opened
thanks: manager thanks within 1h of fulfilment of quiet
"""
    policy = sladsl.load(text=text)
    log = written(policy, tmp_path / "log.csv", Settings(cases=100, seed=1))
    met = Counter(v.clause for v in sladsl.run(policy, str(log)).verdicts if v.status == "met")
    assert met["review"] > 5
    assert met["thanks"] > 20


def test_a_spanish_policy_gets_a_spanish_log() -> None:
    text = """# language: es
parte soporte
respuesta: soporte responde en 4h de abierto
    1h si prioridad = "alta"
    en pausa mientras estado = "esperando"
"""
    log = simulate(sladsl.load(text=text).plan, Settings(cases=60, seed=1))
    assert {row.type for row in log.rows} <= {"abierto", "responde", "creado", "modificado"}
    assert {row.carries.get("prioridad") for row in log.rows} == {None, "alta", "otro valor de prioridad"}


def test_cases_are_spread_over_the_levels(tmp_path: Path) -> None:
    text = """
reply: support replies within 8h of opened
customer "ACME"
    reply: support replies within 1h of opened
"""
    policy = sladsl.load(text=text)
    log = written(policy, tmp_path / "log.csv", Settings(cases=200, seed=1))
    figures = {row.level: row for row in sladsl.run(policy, str(log)).clauses}
    assert all(0.25 < row.opened / 200 < 0.75 for row in figures.values())
    assert all(row.met > 0.6 * row.opened for row in figures.values())


def test_nothing_is_divided_by_zero(tmp_path: Path) -> None:
    policy = sladsl.load(text="good = clicks / views > 0.1\nsales pings within 1h of opened\n    when good\n")
    log = written(policy, tmp_path / "log.csv", Settings(cases=60, seed=1))
    seen = Counter(v.status for v in sladsl.run(policy, str(log)).verdicts)
    assert seen["met"] > 5
    assert seen["undetermined"] == 0


def test_the_same_seed_gives_the_same_bytes_whatever_the_hash_seed() -> None:
    script = (
        "import sys, sladsl\n"
        "from sladsl.simulating import Faults, Settings, simulate\n"
        "plan = sladsl.load(sys.argv[1]).plan\n"
        "settings = Settings(cases=40, seed=3, faults=Faults.read('all'))\n"
        "sys.stdout.write(''.join(simulate(plan, settings).lines()))\n"
    )
    policy = str(ROOT / "examples/support_desk/policy.sla")
    texts = [
        subprocess.run(
            [sys.executable, "-c", script, policy],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            check=True,
        ).stdout
        for seed, zone in (("0", "UTC"), ("77", "Asia/Tokyo"))
    ]
    assert texts[0] == texts[1]
    assert len(texts[0]) > 10_000


def test_another_seed_gives_another_log() -> None:
    plan = sladsl.load(ROOT / "examples/support_desk/policy.sla").plan
    one, other = ("".join(simulate(plan, Settings(cases=10, seed=seed)).lines()) for seed in (1, 2))
    assert one != other


@pytest.mark.parametrize("name", ["support_desk", "orders", "marketing_and_sales"])
def test_json_lines_say_the_same(name: str, tmp_path: Path) -> None:
    policy = sladsl.load(ROOT / f"examples/{name}/policy.sla")
    settings = Settings(cases=25, seed=4)
    results = [
        sladsl.run(policy, str(written(policy, tmp_path / f"log.{form}", settings))) for form in ("csv", "ndjson")
    ]
    one, other = ([(v.clause, v.case, v.number, v.status, v.due) for v in result.verdicts] for result in results)
    assert one == other


def test_the_columns_of_an_events_block() -> None:
    """Headings, formats, and one row a case where the block reads steps."""
    plan = sladsl.load(ROOT / "examples/orders/policy.sla").plan
    log = simulate(plan, Settings(cases=20))
    assert log.headings[:3] == ("Pedido", "Comprado", "Pagado")
    assert "Prometido" in log.headings
    assert len(log.rows) == log.cases
    cell = next(log.sheet.cells(row)[1] for row in log.rows if row.steps.get("purchased"))
    assert isinstance(cell, str)
    assert cell[2] == cell[5] == "/"


def test_verbs_that_are_no_step_get_rows_of_their_own(tmp_path: Path) -> None:
    text = """\
events
    case = order
    received at received_at
a: warehouse packs within 4h of received
b: warehouse puts away within 4h of dock check-in
"""
    (tmp_path / "policy.sla").write_text(text)
    policy = sladsl.load(tmp_path / "policy.sla")
    log = written(policy, tmp_path / "log.csv", Settings(cases=40))
    told = sladsl.run(policy, str(log)).to_dict()
    assert all(phrase["events"] for phrase in told["matched"])


def test_faults(tmp_path: Path) -> None:
    """Each strikes as often as is said; none changes what a row says."""
    plan = sladsl.load(text='sla "x"\n    lateness 2h\na: support replies within 4h of opened').plan
    clean = simulate(plan, Settings(cases=400, seed=9))
    assert [row.time_us for row in clean.rows] == sorted(row.time_us for row in clean.rows)
    ids = {row.id for row in clean.rows}
    assert len(ids) == len(clean.rows)

    def spoiled(faults: str) -> tuple[list[str], Counter[str]]:
        log = simulate(plan, Settings(cases=400, seed=9, faults=Faults.read(faults)))
        assert {row.id: row for row in log.rows}.items() <= {row.id: row for row in clean.rows}.items()
        return [row.id for row in log.rows], log.faults

    order, told = spoiled("lost=10%")
    assert len(order) == len(ids) - told["lost"]
    assert 0.05 * len(ids) < told["lost"] < 0.15 * len(ids)
    order, told = spoiled("doubled=10%")
    assert len(order) == len(ids) + told["doubled"]
    assert len(set(order)) == len(ids)
    for faults in ("late=10%", "shuffled=10%"):
        order, told = spoiled(faults)
        assert set(order) == ids
        assert len(order) == len(ids)
        assert order != sorted(order)
        assert sum(told.values()) > 10


def test_late_rows_lie_on_both_sides_of_the_lateness() -> None:
    plan = sladsl.load(text='sla "x"\n    lateness 2h\na: support replies within 4h of opened').plan
    log = simulate(plan, Settings(cases=2000, days=30, seed=9, faults=Faults(late=0.2)))
    newest, within, beyond = 0, 0, 0
    for row in log.rows:
        newest = max(newest, row.time_us)
        behind = newest - row.time_us
        within += 0 < behind <= 7_200_000_000
        beyond += behind > 7_200_000_000
    assert within > 100
    assert beyond > 100


@pytest.mark.parametrize("faults", ["never=1%", "late=x", "late=200%", "late=-1"])
def test_wrong_faults(faults: str) -> None:
    with pytest.raises(FaultError):
        Faults.read(faults)


def test_which_input() -> None:
    plan = sladsl.load(text="events a\n    case = x\nevents b\n    case = y\ns: sales calls within 1h").plan
    assert simulate(plan, Settings(cases=1)).headings[0] == "x"
    assert simulate(plan, Settings(cases=1, input="B")).headings[0] == "y"
    with pytest.raises(NoSuchInputError, match="`a`, `b`"):
        simulate(plan, Settings(input="c"))


def test_the_log_begins_in_the_period_of_the_policy() -> None:
    text = 'sla "x"\n    effective from 2031-03-01\na: sales calls within 1h of created'
    rows = simulate(sladsl.load(text=text).plan, Settings(cases=5)).rows
    assert all(row.time_us >= 1_930_089_600_000_000 for row in rows)


def test_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    from sladsl.cli.main import main

    def call(*arguments: str) -> int:
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        return int(stopped.value.code or 0)

    monkeypatch.chdir(tmp_path)
    Path("p.sla").write_text("a: sales calls within 1h of created\n")
    assert call("simulate", "p.sla", "--cases", "7", "--seed", "2", "-o", "log.csv", "--faults", "doubled=20%") == 0
    assert b"sladsl run p.sla log.csv" in capsysbinary.readouterr().err
    assert call("run", "p.sla", "log.csv", "-q") == 0
    capsysbinary.readouterr()
    assert call("simulate", "p.sla", "--cases", "7", "--seed", "2", "--faults", "doubled=20%") == 0
    assert capsysbinary.readouterr().out == Path("log.csv").read_bytes()
    assert call("simulate", "p.sla", "-o", "log.ndjson", "--cases", "2") == 0
    assert all(json.loads(line)["case"] for line in Path("log.ndjson").read_text().splitlines())
    for wrong in (["--start", "x"], ["--faults", "x"], ["--input", "x"], ["-o", "x.pdf"], ["--cases", "0"]):
        assert call("simulate", "p.sla", *wrong) == 2
