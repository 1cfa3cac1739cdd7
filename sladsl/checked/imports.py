"""`use`: modules that ship with the language, and files beside the policy.

Takes:  the policy, and a Loader that knows its folder.
Gives:  the files it uses, each once, with their scopes linked.
Never:  reads outside the policy's folder, whatever the path or the links on the way say.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from attrs import frozen

from sladsl.checked.broken import names_of_broken_statements
from sladsl.checked.context import Context, File
from sladsl.checked.scopes import Entry, Scope
from sladsl.syntax import parse, tree
from sladsl.text import Diagnostic, Source, Span, decode, nearest, shipped

_MOST_BYTES = 20_000_000


class Loader(Protocol):
    """Where the text of a used file comes from."""

    def load(self, file: str, by: str) -> Source | Diagnostic:
        """The text of a file beside the source named `by`, or why there is none (a code of SLA08xx; the place is added)."""


@frozen
class FolderLoader:
    """Reads files of one folder and those below it; the names of sources are paths as the author would write them.

    `folder` is None for a policy that is no file: then nothing can be used but modules. `shown` is how the folder is
    written in the names of sources.
    """

    folder: Path | None
    shown: str = ""

    def load(self, file: str, by: str) -> Source | Diagnostic:
        """The text of a file of the folder, looked for beside the one that uses it."""
        if self.folder is None:
            help = "only modules such as `std.business` can be used here"
            return Diagnostic(
                "SLA0801", f"`{file}` cannot be found: the policy itself is in no folder", None, help=help
            )
        try:
            root = self.folder.resolve()
            beside = Path(by).relative_to(self.shown).parent if self.shown else Path(by).parent
            path = (root / beside / file).resolve()
            if not path.is_relative_to(root):
                help = "a policy can use files of its own folder, and of folders in it"
                return Diagnostic("SLA0802", f"`{file}` is outside the folder of the policy", None, help=help)
            if not path.is_file():
                return self._missing(file, path)
            if path.stat().st_size > _MOST_BYTES:
                return Diagnostic("SLA0801", f"`{file}` is too large for a policy", None)
            name = (Path(self.shown) / path.relative_to(root)).as_posix()
            source, problem = decode(name, path.read_bytes())
        except (OSError, ValueError, RuntimeError) as error:
            reason = (getattr(error, "strerror", None) or str(error)).lower()
            return Diagnostic("SLA0801", f"`{file}` cannot be read: {reason}", None)
        return problem or source

    def _missing(self, file: str, path: Path) -> Diagnostic:
        if path.is_dir():
            return Diagnostic("SLA0801", f"`{file}` is a folder", None, help="name the file in it")
        if path.exists():
            return Diagnostic("SLA0801", f"`{file}` is no file that can be read", None)
        near: list[str] = []
        if path.parent.is_dir():
            near = nearest(path.name, sorted(entry.name for entry in path.parent.glob("*.sla")), 1)
        return Diagnostic(
            "SLA0801", f"there is no file `{file}`", None, help=f"did you mean `{near[0]}`?" if near else ""
        )


def loader_beside(source: Source) -> FolderLoader:
    """The loader for a policy whose source is named by its path; one that is no file of this machine has no folder."""
    path = Path(source.name)
    try:
        if not path.is_file():
            return FolderLoader(None)
    except (OSError, ValueError):
        return FolderLoader(None)
    return FolderLoader(path.parent, "" if str(path.parent) == "." else str(path.parent))


def load_files(context: Context, loader: Loader) -> None:
    """Read what the policy uses, and what that uses in turn, into context.files, and link the scopes.

    Iterative; a file that uses one which is still being read closes a circle.
    """
    known: dict[str, File] = {context.files[0].source.name: context.files[0]}
    waiting = [context.files[0]]
    uses: dict[str, list[tuple[str, Span]]] = {}
    at = 0
    while at < len(waiting):
        file = waiting[at]
        at += 1
        seen: set[str] = set()
        for statement in file.policy.statements:
            if not isinstance(statement, (tree.UseModule, tree.UseFile)):
                continue
            source = _source_of(context, loader, file, statement)
            if source is None:
                continue
            used = known.get(source.name)
            if used is None:
                used = _parsed(context, source, file, statement)
                known[source.name] = used
                context.files.append(used)
                waiting.append(used)
            uses.setdefault(file.source.name, []).append((source.name, statement.span))
            if source.name not in seen and used is not file:
                seen.add(source.name)
                file.scope.uses.append(used.scope)
    _tell_circles(context, uses)


def module_names() -> list[str]:
    """The modules that ship with the language, as they are written after `use`."""
    try:
        root = shipped("stdlib")
    except FileNotFoundError:
        return []
    found = (path.relative_to(root).with_suffix("") for path in root.rglob("*.sla"))
    return sorted(".".join(("std", *path.parts)) for path in found)


def _source_of(context: Context, loader: Loader, file: File, statement: tree.UseModule | tree.UseFile) -> Source | None:
    found: Source | Diagnostic
    if isinstance(statement, tree.UseModule):
        found, place = _module(statement), statement.span
    else:
        place = statement.file.span
        # a module's own files are beside it, not beside the policy
        within = FolderLoader(shipped("stdlib"), "std") if file.module else loader
        found = within.load(statement.file.value, file.source.name)
    if isinstance(found, Source):
        return found
    span = found.span if found.span is not None else place
    context.findings.add(
        found.code if found.code.startswith("SLA08") else "SLA0801", found.message, place, help=found.help
    )
    if span is not place and found.span is not None:
        context.sources.setdefault(found.span.source, Source(found.span.source, ""))
    return None


def _module(statement: tree.UseModule) -> Source | Diagnostic:
    written = ".".join(statement.path)
    names = module_names()
    if written not in names:
        near = nearest(written, names, 1)
        help = (
            f"did you mean `{near[0]}`?"
            if near
            else f"modules are {', '.join(f'`{name}`' for name in names)}"
            if names
            else ""
        )
        return Diagnostic("SLA0804", f"unknown module `{written}`", None, help=help)
    path = shipped("stdlib").joinpath(*statement.path[1:]).with_suffix(".sla")
    source, problem = decode(f"std/{'/'.join(statement.path[1:])}.sla", path.read_bytes())
    return problem or source


def _parsed(context: Context, source: Source, by: File, statement: tree.UseModule | tree.UseFile) -> File:
    parsed = parse(source)
    context.sources[source.name] = source
    context.findings.append(parsed.diagnostics)
    context.broken |= names_of_broken_statements(source, parsed.diagnostics)
    module = ".".join(statement.path) if isinstance(statement, tree.UseModule) else by.module
    file = File(source, parsed.tree, Scope(), imported=True, module=module)
    promises = next((s for s in parsed.tree.statements if isinstance(s, (tree.Clause, tree.Objective))), None)
    if promises is not None and not module:
        message = f"the clauses of `{source.name}` are no part of this agreement"
        help = "`use` takes over names; write the clauses in the policy itself"
        context.findings.add("SLA0805", message, promises.span, help=help)
    return file


def _tell_circles(context: Context, uses: dict[str, list[tuple[str, Span]]]) -> None:
    """Complain about each `use` that closes a circle, found by walking from the policy; iterative."""
    root = context.files[0].source.name
    done: set[str] = set()
    path: dict[str, None] = {root: None}
    stack = [iter(uses.get(root, ()))]
    while stack:
        step = next(stack[-1], None)
        if step is None:
            stack.pop()
            done.add(path.popitem()[0])
            continue
        name, span = step
        if name in path:
            names = [*list(path)[list(path).index(name) :], name]
            shown = " → ".join(f"`{Path(each).name}`" for each in names)
            message = "the file uses itself" if len(names) == 2 else f"files use one another in a circle: {shown}"
            context.findings.add("SLA0803", message, span, help="put what they share into a third file")
        elif name not in done:
            path[name] = None
            stack.append(iter(uses.get(name, ())))


def tell_of_names_in_two_files(context: Context) -> None:
    """Complain where a name that the policy reads is declared in two of the files it uses, and so could be either."""
    root = context.root
    for sort, tables in _tables(root):
        own = {key for table in tables for key in table}
        seen: dict[str, Entry] = {}
        for used in root.uses:
            for key, entry in ((k, e) for _, held in _tables_of(used, sort) for k, e in held.items()):
                earlier = seen.setdefault(key, entry)
                if earlier is entry or key in own or not earlier.used:
                    continue
                message = f"the {sort} `{entry.name}` is declared in two of the files that are used"
                help = "declare it in the policy itself, or use one of the files"
                labels = ((earlier.span, "declared here, too"),)
                context.findings.add("SLA0806", message, entry.span, help=help, labels=labels)


def _tables(scope: Scope) -> list[tuple[str, list[Mapping[str, Entry]]]]:
    """The tables of a scope by the sort of what they hold; names of one sort must differ."""
    return [
        ("name", [scope.definitions.by_key, scope.lists.by_key]),
        ("calendar", [scope.calendars.by_key]),
        ("party", [scope.parties.by_key]),
    ]


def _tables_of(scope: Scope, sort: str) -> list[tuple[str, Mapping[str, Entry]]]:
    return [(each, table) for each, tables in _tables(scope) if each == sort for table in tables]
