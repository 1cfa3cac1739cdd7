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

SCHEMA_VERSION = 1
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


class StoreError(Exception):
    """The file is no state of a monitor, is one of another version, or cannot be read or written."""


class Store:
    """A database file; write-ahead logging, so that a killed process leaves it whole.

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
        version = self.common("schema")
        if version not in (None, SCHEMA_VERSION):
            self._db.close()
            raise StoreError(f"`{path}` is of another version of sladsl; take a new file")

    def _failed(self, done: str, error: sqlite3.Error) -> StoreError:
        return StoreError(f"`{self.path}` cannot be {done}: {error}")

    def common(self, name: str) -> Any:
        """A value kept beside the cases; None where there is none."""
        row = self._db.execute("SELECT value FROM common WHERE name = ?", (name,)).fetchone()
        return None if row is None else json.loads(row[0])

    def case(self, name: str) -> Any:
        """The state of a case; None where it is not kept."""
        row = self._db.execute("SELECT state FROM cases WHERE name = ?", (name,)).fetchone()
        return None if row is None else json.loads(row[0])

    def memory(self, name: str) -> Any:
        """What objectives keep of a case; None where it is not kept."""
        row = self._db.execute("SELECT state FROM memories WHERE name = ?", (name,)).fetchone()
        return None if row is None else json.loads(row[0])

    def pinned(self) -> list[str]:
        """The cases of which objectives need what they keep though nothing happens in them."""
        return [name for (name,) in self._db.execute("SELECT name FROM memories WHERE pinned ORDER BY name").fetchall()]

    def figures(self) -> Iterator[tuple[str, Any]]:
        """What objectives keep of their groups."""
        for name, state in self._db.execute("SELECT name, state FROM figures ORDER BY name").fetchall():
            yield name, json.loads(state)

    def memories_due_by(self, us: int) -> list[str]:
        """The cases in which something happens to an objective up to and including an instant without an event."""
        return [name for (name,) in self._db.execute("SELECT name FROM memories WHERE next_us <= ?", (us,)).fetchall()]

    def due_by(self, us: int, seen: set[str]) -> Iterator[tuple[str, Any]]:
        """The cases in which something happens up to and including an instant without an event, but for those already at hand."""
        for name, state in self._db.execute("SELECT name, state FROM cases WHERE next_us <= ?", (us,)).fetchall():
            if name not in seen:
                yield name, json.loads(state)

    def next_due(self, after_us: int = -(1 << 62)) -> int | None:
        """The earliest instant after this one at which something happens in a kept case."""
        query = "SELECT MIN(next_us) FROM (SELECT MIN(next_us) AS next_us FROM cases WHERE next_us > ? UNION ALL SELECT MIN(next_us) FROM memories WHERE next_us > ?)"
        found: int | None = self._db.execute(query, (after_us, after_us)).fetchone()[0]
        return found

    def undelivered(self) -> list[tuple[int, str]]:
        """The told records that nobody has acknowledged, in order."""
        return self._db.execute("SELECT seq, line FROM told ORDER BY seq").fetchall()

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
            values = {"schema": SCHEMA_VERSION, **common}
            self._db.executemany(
                "INSERT OR REPLACE INTO common VALUES (?, ?)", ((name, _dump(value)) for name, value in values.items())
            )
            self._db.execute("DELETE FROM told WHERE seq <= ?", (delivered,))
            self._db.executemany("INSERT INTO told VALUES (?, ?)", enumerate(told, first))
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
        kept, waiting = self._db.execute("SELECT COUNT(*), COUNT(next_us) FROM cases").fetchone()
        return kept, waiting

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
