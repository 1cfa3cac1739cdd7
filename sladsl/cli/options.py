"""Options that several commands share.

Takes:  what click read.
Gives:  decorators for options, and the values that the pipeline takes.
Never:  judges; a value that cannot be is wrong usage, said in one line.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from sladsl.pipeline import Policy

Command = TypeVar("Command", bound=Callable[..., object])


class EnvOption(click.Option):
    """An option that the environment can give by its long name: `--fail-on` of `run` is SLADSL_RUN_FAIL_ON."""

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        """What the environment says; None where it says nothing."""
        long = max(self.opts, key=len).lstrip("-").replace("-", "_").upper()
        return os.environ.get(f"{ctx.auto_envvar_prefix}_{long}") or None


option = partial(click.option, cls=EnvOption)


def policy_options(command: Command) -> Command:
    """`--list`, `--timezone`: what a policy needs to compile."""
    listed = option(
        "--list",
        "lists",
        multiple=True,
        metavar="NAME=a,b",
        help="The entries of a list that the policy names and does not declare; repeatable.",
    )
    zoned = option(
        "--timezone", default="", metavar="ZONE", help="The agreement's zone, in place of what the policy says."
    )
    return listed(zoned(command))


def output_options(command: Command) -> Command:
    """`--quiet`, `--no-color`."""
    quiet = option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")
    plain = option("--no-color", is_flag=True, help="No colours; NO_COLOR in the environment says the same.")
    return quiet(plain(command))


def look_for_folder(option: str, path: str | None) -> None:
    """Raises click.UsageError where the file that an option names would stand in a folder that is not there."""
    if path not in (None, "-") and not Path(str(path)).resolve().parent.is_dir():
        raise click.UsageError(f"{option} {path}: there is no folder `{Path(str(path)).parent}`")


def pairs(values: tuple[str, ...], option: str) -> dict[str, str]:
    """`NAME=VALUE` options as a dict.

    Raises click.UsageError for one without `=`, or with nothing before it.
    """
    found: dict[str, str] = {}
    for value in values:
        name, sign, rest = value.partition("=")
        if not sign or not name.strip():
            raise click.UsageError(f"{option} takes NAME=VALUE, not `{value}`")
        found[name.strip()] = rest.strip()
    return found


def lists_of(values: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """`--list NAME=a,b` as entries by name."""
    return {
        name: tuple(entry.strip() for entry in entries.split(",") if entry.strip())
        for name, entries in pairs(values, "--list").items()
    }


def load_policies(paths: list[str], lists: tuple[str, ...], timezone: str, lateness: str = "") -> list[Policy]:
    """The policies that a command names, in order of their periods. Raises PolicyError."""
    from sladsl.pipeline import in_order_of_periods, load

    entries = lists_of(lists)
    return in_order_of_periods([load(path, lists=entries, timezone=timezone, lateness=lateness) for path in paths])
