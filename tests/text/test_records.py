"""Records: what attrs gives, finished when it is first asked for."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from pathlib import Path

import attrs
import pytest
from attrs import field

from sladsl.syntax.keywords import read_table
from sladsl.syntax.tables import load_tables
from sladsl.text import record
from sladsl.text.record import Record, frozen


@frozen(kw_only=True, eq=False, repr=False)
class Placed(Record):
    place: int = field(eq=False)


@frozen(eq=False, repr=False)
class Named(Placed):
    """With a place that does not count."""

    name: str
    parts: tuple[str, ...] = ()
    notes: list[str] = field(factory=list, repr=False)

    def shout(self) -> str:
        return self.name.upper()


@frozen(eq=False, repr=False)
class Never(Record):
    name: str


def test_an_instance_is_what_attrs_would_make() -> None:
    one = Named("a", ("b",), place=1)
    assert (one.name, one.parts, one.notes, one.place, one.shout()) == ("a", ("b",), [], 1, "A")
    assert one == Named("a", ("b",), place=2) != Named("a", place=1)
    assert hash(Never("a")) == hash(Never("a"))
    assert repr(one) == "Named(place=1, name='a', parts=('b',))"
    assert one.notes is not Named("a", place=1).notes
    assert Named.__doc__ == "With a place that does not count."
    assert not hasattr(one, "__dict__")


def test_the_functions_of_attrs_know_it() -> None:
    assert [a.name for a in attrs.fields(Named)] == ["place", "name", "parts", "notes"]
    assert attrs.has(Named)
    assert attrs.evolve(Named("a", place=1), name="b") == Named("b", place=7)


def test_it_is_frozen_and_can_be_copied() -> None:
    one = Named("a", place=1)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        one.name = "b"  # type: ignore[misc]
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        del one.name
    for other in (copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one))):
        assert other == one
        assert other.place == 1


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(TypeError):
        Named("a")  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Named("a", place=1, nothing=2)  # type: ignore[call-arg]


def test_its_parts_can_be_matched() -> None:
    match Named("a", ("b",), place=1):
        case Named(name, parts):
            assert (name, parts) == ("a", ("b",))


def test_a_class_is_finished_when_it_is_asked_for() -> None:
    @frozen(eq=False, repr=False)
    class Late(Placed):
        name: str

    assert Late in record._UNFINISHED
    assert Late("a", place=1).name == "a"
    assert Late not in record._UNFINISHED


def test_checking_finishes_few_classes_and_reads_no_tables(tmp_path: Path) -> None:
    """`check` is what authors wait for at every save."""
    load_tables()
    read_table("en")
    (tmp_path / "policy.sla").write_text("sales contacts within 24h of created\n")
    code = (
        "import sys; sys.argv = ['sladsl', 'check', 'policy.sla', '-q']; from sladsl.cli.main import main\n"
        "try: main()\nexcept SystemExit as done: assert not done.code\n"
        "from sladsl.text import record\n"
        "print(len(record._UNFINISHED) > 150, [name for name in ('tomllib', 'lark') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "True []\n"
