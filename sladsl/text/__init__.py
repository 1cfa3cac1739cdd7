"""Text: sources, places in them, complaints about them, and the folding of names (a leaf)."""

from sladsl.text.diagnostic import Diagnostic, Fix, Severity, in_order
from sladsl.text.fold import fold
from sladsl.text.source import Source, Span

__all__ = ["Diagnostic", "Fix", "Severity", "Source", "Span", "fold", "in_order"]
