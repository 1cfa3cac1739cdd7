"""Who acts in a log.

Takes:  the names of actors, as their events are read, and those that somebody asks for.
Gives:  `Actors`.
Never:  holds many more names than it would list.
"""

from __future__ import annotations

from collections.abc import Iterable

from sladsl.text import fold

_MOST = 1000


class Actors:
    """The names of those who act, while few, and who of those asked for does not.

    Args:
        asked: folded names.
    """

    def __init__(self, asked: Iterable[str] = ()) -> None:
        self._idle = set(asked)
        self._names: set[str] = set()

    def __bool__(self) -> bool:
        """Whether anybody acts."""
        return bool(self._names)

    @property
    def is_settled(self) -> bool:
        """Whether another name would tell nothing that is asked: somebody acts, and so do all that were asked for."""
        return bool(self._names) and not self._idle

    @property
    def idle(self) -> frozenset[str]:
        """The folded names that were asked for and never came."""
        return frozenset(self._idle)

    @property
    def names(self) -> list[str]:
        """Who acts, as written, sorted; nobody where they are too many to be listed."""
        return sorted(self._names) if len(self._names) <= _MOST else []

    def add(self, names: Iterable[str | None]) -> None:
        """Note names of actors, as written; empty ones are nobody's."""
        for name in names:
            if name and name not in self._names:  # one more than are listed is kept: it tells that they are too many
                self._idle.discard(fold(name))
                if len(self._names) <= _MOST:
                    self._names.add(name)
