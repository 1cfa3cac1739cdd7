"""Labels: what clauses are called, and which clause a name means.

Takes:  all clauses of the policy.
Gives:  groups (clauses of one label) in the order of the file; the group of a name.
Never:  looks into a clause.
"""

from __future__ import annotations

from sladsl.checked.context import Context
from sladsl.checked.declare import statements_of
from sladsl.checked.scopes import Scope
from sladsl.syntax import tree
from sladsl.text import Span, fold


def label_of(context: Context, node: tree.Clause | tree.Objective) -> str | None:
    """The label of a clause or objective: as given, else its phrase as written up to the first keyword; None without."""
    if node.label is not None:
        return node.label.text
    says_who = node if isinstance(node, tree.Clause) else node.promise
    phrase = says_who.phrase if isinstance(says_who, (tree.Clause, tree.Delivery)) else None
    if phrase is None or not phrase.runs:
        return None
    start = phrase.party or phrase.runs[0]
    return context.text(start.span.to(phrase.runs[0].span)).replace("`", "")


def collect_labels(context: Context) -> None:
    """Note the labels of all clauses, and complain about two of one name in one block and about missing ones."""
    seen: dict[tuple[int, str, bool], Span] = {}
    for node, scope, _ in statements_of(context, context.files[0]):
        if not isinstance(node, (tree.Clause, tree.Objective)):
            continue
        label = label_of(context, node)
        objective = isinstance(node, tree.Objective)
        if label is None:
            what = "an objective" if objective else "a clause"
            message = f"{what} that begins like this needs a label"
            context.findings.add("SLA0311", message, node.span, help=f"e.g. `name: {_start_of(context, node.span)}`")
            continue
        _tell_of_two(context, node, scope, label, seen)
        if not objective and fold(label) not in context.labels:
            group = len(context.groups)
            context.labels[fold(label)] = group
            context.groups.append(label)
            context.groups_by_stems.setdefault(context.words.stems(label), []).append(group)


def check_scenarios(context: Context) -> None:
    """Complain about scenarios that expect something of a clause that is not there."""
    for node in context.policy.statements:
        if isinstance(node, tree.Scenario):
            for line in node.lines:
                if isinstance(line, (tree.ExpectStatus, tree.ExpectDue)):
                    group_named(context, line.label)


def group_named(context: Context, name: tree.Name) -> int | None:
    """The group of a label; None where a complaint has been made."""
    group = context.labels.get(name.key)
    if group is not None:
        return group
    found = context.groups_by_stems.get(context.words.stems(name.text), [])
    if len(found) == 1:
        return found[0]
    if found:
        names = " or ".join(f"`{context.groups[group]}`" for group in found[:3])
        context.findings.add(
            "SLA0108", f"`{name.text}` could be {names}", name.span, help="write it as it stands there"
        )
        return None
    if name.key in context.broken:
        return None
    help = context.findings.did_you_mean(name.text, context.groups)
    if not help and context.groups:
        help = f"labels are {', '.join(f'`{each}`' for each in context.groups[:5])}"
    context.findings.add("SLA0107", f"no clause is called `{name.text}`", name.span, help=help)
    return None


def _tell_of_two(
    context: Context,
    node: tree.Clause | tree.Objective,
    scope: Scope,
    label: str,
    seen: dict[tuple[int, str, bool], Span],
) -> None:
    objective = isinstance(node, tree.Objective)
    key = (id(scope), fold(label), objective)
    place = node.label.span if node.label else node.span
    earlier = seen.setdefault(key, place)
    if earlier is place:
        return
    what = "objectives" if objective else "clauses"
    help = (
        "give one of them another label"
        if node.label
        else f"give each a label, e.g. `name: {_start_of(context, node.span)}`"
    )
    code = "SLA0507" if objective else "SLA0306"
    message = f"two {what} of this block are called `{label}`"
    context.findings.add(code, message, place, help=help, labels=((earlier, "the first of them"),))


def _start_of(context: Context, span: Span) -> str:
    words = context.text(span).split(" ")
    return " ".join(words[:4]) + (" …" if len(words) > 4 else "")
