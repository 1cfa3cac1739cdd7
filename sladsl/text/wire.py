"""Diagnostics for programs: JSON and the annotations of GitHub.

Takes:  a diagnostic and the source that it speaks of.
Gives:  a dict of plain values, or one line.
Never:  drops a place: lines and columns count from 1, ends are exclusive.
"""

from __future__ import annotations

from typing import Any

from sladsl.text.diagnostic import Diagnostic, Severity
from sladsl.text.source import Source, Span

_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.REMARK: "notice"}


def to_json(diagnostic: Diagnostic, source: Source | None) -> dict[str, Any]:
    """A diagnostic as a JSON object.

    Keys: code, severity, message, help, notes, file, line, column, end_line, end_column, labels (message and place),
    fix (place and replacement, or null). Where there is no place, file is the source's name or null and the numbers
    are null. Places in a source other than `source` carry the file's name and null numbers.
    """
    fix = diagnostic.fix
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "notes": list(diagnostic.notes),
        **_place(diagnostic.span, source),
        "labels": [{"message": words, **_place(span, source)} for span, words in diagnostic.labels],
        "fix": None if fix is None else {"replacement": fix.replacement, **_place(fix.span, source)},
    }


def to_github(diagnostic: Diagnostic, source: Source | None) -> str:
    """A diagnostic as a workflow command, which GitHub shows beside the line.

    >>> to_github(Diagnostic("SLA0103", "unknown name `scoer`", Span("a.sla", 0, 5)), Source("a.sla", "scoer"))
    '::error file=a.sla,line=1,col=1,endLine=1,endColumn=6,title=SLA0103::unknown name `scoer`'
    """
    place = _place(diagnostic.span, source)
    keys = {"file": "file", "line": "line", "column": "col", "end_line": "endLine", "end_column": "endColumn"}
    settings = [f"{keys[key]}={_escaped(str(value), True)}" for key, value in place.items() if value is not None]
    settings.append(f"title={diagnostic.code}")
    text = "\n".join([diagnostic.message, *diagnostic.notes, *([diagnostic.help] if diagnostic.help else [])])
    return f"::{_GITHUB[diagnostic.severity]} {','.join(settings)}::{_escaped(text, False)}"


def _place(span: Span | None, source: Source | None) -> dict[str, Any]:
    if span is None or source is None or span.source != source.name:
        name = span.source if span else source.name if source else None
        return {"file": name, "line": None, "column": None, "end_line": None, "end_column": None}
    line, column = source.position(span.start)
    end_line, end_column = source.position(span.end)
    return {"file": span.source, "line": line, "column": column, "end_line": end_line, "end_column": end_column}


def _escaped(text: str, setting: bool) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if setting else text
