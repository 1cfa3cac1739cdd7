"""The memory of the kernel: tables of records, reached by address.

Takes:  the address of one record, `MAIN`, that holds the addresses of all tables and the kernel's few variables.
Gives:  the records' layouts, and for each table a function from that address to the table.
Never:  allocates; `sladsl.evaluate.columnar.memory` does, and lets tables grow between two calls.

Numba passes an array as seven values and thirty arrays as two hundred, with every call. One address costs nothing, which
is why the tables stand behind it. Index 0 of a pool is no record: a 0 means that there is none.
"""

# What stands in the memory has no type here; Numba knows it.
# mypy: disable-error-code="untyped-decorator, import-untyped, no-any-return"
from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from llvmlite import ir
from numba import from_dtype, njit, types
from numba.extending import intrinsic

from sladsl.evaluate.columnar.kernel.layout import (
    ALERT_GIVEN,
    ALERT_RULE,
    CASE,
    CLAUSE,
    CLOCK,
    COLUMN,
    EXTRA,
    GROUP,
    HISTORY,
    HISTORY_RULE,
    INSTANCE,
    LEAF,
    MAIN,
    NAMED_RULE,
    NODE,
    NOTE_BASE,
    PAUSE,
    POINTS,
    ROW,
    START,
    STRETCH,
    TARGET,
    TIMER,
    VALUE,
    VERDICT,
    WATCHED,
    ZONE_RULE,
    ZONES_AT_MOST,
)
from sladsl.evaluate.columnar.kernel.parts import as_part

CASE_SIZE, GROUP_SIZE, INSTANCE_SIZE = CASE.itemsize, GROUP.itemsize, INSTANCE.itemsize
_LINES, _LABELS = 512, 32  # of how many bytes and labels of a case is asked beforehand

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compile a function of the kernel, once.

    Numba would compile it anew for each width of whole number that it is called with; here all of them are 64 bits wide.
    """
    compiled: Any = njit(function, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True, nogil=True)
    wide = {"int": types.int64, "bool": types.boolean}
    told = [wide.get(kind) for name, kind in function.__annotations__.items() if name != "return"]
    compile = compiled.compile

    def compile_once(given: Any) -> Any:
        wanted = tuple(found if kind is None else kind for kind, found in zip(told, given, strict=True))
        with as_part(compiled.targetctx):
            return compile(wanted)

    compiled.compile = compile_once
    return compiled


def _address(builder: Any, m: Any, place: int) -> Any:
    """The address that stands in a field of MAIN."""
    whole = ir.IntType(64)
    return builder.load(builder.inttoptr(builder.add(m, whole(8 * place)), whole.as_pointer()))


@intrinsic
def main(typing: Any, m: Any) -> Any:
    """The record at the address."""
    kind = from_dtype(MAIN)

    def write(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], context.get_value_type(kind))

    return kind(types.int64), write


def _place(name: str) -> int:
    """Which of MAIN's fields holds the address of a table."""
    assert MAIN.names is not None
    return MAIN.names.index(name)


def _records(name: str, layout: Any) -> Any:
    """A table of records: a function from the memory and an index to the record, which can be written to."""
    place, kind, size = _place(name), from_dtype(layout), layout.itemsize

    @intrinsic
    def record(typing: Any, m: Any, index: Any) -> Any:
        def write(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            start = _address(builder, arguments[0], place)
            address = builder.add(start, builder.mul(arguments[1], ir.IntType(64)(size)))
            return builder.inttoptr(address, context.get_value_type(kind))

        return kind(types.int64, types.int64), write

    return record


def _numbers(name: str, kind: Any) -> Any:
    """A table of numbers: a function from the memory to something that can be indexed."""
    place, pointer = _place(name), types.CPointer(kind)

    @intrinsic
    def table(typing: Any, m: Any) -> Any:
        def write(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.inttoptr(_address(builder, arguments[0], place), context.get_value_type(pointer))

        return pointer(types.int64), write

    return table


def _at(kind: Any) -> Any:
    pointer = types.CPointer(kind)

    @intrinsic
    def at(typing: Any, address: Any) -> Any:
        def write(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.inttoptr(arguments[0], context.get_value_type(pointer))

        return pointer(types.int64), write

    return at


@intrinsic
def _fetch(typing: Any, address: Any) -> Any:
    """Ask for what stands at an address before it is needed."""

    def write(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        bits = ir.IntType(32)
        pointer = builder.inttoptr(arguments[0], ir.IntType(8).as_pointer())
        kind = ir.FunctionType(ir.VoidType(), [pointer.type, bits, bits, bits])
        fetch = builder.module.declare_intrinsic("llvm.prefetch", [pointer.type], kind)
        builder.call(fetch, [pointer, bits(0), bits(3), bits(1)])
        return context.get_dummy_value()

    return types.void(types.int64), write


at_address = _at(types.int64)  # numbers at an address
small_at_address = _at(types.int32)

cases = _records("cases", CASE)
words = _numbers("words", types.uint64)
groups = _records("groups", GROUP)
lasts = _numbers("lasts", types.int32)
firsts = _numbers("firsts", types.uint64)
watches = _numbers("watches", types.int32)
values = _records("values", VALUE)
reasons = _numbers("reasons", types.int32)
histories = _records("histories", HISTORY)
instances = _records("instances", INSTANCE)
extras = _records("extras", EXTRA)
nodes = _records("nodes", NODE)
timers = _records("timers", TIMER)
verdicts = _records("verdicts", VERDICT)
alerts_given = _records("alerts_given", ALERT_GIVEN)
stretches = _records("stretches", STRETCH)
clauses = _records("clauses", CLAUSE)
rows = _records("rows", ROW)
targets = _records("targets", TARGET)
pauses = _records("pauses", PAUSE)
alerts = _records("alerts", ALERT_RULE)
starts = _records("starts", START)
watched = _records("watched", WATCHED)
zone_rules = _records("zone_rules", ZONE_RULE)
named_rules = _records("named_rules", NAMED_RULE)
told = _numbers("told", types.int32)
looks = _numbers("looks", types.uint64)
unknown_zones = _numbers("unknown_zones", types.int64)
clocks = _records("clocks", CLOCK)
clock_times = _numbers("clock_times", types.int64)
clock_ticks = _numbers("clock_ticks", types.int64)
clock_edges = _numbers("clock_edges", types.int64)
zone_clocks = _numbers("zone_clocks", types.int32)
points = _records("points", POINTS)
point_starts = _numbers("point_starts", types.int64)
point_dues = _numbers("point_dues", types.int64)
programs = _numbers("programs", types.int32)
program_at = _numbers("program_at", types.int32)
leaves = _records("leaves", LEAF)
needed = _numbers("needed", types.int32)
truth_now = _numbers("truth_now", types.int32)
truth_before = _numbers("truth_before", types.int32)
stack = _numbers("stack", types.int32)
now_words = _numbers("now_words", types.uint64)
old_words = _numbers("old_words", types.uint64)
event_words = _numbers("event_words", types.uint64)
keys = _numbers("keys", types.uint64)
facts = _numbers("facts", types.int32)
hot = _numbers("hot", types.uint64)
fates = _numbers("fates", types.int32)
later = _numbers("later", types.int64)
columns = _records("columns", COLUMN)
leaf_reasons = _numbers("leaf_reasons", types.int64)
derived_code = _numbers("derived_code", types.int64)
numbers = _numbers("numbers", types.int64)
history_rules = _records("history_rules", HISTORY_RULE)
start_hot = _numbers("start_hot", types.uint64)
acted_at = _numbers("acted", types.int64)
seen = _numbers("seen", types.int64)
seen_at = _numbers("seen_at", types.int64)
seen_values = _numbers("seen_values", types.int32)
batch_rows = _numbers("batch_rows", types.int64)
batch_words = _numbers("batch_rows", types.uint64)  # the same as bits


@kernel
def case_number(m: int, c: int) -> int:
    """The number of a case of this walker among all cases."""
    v = main(m)
    return c << v.walkers_log2 | v.walker


@kernel
def fetch_case(m: int, c: int) -> None:
    """Ask for what is known of a case."""
    v = main(m)
    _fetch(v.cases + c * CASE_SIZE)
    _fetch(v.words + c * v.case_words * 8)
    _fetch(v.firsts + c * v.first_words * 8)
    size = v.group_count * GROUP_SIZE
    at = v.groups + c * size
    for line in range(0, min(size, _LINES), 64):
        _fetch(at + line)


@kernel
def fetch_open(m: int, c: int, first: bool) -> None:
    """Ask for the open instances of a case: the last of each label, or once they are there the first."""
    v = main(m)
    at = c * v.group_count
    for g in range(at, at + min(v.group_count, _LABELS)):
        ring = groups(m, g).ring
        if ring:
            _fetch(v.instances + (instances(m, ring).next if first else ring) * INSTANCE_SIZE)


# --- pools: free entries are linked through the field that is named ---------------------------------------------------


@kernel
def new_node(m: int) -> int:
    """An empty entry of a list."""
    v = main(m)
    i = v.nodes_free
    if i:
        v.nodes_free = nodes(m, i).next
        v.nodes_spare -= 1
    else:
        i = v.nodes_next
        v.nodes_next = i + 1
    node = nodes(m, i)
    node.next = 0
    return i


@kernel
def free_nodes(m: int, first: int) -> None:
    """Give back a list of entries."""
    v = main(m)
    i = first
    while i:
        node = nodes(m, i)
        after = node.next
        node.next = v.nodes_free
        v.nodes_free = i
        v.nodes_spare += 1
        i = after


@kernel
def new_instance(m: int) -> int:
    """A place for an instance; its generation goes on where the one before it had come to."""
    v = main(m)
    i = v.instances_free
    if i:
        v.instances_free = instances(m, i).next
        v.instances_spare -= 1
    else:
        i = v.instances_next
        v.instances_next = i + 1
    return i


@kernel
def extra_of(m: int, x: int) -> int:
    """The extra record of an instance, made now where it had none."""
    inst = instances(m, x)
    if inst.extra:
        return inst.extra
    v = main(m)
    i = v.extras_free
    if i:
        v.extras_free = extras(m, i).ran
        v.extras_spare -= 1
    else:
        i = v.extras_next
        v.extras_next = i + 1
    e = extras(m, i)
    e.paused = e.spent = e.fired = e.zones = 0
    e.cause = inst.cause
    e.type = inst.type
    e.cancel_seen = e.excuse_seen = e.acts = e.ends = e.distinct = e.distinct_count = 0
    e.ran = e.ran_last = e.held = e.held_count = e.note = 0
    e.brought = e.kept = 0
    inst.extra = i
    return i


@kernel
def free_instance(m: int, x: int) -> None:
    """Give back an instance with all that it has."""
    v = main(m)
    inst = instances(m, x)
    if inst.extra:
        e = extras(m, inst.extra)
        free_nodes(m, e.ran)
        free_nodes(m, e.held)
        free_nodes(m, e.distinct)
        free_nodes(m, e.kept)
        free_nodes(m, e.cancel_seen)
        free_nodes(m, e.excuse_seen)
        e.ran = v.extras_free
        v.extras_free = inst.extra
        v.extras_spare += 1
        inst.extra = 0
    inst.generation += 1
    inst.next = v.instances_free
    v.instances_free = x
    v.instances_spare += 1


@kernel
def add_note(m: int, x: int, note: int) -> None:
    """Say one thing more of an instance, once."""
    e = extras(m, extra_of(m, x))
    rest = e.note
    while rest:
        if rest % NOTE_BASE == note:
            return
        rest //= NOTE_BASE
    e.note = e.note * NOTE_BASE + note


@kernel
def look_again(m: int, c: int, k: int) -> None:
    """The clause looks at the next event of the case whatever that changes."""
    looks(m)[c * main(m).hot_words + (k >> 6)] |= types.uint64(1) << types.uint64(k & 63)
    cases(m, c).look = 1


@kernel
def reading_of(m: int, c: int, calendar: int, counts: bool) -> int:
    """How a calendar that attributes tell is read now; what they do not know is counted where that is asked for."""
    v = main(m)
    place = calendar
    named = named_rules(m, calendar)
    if named.value >= 0:
        value = values(m, c * v.value_count + named.value)
        if value.flag == 1:
            place = value.number
        else:
            place = named.otherwise
            if counts:
                unknown_zones(m)[calendar] += 1
    rule = zone_rules(m, place)
    zone = int(rule.fallback)
    if rule.value >= 0:
        value = values(m, c * v.value_count + rule.value)
        if value.flag == 1:
            zone = value.number
        elif counts:
            unknown_zones(m)[place] += 1
    return place * ZONES_AT_MOST + zone


@kernel
def told_clock(m: int, family: int, reading: int) -> int:
    """The clock, or the point, of a family where its calendar is read so."""
    return int(zone_clocks(m)[family * main(m).calendar_count * ZONES_AT_MOST + reading])


@kernel
def bring(m: int, c: int, place: int, before: int) -> int:
    """A set of actions of this instant (by their place among the events): those of `before`, and one more.

    Sets are entries (a: the place, b: the rest) that live until the time of the case goes on.
    """
    i = new_node(m)
    node = nodes(m, i)
    node.a, node.b = place, before
    node.next = cases(m, c).brought
    cases(m, c).brought = i
    return i


@kernel
def brings(m: int, brought: int, place: int) -> bool:
    """Whether an action is among those of a set."""
    i = brought
    while i:
        if nodes(m, i).a == place:
            return True
        i = int(nodes(m, i).b)
    return False
