"""The columnar evaluator: whole columns, for logs of millions of events.

Takes:  a plan, and events or the files and tables that hold them.
Gives:  `judge`, `judge_files`, `refusals`; the same verdicts as the stream evaluator.
Never:  skips what it cannot do: it raises CannotJudge, and `refusals` tells before.

A plan becomes numbers
    leaves.py           conditions taken apart
    cells.py            leaves read off one cell; numbers.py: off a whole column of numbers
    fact_program.py     what conditions mean to the clauses
    derived_program.py  conditions over several values, time and the past
    clock_tables.py     clocks as breakpoints
    plan_tables.py      all of it as the kernel's tables
    asked.py            what is told beside verdicts

Rows become batches
    inputs.py           files and tables
    chunks.py           their rows, some at a time
    cell_columns.py     the cells of a column
    texts.py            texts and whole numbers as small numbers
    cases.py            cases and ids as numbers
    columns.py          cells as numbers and bits
    rows.py             the rows of an input as batches; from_events.py: events that have been read
    batch.py            events as the kernel reads them
    valued.py           in how many cases attributes have a value
    ordering.py         a log out of order, sorted; again.py: its events once more

Batches become verdicts
    judging.py          events; files.py: files and tables
    run.py              one evaluation
    walker.py           who judges a share of the cases
    memory.py           the kernel's memory
    kernel/             what Numba compiles into one
    loops/              loops over arrays, compiled one by one, so that none of the kernel is compiled anew with them
    compiled.py         whether that has been done
    outcome.py          records become verdicts; bulk.py, many.py: those of a large log
    kept.py             verdicts, packed until all are known; hidden.py: a file for them
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
