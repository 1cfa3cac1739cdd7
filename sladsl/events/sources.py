"""Which files are read.

Takes:  paths, globs, `NAME=FILE`, `-` for standard input.
Gives:  Source, one a file, in the order given.
Never:  opens one; see opened.py.
"""

from __future__ import annotations

import glob
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from sladsl.events.log import LogError
from sladsl.text import Diagnostic
from sladsl.text.record import Record


@frozen(eq=False, repr=False)
class Source(Record):
    """One file to read.

    Args:
        name: the name given to it (`leads` in `leads=FILE`), or "".
        path: where it is; `-` for standard input, "" for data in memory.
        argument: the index of what named it; the files of one glob share it, and with it their event ids.
    """

    name: str
    path: str
    argument: int

    @property
    def shown(self) -> str:
        """How messages call it."""
        if self.path == "-":
            return "standard input"
        return f"`{self.path or self.name}`" if self.path or self.name else "the data given"


def named_input(text: str) -> tuple[str, str]:
    """Take `NAME=FILE` apart; a path that merely holds a `=` has no name.

    >>> named_input("leads=data/leads.csv"), named_input("data/year=2026/log.csv")
    (('leads', 'data/leads.csv'), ('', 'data/year=2026/log.csv'))
    """
    name, sign, path = text.partition("=")
    if not sign or not path or not name.strip() or set(name) & set("/\\.*?[") or _is_there(text):
        return "", text
    return name.strip(), path


def find_sources(inputs: Sequence[Path | str | tuple[str, Path | str]]) -> list[Source]:
    """The files that the inputs mean, in the order given; those of a glob by name.

    Args:
        inputs: paths, globs, or pairs of a name and one of these; a text `NAME=FILE` is taken apart.

    Raises LogError where a file is missing, a glob matches nothing, or a name is no file.
    """
    sources: list[Source] = []
    wrong: list[Diagnostic] = []
    for argument, given in enumerate(inputs):
        if isinstance(given, tuple):
            name, path = given[0], str(given[1])
        else:
            name, path = named_input(given) if isinstance(given, str) else ("", str(given))
        found = _files(path)
        if isinstance(found, Diagnostic):
            wrong.append(found)
        else:
            sources += [Source(name, file, argument) for file in found]
    if not wrong and not sources:
        wrong.append(Diagnostic("SLA0601", "no log was given", None, help="name a file, or `-` for standard input"))
    if [source.path for source in sources].count("-") > 1:
        wrong.append(Diagnostic("SLA0601", "standard input can be read only once", None))
    if wrong:
        raise LogError(wrong)
    return sources


def _files(path: str) -> list[str] | Diagnostic:
    if path == "-":
        return [path]
    if _is_there(path):
        if Path(path).is_dir():
            return Diagnostic(
                "SLA0601", f"`{path}` is a folder", None, help=f"name the files in it: `{path.rstrip('/')}/*.csv`"
            )
        return [path]
    if glob.has_magic(path):
        try:
            files = sorted(file for file in glob.glob(path, recursive=True) if Path(file).is_file())
        except (OSError, ValueError, RecursionError):
            files = []
        return files or Diagnostic("SLA0601", f"no file matches `{path}`", None)
    return Diagnostic("SLA0601", f"there is no file `{path}`", None)


def _is_there(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):  # too long, or with a NUL
        return False
