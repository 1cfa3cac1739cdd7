"""The columnar evaluator: whole columns, for logs of millions of events.

Takes:  a plan, and events or the files and tables that hold them.
Gives:  `judge`, `judge_files`, `refusals`; the same verdicts as the stream evaluator.
Never:  skips what it cannot do: it raises CannotJudge, and `refusals` tells before.

    leaves.py           conditions taken apart          plan_tables.py   a plan as the kernel's tables
    cells.py            leaves read off one cell        clock_tables.py  clocks as breakpoints
    columns.py          cells as numbers and bits       derived_program.py  conditions over several values
    batch.py            events as the kernel reads them memory.py        the kernel's memory
    from_events.py      events that have been read      run.py           one evaluation
    outcome.py          records become verdicts         kernel/          what Numba compiles
    inputs.py, files.py files and tables                bulk.py, many.py  the outcome of a large log
    asked.py            what is told beside verdicts    again.py         the events of a log once more
    walker.py           who judges a share of the cases
    ordering.py         a log out of order, sorted     kept.py          verdicts, packed until all are known
    loops/              loops over arrays, compiled one by one, so that none of the kernel is compiled anew with them
"""

from sladsl.evaluate.columnar.errors import BeyondReach, CannotJudge, Refused

__all__ = ["BeyondReach", "CannotJudge", "Refused", "judge", "judge_files", "refusals"]


def __getattr__(name: str) -> object:
    """The functions load numpy, and Numba once they are called."""
    if name == "judge":
        from sladsl.evaluate.columnar.judging import judge

        return judge
    if name == "judge_files":
        from sladsl.evaluate.columnar.files import judge_files

        return judge_files
    if name == "refusals":
        from sladsl.evaluate.columnar.plan_tables import refusals

        return refusals
    raise AttributeError(name)
