"""Names and values: from lexemes to the leaves of the tree.

Takes:  lexemes.
Gives:  Name, Number, Text, Duration, Instant and the like.
Never:  lets a date that does not exist, or a number of a thousand digits, into the tree.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Any

from sladsl.syntax import mistakes, tree, value_mistakes
from sladsl.syntax.keywords import NUMBER, Keywords, number
from sladsl.syntax.mistakes import Mistake
from sladsl.syntax.tree import Node
from sladsl.text import Span, fold

_MOST_DIGITS = 30
_NUMBER = re.compile(NUMBER)
_ESCAPE = re.compile(r"\\([\"\\])")
_INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[Tt]|[ \t]+)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?[ \t]?(Z|z|[+-]\d{2}:?\d{2})?"
)


class Literals:
    """The rules of names and values."""

    source: str
    text: str
    keywords: Keywords

    def __init__(self) -> None:
        # replaced nodes whose identity was noted; kept so that no other node can take their place in memory
        self._kept: list[Node] = []

    def around(self, parts: Sequence[Any]) -> Span:
        """The span from the first to the last part that is there."""
        first, last = parts[0], parts[-1]
        if first is None:
            first = next(part for part in parts if part is not None)
        if last is None:
            last = next(part for part in reversed(parts) if part is not None)
        start = first.span.start if isinstance(first, Node) else first.start_pos
        end = last.span.end if isinstance(last, Node) else last.end_pos
        return Span(self.source, start, end)

    def clipped(self, node: Node) -> str:
        """The author's text of a node, short enough for a message."""
        return mistakes.clip(self.text[node.span.start : node.span.end])

    # --- names -------------------------------------------------------------------------------------------------------

    def name(self, parts: list[Any]) -> tree.Name:
        if len(parts) > 1 and parts[0].value in self.keywords.articles:
            parts = parts[1:]  # but `La Rioja`, and a declared `las palmas`, which is lexed as one, keep theirs
        words = []
        for part in parts:
            value = part.value
            if value[0] == "`":
                words.append(self.quoted_word(part.start_pos, part.end_pos))
            elif " " in value or "\n" in value or "\t" in value:
                words += self.split_words(value, part.start_pos)  # a declared name, lexed as one
            else:
                words.append(tree.Word(value, span=Span(self.source, part.start_pos, part.end_pos)))
        span = self.around(parts)
        if self.keywords.renames and not any(word.quoted for word in words):
            meant = self.keywords.built_in.get(fold(" ".join(word.text for word in words)))
            if meant is not None:
                words = [tree.Word(meant, span=span)]
        return tree.Name(tuple(words), span=span)

    def split_words(self, text: str, start: int) -> list[tree.Word]:
        """The words of a run of words that begins at `start`; backticked parts stay whole."""
        words = []
        for match in re.finditer(r"`[^`]+`|[^\s`]+", text):
            here, end = start + match.start(), start + match.end()
            if match[0][0] == "`":
                words.append(self.quoted_word(here, end))
            else:
                words.append(tree.Word(match[0], span=Span(self.source, here, end)))
        return words

    def quoted_word(self, start: int, end: int) -> tree.Word:
        inner = " ".join(self.text[start + 1 : end - 1].split())
        span = Span(self.source, start, end)
        if not inner:
            raise Mistake(mistakes.incomplete(span, "there is no name between these backticks", "write the name there"))
        return tree.Word(inner, quoted=True, span=span)

    # --- values ------------------------------------------------------------------------------------------------------

    def literal(self, parts: list[Any]) -> Node:
        lexeme = parts[0]
        return getattr(self, f"_{lexeme.type.lower()}")(lexeme)  # type: ignore[no-any-return]

    def value(self, part: Any) -> Any:
        """A lexeme's node; nodes and None as they are."""
        return part if part is None or isinstance(part, Node) else self.literal([part])

    def _span(self, lexeme: Any) -> Span:
        return Span(self.source, lexeme.start_pos, lexeme.end_pos)

    def _amount(self, lexeme: Any) -> tree.Amount:
        written = _NUMBER.match(lexeme.value)
        assert written is not None
        if len(written[0]) > _MOST_DIGITS:
            raise Mistake(value_mistakes.long_number(self._span(lexeme)))
        return number(written[0])

    def _number(self, lexeme: Any) -> tree.Number:
        return tree.Number(self._amount(lexeme), span=self._span(lexeme))

    def _share(self, lexeme: Any) -> tree.Share:
        return tree.Share(self._amount(lexeme), span=self._span(lexeme))

    def _money(self, lexeme: Any) -> tree.Money:
        return tree.Money(self._amount(lexeme), lexeme.value[-3:], span=self._span(lexeme))

    def _text(self, lexeme: Any) -> tree.Text:
        return tree.Text(_ESCAPE.sub(r"\1", lexeme.value[1:-1]), span=self._span(lexeme))

    def _yes(self, lexeme: Any) -> tree.Truth:
        return tree.Truth(True, span=self._span(lexeme))

    def _no(self, lexeme: Any) -> tree.Truth:
        return tree.Truth(False, span=self._span(lexeme))

    def _duration(self, lexeme: Any) -> tree.Duration:
        written, start = lexeme.value, lexeme.start_pos
        span = self._span(lexeme)
        if len(written) > 200 or any(len(digits) > _MOST_DIGITS for digits in re.findall(r"[\d_.]+", written)):
            raise Mistake(value_mistakes.long_number(span))
        kind, parts = self.keywords.read_duration(written)
        return tree.Duration(
            tuple(
                tree.DurationPart(p.value, p.unit, span=Span(self.source, start + p.start, start + p.end))  # type: ignore[arg-type]
                for p in parts
            ),
            kind,
            " ".join(written.split()),
            span=span,
        )

    def duration(self, part: Any) -> Any:
        """The Duration of a lexeme, or None for None."""
        return None if part is None else self._duration(part)

    def _date(self, lexeme: Any) -> tree.Date:
        return tree.Date(self._day(lexeme.value, self._span(lexeme)), span=self._span(lexeme))

    def _day(self, written: str, span: Span) -> datetime.date:
        try:
            return datetime.date(int(written[:4]), int(written[5:7]), int(written[8:10]))
        except ValueError:
            raise Mistake(
                value_mistakes.impossible(span, written, "date", "dates are year-month-day: `2026-01-31`")
            ) from None

    def _month_day(self, lexeme: Any) -> tree.MonthDay:
        span = self._span(lexeme)
        try:
            datetime.date(2000, int(lexeme.value[:2]), int(lexeme.value[3:]))
        except ValueError:
            raise Mistake(
                value_mistakes.impossible(span, lexeme.value, "date", "dates are month-day: `06-15`")
            ) from None
        return tree.MonthDay(int(lexeme.value[:2]), int(lexeme.value[3:]), span=span)

    def _time(self, lexeme: Any) -> tree.TimeOfDay:
        hour, minute, second = (*map(int, lexeme.value.split(":")), 0)[:3]
        span = self._span(lexeme)
        if minute > 59 or second > 59 or hour > 24 or (hour == 24 and (minute or second)):
            raise Mistake(value_mistakes.impossible(span, lexeme.value, "time of day", "a day ends at `24:00`"))
        return tree.TimeOfDay(hour, minute, second, span=span)

    def _instant(self, lexeme: Any) -> tree.Instant:
        span = self._span(lexeme)
        match = _INSTANT.fullmatch(lexeme.value)
        assert match is not None
        day = self._day(match[1], span)
        fraction = int((match[5] or "0")[:6].ljust(6, "0"))
        hour, minute, second = int(match[2]), int(match[3]), int(match[4] or 0)
        # 24:00 is the start of the next day, as in calendars
        midnight = hour == 24 and not (minute or second or fraction)
        try:
            when = datetime.datetime(
                day.year, day.month, day.day, 0 if midnight else hour, minute, second, fraction, _offset(match[6])
            )
            return tree.Instant(when + datetime.timedelta(days=1) if midnight else when, span=span)
        except (ValueError, OverflowError):
            raise Mistake(
                value_mistakes.impossible(
                    span, lexeme.value, "instant", "a day ends at `24:00`, an offset is at most a day"
                )
            ) from None


def _offset(written: str | None) -> datetime.tzinfo | None:
    if written is None:
        return None
    if written in "Zz":
        return datetime.UTC
    minutes = int(written[1:3]) * 60 + int(written[-2:])
    return datetime.timezone(datetime.timedelta(minutes=-minutes if written[0] == "-" else minutes))
