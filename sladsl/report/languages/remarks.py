"""What a run remarks, in the language of a report.

Takes:  the code and the message of a warning, in English as the run says it.
Gives:  `remark`: the same in a language.
Never:  leaves a remark out: one that there is no translation of stays as it is.
"""

from __future__ import annotations

import re

# Code to what is said and how it is said in Spanish; `{0}` and so on are the parts that the pattern captures.
_SPANISH: dict[str, tuple[tuple[str, str], ...]] = {}


def remark(code: str, message: str, language: str) -> str:
    """The message of a warning in a language."""
    if language == "en":
        return message
    for pattern, translation in _SPANISH.get(code, ()):
        found = re.fullmatch(pattern, message)
        if found:
            return translation.format(*(_parts(part) for part in found.groups()))
    return message


def _parts(text: str) -> str:
    return text
