"""`average time of reply` says what `average of time of reply` says."""

import pytest

import sladsl

WAYS = ["average", "mean", "median", "p95", "min", "shortest", "max", "longest", "total"]
SAME = {"mean": "average", "shortest": "min", "longest": "max"}


@pytest.mark.parametrize("way", WAYS)
def test_the_statistic_needs_no_of_before_time(way: str) -> None:
    def plan(measure: str) -> object:
        return (
            sladsl.load(text=f"reply: support replies within 4h of opened\nspeed: {measure} <= 2h per month")
            .plan.objectives[0]
            .measure
        )

    assert plan(f"{way} time of reply") == plan(f"{SAME.get(way, way)} of time of reply")
    assert plan(f"{way} of time of reply") == plan(f"{way} time of reply")


def test_a_name_may_begin_with_the_word() -> None:
    policy = sladsl.load(
        text="average deal = 12_000 EUR\nhigh = amount > average deal\na: sales calls within 1h of high"
    )
    assert policy.plan.groups == ("a",)
