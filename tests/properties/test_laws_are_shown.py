"""The table of README.md names a test for every law, and every test of a law stands in it."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TESTS = HERE.parent
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+) \|$", re.MULTILINE)
TABLE = {
    int(number): re.findall(r"`([^`]+)`", shown) for number, _, shown in ROW.findall((HERE / "README.md").read_text())
}


@lru_cache
def file_named(name: str) -> Path:
    """The one test file of a name."""
    (found,) = (path for path in TESTS.rglob(name) if ".hypothesis" not in path.parts)
    return found


@lru_cache
def functions(path: Path) -> dict[str, str]:
    """The functions of a test file, each as its text with its decorators."""
    text = path.read_text(encoding="utf-8")
    found = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            found[node.name] = "\n".join(text.splitlines()[first - 1 : node.end_lineno])
    return found


def speaks_of(text: str, number: int) -> bool:
    """Whether a text names a law: `Law 7`, `Laws 22 to 25`, `laws 9 and 26`, `@law(7,`."""
    if re.search(rf"@law\(\s*{number},", text) or re.search(rf"\b[Ll]aws? (?:[\d, ]|and |to )*\b{number}\b", text):
        return True
    spans = re.findall(r"\b[Ll]aws (\d+) to (\d+)", text)
    return any(int(first) <= number <= int(last) for first, last in spans)


def test_the_table_has_every_law() -> None:
    assert list(TABLE) == list(range(1, 28))


@pytest.mark.parametrize("number", range(1, 28))
def test_a_law_is_shown(number: int) -> None:
    assert TABLE[number]
    for place in TABLE[number]:
        name, _, function = place.partition("::")
        path = file_named(name)
        if not function:
            assert speaks_of(ast.get_docstring(ast.parse(path.read_text())) or "", number), place
            continue
        assert function in functions(path), place
        head = ast.get_docstring(ast.parse(path.read_text())) or ""
        assert speaks_of(functions(path)[function], number) or speaks_of(head, number), place


def test_every_test_of_a_law_is_in_the_table() -> None:
    named = {place.partition("::")[2] for places in TABLE.values() for place in places}
    missing = []
    for path in HERE.glob("test_*.py"):
        for name, text in functions(path).items():
            law = re.search(r"^@law\(\s*(\d+),", text, re.MULTILINE)
            # what law 2 says of one kind of policy or of file stands in files of its own
            if law and name not in named and path.stem not in ("test_focused_laws", "test_columnar_file_laws"):
                missing.append(f"{law[1]}: {path.name}::{name}")
    assert missing == []
