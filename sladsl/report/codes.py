"""The registry of diagnostics that running a policy gives: SLA09xx, one code, one kind of thing to know.

Takes:  nothing.
Gives:  CODES: for each code its short title; its page is `grammar/diagnostics/CODE.md`.
Never:  holds the message itself: that is written where the thing is found.

SLA0901 to 0909 are of compiled policies, SLA0910 to 0929 warnings of a run or of `check --log`, SLA0931 and up what a command was given.
"""

from __future__ import annotations

from collections.abc import Mapping

# Codes are stable: they are never used again for something else.
CODES: Mapping[str, str] = {
    "SLA0901": "a compiled policy that is broken",
    "SLA0902": "a compiled policy of another version",
    "SLA0903": "a compiled policy nested too deeply",
    "SLA0904": "a compiled policy that breaks a law",
    "SLA0905": "lists for a compiled policy",
    "SLA0910": "a log without events",
    "SLA0911": "a verb that matched nothing",
    "SLA0912": "parties that nobody checked",
    "SLA0913": "columns that the log does not have",
    "SLA0914": "a value that is compared and missing",
    "SLA0915": "starts decided too early",
    "SLA0916": "local times that a clock change skips or repeats",
    "SLA0917": "rows that could not be read",
    "SLA0918": "rows with an id that came before",
    "SLA0919": "a calendar that was read otherwise",
    "SLA0920": "instances that could not be decided",
    "SLA0921": "measures that could not be decided",
    "SLA0922": "a party that never acts",
    "SLA0923": "an event that the log does not have",
    "SLA0924": "a text that its column never holds",
    "SLA0925": "more windows than anybody reads",
    "SLA0931": "versions in force at the same time",
    "SLA0933": "versions that read the log differently",
    "SLA0934": "a duration that is none",
    "SLA0935": "`--where` for a compiled policy",
    "SLA0936": "an evaluator that cannot judge this",
    "SLA0937": "a period that is none",
    "SLA0938": "an attribute that the log does not have",
}
