"""What an event carries, taken over as the last values of its case: the first step of every event, generated.

Takes:  the attributes that a policy reads, by slot, and what else the step reaches.
Gives:  `compile_note`: a function of (case state, event) that takes the values over, finds what is to be computed after
        such a change, has it computed, and gives the mask of those that must look at the event.
Never:  puts a name of the policy into the generated text: these are reached by number only.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sladsl.evaluate.stream.conditions import Function

_UNROLLED = 8  # as many attributes are asked for one by one; of more, those that the event carries are looked up


def compile_note(
    slots: Mapping[str, int],
    masks: Mapping[str, int],
    all_changed: int,
    todo: Mapping[str, Mapping[int, Function | None]],
    work: Callable[[str, int], Function | None],
    came: Callable[[Any, int], None],
    observer: Any,
) -> Function:
    """The function that takes an event over.

    Args:
        slots: where an attribute's last value stands: `cs.a0`, `cs.a1` …
        masks: who looks where an attribute's last value changes.
        all_changed: what counts as changed at a case's first event.
        todo: by type and changed slots (as a mask), what is to be computed.
        work: makes an entry of `todo`.
        came: told where an attribute that was missing in a case comes.
        observer: has `newcomer`, the case whose first event it is, and `first_hot`, who looks at such an event.
    """
    names = {f"N{slot}": name for name, slot in slots.items()}
    fields = {name: (slot, f"a{slot}", 1 << slot, masks.get(name, 0)) for name, slot in slots.items()}
    lines = ["def note(cs, ev):", "    changed = hot = 0", "    carried = ev.attributes", "    if carried:"]
    if len(slots) <= _UNROLLED:
        for name, slot in slots.items():
            lines += [
                f"        value = carried.get(N{slot})",
                f"        if value is not None and value != cs.a{slot}:",
                f"            if cs.more is not None and cs.a{slot} is None:",
                f"                came(cs, {slot})",
                f"            cs.a{slot} = value",
                f"            changed |= {1 << slot}",
            ]
            lines += [f"            hot |= M{slot}"] if masks.get(name) else []
        lines += [] if slots else ["        pass"]
    else:
        lines += [
            "        for name, value in carried.items():",
            "            field = FIELDS.get(name)",
            "            if field is not None and value is not None:",
            "                slot, place, bit, mask = field",
            "                old = getattr(cs, place)",
            "                if value != old:",
            "                    if cs.more is not None and old is None:",
            "                        came(cs, slot)",
            "                    setattr(cs, place, value)",
            "                    changed |= bit",
            "                    hot |= mask",
        ]
    lines += [
        "    if cs is observer.newcomer:",
        "        changed = ALL",
        "        hot |= observer.first_hot",
        "    try:",
        "        react = todo[ev.type][changed]",
        "    except KeyError:",
        "        react = work(ev.type, changed)",
        "    return hot if react is None else hot | react(cs, ev)",
    ]
    space: dict[str, Any] = {
        **names,
        **{f"M{slot}": masks[name] for name, slot in slots.items() if name in masks},
        "ALL": all_changed,
        "FIELDS": fields,
        "observer": observer,
        "todo": todo,
        "work": work,
        "came": came,
    }
    exec(compile("\n".join(lines), "<note>", "exec"), space)  # numbers only
    return space["note"]  # type: ignore[no-any-return]
