"""The registry of diagnostics that the checker gives: one code, one kind of mistake.

Takes:  nothing.
Gives:  CODES: for each code its short title and its severity.
Never:  holds the message itself: that is written where the mistake is found, in the author's words.

Codes are stable: they are never used again for something else. SLA01xx names, 02xx kinds and units, 03xx clauses and
phrases, 04xx levels, 05xx objectives and money, 07xx calendars, 08xx imports.
"""

from __future__ import annotations

from attrs import frozen

from sladsl.text import Severity


@frozen
class Code:
    """One kind of mistake."""

    code: str
    title: str
    severity: Severity = Severity.ERROR


_W, _R = Severity.WARNING, Severity.REMARK

_ALL = (
    # names
    Code("SLA0101", "a name that is neither a state nor an action where a condition is needed"),
    Code("SLA0102", "an unknown list"),
    Code("SLA0103", "a name declared twice"),
    Code("SLA0104", "definitions that go round in a circle"),
    Code("SLA0105", "a name of one sort used as another"),
    Code("SLA0106", "an operator inside a name"),
    Code("SLA0107", "an unknown label"),
    Code("SLA0108", "a label that could be two"),
    Code("SLA0109", "definitions that refer to one another too deeply"),
    Code("SLA0110", "a declaration that nothing uses", _W),
    Code("SLA0111", "a party's name read as a column", _W),
    Code("SLA0112", "a word without quotes read as a column", _W),
    # kinds and units
    Code("SLA0201", "kinds that do not mix"),
    Code("SLA0202", "currencies that do not mix"),
    Code("SLA0203", "`m`: minutes or months"),
    Code("SLA0204", "a unit without a fixed length"),
    Code("SLA0205", "an operator that a kind does not have"),
    Code("SLA0206", "a value where a condition is needed"),
    Code("SLA0207", "an expression nested too deeply"),
    Code("SLA0208", "a division by zero"),
    Code("SLA0209", "a measure of many cases in the condition of one"),
    Code("SLA0210", "something other than a constant where a constant is needed"),
    Code("SLA0211", "a duration out of range"),
    Code("SLA0212", "a range or a list that holds nothing"),
    Code("SLA0213", "a number out of range"),
    Code("SLA0214", "days that are counted as hours", _R),
    Code("SLA0215", "a comparison that never or always holds", _W),
    Code("SLA0216", "a condition that never or always holds", _W),
    Code("SLA0217", "a point where thousands may be meant", _W),
    # clauses and phrases
    Code("SLA0301", "two readings of a phrase"),
    Code("SLA0302", "a phrase without a verb"),
    Code("SLA0303", "words that say nothing", _W),
    Code("SLA0304", "a name that is nearly a declared one"),
    Code("SLA0305", "`while` with an action"),
    Code("SLA0306", "two clauses of one name"),
    Code("SLA0307", "a detail said twice"),
    Code("SLA0308", "a detail that has no place in this form"),
    Code("SLA0310", "clauses that follow one another in a circle"),
    Code("SLA0311", "a clause without a label"),
    Code("SLA0312", "a clause that can never start"),
    Code("SLA0313", "two subjects in one phrase"),
    Code("SLA0314", "two parties in one phrase"),
    Code("SLA0315", "one fixed instant as the target of every case"),
    Code("SLA0316", "a detail without effect", _W),
    Code("SLA0317", "a policy without a statement"),
    Code("SLA0318", "a statement that has no place in a block"),
    Code("SLA0319", "a row of targets that is never reached", _W),
    Code("SLA0320", "a clause that can never be met", _W),
    Code("SLA0321", "a clause that can never be breached", _W),
    Code("SLA0322", "a detail that covers the start", _W),
    Code("SLA0323", "a start that is its own stop", _W),
    Code("SLA0324", "an alert that comes after the end", _W),
    Code("SLA0325", "rows of targets with a gap or an overlap", _W),
    Code("SLA0326", "a warning that comes with the start", _W),
    # levels
    Code("SLA0401", "levels that overlap"),
    Code("SLA0402", "a level that loosens a wider promise", _W),
    Code("SLA0403", "what a level drops", _R),
    # objectives and money
    Code("SLA0501", "a target that does not go with its measure"),
    Code("SLA0502", "a value of a single case where a measure is needed"),
    Code("SLA0503", "a detail that has no place in this objective"),
    Code("SLA0504", "a credit table with a gap or an overlap"),
    Code("SLA0505", "a consequence that has no place here"),
    Code("SLA0506", "an amount of money that is not exact"),
    Code("SLA0507", "two objectives of one name"),
    Code("SLA0508", "a share of nothing named"),
    Code("SLA0509", "money above its cap", _W),
    Code("SLA0510", "a credit that shrinks as the value gets worse", _W),
    Code("SLA0511", "an objective that is always or never met", _W),
    Code("SLA0512", "credits that the cap of the agreement does not hold", _W),
    # calendars and zones
    Code("SLA0701", "an unknown calendar"),
    Code("SLA0702", "business time without a calendar"),
    Code("SLA0703", "a calendar for time that is not business time"),
    Code("SLA0704", "an unknown time zone"),
    Code("SLA0705", "an unknown holiday region"),
    Code("SLA0706", "hours that cannot be"),
    Code("SLA0707", "business days of a calendar that runs across midnight"),
    Code("SLA0708", "a target that its calendar never reaches"),
    Code("SLA0709", "a calendar that is never open"),
    Code("SLA0710", "a date that cannot be"),
    Code("SLA0711", "a calendar that cannot stand for another"),
    Code("SLA0712", "dates from which a target is never reached", _W),
    Code("SLA0713", "hours that begin and end at one time", _W),
    # imports
    Code("SLA0801", "a file that cannot be used"),
    Code("SLA0802", "a file outside the folder of the policy"),
    Code("SLA0803", "files that use one another in a circle"),
    Code("SLA0804", "an unknown module"),
    Code("SLA0805", "clauses in a file that is used", _W),
    Code("SLA0806", "a name that two files declare"),
)

CODES: dict[str, Code] = {code.code: code for code in _ALL}
