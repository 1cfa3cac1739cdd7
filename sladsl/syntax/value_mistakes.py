"""What is said about numbers, amounts and bounds, one function a mistake.

Takes:  places and the author's words.
Gives:  Diagnostics.
Never:  names a terminal or a rule of the grammar.
"""

from __future__ import annotations

from sladsl.syntax.mistakes import clip
from sladsl.text import Diagnostic, Fix, Span


def every_without_number(span: Span, written: str, meant: str, every: str) -> Diagnostic:
    """`every day` where a promise says how often; `meant` is empty for months, which have no fixed length."""
    return Diagnostic(
        "SLA0002",
        f"`{clip(written)}` does not say how many",
        span,
        help=f"write `{meant}`" if meant else f"write a number of days or weeks: `{every} 30 days`",
        fix=Fix(span, meant) if meant else None,
    )


def no_unit(span: Span, number: str) -> Diagnostic:
    """A number where a duration must stand."""
    return Diagnostic(
        "SLA0002",
        f"`{clip(number)}` has no unit of time",
        span,
        help=f"write `{clip(number)}h`, `{clip(number)} days` …",
    )


def unknown_unit(span: Span, word: str, near: str, fix: Fix | None = None) -> Diagnostic:
    """A number and a word that is no unit."""
    known = "units are `min`, `h`, `days`, `weeks`, `business hours`, `business days`, `calendar days`"
    return Diagnostic(
        "SLA0002",
        f"`{clip(word)}` is no unit of time",
        span,
        help=f"did you mean `{near}`?" if near else known,
        fix=fix,
    )


def no_percent(span: Span, number: str) -> Diagnostic:
    """A number where a share must stand."""
    return Diagnostic(
        "SLA0002",
        f"`{clip(number)}` has no percent sign",
        span,
        help=f"write `{clip(number)}%`",
        fix=Fix(span, f"{number}%"),
    )


def no_percentile(span: Span, written: str) -> Diagnostic:
    """`p100`."""
    return Diagnostic(
        "SLA0002",
        f"`{clip(written)}` is no percentile",
        span,
        help="percentiles are `p1` to `p99`; the greatest is `max`",
    )


def decimal_comma(span: Span, number: str, meant: str) -> Diagnostic:
    """`4,5`, `1.000,50`."""
    return Diagnostic(
        "SLA0002",
        f"a comma cannot stand inside the number `{clip(number)}`",
        span,
        help=f"decimals stand after a point: `{meant}`",
        fix=Fix(span, meant),
    )


def comma_number(span: Span, number: str) -> Diagnostic:
    """`1,000`."""
    plain = number.replace(",", "_")
    return Diagnostic(
        "SLA0002",
        f"a comma cannot stand inside the number `{clip(number)}`",
        span,
        help=f"write `{plain}`",
        fix=Fix(span, plain),
    )


def bound_missing(span: Span, number: str, meant: str) -> Diagnostic:
    """`120 leads per month` without saying whether that is the least or the most."""
    return Diagnostic(
        "SLA0002",
        f"`{clip(number)}` does not say whether it is the least or the most",
        span,
        help=f"write `{clip(meant)}`, or the same with `at most`",
        fix=Fix(span, meant),
    )


def share_turned_round(span: Span, share: str, least: str) -> Diagnostic:
    """`20% of MQL become SQL per quarter`."""
    return Diagnostic(
        "SLA0002",
        f"`{clip(share)}` cannot stand here",
        span,
        help=f"the measure comes first: `share of X that become Y within 30 days >= {clip(share)} per month`; "
        f"of a clause, `{least} {clip(share)} of LABEL met per month`",
    )


def share_at_most(span: Span, share: str, rest: str) -> Diagnostic:
    """`at most 5% of delivery late per month`."""
    return Diagnostic(
        "SLA0002",
        f"`{clip(share)}` cannot stand here",
        span,
        help=f"say it of what is met: `at least {rest}% of LABEL met per month`; "
        "or as a measure: `count of X / count of Y <= 5% per month`",
    )


def money_sign(span: Span, found: str, meant: str) -> Diagnostic:
    """`50 €`."""
    return Diagnostic(
        "SLA0002",
        f"`{clip(found)}` is no amount of money",
        span,
        help=f"a currency is written by its code: `{meant}`",
        fix=Fix(span, meant),
    )


def round_the_clock(span: Span, found: str) -> Diagnostic:
    """`24x7`."""
    return Diagnostic(
        "SLA0002",
        f"`{clip(found)}` cannot stand here",
        span,
        help="leave it out: `15 min` and `4h` are real time, nights and weekends included",
    )


def during_hours(span: Span, found: str, meant: str) -> Diagnostic:
    """`within 5 minutes during business hours`."""
    return Diagnostic(
        "SLA0002",
        f"`{clip(found)}` cannot stand here",
        span,
        help=f"time that is counted during the opening hours of a calendar is written `{meant}`",
    )


def impossible(span: Span, written: str, what: str, hint: str) -> Diagnostic:
    """`2026-02-30`, `25:00`."""
    return Diagnostic("SLA0013", f"there is no {what} `{clip(written)}`", span, help=hint)


def long_number(span: Span) -> Diagnostic:
    """A number of more than 30 digits."""
    return Diagnostic(
        "SLA0014", "this number has more than 30 digits", span, help="use a smaller unit or a shorter number"
    )


def no_region(span: Span, words: str) -> Diagnostic:
    """A country by its name where its code must stand."""
    return Diagnostic(
        "SLA0002",
        f"`{clip(words)}` is no holiday region",
        span,
        help="write the code of the country, or of the country and its region: `ES`, `ES-MD`, `MX`, `GB-SCT`",
    )
