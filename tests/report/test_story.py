"""Explanations: the stretches of every instance follow one another and add up to what elapsed."""

import json
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

import sladsl
from sladsl.cli.explain import explain as command
from sladsl.ir.plan import HowOften
from sladsl.pipeline import explain
from sladsl.report.story import CLOSED, COUNTED, PAUSED, story_of
from sladsl.report.story_text import story_lines

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(path.parent for path in ROOT.glob("tests/conformance/cases/*/policy.sla"))


def as_of(folder: Path) -> str | None:
    words = shlex.split((folder / "args").read_text()) if (folder / "args").exists() else []
    return words[1] if words else None


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_stretches_add_up_to_elapsed(folder: Path) -> None:
    result = sladsl.run(folder / "policy.sla", str(folder / "log.csv"), as_of=as_of(folder), trace=True)
    judged = list(result.judged())
    assert judged
    for version, verdict in judged:
        assert result.as_of_us is not None
        story = story_of(version.plan, verdict, result.as_of_us)
        assert story.counted == verdict.elapsed
        cursor = verdict.opened_us
        for stretch in story.stretches:
            assert stretch.start_us == cursor
            assert stretch.end_us > cursor
            cursor = stretch.end_us
        assert cursor == (verdict.closed_us if verdict.closed_us is not None else result.as_of_us)
        paused = sum(s.end_us - s.start_us for s in story.stretches if s.kind == PAUSED)
        if version.clause_of(verdict).how is HowOften.LATEST:  # what was paused before the latest start is still used
            assert paused <= verdict.paused_us
        else:
            assert paused == verdict.paused_us


OFFICE = """
calendar office
    mon-fri 09:00-17:00
    closed 2026-03-19
business hours = office
fix: support resolves within 4 business hours of opened
    paused while status = "waiting"
    when priority = "high"
"""
LOG = [
    {"case": "A", "time": "2026-03-18T16:00:00Z", "event": "opened", "actor": "customer", "priority": "high"},
    {"case": "A", "time": "2026-03-20T10:00:00Z", "event": "ask", "actor": "support", "status": "waiting"},
    {"case": "A", "time": "2026-03-20T11:00:00Z", "event": "answer", "actor": "customer", "status": "open"},
    {"case": "A", "time": "2026-03-20T12:30:00Z", "event": "resolve", "actor": "support"},
    {"case": "B", "time": "2026-03-20T12:30:00Z", "event": "opened", "actor": "customer", "priority": "low"},
    {"case": "C", "time": "2026-03-20T12:30:00Z", "event": "note", "actor": "customer"},
]


def test_a_story_names_what_was_counted_closed_and_paused() -> None:
    found = explain(sladsl.load(text=OFFICE), LOG, "A")
    ((_, story),) = found.stories
    kinds = [(stretch.kind, stretch.reason) for stretch in story.stretches]
    assert kinds == [
        (COUNTED, ""),
        (CLOSED, "2026-03-19 closed"),
        (COUNTED, ""),
        (PAUSED, 'status = "waiting"'),
        (COUNTED, ""),
    ]
    assert [stretch.ticks // 60_000_000 for stretch in story.stretches] == [60, 0, 60, 0, 90]
    assert story.slack == 30 * 60_000_000


def test_why_no_clause_applied() -> None:
    policy = sladsl.load(text=OFFICE)
    ((_, clause, starts),) = explain(policy, LOG, "B").never
    assert (clause.label, [start.lacking for start in starts]) == ("fix", ["when"])
    ((_, _, none),) = explain(policy, LOG, "C").never
    assert none == ()


def test_the_command(tmp_path: Path) -> None:
    (tmp_path / "policy.sla").write_text(OFFICE)
    (tmp_path / "log.ndjson").write_text("\n".join(json.dumps(event) for event in LOG))
    arguments = [str(tmp_path / "policy.sla"), str(tmp_path / "log.ndjson")]
    text = CliRunner().invoke(command, [*arguments, "--case", "A"], standalone_mode=False).output
    assert "elapsed 1h + 1h + 1h 30m = 3h 30m; target 4 business hours, 30m left" in text
    assert "closed: 2026-03-19 closed" in text
    data = json.loads(
        CliRunner().invoke(command, [*arguments, "--case", "A", "--format", "json"], standalone_mode=False).output
    )
    (instance,) = data["instances"]
    assert instance["elapsed_ticks"] == instance["counted_ticks"] == 12_600_000_000
    never = CliRunner().invoke(command, [*arguments, "--case", "B"], standalone_mode=False).output
    assert 'but `priority = "high"` did not hold' in " ".join(never.split())


def test_a_clause_that_follows_names_what_opened_it() -> None:
    text = "reply: support replies within 2h of opened\nrescue: manager calls within 1h of breach of reply\n"
    log = [{"case": "A", "time": "2026-03-18T09:00:00Z", "event": "opened", "actor": "customer"}]
    found = explain(sladsl.load(text=text), log, "A", as_of="2026-03-18T11:30:00Z")
    lines = [line for plan, story in found.stories for line in story_lines(plan, story, str, 100)]
    assert "  2026-03-18 11:00  opened by the breach of `reply`; due 2026-03-18 12:00" in lines


def test_versions_of_one_agreement_are_explained_as_one() -> None:
    """An instance is told by the version that judged it, numbered over all; the other has nothing to say of it."""
    first = 'sla "A"\n    effective until 2026-03-03\nreply: support replies within 4h of opened\n'
    second = 'sla "A"\n    effective from 2026-03-03\nreply: support replies within 2h of opened\n'
    log = [{"case": "A", "time": f"2026-03-0{day}T09:00:00Z", "event": "opened", "actor": "customer"} for day in (2, 3)]
    log.insert(1, {"case": "A", "time": "2026-03-02T10:00:00Z", "event": "reply", "actor": "support"})
    found = explain([sladsl.load(text=second), sladsl.load(text=first)], log, "A", as_of="2026-03-03T10:00:00Z")
    told = [
        (story.verdict.number, story.verdict.status, story.target.written) for _, story in found.stories if story.target
    ]
    assert told == [(1, "met", "4h"), (2, "open", "2h")]
    assert found.never == ()
    alone = explain([sladsl.load(text=second), sladsl.load(text=first)], log[:2], "A")
    assert [story.verdict.number for _, story in alone.stories] == [1]
    assert alone.never == ()
