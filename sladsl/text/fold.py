"""The folding of names.

Takes:  a name as written.
Gives:  its key: two names are one where their keys are equal.
Never:  folds inflections; see stem.py.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SEPARATORS = re.compile(r"[\s_\-\u00a0]+")


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """The key of a name: case, inner spaces, `_` and `-` fold; composed characters (NFC).

    >>> fold("Buyer_Persona") == fold("buyer  persona") == "buyer persona"
    True
    """
    folded = name.casefold()
    if not name.isascii():
        folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
    return _SEPARATORS.sub(" ", folded).strip()
