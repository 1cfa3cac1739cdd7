"""Objectives in bulk: from columns of verdicts and of happenings, for logs of millions of events.

Takes:  the outcome of the columnar evaluator (`judge_files`), which was told to look for what objectives ask for.
Gives:  `judge_objectives_bulk`: the same as `judge_objectives`; `bulk_refusals`: what it does not do.
Never:  makes an object of an event or of a verdict.

    watch.py       what the objectives ask to be told       judge.py       all of it together
    columns.py     a measure of events; happenings.py and times.py hold the kinds
    known.py       what was known at the starts of cycles   cycles.py      measures of cycles
    penalties.py   what clauses owe                         burning.py     burn rates
    cells.py       sums by group and cell                   stretches.py   stretches of time in cells
    values.py      values of which a statistic is taken     keys.py        numbers for what comes together
    ticks.py, told_clock.py  a clock at many instants
"""

from __future__ import annotations

__all__ = ["bulk_refusals", "judge_objectives_bulk"]


def __getattr__(name: str) -> object:
    """The functions load numpy."""
    if name == "judge_objectives_bulk":
        from sladsl.evaluate.objectives.bulk.judge import judge_objectives_bulk

        return judge_objectives_bulk
    if name == "bulk_refusals":
        from sladsl.evaluate.objectives.bulk.judge import bulk_refusals

        return bulk_refusals
    raise AttributeError(name)
