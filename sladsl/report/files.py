"""Results as files.

Takes:  a Result and a path.
Gives:  `write_verdicts`, by the ending of the path; `whole_file`, for any output.
Never:  leaves half a file behind: what is written goes to a temporary name first, which then takes the path's place.
"""

from __future__ import annotations

import codecs
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from sladsl.report.result import Result
from sladsl.report.table import write_csv, write_ndjson, write_parquet

VERDICT_ENDINGS = (".csv", ".ndjson", ".parquet")


def write_verdicts(result: Result, path: str | Path) -> None:
    """Write the verdict table as CSV, JSON lines or Parquet.

    Raises ValueError for another ending, OSError where the file cannot be written.
    """
    if not str(path).endswith(VERDICT_ENDINGS):
        raise ValueError(f"the verdict table goes to a file ending {', '.join(VERDICT_ENDINGS)}, not `{path}`")
    with whole_file(path) as out:
        write_verdicts_to(result, out, Path(path).suffix)


def write_verdicts_to(result: Result, out: BinaryIO, ending: str) -> None:
    """Write the verdict table to an open file, in the format of `ending`."""
    if ending == ".parquet":
        write_parquet(result, out)
        return
    (write_csv if ending == ".csv" else write_ndjson)(result, text_of(out))


@contextmanager
def whole_file(path: str | Path) -> Iterator[BinaryIO]:
    """A file to write bytes to; it stands under its name only when the block ends well, with the mode of the old one.

    What is no plain file (a device, a pipe) is written directly.
    """
    place = Path(os.path.realpath(path))
    if place.exists() and not place.is_file():
        with open(place, "wb") as out:
            yield out
        return
    part = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        with open(part, "wb") as out:
            yield out
        if place.exists():
            os.chmod(part, stat.S_IMODE(place.stat().st_mode))
        os.replace(part, place)
    except BaseException:  # Ctrl-C too
        with suppress(OSError):
            part.unlink()
        raise


def text_of(out: BinaryIO) -> TextIO:
    """UTF-8 text over an open file, whatever the machine's own encoding; it never closes the file."""
    return cast(TextIO, codecs.getwriter("utf-8")(out, "backslashreplace"))
