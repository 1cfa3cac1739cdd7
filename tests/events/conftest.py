"""A log made of bytes, read from a file as a user would have it read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sladsl.events import InputSpec, Log, ReadOptions, read

ReadBytes = Callable[..., Log]


@pytest.fixture
def read_bytes(tmp_path: Path) -> ReadBytes:
    """`read_bytes(content, "log.csv", spec, zone=…)` is the Log of a file with these bytes."""

    def reader(content: bytes | str, name: str = "log.csv", spec: InputSpec | None = None, **options: object) -> Log:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read([path], [spec] if spec else [], ReadOptions(**options))  # type: ignore[arg-type]

    return reader
