"""How one input is read: an `events` block as plain data.

Takes:  what an `events` block says, names folded, headings as written.
Gives:  InputSpec, which the IR holds and writes to JSON; ReadOptions, what the command line adds.
Never:  looks at a file; which column of a file plays which role is decided in columns.py.
"""

from __future__ import annotations

from sladsl.text.record import Record, frozen


@frozen(eq=False, repr=False)
class ColumnRule(Record):
    """One line `name = heading, format "…"` of an `events` block.

    Args:
        attribute: the name on the left, folded; for the roles `case`, `time`, `event`, `actor` and `id` that word.
        column: the heading on the right, as written.
        format: how its times are written (`%d/%m/%Y %H:%M`), or None.
        unit: the unit of its epoch numbers (`s`, `ms`, `us`), or None.
    """

    attribute: str
    column: str
    format: str | None = None
    unit: str | None = None


@frozen(eq=False, repr=False)
class StepRule(Record):
    """One line `purchased at order_purchase_timestamp` of an `events` block: a column whose time is an event.

    Args:
        event: the name on the left, as written: the type of the events made.
        column: the heading on the right, as written.
        format: how its times are written, or None.
        unit: the unit of its epoch numbers, or None.
    """

    event: str
    column: str
    format: str | None = None
    unit: str | None = None


@frozen(eq=False, repr=False)
class InputSpec(Record):
    """One `events` block. Everything in it is optional: what it leaves out is found by its usual name.

    Args:
        name: the name of the block (`leads` in `events leads`), as written; "" for a block without one.
        case, time, event, actor, id: the rule for that role, or None.
        attributes: renamed or formatted columns, in the order of their lines.
        steps: columns of times that are events, in the order of their lines.
        missing: cells that mean "no value", besides the empty one, as written.
        end_of_day: whether a date without a time is the last microsecond of that date.
    """

    name: str = ""
    case: ColumnRule | None = None
    time: ColumnRule | None = None
    event: ColumnRule | None = None
    actor: ColumnRule | None = None
    id: ColumnRule | None = None
    attributes: tuple[ColumnRule, ...] = ()
    steps: tuple[StepRule, ...] = ()
    missing: tuple[str, ...] = ()
    end_of_day: bool = False


@frozen(eq=False, repr=False)
class ReadOptions(Record):
    """What a reader needs to know besides the blocks.

    Args:
        zone: the agreement's zone, for times without an offset.
        case_word: what one case is called in the header (`lead`), for the usual names of its column.
        columns: what `--column` says, as pairs: (`case`, `lead_id`); it wins over the blocks. A name that is no
            role is an attribute.
        strict: whether a row that cannot be read is an error.
        attributes: the folded names of the attributes that are wanted; None keeps all. Leaving out what no policy
            reads saves much memory on wide logs; renames and roles are found all the same.
        actors: the folded names of actors of whom it is to be said whether they act.
    """

    zone: str = "UTC"
    case_word: str = "case"
    columns: tuple[tuple[str, str], ...] = ()
    strict: bool = False
    attributes: frozenset[str] | None = None
    actors: frozenset[str] = frozenset()
