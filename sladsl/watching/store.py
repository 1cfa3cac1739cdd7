"""The state of a monitor in an embedded database.

Takes:  a file, and what changed: cases, a few common values, records that were told.
Gives:  `Store`: one transaction a batch, so that state, position in the input and told records are never apart.
Never:  interprets what it keeps.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

SCHEMA_VERSION = 2  # 1 kept no sums
_SCHEMA = """
CREATE TABLE IF NOT EXISTS common (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cases (name TEXT PRIMARY KEY, next_us INTEGER, state TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS cases_next ON cases (next_us) WHERE next_us IS NOT NULL;
CREATE TABLE IF NOT EXISTS figures (name TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS memories (name TEXT PRIMARY KEY, next_us INTEGER, pinned INTEGER, state TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS memories_next ON memories (next_us) WHERE next_us IS NOT NULL;
CREATE INDEX IF NOT EXISTS memories_pinned ON memories (pinned) WHERE pinned;
CREATE TABLE IF NOT EXISTS told (seq INTEGER PRIMARY KEY, line TEXT NOT NULL);
"""
_SUM = 8  # characters


class StoreError(Exception):
    """The file is no state of a monitor, is one of another version, or cannot be read or written."""


class Store:
    """A database file; write-ahead logging, so that a killed process leaves it whole. What is damaged in it is told.

    Args:
        path: the file, made where it is not there; `:memory:` keeps nothing.

    Raises StoreError where the file is something else, cannot be opened, or is in use.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        try:
            self._db = sqlite3.connect(path, isolation_level=None, timeout=1.0)
        except sqlite3.Error as error:
            raise self._failed("opened", error) from error
        try:
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._db.executescript(_SCHEMA)
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            self._db.close()
            if "locked" in str(error):
                raise StoreError(f"`{path}` is in use by another monitor or watch") from error
            if isinstance(error, sqlite3.OperationalError):
                raise self._failed("opened", error) from error
            raise StoreError(f"`{path}` is no state of `sladsl watch`") from error
        try:
            self._take_version()
        except StoreError:
            self._db.close()
            raise

    def _take_version(self) -> None:
        """Say of which version a new store is. Raises StoreError where another version has made it."""
        ((version,),) = self._rows("PRAGMA user_version")
        if version == SCHEMA_VERSION:
            return
        if version or self._rows("SELECT 1 FROM common LIMIT 1"):
            raise StoreError(f"`{self.path}` is of another version of sladsl; take a new file")
        self._rows(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def _failed(self, done: str, error: sqlite3.Error) -> StoreError:
        said = str(error).partition(" with text ")[0]  # what follows is the state of a case
        return StoreError(f"`{self.path}` cannot be {done}: {said}")

    def _rows(self, query: str, values: tuple[Any, ...] = ()) -> list[Any]:
        try:
            return self._db.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise self._failed("read", error) from error

    def _read(self, kept: Any) -> Any:
        """What was kept, if it is as it was written."""
        if not isinstance(kept, str) or kept[:_SUM] != _sum_of(kept[_SUM:]):
            raise self.damaged()
        return json.loads(kept[_SUM:])

    def damaged(self) -> StoreError:
        """What is to be said where what is kept is not what was written."""
        return StoreError(f"`{self.path}` is damaged; take a new file")

    def commons(self) -> dict[str, Any]:
        """The values kept beside the cases, by name; none in a new store."""
        return {name: self._read(value) for name, value in self._rows("SELECT name, value FROM common")}

    def case(self, name: str) -> Any:
        """The state of a case; None where it is not kept."""
        rows = self._rows("SELECT state FROM cases WHERE name = ?", (name,))
        return self._read(rows[0][0]) if rows else None

    def memory(self, name: str) -> Any:
        """What objectives keep of a case; None where it is not kept."""
        rows = self._rows("SELECT state FROM memories WHERE name = ?", (name,))
        return self._read(rows[0][0]) if rows else None

    def pinned(self) -> list[str]:
        """The cases of which objectives need what they keep though nothing happens in them."""
        return [name for (name,) in self._rows("SELECT name FROM memories WHERE pinned ORDER BY name")]

    def figures(self) -> Iterator[tuple[str, Any]]:
        """What objectives keep of their groups."""
        for name, state in self._rows("SELECT name, state FROM figures ORDER BY name"):
            yield name, self._read(state)

    def memories_due_by(self, us: int) -> list[str]:
        """The cases in which something happens to an objective up to and including an instant without an event."""
        return [name for (name,) in self._rows("SELECT name FROM memories WHERE next_us <= ?", (us,))]

    def due_by(self, us: int, seen: set[str]) -> Iterator[tuple[str, Any]]:
        """The cases in which something happens up to and including an instant without an event, but for those already at hand."""
        for name, state in self._rows("SELECT name, state FROM cases WHERE next_us <= ?", (us,)):
            if name not in seen:
                yield name, self._read(state)

    def next_due(self, after_us: int = -(1 << 62)) -> int | None:
        """The earliest instant after this one at which something happens in a kept case."""
        query = "SELECT MIN(next_us) FROM (SELECT MIN(next_us) AS next_us FROM cases WHERE next_us > ? UNION ALL SELECT MIN(next_us) FROM memories WHERE next_us > ?)"
        found: int | None = self._rows(query, (after_us, after_us))[0][0]
        return found

    def undelivered(self) -> list[tuple[int, str]]:
        """The told records that nobody has acknowledged, in order."""
        return [(seq, self._read(line)) for seq, line in self._rows("SELECT seq, line FROM told ORDER BY seq")]

    def commit(
        self,
        cases: Iterable[tuple[str, int | None, Any]],
        common: dict[str, Any],
        told: Iterable[str],
        delivered: int,
        first: int,
        figures: Iterable[tuple[str, Any]] = (),
        memories: Iterable[tuple[str, int | None, bool, Any]] = (),
    ) -> None:
        """One batch, wholly or not at all.

        Args:
            cases: name, next instant, state of each case that changed.
            common: values kept beside them.
            told: the lines of new records, numbered from `first` on.
            figures: what objectives keep of their groups: name, state.
            memories: what they keep of cases: name, next instant, whether it is needed though nothing happens, state.
            delivered: records up to this number are acknowledged and need not be kept.

        Raises StoreError where it cannot be written; then nothing has been.
        """
        try:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany(
                "INSERT OR REPLACE INTO cases VALUES (?, ?, ?)",
                ((name, next_us, _dump(state)) for name, next_us, state in cases),
            )
            self._db.executemany(
                "INSERT OR REPLACE INTO figures VALUES (?, ?)", ((name, _dump(state)) for name, state in figures)
            )
            self._db.executemany(
                "INSERT OR REPLACE INTO memories VALUES (?, ?, ?, ?)",
                ((name, next_us, int(pinned), _dump(state)) for name, next_us, pinned, state in memories),
            )
            self._db.executemany(
                "INSERT OR REPLACE INTO common VALUES (?, ?)", ((name, _dump(value)) for name, value in common.items())
            )
            self._db.execute("DELETE FROM told WHERE seq <= ?", (delivered,))
            lines = enumerate(map(_dump, told), first)
            self._db.executemany("INSERT INTO told VALUES (?, ?)", lines)
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back()
            raise self._failed("written", error) from error
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def counts(self) -> tuple[int, int]:
        """How many cases are kept, and in how many of them something is waited for."""
        ((kept, waiting),) = self._rows("SELECT COUNT(*), COUNT(next_us) FROM cases")
        return kept, waiting

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _sum_of(text: str) -> str:
    return f"{crc32(text.encode(errors='surrogatepass')):08x}"


def _dump(value: Any) -> str:
    """A value as text, behind a sum that tells whether it is still what was written."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _sum_of(text) + text
