"""The plan as text: stable, and nothing hidden."""

from small_plan import small_plan
from syrupy.assertion import SnapshotAssertion

from sladsl.ir.show import show, show_expression


def test_the_small_plan_reads_like_this(snapshot: SnapshotAssertion) -> None:
    assert show(small_plan()) == snapshot


def test_operations_inside_operations_stand_in_brackets() -> None:
    shown = [show_expression(condition.expr) for condition in small_plan().conditions]
    assert shown[4] == '(not c0) or (role:text in ("cto", "cfo"))'
    assert shown[10] == "(score:number / 2) is known"
