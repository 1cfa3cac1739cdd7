"""Exit codes and what they mean.

Takes:  nothing.
Gives:  a number for each way in which a command can end, and `MEANINGS` for the reference.
Never:  gives two meanings to one number; scripts rely on them.
"""

DONE = 0
FOUND = 1
USAGE = 2
POLICY = 3
DATA = 4
OURS = 70
INTERRUPTED = 130

MEANINGS = {
    DONE: "done",
    FOUND: "`--fail-on` found what it names, or `check` found errors",
    USAGE: "wrong usage",
    POLICY: "the policy does not compile",
    DATA: "the data cannot be judged: no such column, or `--strict`",
    OURS: "an error of ours",
    INTERRUPTED: "interrupted",
}
