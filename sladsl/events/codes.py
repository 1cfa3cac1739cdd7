"""The registry of diagnostics that reading a log, or an instant, gives: one code, one kind of mistake.

Takes:  nothing.
Gives:  CODES: for each code its short title.
Never:  holds the message itself: that is written where the mistake is found, in the words of the log.
"""

from __future__ import annotations

from collections.abc import Mapping

# Codes are stable: they are never used again for something else. The last ones are warnings.
CODES: Mapping[str, str] = {
    "SLA0601": "a log that is not there, or is nothing that events are in",
    "SLA0602": "a file that cannot be read: empty, damaged, or of another kind",
    "SLA0603": "a log in which the case, the time or the event cannot be found",
    "SLA0604": "a column that is named and missing",
    "SLA0605": "a file that no `events` block, or more than one, could be meant for",
    "SLA0606": "a log of which no row can be read",
    "SLA0607": "rows that cannot be read, where `--strict` allows none",
    "SLA0608": "a file that could not be read to its end",
    "SLA0609": "rows that had to be repaired: not in UTF-8, shorter than the headings, with too many keys",
    "SLA0610": "a log with headings and no rows",
    "SLA0611": "an `events` block that nothing was read by",
    "SLA0612": "columns of one name",
    "SLA0932": "an instant that is none",
}
