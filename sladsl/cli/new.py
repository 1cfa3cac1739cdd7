"""`sladsl new`: something that runs at once, to start from.

Takes:  the name of a folder.
Gives:  a policy with a scenario, a small log and a README in it.
Never:  writes over a file that is there.
"""

from __future__ import annotations

from pathlib import Path

import click

from sladsl.cli import exits
from sladsl.cli.options import output_options

POLICY = """\
# An agreement between two departments. `sladsl check policy.sla` reads it back in words.
sla "Marketing and Sales"
    between marketing and sales
    timezone Europe/Madrid
    case lead

# When business time counts.
calendar office
    mon-thu 09:00-14:00, 15:00-18:30
    fri 08:00-15:00
    timezone Europe/Madrid
business hours = office

# Who is worth a call. A state: it holds from the event that makes it true on.
list buyer persona = "cto", "cfo", "founder"
qualified lead = score >= 60 and role in buyer persona

# What is promised of every lead. `contacts` matches the events `contact`, `contacted` …
first contact: sales contacts qualified lead within 8 business hours
    2 business hours when score >= 90
    paused while status = "unreachable"
    cancelled when status = "duplicate"
    warn at 75%
outcome: sales closes qualified lead within 10 business days
    escalate to "sales manager" at breach

# What is promised of all of them together.
attainment: at least 80% of first contact met per month
volume: count of qualified lead >= 5 per month

# What should come out, as an example that can be tested.
scenario "contacted the next morning is on time"
    2026-03-02 17:30  L1  created  score = 80, role = "cto"
    2026-03-03 10:00  L1  contact  actor = sales
    expect first contact met for L1
"""

LOG = """\
lead_id,time,event,actor,score,role,status
L01,2026-03-02 09:12,created,marketing,72,cto,new
L01,2026-03-02 11:40,contacted,sales,,,
L01,2026-03-09 16:05,closed,sales,,,won
L02,2026-03-02 10:03,created,marketing,41,cfo,new
L02,2026-03-04 12:30,scored,marketing,66,,
L02,2026-03-05 17:55,contacted,sales,,,
L03,2026-03-03 13:20,created,marketing,95,founder,new
L03,2026-03-03 15:10,contacted,sales,,,
L03,2026-03-12 10:00,closed,sales,,,lost
L04,2026-03-03 18:10,created,marketing,80,intern,new
L05,2026-03-04 09:30,created,marketing,78,cto,new
L05,2026-03-04 10:15,called,sales,,,unreachable
L05,2026-03-06 09:00,answered,lead,,,new
L05,2026-03-06 11:25,contacted,sales,,,
L06,2026-03-05 16:45,created,marketing,64,cfo,new
L06,2026-03-09 12:00,contacted,sales,,,
L07,2026-03-06 14:40,created,marketing,91,cto,new
L07,2026-03-09 12:20,contacted,sales,,,
L08,2026-03-09 11:00,created,marketing,88,founder,new
L08,2026-03-09 11:30,merged,marketing,,,duplicate
L09,2026-03-10 09:05,created,marketing,69,cfo,new
L10,2026-03-12 17:15,created,marketing,77,cto,new
L10,2026-03-13 09:40,contacted,sales,,,
L11,2026-03-13 13:05,created,marketing,83,founder,new
"""

README = """\
# A first agreement

`policy.sla` holds the promises, `log.csv` what really happened.

    sladsl check policy.sla            # what is wrong with it, and what it says, in words
    sladsl run policy.sla log.csv      # was it kept?
    sladsl run policy.sla log.csv --verdicts verdicts.csv

Then change a number in the policy, or put your own export in place of the log: the columns are found by their usual
names, or say which is which with `--column case=lead_id`.
"""

FILES = {"policy.sla": POLICY, "log.csv": LOG, "README.md": README}


@click.command(short_help="A policy, a small log and a scenario to start from.")
@click.argument("folder", metavar="DIR")
@output_options
def new(folder: str, quiet: bool, no_color: bool) -> int:
    """Write a policy with a scenario, a small log and a README into the folder DIR, which is made if it is not there."""
    place = Path(folder)
    there = [name for name in FILES if (place / name).exists()]
    if there:
        raise click.UsageError(f"`{place / there[0]}` is there already; name another folder")
    if place.exists() and not place.is_dir():
        raise click.UsageError(f"`{folder}` is a file; name a folder")
    place.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        (place / name).write_text(text, encoding="utf-8", newline="\n")
    if not quiet:
        click.echo(f"wrote {', '.join(str(place / name) for name in FILES)}\n")
        click.echo(f"  sladsl check {place / 'policy.sla'}")
        click.echo(f"  sladsl run {place / 'policy.sla'} {place / 'log.csv'}")
    return exits.DONE
