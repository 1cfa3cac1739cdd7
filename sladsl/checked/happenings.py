"""What happens at an instant: `of handoff`, `count of rejected`, `until closed`, `before 6 attempts`.

Takes:  an expression of the tree where something that happens is meant.
Gives:  an Occurrence: an action happens, a state begins; a name that nothing declares is an event, by its stems.
Never:  decides how often it counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sladsl.checked.context import Context
from sladsl.checked.kinds import ERROR, TRUTH
from sladsl.checked.scopes import DefinitionEntry, ListEntry, Scope
from sladsl.checked.slips import holds_operator
from sladsl.checked.typed import DefRef, Expr, Occurrence, TypeMatches, Wrong
from sladsl.checked.words import span_of, text_of
from sladsl.syntax import tree
from sladsl.text import Span, fold

if TYPE_CHECKING:
    from sladsl.checked.expressions import Expressions


def occurrence_of(x: Expressions, e: tree.Expression, role: str, cases: bool = False) -> Occurrence | None:
    """What an expression says happens; None where a complaint has been made. `role` as in `TypeMatches`.

    With `cases`, the word for a case alone means each case, at its first event (`count of leads`).
    """
    written = x.text(e.span)
    if cases and isinstance(e, tree.Name) and is_the_case(x.context, x.scope, e):
        return Occurrence("first event", written=written, span=e.span)
    meant = x.of_happenings(role)
    condition = condition_of_name(meant, e) if isinstance(e, tree.Name) else meant.condition(e)
    if condition.kind == ERROR:
        return None
    what = "happens" if meant.is_action(condition) else "begins"
    return Occurrence(what, condition, written=written, span=e.span)


def is_the_case(context: Context, scope: Scope, name: tree.Name) -> bool:
    """Whether a name is just the word for a case (`of lead`), which happens at the case's first event."""
    words = context.words.telling(name.words)
    return not name.quoted and context.words.is_case(words or name.words) and scope.named(name.key) is None


def condition_of_name(expressions: Expressions, name: tree.Name) -> Expr:
    """The definition that a name of a phrase means, else the events whose types have its words."""
    context, scope = expressions.context, expressions.scope
    entry = entry_named(expressions, name)
    if isinstance(entry, Wrong):
        return entry
    if entry is not None:
        if entry.kind == ERROR:
            return Wrong(span=name.span)
        context.use(entry, name.span)
        if entry.is_condition:
            entry.wanted.setdefault(TRUTH, name.span)
            return DefRef(entry.number, TRUTH, span=name.span)
        what = "a list" if entry.items is not None else "a constant" if entry.constant else "a value"
        message = f"`{name.text}` is {what}, and nothing that happens"
        context.findings.add("SLA0105", message, name.span, labels=((entry.span, "declared here"),))
        return Wrong(span=name.span)
    listed = scope.named(name.key)
    if isinstance(listed, ListEntry):
        context.use(listed, name.span)
        message = f"`{name.text}` is a list, and nothing that happens"
        context.findings.add("SLA0105", message, name.span, labels=((listed.span, "declared here"),))
        return Wrong(span=name.span)
    words = context.words.telling(name.words) or name.words
    words = context.words.without_case(words)
    if holds_operator(context, name.words) or names_breach(context, name):
        return Wrong(span=name.span)
    if nearly_declared(expressions, words, name.span):
        return Wrong(span=name.span)
    stems = event_stems(context, words)
    return TypeMatches(stems, stems, text_of(words), expressions.role, span=name.span)


def entry_named(expressions: Expressions, name: tree.Name) -> DefinitionEntry | Wrong | None:
    """The definition that a whole name means: as it is written, else by its stems, else without the case's own word."""
    context, scope = expressions.context, expressions.scope
    exact = scope.named(name.key, expressions.skip)
    if isinstance(exact, DefinitionEntry):
        return exact
    if name.quoted:
        return None
    words = context.words.telling(name.words) or name.words
    shorter = context.words.without_case(words)
    for run in (words, shorter) if shorter != words else (words,):
        found = scope.by_stems(context.words.stems(text_of(run)))
        found = [entry for entry in found if entry is not expressions.skip]
        if len(found) == 1:
            return found[0]
        if found:
            return chosen(context, found, fold(text_of(run)), name.span)
    return None


def chosen(context: Context, found: list[DefinitionEntry], key: str, span: Span) -> DefinitionEntry | Wrong:
    """Of several definitions with the same stems the one that is written so; else two readings."""
    for entry in found:
        if fold(entry.name) == key:
            return entry
    names = " or ".join(f"`{entry.name}`" for entry in found[:3])
    labels = tuple((entry.span, f"`{entry.name}` is declared here") for entry in found[:3])
    message = f"`{context.text(span)}` could be {names}"
    context.findings.add("SLA0301", message, span, help="write the name exactly as it is declared", labels=labels)
    return Wrong(span=span)


def event_stems(context: Context, words: tuple[tree.Word, ...]) -> tuple[str, ...]:
    """The stems of the words of an event's name, sorted, each once."""
    return tuple(sorted(set(context.words.stems(text_of(words)))))


def names_breach(context: Context, name: tree.Name) -> bool:
    """Complain about `of breach first contact`, which would be an event of that name."""
    if name.quoted or len(name.words) < 2 or name.words[0].key not in context.follow_ups:
        return False
    rest = name.words[1:]
    label = next((run for run in (rest, context.words.telling(rest)) if fold(text_of(run)) in context.labels), None)
    if label is None:
        return False
    of, written = context.follow_ups[name.words[0].key], context.text(span_of(label))
    message = f"nothing is declared as `{name.text}`"
    help = f"did you mean `{of} {written}`? an event of that name is written in backticks"
    context.findings.add("SLA0304", message, name.span, help=help)
    return True


def nearly_declared(expressions: Expressions, words: tuple[tree.Word, ...], span: Span) -> bool:
    """Complain where a name of several words differs from a declared one by a slip in one word."""
    if len(words) < 2 or any(word.quoted for word in words):
        return False
    context = expressions.context
    stems = context.words.stems(text_of(words))
    near = expressions.scope.one_word_off(stems)
    suggestion = context.findings.near(text_of(words), [entry.name for entry in near]) if near else None
    if suggestion is None:
        return False
    message = f"nothing is declared as `{text_of(words)}`"
    help = f"did you mean `{suggestion}`? an event of that name is written in backticks"
    context.findings.add("SLA0304", message, span, help=help)
    return True
