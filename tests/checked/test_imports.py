"""`use`: modules, files beside the policy, and nothing outside its folder."""

from pathlib import Path

import pytest
from told import findings

from sladsl.checked import Checked, FolderLoader, check_source
from sladsl.ir.from_checked import lower
from sladsl.text import Source

WORDS = """\
list vips = "a", "b"
qualified lead = score > limit and role in vips
unused thing = zzz = 3
limit = 60
calendar office
    mon-fri 09:00-17:00
calendar other
    mon-fri 09:00-17:00
business hours = office
party sales = team = "s"
"""


def checked_in(folder: Path, policy: str, **files: str) -> Checked:
    """The policy in a folder with other files; in their names `__` stands for the folder sign."""
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".sla")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "policy.sla").write_text(policy, encoding="utf-8")
    return check_source(Source("policy.sla", policy), loader=FolderLoader(folder))


def test_a_file_brings_its_names_and_no_more_than_is_used(tmp_path: Path) -> None:
    result = checked_in(
        tmp_path, 'use "words.sla"\na: sales contacts qualified lead within 3 business hours', words=WORDS
    )
    assert findings(result) == []
    assert result.program is not None
    plan = lower(result.program)
    assert [condition.name for condition in plan.conditions if condition.name] == ["qualified lead"]
    assert [calendar.name for calendar in plan.calendars] == ["office"]
    assert [(party.name, party.condition) for party in plan.parties] == [("sales", 1)]


def test_a_name_of_the_policy_itself_comes_first(tmp_path: Path) -> None:
    policy = 'use "words.sla"\nqualified lead = mine = 1\na: sales contacts within 3h'
    result = checked_in(tmp_path, policy, words=WORDS)
    assert result.program is not None
    plan = lower(result.program)
    assert plan.conditions[plan.clauses[0].starts[0].condition].written == "mine = 1"


def test_a_file_is_looked_for_beside_the_one_that_uses_it(tmp_path: Path) -> None:
    result = checked_in(
        tmp_path,
        'use "sub/deep.sla"\na: s t within 1h of z, when qualified lead',
        sub__deep='use "deeper.sla"\nuse "../words.sla"',
        sub__deeper="z = q = 3",
        words=WORDS,
    )
    assert findings(result) == []


@pytest.mark.parametrize(
    ("use", "told"),
    [
        ('"../../etc/passwd"', "SLA0802 1:5 `../../etc/passwd` is outside the folder of the policy"),
        ('"/etc/passwd"', "SLA0802 1:5 `/etc/passwd` is outside the folder of the policy"),
        ('"link.sla"', "SLA0802 1:5 `link.sla` is outside the folder of the policy"),
        ('"sub/../../x.sla"', "SLA0802 1:5 `sub/../../x.sla` is outside the folder of the policy"),
        ('"sub"', "SLA0801 1:5 `sub` is a folder"),
        ('"wordz.sla"', "SLA0801 1:5 there is no file `wordz.sla`"),
        ('"pipe.sla"', "SLA0801 1:5 `pipe.sla` is no file that can be read"),
        ("std.nothing at all", "SLA0801 1:1"),
    ],
)
def test_what_cannot_be_used_is_told(tmp_path: Path, use: str, told: str) -> None:
    import os

    (tmp_path / "sub").mkdir()
    (tmp_path / "link.sla").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "pipe.sla")
    result = checked_in(tmp_path, f"use {use}\na: s t within 1h of x", words=WORDS)
    if use.startswith("std"):
        assert result.program is None
        return
    assert [line.split(" | ")[0] for line in findings(result)] == [told]


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    (tmp_path / "binary.sla").write_bytes(b"\xff\xfe\x00\x80abc")
    result = checked_in(tmp_path, 'use "binary.sla"\na: s t within 1h of x')
    assert [line.split(" ")[0] for line in findings(result)] == ["SLA0801"]


def test_a_mistake_in_a_used_file_carries_that_file(tmp_path: Path) -> None:
    result = checked_in(tmp_path, 'use "words.sla"\na: s t within 1h of x', words='\noops = 3 = "a"')
    (found,) = result.diagnostics
    assert found.span is not None
    assert (found.code, found.span.source) == ("SLA0201", "words.sla")
    assert {source.name for source in result.sources} == {"policy.sla", "words.sla"}


def test_files_that_use_one_another_in_a_circle(tmp_path: Path) -> None:
    result = checked_in(
        tmp_path, 'use "a.sla"\na: s t within 1h of x', a='use "b.sla"', b='z = q = 1\nuse "a.sla"\nuse "b.sla"'
    )
    assert [line.split(" | ")[0] for line in findings(result)] == [
        "SLA0803 2:1 files use one another in a circle: `a.sla` → `b.sla` → `a.sla`",
        "SLA0803 3:1 the file uses itself",
    ]


def test_a_file_used_twice_is_one(tmp_path: Path) -> None:
    result = checked_in(
        tmp_path, 'use "a.sla"\nuse "b.sla"\na: s t within 1h of z', a='use "c.sla"', b='use "c.sla"', c="z = q = 1"
    )
    assert findings(result) == []


def test_a_name_of_two_files_is_told_where_it_is_read(tmp_path: Path) -> None:
    both = {"a": "z = q = 1\nunread = p = 1", "b": "z = q = 2\nunread = p = 2"}
    result = checked_in(tmp_path, 'use "a.sla"\nuse "b.sla"\na: s t within 1h of z', **both)
    assert findings(result) == [
        "SLA0806 1:1 the name `z` is declared in two of the files that are used"
        " | declare it in the policy itself, or use one of the files"
    ]


def test_clauses_of_a_used_file_are_no_part_and_that_is_told(tmp_path: Path) -> None:
    result = checked_in(tmp_path, 'use "a.sla"\na: s t within 1h of x', a="b: s u within 1h of x")
    assert [line.split(" | ")[0] for line in findings(result)] == [
        "SLA0805 1:1 the clauses of `a.sla` are no part of this agreement"
    ]
    assert result.program is not None
    assert result.program.groups == ("a",)


def test_a_policy_that_is_no_file_can_use_modules_only() -> None:
    result = check_source(Source("<text>", 'use "a.sla"\na: s t within 1h of x'))
    assert [line.split(" | ")[0] for line in findings(result)] == [
        "SLA0801 1:5 `a.sla` cannot be found: the policy itself is in no folder"
    ]


def test_the_folder_is_that_of_the_source(tmp_path: Path) -> None:
    (tmp_path / "words.sla").write_text(WORDS)
    policy = tmp_path / "policy.sla"
    policy.write_text('use "words.sla"\na: sales contacts qualified lead within 3 business hours')
    assert findings(check_source(Source(str(policy), policy.read_text()))) == []
