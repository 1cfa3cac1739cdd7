"""Text to tree.

Takes:  a Source.
Gives:  Parsed: the tree of every statement that could be read, the diagnostics, the comments.
Never:  raises for any text; lets one mistake harm another statement, or be told twice.
"""

from __future__ import annotations

import re
from typing import Any

from attrs import define, evolve, field, frozen

from sladsl.syntax import mistakes, text_mistakes, tree
from sladsl.syntax.keywords import languages
from sladsl.syntax.layout import MAX_DEPTH, Comment, Piece, cut
from sladsl.syntax.lexer import LanguageLexer, Stray, Stretch, TooNested
from sladsl.syntax.machine import Unexpected
from sladsl.syntax.mistakes import Mistake
from sladsl.syntax.parser import Parser, language_lexer, parser
from sladsl.syntax.statements import LINES_UNDER
from sladsl.syntax.tree import Policy
from sladsl.text import Diagnostic, Source, Span, fold, in_order

MOST_DIAGNOSTICS = 100
_LANGUAGE = re.compile(r"\ufeff?#[ \t]*language[ \t]*:[ \t]*([^\s#]*)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d]+")
_MOST_TEXT = 100_000  # characters in which the words of another language are looked for
_DEEPEST = 200
_MOST_SLIPS = 8
_MOST_WORDS = 12
_LONGEST_NAME = 300
_LONG_STATEMENT = 400  # characters; what is shorter cannot be nested deeper than _DEEPEST


@frozen
class Parsed:
    """What a text says.

    Attributes:
        tree: the statements that could be read; one with a mistake is left out.
        diagnostics: the mistakes, by place.
        comments: all comments, by place.
        language: the code of the spoken language that the text is written in, `en`.
    """

    tree: Policy
    diagnostics: tuple[Diagnostic, ...]
    comments: tuple[Comment, ...]
    language: str


def parse(source: Source) -> Parsed:
    """Read a whole policy. Never raises: whatever is wrong is a diagnostic.

    >>> parse(Source("a.sla", "sales contacts within 24h")).tree.statements[0].form.target.written
    '24h'
    """
    parsed = _Parse(source).run()
    if parsed.diagnostics:
        return _in_another_language(source, parsed) or parsed
    return parsed


def _in_another_language(source: Source, parsed: Parsed) -> Parsed | None:
    """The text read in the language in which it is right, where it says another or none: one mistake, one message."""
    words = next((diagnostic for diagnostic in parsed.diagnostics if diagnostic.code == "SLA0012"), None)
    if words is not None or parsed.diagnostics[0].code == "SLA0001":
        return None
    match = _LANGUAGE.match(source.text)
    said = set(map(fold, _WORD.findall(source.text[:_MOST_TEXT])))
    known = language_lexer(parsed.language).keywords.special_words
    for language in languages():
        if language == parsed.language:
            continue
        if not language_lexer(language).keywords.special_words.intersection(said - known):
            continue
        other = _Parse(source, language).run()
        if other.tree.statements and len(other.diagnostics) * 4 < len(parsed.diagnostics):
            begin, end = (match.start(1), match.end(1)) if match else (0, len(source.text.partition("\n")[0]))
            names = [language_lexer(code).keywords.table["name"] for code in (language, parsed.language)]
            place = Span(source.name, begin, end)
            told = text_mistakes.another_language(place, names[0], names[1], language, said=match is not None)
            return evolve(other, diagnostics=(told, *other.diagnostics))
    return None


@define
class _Block:
    """A statement whose lines are being read (the outermost block has none)."""

    owner: Any
    rule: str | None  # None: the lines are skipped, their owner's mistake is told
    indent: tuple[int, int]
    lines: list[Any] = field(factory=list)
    # the last line of this block: what it is, which rule reads the lines under it, and what to call it in a message
    last_rule: str | None = None
    last_skipped: bool = False
    last_piece: Piece | None = None


class _Parse:
    def __init__(self, source: Source, language: str = "") -> None:
        self.source = source
        self.said_language = language
        self.diagnostics: list[Diagnostic] = []
        self.declared: dict[str, frozenset[str]] = {}

    def run(self) -> Parsed:
        source = self.source
        whole = Span(source.name, 0, len(source.text))
        nul = source.text.find("\0")
        if nul >= 0:
            return Parsed(Policy(span=whole), (text_mistakes.not_text(Span(source.name, nul, nul + 1)),), (), "en")
        language, words = self._language()
        if words is None:
            return Parsed(Policy(span=whole), tuple(self.diagnostics), (), language)
        self.words = words
        layout = cut(source, words.keywords.continue_with)
        self.diagnostics += layout.diagnostics
        self._declare(layout.pieces)
        self.parser: Parser = parser()
        with self.parser.lock:
            statements = self._read(layout.pieces)
        found = in_order(self.diagnostics)
        if len(found) > MOST_DIAGNOSTICS:
            place = found[MOST_DIAGNOSTICS].span or whole
            found = [*found[:MOST_DIAGNOSTICS], text_mistakes.too_many(place, MOST_DIAGNOSTICS)]
        return Parsed(Policy(tuple(statements), span=whole), tuple(found), tuple(layout.comments), language)

    def _language(self) -> tuple[str, LanguageLexer | None]:
        match = _LANGUAGE.match(self.source.text)
        language = self.said_language or (match[1].lower() if match else "en")
        if language not in languages():
            place = Span(self.source.name, match.start(1), max(match.end(1), match.start(1) + 1)) if match else None
            assert place is not None
            self._tell(text_mistakes.unknown_language(place, language, languages()))
            return language, None
        return language, language_lexer(language)

    def _declare(self, pieces: list[Piece]) -> None:
        """Find the labels and definitions whose names hold a keyword: elsewhere in the file they are one name."""
        text, words = self.source.text, self.words
        label, defined = words.pattern("LABEL"), words.pattern("DEFINED")
        special = words.keywords.special_words
        found: dict[str, set[str]] = {}
        for piece in pieces:
            match = label.match(text, piece.start, piece.end) or defined.match(text, piece.start, piece.end)
            if match is None or "`" in match[0]:
                continue
            if match.end() - match.start() > _LONGEST_NAME:
                continue
            key = fold(match[0].rstrip("=: \t\r\n"))
            names = key.split(" ")
            if len(names) > _MOST_WORDS:
                continue
            telling = [name for name in names if name in special or not name[:1].isalpha()]
            if telling and names[0] and (len(names) > 1 or not names[0][0].isalpha()):
                found.setdefault(names[0], set()).add(key)
        self.declared = {first: frozenset(keys) for first, keys in found.items()}

    # --- blocks ------------------------------------------------------------------------------------------------------

    def _read(self, pieces: list[Piece]) -> list[Any]:
        # the outermost block stands where the leftmost line does: a text may be indented as a whole
        margin = min(((piece.indent, piece.indent_chars) for piece in pieces), default=(0, 0))
        blocks = [_Block(None, "statement", margin)]
        for piece in pieces:
            if len(self.diagnostics) > MOST_DIAGNOSTICS:
                break
            self._place(blocks, piece)
            block = blocks[-1]
            block.last_piece = piece
            block.last_rule, block.last_skipped = None, True
            if block.rule is None or piece.broken:
                block.lines.append(None)
                continue
            line, under = self._statement(piece, block.rule)
            block.lines.append(line)
            block.last_rule, block.last_skipped = under, line is None and under is None
        while len(blocks) > 1:
            self._close(blocks)
        return [line for line in blocks[0].lines if line is not None]

    def _place(self, blocks: list[_Block], piece: Piece) -> None:
        """Open and close blocks until the last one is the block that a piece stands in."""
        indent = (piece.indent, piece.indent_chars)
        here = blocks[-1].indent
        if self._mixed_tabs(here, indent):
            self._tell(text_mistakes.mixed_tabs(self._first(piece)))
            indent = here  # how deep it stands cannot be said: beside the line above
        if indent[0] > here[0]:
            self._open(blocks, piece, indent)
            return
        while indent[0] < blocks[-1].indent[0] and len(blocks) > 1:
            if indent[0] > blocks[-2].indent[0]:
                if blocks[-1].rule is not None:
                    self._tell(text_mistakes.uneven(self._first(piece)))
                return
            self._close(blocks)

    def _open(self, blocks: list[_Block], piece: Piece, indent: tuple[int, int]) -> None:
        block = blocks[-1]
        rule = block.last_rule
        if len(blocks) > MAX_DEPTH:
            if rule is not None:
                self._tell(text_mistakes.too_deep(self._first(piece), MAX_DEPTH))
            rule = None
        elif rule is None and not block.last_skipped:
            before = block.last_piece
            owner = f"`{mistakes.clip(self.source.text[before.start : before.end])}`" if before else ""
            self._tell(text_mistakes.indented(self._first(piece), owner))
        blocks.append(_Block(block.lines[-1] if block.lines else None, rule, indent))

    def _close(self, blocks: list[_Block]) -> None:
        """Give the lines of the last block to their owner."""
        block = blocks.pop()
        lines = [line for line in block.lines if line is not None]
        owner = blocks[-1].lines[-1] if blocks[-1].lines else None
        if owner is None or not lines:
            return
        builder = self.parser.builder
        try:
            if isinstance(owner, list):  # a line of details, the last of which takes lines
                owner[-1] = builder.closed_with(owner[-1], lines)
            else:
                if isinstance(owner, tree.Clause | tree.Objective):
                    lines = [self._fitting(owner, details) for details in lines]
                blocks[-1].lines[-1] = builder.closed_with(owner, lines)
        except Mistake as mistake:
            self._tell(mistake.diagnostic)

    def _fitting(self, promise: tree.Node, details: list[tree.Node]) -> list[tree.Node]:
        """The details that a promise can have; the others are told."""
        misfits = {id(detail): self.parser.builder.misfit(promise, detail) for detail in details}
        self.diagnostics += [misfit for misfit in misfits.values() if misfit]
        return [detail for detail in details if not misfits[id(detail)]]

    def _mixed_tabs(self, here: tuple[int, int], indent: tuple[int, int]) -> bool:
        """Whether the width of a tab would decide which of two lines is deeper."""
        return (indent[0] > here[0]) != (indent[1] > here[1]) or (indent[0] < here[0]) != (indent[1] < here[1])

    # --- one statement -----------------------------------------------------------------------------------------------

    def _statement(self, piece: Piece, rule: str) -> tuple[Any, str | None]:
        """One statement's node (None where it has a mistake), and the rule for lines under it (None: there can be none).

        A mistake that could be mended in one way only is told, and the statement is read as it was meant: nothing else
        goes wrong because of it.
        """
        self.parser.builder.begin(self.source.name, self.source.text, self.words.keywords)
        stretch = Stretch(self.source.text, piece.start, piece.end, self.words, self.declared)
        told: list[Diagnostic] = []
        while True:
            node, mistake = self._parsed(stretch, rule)
            if mistake is None:
                self.diagnostics += told
                last = node[-1] if isinstance(node, list) else node
                return node, LINES_UNDER.get(type(last))
            told.append(mistake)
            stop = mistake.span
            if stop is not None and self._is_full_stop(stop, stretch.end):
                stretch = stretch._replace(end=stop.start)
                continue
            fix = mistake.fix
            if fix is None or len(told) > _MOST_SLIPS or fix.span.start in stretch.meant:
                break
            meant = {**stretch.meant, fix.span.start: (fix.span.end, fix.replacement.strip())}
            stretch = stretch._replace(meant=meant)
        self._tell(told[0])  # what comes after it may come of it
        return None, self._rule_after_mistake(piece, rule)

    def _parsed(self, stretch: Stretch, rule: str) -> tuple[Any, Diagnostic | None]:
        """The node of a statement, or its first mistake."""
        try:
            node = self.parser.parse(stretch._replace(meant=dict(stretch.meant)), rule)
            if stretch.end - stretch.start > _LONG_STATEMENT:
                self._check_depth(node)
        except Mistake as mistake:
            return None, mistake.diagnostic
        except Stray as stray:
            here = Span(self.source.name, stray.offset, stray.offset + 1)
            if self._is_full_stop(here, stretch.end):
                return None, text_mistakes.full_stop(here)
            from sladsl.syntax.expected import stray_sign

            known = stray_sign(stretch, here)
            if known is not None:
                return None, known
            return None, text_mistakes.stray(here, self.source.text[stray.offset : stray.offset + 2])
        except TooNested as nested:
            return None, text_mistakes.too_nested(Span(self.source.name, nested.offset, nested.offset + 1))
        except Unexpected as error:
            from sladsl.syntax.expected import explain, mistyped_start  # a policy without mistakes does not wait for it

            begun = mistyped_start(stretch, rule, self.source.name)
            if begun is not None and begun.fix is not None:
                meant = {begun.fix.span.start: (begun.fix.span.end, begun.fix.replacement)}
                if self._reads(stretch._replace(meant=meant), rule):
                    return None, begun
            told = explain(error, stretch, rule, self.source.name)
            mistyped = told.fix is not None or told.help.startswith("did you mean")
            return None, told if mistyped else self._elsewhere(stretch, rule) or told
        if isinstance(node, tree.Definition) and isinstance(node.value, tree.Name) and not stretch.meant:
            from sladsl.syntax.expected import mistyped_hours

            return node, mistyped_hours(stretch, node)
        return node, None

    def _is_full_stop(self, place: Span, end: int) -> bool:
        """Whether a place is a full stop at the end of a statement."""
        text = self.source.text
        return text[place.start : place.end] == "." and not text[place.end : end].strip()

    def _reads(self, stretch: Stretch, rule: str) -> bool:
        """Whether a stretch is right under a rule."""
        try:
            self.parser.parse(stretch._replace(meant=dict(stretch.meant)), rule)
        except (Mistake, Stray, TooNested, Unexpected):
            return False
        return True

    def _elsewhere(self, stretch: Stretch, rule: str) -> Diagnostic | None:
        """What to say of a line that is right, but in the wrong block."""
        for other, where in _WHERE.items():
            if other == rule or (rule == "events_line" and other != "statement"):
                continue
            if not self._reads(stretch, other):
                continue
            whole = Span(self.source.name, stretch.start, stretch.end)
            return mistakes.misplaced(whole, self.source.text[stretch.start : stretch.end], where)
        return None

    def _rule_after_mistake(self, piece: Piece, rule: str) -> str | None:
        """How to read the lines under a statement that has a mistake, so that theirs are found, too."""
        if rule != "statement":
            return None
        first = self.words.word.match(self.source.text, piece.start, piece.end)
        for keyword in self.words.keywords.first_keywords.get(first[0].casefold(), ()) if first else ():
            if keyword.terminal in _RULE_OF_KEYWORD:
                return _RULE_OF_KEYWORD[keyword.terminal]
        return "detail_line"

    def _check_depth(self, node: Any) -> None:
        waiting = [(item, 1) for item in (node if isinstance(node, list) else [node])]
        while waiting:
            here, depth = waiting.pop()
            if depth > _DEEPEST:
                raise Mistake(text_mistakes.too_nested(here.span))
            waiting.extend((child, depth + 1) for child in tree.children(here))

    def _first(self, piece: Piece) -> Span:
        """The place of a piece's first word."""
        end = piece.start
        while end < piece.end and not self.source.text[end].isspace():
            end += 1
        return Span(self.source.name, piece.start, end)

    def _tell(self, diagnostic: Diagnostic) -> None:
        self.diagnostics.append(diagnostic)


# where a line belongs that its block cannot read; the lines of `events` are left out, as they may hold nearly anything
_WHERE = {
    "statement": "it is a statement of its own: begin it further left",
    "detail_line": "it belongs to a clause or an objective: indent it under one, or write it behind a comma",
    "header_line": 'to the header: indent it under `sla "…"`',
    "party_line": "it belongs to a party: indent it under `party …`",
    "calendar_line": "it belongs to a calendar: indent it under `calendar …`",
    "credit_line": "it belongs to a credit: indent it under `credit of …`",
    "scenario_line": 'to a scenario: indent it under `scenario "…"`',
}
_RULE_OF_KEYWORD = {
    "SLA": "header_line",
    "EVENTS": "events_line",
    "PARTY": "party_line",
    "CALENDAR": "calendar_line",
    "LIFECYCLE": "stage_line",
    "SERVICE": "statement",
    "CUSTOMER": "statement",
    "FOR": "statement",
    "PROTOCOL": "statement",
    "SCENARIO": "scenario_line",
}
