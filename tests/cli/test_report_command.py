"""`sladsl report`: forms by their endings, the period, the language, who; and what is wrong usage."""

import json
import sys
from pathlib import Path

import pytest
from commands import Command

from sladsl.cli import exits


def test_a_report_goes_to_a_file_whose_ending_says_the_form(sladsl: Command) -> None:
    for name, start in (("r.html", "<!doctype html>"), ("r.md", "# policy: "), ("r.json", '{\n  "schema_version": 1')):
        ran = sladsl("report", "policy.sla", "log.csv", "-o", name)
        assert (ran.code, ran.out, ran.err) == (0, "", f"wrote {name}\n")
        assert Path(name).read_text(encoding="utf-8").startswith(start)
    assert sladsl("report", "policy.sla", "log.csv", "-o", "r.out", "--format", "md", "-q").err == ""
    assert Path("r.out").read_text().startswith("# policy")


def test_without_a_file_it_goes_to_standard_output(sladsl: Command) -> None:
    assert sladsl("report", "policy.sla", "log.csv").out.startswith("<!doctype html>")
    assert "## At a glance" in sladsl("report", "policy.sla", "log.csv", "--format", "md").out


def test_a_terminal_is_no_place_for_html(sladsl: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sladsl.cli.report.to_terminal", lambda: True)
    ran = sladsl("report", "policy.sla", "log.csv")
    assert (ran.code, ran.out) == (exits.USAGE, "")
    assert "-o report.html" in ran.err
    assert sladsl("report", "policy.sla", "log.csv", "--format", "md").code == 0


def test_the_period_limits_what_is_told(sladsl: Command) -> None:
    ran = sladsl("report", "policy.sla", "log.csv", "--format", "json", "--period", "2026-04")
    assert ran.code == 0
    told = json.loads(ran.out)
    assert told["period"] == {"name": "2026-04", "start": "2026-04-01T00:00:00Z", "end": "2026-05-01T00:00:00Z"}
    assert (told["standing"], told["summary"]["decided"]) == ("nothing to judge", 0)
    march = json.loads(sladsl("report", "policy.sla", "log.csv", "--format", "json", "--period", "2026-03").out)
    assert march["summary"]["decided"] == 2


def test_the_language_and_who_are_asked_for(sladsl: Command) -> None:
    ran = sladsl("report", "policy.sla", "log.csv", "--format", "md", "--lang", "es", "--by", "actor")
    assert "## De un vistazo" in ran.out
    assert "Por actor" in ran.out
    assert sladsl("report", "policy.sla", "log.csv", "--format", "md", SLADSL_REPORT_LANG="es").out.startswith(
        "# policy"
    )


def test_what_cannot_be_asked_for(sladsl: Command) -> None:
    for words, code, said in (
        (("--period", "2026-13"), exits.USAGE, "--period 2026-13"),
        (("--lang", "de"), exits.USAGE, "--lang"),
        (("-o", "nowhere/r.html"), exits.USAGE, "there is no folder `nowhere`"),
        (("--by", "owner"), exits.DATA, "the log has no column `owner`"),
        (("--as-of", "soon"), exits.USAGE, "`soon` is no instant"),
    ):
        ran = sladsl("report", "policy.sla", "log.csv", *words)
        assert (ran.code, ran.out) == (code, "")
        assert said in ran.err


def test_a_pdf_without_its_library_is_wrong_usage(sladsl: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    ran = sladsl("report", "policy.sla", "log.csv", "-o", "r.pdf")
    assert ran.code == exits.USAGE
    assert "pip install 'sladsl[pdf]'" in ran.err
    assert not Path("r.pdf").exists()


def test_help_says_what_a_pdf_needs(sladsl: Command) -> None:
    text = " ".join(sladsl("report", "--help").out.split())
    assert "pip install 'sladsl[pdf]'" in text
    assert "it prints well" in text
