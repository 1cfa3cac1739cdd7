"""The registry of diagnostics that reading a policy's text gives: SLA0001 to SLA0049, one code, one kind of mistake.

Takes:  nothing.
Gives:  CODES: for each code its short title; its page is `grammar/diagnostics/CODE.md`.
Never:  holds the message itself: that is written in `mistakes.py` and the files named like it, in the author's words.
"""

from __future__ import annotations

from collections.abc import Mapping

# Codes are stable: they are never used again for something else.
CODES: Mapping[str, str] = {
    "SLA0001": "not text, or not UTF-8",
    "SLA0002": "something stands where it cannot",
    "SLA0003": "a statement ends too early",
    "SLA0004": "a character that means nothing",
    "SLA0005": "a quote without a partner",
    "SLA0006": "a bracket without a partner",
    "SLA0007": "indented under something that takes nothing",
    "SLA0008": "indentation that matches no line above",
    "SLA0009": "tabs and spaces mixed",
    "SLA0010": "nested too deep",
    "SLA0011": "too long",
    "SLA0012": "an unknown spoken language",
    "SLA0013": "a date or a time that does not exist",
    "SLA0014": "a number too long",
    "SLA0015": "a detail that belongs to something else",
    "SLA0016": "two comparisons in a row",
    "SLA0017": "a phrase that is none",
    "SLA0018": "a condition where a label is needed",
    "SLA0019": "an objective without a target",
    "SLA0020": "a reserved word in a name",
    "SLA0021": "something said twice, or missing, in one statement",
    "SLA0022": "too many mistakes",
    "SLA0023": "another spoken language than the first line says",
}
