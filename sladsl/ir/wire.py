"""The plan as versioned JSON, and back.

Takes:  a Plan, or the text of a JSON file.
Gives:  `to_json`, whose keys stand in a fixed order; `from_json`, which gives back an equal plan, the author's words
        included; `policy_hash`, which names what a plan means.
Never:  lets anything but a `WireError` out of `from_json`, whatever the text; and never accepts a plan of which an
        invariant fails, so that an evaluator may trust what it is given.

Fractions stand as text (`"1/3"`), enums by their value, tuples as lists. A node of an expression or of a measure is an
object whose `node` names its class. A value of several kinds that is a fraction is `{"fraction": "1/3"}`.
The converter is built at the first use, because loading cattrs takes longer than checking a small policy.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from enum import Enum
from fractions import Fraction
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, get_args, get_origin

import attrs

from sladsl.ir.expression import Expr, Value
from sladsl.ir.invariants import broken_invariants
from sladsl.ir.objective import Measure
from sladsl.ir.plan import IR_VERSION, Plan
from sladsl.text import Diagnostic, Span

if TYPE_CHECKING:
    from cattrs import Converter

FORMAT = "sladsl plan"
# Deep enough for any policy a person writes; shallow enough that no step below runs out of stack.
MAX_DEPTH = 200
_MOST_PROBLEMS = 10
_Writer = Callable[[Any], dict[str, Any]]
_FRACTION = re.compile(r"-?[0-9]{1,400}(/[0-9]{1,400})?")
# Words that a message must not show: a host language's names of kinds.
_KIND_WORDS: dict[type, str] = {str: "text", int: "a whole number", bool: "true or false"}


class WireError(Exception):
    """A text that is no plan of this version.

    Args:
        diagnostics: what is wrong with it, in order; never empty.
    """

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("; ".join(diagnostic.message for diagnostic in diagnostics))
        self.diagnostics = diagnostics


def to_json(plan: Plan) -> str:
    """The plan as JSON text, two spaces deep a level, ending in a line end.

    Raises WireError where an expression is nested more than `MAX_DEPTH` levels deep.
    """
    return json.dumps(_tree(plan), ensure_ascii=False, indent=2) + "\n"


def from_json(text: str, name: str = "plan.json") -> Plan:
    """The plan that `to_json` wrote.

    Args:
        text: any text at all.
        name: the name of its source in diagnostics.

    Raises WireError where the text is no JSON, no plan, of another version, or breaks an invariant.
    """
    try:
        tree = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise WireError(_too_deep()) from None
    except json.JSONDecodeError as error:
        place = Span(name, error.pos, error.pos)
        message = f"this is no JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        raise WireError(Diagnostic("SLA0901", message, place, help=_COMPILE_AGAIN)) from None
    except _Unfit as error:
        raise WireError(_unreadable(str(error))) from None
    except ValueError:
        raise WireError(_unreadable("a number has too many digits")) from None
    if _depth(tree) > MAX_DEPTH:
        raise WireError(_too_deep())
    try:
        json.dumps(tree, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half of a surrogate pair: no file could hold what would be printed of it
        raise WireError(_unreadable("a text holds half a character")) from None
    if not isinstance(tree, dict) or tree.get("format") != FORMAT:
        message = "this JSON is no compiled policy"
        raise WireError(Diagnostic("SLA0901", message, None, help="`sladsl compile POLICY -o FILE` writes one"))
    if tree.get("version") != IR_VERSION or isinstance(tree["version"], bool):
        shown = json.dumps(tree.get("version"))[:40]
        message = f"the compiled policy has version {shown}; this release reads version {IR_VERSION}"
        raise WireError(Diagnostic("SLA0902", message, None, help=_COMPILE_AGAIN))
    plan = _structured(tree.get("plan"))
    try:
        broken = broken_invariants(plan)
    except RecursionError:
        raise WireError(_too_deep()) from None
    if broken:
        raise WireError(*broken[:_MOST_PROBLEMS])
    return plan


def policy_hash(plan: Plan) -> str:
    """The SHA-256, in hex, of the plan's canonical JSON.

    Canonical is what the plan means: line numbers, and the author's words that are kept only to be shown, are left out.
    So a policy that is formatted anew keeps its hash.
    """
    canonical = json.dumps(_tree(plan, canonical=True), ensure_ascii=False, separators=(",", ":"))
    return sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


_COMPILE_AGAIN = "compile the policy again with `sladsl compile`"


def _tree(plan: Plan, canonical: bool = False) -> dict[str, Any]:
    try:
        tree = {"format": FORMAT, "version": IR_VERSION, "plan": _converter(canonical).unstructure(plan)}
    except RecursionError:
        raise WireError(_too_deep()) from None
    if _depth(tree) > MAX_DEPTH:
        raise WireError(_too_deep())
    return tree


def _structured(tree: Any) -> Plan:
    from cattrs import BaseValidationError, transform_error

    try:
        return _converter(False).structure(tree, Plan)
    except RecursionError:
        raise WireError(_too_deep()) from None
    except BaseValidationError as error:
        problems = transform_error(error, "plan", format_exception=_reason)
        problems = [problem.replace(" @ ", ", at `") + "`" for problem in problems]
        raise WireError(*(_unreadable(problem) for problem in problems[:_MOST_PROBLEMS])) from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:  # the whole plan is a list, a text …
        raise WireError(_unreadable(_reason(error, None))) from None


def _unreadable(problem: str) -> Diagnostic:
    return Diagnostic("SLA0901", f"the compiled policy is broken: {problem}", None, help=_COMPILE_AGAIN)


def _too_deep() -> Diagnostic:
    message = f"the compiled policy is nested more than {MAX_DEPTH} levels deep"
    return Diagnostic("SLA0903", message, None, help="split the condition into definitions with names")


def _depth(tree: Any) -> int:
    """How many levels deep lists and objects stand in each other, without recursion."""
    depth, level = 0, [tree]
    while level and depth <= MAX_DEPTH:
        depth += 1
        held: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                held.extend(value.values())
            elif isinstance(value, list):
                held.extend(value)
        level = [value for value in held if isinstance(value, (dict, list))]
    return depth


def _refuse_constant(word: str) -> Any:
    raise _Unfit(f"`{word}` is no number")


class _Unfit(ValueError):
    """A value that does not fit its place; the message is for the reader."""


def _reason(error: BaseException, _: object) -> str:
    """What a failed field says, without a word of the host language."""
    from cattrs import ForbiddenExtraKeysError

    if isinstance(error, ForbiddenExtraKeysError):
        return f"unknown entry {', '.join(f'`{name}`' for name in sorted(map(str, error.extra_fields))[:5])}"
    if isinstance(error, _Unfit):
        return str(error)
    if isinstance(error, KeyError):
        return f"`{error.args[0]}` is missing"
    return "the value does not fit"


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    text = json.dumps(value, ensure_ascii=False)
    return f"`{text}`" if len(text) <= 40 else f"`{text[:40]}…`"


@cache
def _converter(canonical: bool) -> Converter:
    """The converter; the canonical one leaves out what takes no part in the equality of plans, and only writes."""
    from cattrs import Converter
    from cattrs.gen import make_dict_unstructure_fn, override

    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    _register_plain(converter)
    _register_lists(converter)

    def unstructured(cls: Any) -> _Writer:
        left_out = {f.name: override(omit=True) for f in attrs.fields(cls) if canonical and not f.eq}
        attrs.resolve_types(cls)
        return make_dict_unstructure_fn(cls, converter, **left_out)  # type: ignore[arg-type]

    converter.register_unstructure_hook_factory(attrs.has, unstructured)
    for base in (Expr, Measure):
        _register_nodes(converter, base, unstructured)
    return converter


def _register_plain(converter: Converter) -> None:
    """Numbers, texts and truths must be what they say: nothing is converted in passing."""

    def exactly(value: Any, kind: Any) -> Any:
        if issubclass(kind, Enum):  # our enums are texts, so that they come this way
            members = {member.value: member for member in kind}
            if not isinstance(value, str) or value not in members:
                raise _Unfit(f"one of {', '.join(members)} must stand here, not {_shown(value)}")
            return members[value]
        if type(value) is not kind:
            raise _Unfit(f"{_KIND_WORDS[kind]} must stand here, not {_shown(value)}")
        return value

    def fraction(value: Any, _: Any = None) -> Fraction:
        if not isinstance(value, str) or not _FRACTION.fullmatch(value):
            raise _Unfit(f'a fraction like `"1/3"` must stand here, not {_shown(value)}')
        numerator, _slash, denominator = value.partition("/")
        if denominator and not int(denominator):
            raise _Unfit("a fraction has the denominator 0")
        return Fraction(int(numerator), int(denominator or 1))

    def value_in(value: Any, _: Any) -> Any:
        if isinstance(value, dict) and value.keys() == {"fraction"}:
            return fraction(value["fraction"])
        if type(value) in (int, str, bool):
            return value
        raise _Unfit(f"a number, text or truth must stand here, not {_shown(value)}")

    def value_out(value: Any) -> Any:
        return {"fraction": str(value)} if isinstance(value, Fraction) else value

    for cls in (int, str, bool):
        converter.register_structure_hook(cls, exactly)
    converter.register_structure_hook(Fraction, fraction)
    converter.register_unstructure_hook(Fraction, str)
    converter.register_structure_hook_func(lambda t: t == Value, value_in)
    converter.register_unstructure_hook_func(lambda t: t == Value, value_out)


def _register_lists(converter: Converter) -> None:
    """A tuple is a list and nothing else that can be walked through."""
    from cattrs import IterableValidationError, IterableValidationNote

    def structured(cls: Any) -> Callable[[Any, Any], Any]:
        kinds = get_args(cls)
        one_kind = kinds[-1] is Ellipsis

        def structure(value: Any, _: Any) -> Any:
            if not isinstance(value, list):
                raise _Unfit(f"a list must stand here, not {_shown(value)}")
            if not one_kind and len(value) != len(kinds):
                raise _Unfit(f"a list of {len(kinds)} must stand here, not one of {len(value)}")
            items: list[Any] = []
            failed: list[Exception] = []
            for index, item in enumerate(value):
                kind = kinds[0] if one_kind else kinds[index]
                try:
                    items.append(converter.get_structure_hook(kind)(item, kind))
                except RecursionError:
                    raise
                except Exception as error:
                    error.add_note(IterableValidationNote("", index, kind))
                    failed.append(error)
            if failed:
                raise IterableValidationError("", failed, cls)
            return tuple(items)

        return structure

    converter.register_structure_hook_factory(_is_tuple, structured)


def _is_tuple(kind: Any) -> bool:
    return get_origin(kind) is tuple


def _is_of_its_module(kind: Any) -> bool:
    return getattr(sys.modules[kind.__module__], kind.__name__, None) is kind


def _register_nodes(converter: Converter, base: type, unstructured: Callable[[Any], _Writer]) -> None:
    """Expressions and measures: the object's `node` names the class."""
    subclasses: list[Any] = base.__subclasses__()
    # a class has a twin of its name while attrs finishes it (see text/record.py): meant is the one of its module
    classes = {kind.__name__: kind for kind in subclasses if _is_of_its_module(kind)}

    def structure_node(value: Any, _: Any) -> Any:
        if not isinstance(value, dict) or not isinstance(value.get("node"), str):
            raise _Unfit(f"an object with a `node` must stand here, not {_shown(value)}")
        named = classes.get(value["node"])
        if named is None:
            raise _Unfit(f"there is no node {_shown(value['node'])}")
        return converter.get_structure_hook(named)({name: v for name, v in value.items() if name != "node"}, named)

    def tagged(cls: Any) -> _Writer:
        fields, name = unstructured(cls), cls.__name__
        return lambda node: {"node": name, **fields(node)}

    converter.register_structure_hook_func(lambda t: t is base, structure_node)
    for kind in classes.values():
        attrs.resolve_types(kind)
    converter.register_unstructure_hook_factory(lambda t: t in classes.values(), tagged)
    converter.register_unstructure_hook_func(lambda t: t is base, lambda n: converter.get_unstructure_hook(type(n))(n))
