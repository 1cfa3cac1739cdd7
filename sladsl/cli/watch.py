"""`sladsl watch`: judge a log while it grows.

Takes:  policies, a growing log or standard input, a state file.
Gives:  verdicts, warnings and escalations as JSON lines the moment they are certain, and so windows of objectives, their
        alerts, credits and penalties; after a crash it goes on where it was.
Never:  reads the machine's clock unless `--tick` asks for it.
"""

from __future__ import annotations

import io
import sys
import time
from collections import Counter

import click

from sladsl.cli import exits
from sladsl.cli.options import load_policies, option, output_options, policy_options

_SHOWN = 5
_QUIET_S = 1.0  # where standard input has been silent so long, `--tick` believes that everything until now has come
_QUIET_AT_FIRST_S = 10.0  # so long whatever writes it may need to begin
_COUNTED = {"late": "too late", "duplicates": "seen twice", "held": "held back", "rejected": "not read"}
_NOT_GROWING = (".gz", ".bz2", ".xz", ".zst", ".zip", ".parquet", ".xlsx", ".xls")


@click.command(short_help="Judge a log while it grows; survives crashes.")
@click.argument("policy")
@click.argument("log", default="-")
@option("--state", required=True, metavar="FILE", help="Where the state is kept between runs (a database file).")
@option("-o", "--output", metavar="FILE", help="Write the records to this file, each once, whatever happens.")
@option("--once", is_flag=True, help="Stop at the end of the log instead of waiting for more.")
@option("--tick", is_flag=True, help="Let time pass with the machine's clock, so that silence breaches too.")
@option(
    "--future",
    default="7 days",
    show_default=True,
    metavar="DURATION",
    help="Hold back an event that is so far ahead of the others (with `--tick`: of the machine's clock).",
)
@option("--no-actors", is_flag=True, help="Events name no actors: do not check parties.")
@option("--lateness", default="", metavar="DURATION", help="In place of the policy's lateness.")
@policy_options
@output_options
def watch(
    policy: str,
    log: str,
    state: str,
    output: str | None,
    once: bool,
    tick: bool,
    future: str,
    no_actors: bool,
    lateness: str,
    lists: tuple[str, ...],
    timezone: str,
    quiet: bool,
    no_color: bool,
) -> int:
    """Judge LOG by POLICY while it grows, and write each verdict, warning and escalation as a line of JSON.

    So too each window of an objective at the first instant at which nothing later can change it (`kind` objective), the
    alerts of objectives (burn, missed), and what is owed once it is certain (credit, penalty), with all that is owed by then.

    LOG is a CSV, TSV or JSON lines file that is appended to, or `-`: JSON lines on standard input. A file that is emptied or
    replaced by a new one is read from its start; standard input that begins as before is passed over up to where it was.
    Killed at any instant and started again, it goes on: nothing is lost, and nothing is told twice (`id` names a record for
    ever).
    """
    from sladsl.evaluate.stream.snapshot import StateError
    from sladsl.pipeline import duration_us
    from sladsl.watching import StoreError
    from sladsl.watching.watch import Watch

    if log.lower().endswith(_NOT_GROWING):
        raise click.UsageError(f"`{log}` is no file that lines are added to; use `run`")
    (compiled,) = load_policies([policy], lists, timezone, lateness)
    if any(spec.steps for spec in compiled.plan.inputs):
        raise click.UsageError("a log with a time column per step holds no events in order; use `run`")
    odd = _Odd(quiet)
    lateness_us = compiled.plan.lateness_us

    def now_us() -> int:
        return time.time_ns() // 1000 - lateness_us

    try:
        watching = Watch(
            compiled,
            log,
            state,
            output,
            sys.stdin.buffer if sys.stdin else io.BytesIO(),
            sys.stdout.buffer,
            actors=not no_actors,
            future_us=duration_us(future),
            on_odd=odd.tell,
        )
        try:
            if tick:
                watching.clock_says(now_us())
            quiet_from, patience = time.monotonic(), _QUIET_AT_FIRST_S if log == "-" else 0.0
            while True:
                if watching.step():
                    quiet_from, patience = time.monotonic(), min(patience, _QUIET_S)
                    continue
                if watching.has_ended or (once and log != "-"):
                    break
                if watching.is_catching_up:
                    quiet_from = time.monotonic()
                if tick and time.monotonic() - quiet_from >= patience:
                    watching.advance(now_us())
                watching.wait(0.2)
            watching.finish()
            if tick:
                watching.advance(now_us())
        finally:
            watching.close()
            if not quiet:
                click.echo(_summary(watching.monitor.counts), err=True)
    except StoreError as error:
        raise click.ClickException(str(error)) from error
    except StateError as error:
        raise click.ClickException(f"`{state}`: {error}; take a new file for a changed policy") from error
    return exits.DONE


def _summary(counts: dict[str, int]) -> str:
    """What has been watched, from the beginning on."""
    told = ", ".join(f"{count:,} {_COUNTED.get(name, name)}" for name, count in counts.items() if count)
    return f"watched: {told or 'no events'}"


class _Odd:
    """Says on standard error what is not judged, of each kind the first few; nothing where nobody wants to know."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._told: Counter[str] = Counter()

    def tell(self, kind: str, said: str) -> None:
        """One of them, in words."""
        self._told[kind] += 1
        if self._quiet or (kind != "log" and self._told[kind] > _SHOWN + 1):
            return
        if kind == "log":
            click.echo(said, err=True)
        elif self._told[kind] > _SHOWN:
            click.echo(f"{kind}: more of them, which are only counted", err=True)
        else:
            click.echo(f"{kind}: {said}", err=True)
