"""`sladsl watch`: judge a log while it grows.

Takes:  policies, a growing log or standard input, a state file.
Gives:  verdicts, warnings and escalations as JSON lines the moment they are certain, and so windows of objectives, their
        alerts, credits and penalties; after a crash it goes on where it was.
Never:  reads the machine's clock unless `--tick` asks for it.
"""

from __future__ import annotations

import sys
import time

import click

from sladsl.cli import exits
from sladsl.cli.options import load_policies, option, output_options, policy_options

_SHOWN_REJECTS = 5


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
    help="Hold back an event that is so far ahead of the others.",
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

    LOG is a CSV, TSV or JSON lines file that is appended to, or `-`: JSON lines on standard input. Killed at any instant
    and started again, it goes on: nothing is lost, and nothing is told twice (`id` names a record for ever).
    """
    from sladsl.evaluate.stream.snapshot import StateError
    from sladsl.pipeline import duration_us
    from sladsl.watching.store import StoreError
    from sladsl.watching.watch import Watch

    (compiled,) = load_policies([policy], lists, timezone, lateness)
    if any(spec.steps for spec in compiled.plan.inputs):
        raise click.UsageError("a log with a time column per step holds no events in order; use `run`")
    shown = 0

    def rejected(reject: object) -> None:
        nonlocal shown
        shown += 1
        if not quiet and shown <= _SHOWN_REJECTS:
            click.echo(f"not read: row {getattr(reject, 'row', 0)}: {getattr(reject, 'reason', '')}", err=True)

    try:
        watching = Watch(
            compiled,
            log,
            state,
            output,
            sys.stdin.buffer,
            sys.stdout.buffer,
            actors=not no_actors,
            future_us=duration_us(future),
            on_reject=rejected,
        )
    except StoreError as error:
        raise click.UsageError(f"`{state}` {error}") from error
    except StateError as error:
        raise click.UsageError(f"`{state}`: {error}; take a new file for a changed policy") from error
    if watching.restarted and not quiet:
        click.echo(f"`{log}` is shorter than before: reading it from its start", err=True)
    lateness_us = compiled.plan.lateness_us
    try:
        while True:
            if watching.step():
                continue
            if once or log == "-":
                watching.finish()
                break
            if tick:
                watching.advance(time.time_ns() // 1000 - lateness_us)
            time.sleep(0.2)
        if tick:
            watching.advance(time.time_ns() // 1000 - lateness_us)
    finally:
        watching.close()
        if not quiet:
            counts = watching.monitor.counts
            told = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)
            click.echo(f"watched: {told or 'no events'}", err=True)
    return exits.DONE
