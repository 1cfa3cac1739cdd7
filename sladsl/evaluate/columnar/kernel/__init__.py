"""The kernel: what a batch of events does to the instances of all clauses, compiled by Numba (a part of columnar).

Takes:  the address of a memory that `sladsl.evaluate.columnar.memory` has filled.
Gives:  `entry`, see `entry.py`: `walk` and `finish` of `walk.py`, compiled.
Never:  is imported before an evaluation needs it: Numba takes half a second to load.

    parts.py    how its functions are compiled
    layout.py   the numbers that stand for words, and the layout of each record
    instructions.py  the programs that it runs, which a plan is made into
    memory.py   the tables, as records
    timers.py   the timers of a case
    clocks.py   measure and due
    derived.py  conditions over several values, time and the past
    facts.py    what an event says to the clauses
    elapsed.py  the clock of an instance
    pauses.py   the account of its pauses
    alerts.py   its timers
    outcomes.py its breach, its end, its verdict
    running.py  how its row, its due and its pauses follow the events
    acts.py     the actions of an instant
    settling.py what waits for the end of an instant
    starting.py instances open, move and open again
    clause.py   what an event does to the instances of a clause
    walk.py     from event to event
    arranged.py the rows of a batch, case by case
"""
