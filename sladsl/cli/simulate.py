"""`sladsl simulate`: a plausible log for a policy, to see what it would say.

Takes:  a policy, how much is wanted, a seed.
Gives:  a log as CSV or JSON lines, which `run` reads without more being said; the same seed gives the same bytes.
Never:  reads a clock, or leaves half a file behind.
"""

from __future__ import annotations

import click

from sladsl.cli import exits
from sladsl.cli.options import lists_of, look_for_folder, option, output_options, policy_options
from sladsl.cli.terminal import result_file


@click.command(short_help="Make a plausible log for a policy.")
@click.argument("policy", metavar="POLICY")
@option("--cases", type=click.IntRange(1, 10_000_000), default=100, show_default=True, help="How many cases.")
@option("--days", type=click.IntRange(1, 20_000), default=60, show_default=True, help="How many days the log covers.")
@option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same log.")
@option("--start", default="", metavar="DATE", help="The date on which it begins; 2026-01-05 if nothing is said.")
@option(
    "--faults",
    default="",
    metavar="NAME=RATE,...",
    help="late, doubled, lost, shuffled, all: how often a row is so, e.g. `late=2%,lost=1%`; a name alone is 2%.",
)
@option("--input", "block", default="", metavar="NAME", help="Which `events` block of the policy the log is for.")
@option("-o", "--output", metavar="FILE", help="Write to a file: `.csv`, or `.ndjson` for JSON lines.")
@policy_options
@output_options
def simulate(
    policy: str,
    cases: int,
    days: int,
    seed: int,
    start: str,
    faults: str,
    block: str,
    output: str | None,
    lists: tuple[str, ...],
    timezone: str,
    quiet: bool,
    no_color: bool,
) -> int:
    """Make a log for POLICY: cases come while people work, most promises are kept, some late, some never.

    Attributes are drawn from both sides of what the policy asks of them. The columns are those of its `events` block,
    else case, time, event, actor, event_id and the attributes that the policy reads.
    """
    from sladsl.pipeline import load
    from sladsl.simulating import FaultError, Faults, NoSuchInputError, Settings
    from sladsl.simulating import simulate as simulated

    look_for_folder("-o", output)
    form = _form(output)
    compiled = load(policy, lists=lists_of(lists), timezone=timezone)
    try:
        settings = Settings(cases, days, seed, _date(start), Faults.read(faults), block)
        log = simulated(compiled.plan, settings)
    except (FaultError, NoSuchInputError) as error:
        raise click.UsageError(str(error)) from None
    with result_file(output) as out:
        for lines in log.lines(form):
            out.write(lines.encode("utf-8"))
    if output and not quiet:
        struck = "".join(f", {count} {name}" for name, count in log.faults.items() if count)
        click.echo(f"wrote {len(log.rows)} rows of {log.cases} cases{struck}\n", err=True)
        named = f"{log.input}={output}" if log.input and len(compiled.plan.inputs) > 1 else output
        click.echo(f"  sladsl run {policy} {named}", err=True)
    return exits.DONE


def _form(output: str | None) -> str:
    """The form that a file's name says. Raises click.UsageError for one that is not written here."""
    if output is None or output == "-" or output.endswith(".csv"):
        return "csv"
    if output.endswith((".ndjson", ".jsonl")):
        return "ndjson"
    raise click.UsageError(f"`{output}` says no form; end it in `.csv` or `.ndjson`")


def _date(text: str) -> str:
    """A date as written. Raises click.UsageError."""
    from datetime import date

    try:
        if text and not 1 < date.fromisoformat(text).year < 9900:
            raise ValueError(text)
    except ValueError:
        raise click.UsageError(f"`{text}` is no date that a log can begin on; write `2026-01-05`") from None
    return text
