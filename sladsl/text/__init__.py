"""Text: sources, places in them, complaints about them, and the folding of names (a leaf)."""

from sladsl.text.decode import decode
from sladsl.text.diagnostic import Diagnostic, Fix, Severity, in_order
from sladsl.text.fold import fold
from sladsl.text.nearest import nearest
from sladsl.text.render import render
from sladsl.text.shipped import shipped
from sladsl.text.source import Source, Span
from sladsl.text.stem import stem, stems
from sladsl.text.wire import to_github, to_json

__all__ = [
    "Diagnostic",
    "Fix",
    "Severity",
    "Source",
    "Span",
    "decode",
    "fold",
    "in_order",
    "nearest",
    "render",
    "shipped",
    "stem",
    "stems",
    "to_github",
    "to_json",
]
