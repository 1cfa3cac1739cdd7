"""The grammar itself: free of conflicts, the same for Lark's own lexer and ours, and found again in its cache."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from snippets import named, read

from sladsl.syntax import parse, tree
from sladsl.syntax import tables as tables_module
from sladsl.syntax.keywords import GENERATED, Keywords, languages, read_table
from sladsl.syntax.parser import Parser
from sladsl.syntax.statements import STARTS, Statements
from sladsl.syntax.tables import build, grammar_text, load_tables, make_tables
from sladsl.text import Source, shipped

lark = pytest.importorskip("lark")

# Lark takes a word for a keyword wherever the state of the automaton lists it; ours looks whether it can really stand
# there. In these snippets a name holds such a word, or the file declares it.
ONLY_OURS = {
    "names: a declared name with keywords is one name everywhere",
    "names: a declared name that begins with yes or no",
    "names: labels hold any word",
    "names: operator-like words stay in a name that nobody declares",
    "scenarios: labels that hold a status word",
}


def test_no_conflicts() -> None:
    """Lark resolves a conflict silently unless told to be strict; interegular also compares the terminals."""
    pytest.importorskip("interegular")
    build(grammar_text(Keywords(read_table("en"))), strict=True)


def test_every_rule_has_its_method() -> None:
    builder = Statements()
    for rule in load_tables().rules:
        if rule.method and not (rule.alone and rule.size == 1):
            assert callable(getattr(builder, rule.method)), rule


def test_every_keyword_of_the_table_is_used_and_the_other_way_round() -> None:
    tables = load_tables()
    used = {terminal for row in tables.actions for terminal in row}
    named_in_table = set(read_table("en")["keywords"])
    assert named_in_table <= used
    known = named_in_table | set(tables.patterns) | set(GENERATED) | {"$END", "COMMA"}
    assert used <= known


@pytest.mark.parametrize("language", languages())
def test_keyword_tables_say_everything(language: str) -> None:
    """A table of another language has the same entries as the English one."""
    english, table = read_table("en"), read_table(language)
    assert table["language"] == language
    assert set(table) == set(english)
    for section in ("keywords", "units", "weekdays", "kinds"):
        assert set(table[section]) == set(english[section])
    keywords = Keywords(table)
    for terminal in {t for row in load_tables().actions for t in row} - {"$END", "COMMA"}:
        said = keywords.describe(terminal)
        signs = terminal in load_tables().patterns and not said
        assert said or signs, terminal


class Both(Parser):
    """Parses every stretch twice: with our engine and with Lark's own parser and lexer."""

    def __init__(self, machine: object, builder: Statements) -> None:
        super().__init__()
        self.theirs = machine
        self.their_builder = builder
        self.compared = 0

    def parse(self, stretch: object, start: str) -> object:
        ours = super().parse(stretch, start)
        keywords = self.builder.keywords
        self.their_builder.begin(self.builder.source, self.builder.text, keywords)
        place = lark.TextSlice(stretch.text, stretch.start, stretch.end)
        theirs = self.theirs.parse(place, start=start)
        as_list = [ours] if isinstance(ours, tree.Node) else list(ours)
        as_their_list = [theirs] if isinstance(theirs, tree.Node) else list(theirs)
        assert as_list == as_their_list
        for one, other in zip(as_list, as_their_list, strict=True):
            assert [n.span for n in tree.walk(one)] == [n.span for n in tree.walk(other)]
        self.compared += 1
        return ours


@pytest.fixture(scope="module")
def both() -> Both:
    if not hasattr(lark, "TextSlice"):
        pytest.skip("this Lark cannot parse a slice")
    builder = Statements()
    machine = build(grammar_text(Keywords(read_table("en"))), transformer=builder)
    return Both(machine, builder)


CASES = [case for case in named("trees") if case[2] not in ONLY_OURS]


def test_lark_reads_the_same(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same trees, with the same places, from Lark's own contextual lexer and LALR parser."""
    monkeypatch.setattr("sladsl.syntax.from_text.parser", lambda: both)
    for path, number, _ in CASES:
        parse(Source("p.sla", read(path)[number].source))
    assert both.compared > 300


def test_the_tables_come_back_from_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLADSL_CACHE", str(tmp_path / "cache"))
    made = load_tables()
    (file,) = (tmp_path / "cache").glob("parser-*")
    monkeypatch.setattr(tables_module, "build", None)  # not built again
    assert load_tables() == made
    monkeypatch.undo()
    monkeypatch.setenv("SLADSL_CACHE", str(tmp_path / "cache"))
    for damage in (b"", b"nonsense", file.read_bytes()[:-1], file.read_bytes()[:32] + b"\0" * 100):
        file.write_bytes(damage)
        assert load_tables() == made
        assert len(file.read_bytes()) > 1000  # written anew


def test_no_cache_is_no_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("SLADSL_CACHE", str(blocked))
    assert load_tables().starts.keys() == set(STARTS)


def test_making_tables_is_deterministic() -> None:
    one = make_tables(build(grammar_text(), _plugins={"ContextualLexer": tables_module._NoLexer}))
    assert one == load_tables()


def test_importing_builds_nothing_and_a_cached_parse_needs_no_lark() -> None:
    script = (
        "import sys\n"
        "from sladsl.syntax import parse\n"
        "from sladsl.syntax.parser import parser\n"
        "assert parser.cache_info().currsize == 0\n"
        "from sladsl.text import Source\n"
        "assert not parse(Source('a', 'sales contacts within 24h')).diagnostics\n"
        "print(sorted(name for name in sys.modules if name in ('lark', 'rich', 'snowballstemmer')))\n"
    )
    load_tables()  # fills the cache
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "[]"


def test_the_grammar_has_no_words_of_its_own() -> None:
    """Signs apart, every string in the grammar is a pattern: a word in quotes would be English in every language."""
    text = (shipped("grammar") / "sladsl.lark").read_text(encoding="utf-8")
    rules = "\n".join(line.split("//")[0] for line in text.splitlines() if not line.lstrip().startswith("//"))
    strings = [part for number, part in enumerate(rules.split('"')) if number % 2 and "/" not in part[:1]]
    assert not [part for part in strings if part.isalpha()]
