"""Objectives in bulk: from columns of verdicts and of happenings, for logs of millions of events.

Takes:  the outcome of the columnar evaluator (`judge_files`), which was told to look for what objectives ask for.
Gives:  `judge_objectives_bulk`: the same as `judge_objectives`; `bulk_refusals`: what it does not do.
Never:  makes an object of an event or of a verdict.
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
