"""The instructions of the programs that the kernel runs, and what a clause asks of an event.

Takes:  nothing.
Gives:  their numbers.
Never:  needs Numba, so that a plan becomes programs without it.
"""

# A condition's program, an operation and above its four bits an argument, leaves one value on the stack: `leaves.py`
# writes it, `facts.py` runs it.
YES, NO, LEAF, REF, NOT, AND, OR, SAME, ERROR, END_OF_CONDITION = 0, 1, 2, 3, 4, 5, 6, 7, 8, 15

# The program of facts: `fact_program.py` writes it, `facts.py` runs it.
END_OF_FACTS, HAPPENS, BEGINS, ENDS, ANY, ALL, PICK, STATE = 0, 1, 2, 3, 4, 5, 6, 7
# What a clause asks of an event, by its place among the facts; starts and then pauses follow.
ACTED, ENDED, CANCELS, EXCUSES, ROW_NOW, CHECKS, BEGUN = 0, 1, 2, 3, 4, 5, 6

# The program of conditions over several values, time and the past: `derived_program.py` writes it, `derived.py` runs it.
STOP, TRUTH, REMEMBER, DERIVE = 0, 1, 2, 3
# How an operand is found; COMPARE and all after it give a truth.
CONSTANT, VALUE, CARRIED, NOW, PAST, ADD, SUBTRACT, MULTIPLY, DIVIDE, PART = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
COMPARE, BETWEEN, IN_LIST, KNOWN, DURING, IS_TRUE, DONE = 10, 11, 12, 13, 14, 15, 16
EQUAL, UNEQUAL, LESS, AT_MOST, MORE, AT_LEAST = 0, 1, 2, 3, 4, 5
COUNT, DISTINCT, SUM, FIRST_TIME, LAST_TIME, SINCE = 0, 1, 2, 3, 4, 5
MONTH, HOUR, WEEKDAY, DATE = 0, 1, 2, 3
