"""From an account to a page: what is told, in which order and in which words.

Takes:  an Account and a Language.
Gives:  `page_of`.
Never:  sums or judges; what is shown stands in the account.

    verdict.py      whether it was kept, at a glance
    objectives.py   each objective with its history and its error budget
    promises.py     each promise with its figures, and how its times spread
    cases.py        life cycles and protocols
    people.py       who kept them, who held the cases
    breaches.py     the worst ones, with their timelines
    money.py        what is owed
    left_out.py     what does not count, and why
    still_open.py   what is open, as ranges
    agreement.py    the agreement in words
    provenance.py   remarks, and where everything comes from
"""

from sladsl.report.telling.page import page_of

__all__ = ["page_of"]
