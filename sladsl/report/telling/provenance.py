"""What a reader should know of the data, and where everything comes from.

Takes:  an Account and a Language.
Gives:  `remarks`, and `provenance`: hashes and versions, so that anybody can make the same report again.
Never:  names the machine or the day on which it was made: the same inputs give the same bytes.
"""

from __future__ import annotations

from pathlib import PurePath

from sladsl.clock import iso
from sladsl.report.account import Account
from sladsl.report.language import Language
from sladsl.report.languages.remarks import remark
from sladsl.report.telling.short import cut
from sladsl.report.view import Points, Section


def remarks(account: Account, language: Language) -> Section | None:
    """The warnings of the run, and the alerts that were given."""
    points = []
    for (kind, to), count in account.alerts.items():
        name = language("alert.to", to=cut(to, 60)) if to else ""
        points.append((language("alerts.name"), f"{language.counted(count, f'alert.{kind}')}{name}"))
    points += [
        (warning.code, cut(remark(warning.code, warning.message, language.code), 400)) for warning in account.warnings
    ]
    if not points:
        return None
    return Section("remarks", language("remarks.title"), "", (Points(tuple(points)),))


def provenance(account: Account, language: Language) -> tuple[tuple[str, str], ...]:
    """The provenance line."""
    found = []
    for version in account.versions:
        name = PurePath(version.path).name
        found.append((language("provenance.policy"), f"{cut(name, 80)} sha256:{version.hash}".strip()))
    for report in account.inputs:
        name = cut(PurePath(report.path).name or report.name, 80)
        digest = f"sha256:{report.hash}" if report.hash else language("provenance.memory")
        found.append((language("provenance.input"), f"{name} {digest}".strip()))
    if account.as_of_us is not None:
        found.append((language("fact.as.of"), iso(account.as_of_us, account.zone)))
    parts = ", ".join(f"{name} {cut(version, 40)}" for name, version in account.parts.items())
    found.append((language("provenance.versions"), parts))
    found.append((language("provenance.engine"), account.engine))
    return tuple(found)
