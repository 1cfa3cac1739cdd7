"""Laws as tests: each runs quickly by default, and for long in the slow profile.

Takes:  a function that asserts a law, and strategies for its arguments.
Gives:  `law`, which makes the test and remembers it in LAWS for `test_long_profile.py`.
Never:  weakens a law: the environment only says how many examples are tried and whether failures are shrunk.

    SLADSL_LAWS_SCALE   multiplies the number of examples (0.5, 10)
    SLADSL_LAWS_FAST    stop at the first failure, without shrinking it: for the mutation check
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from attrs import define
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st

_SCALE = float(os.environ.get("SLADSL_LAWS_SCALE", "1"))
_FAST = bool(os.environ.get("SLADSL_LAWS_FAST"))


def profile(examples: int) -> settings:
    """How a law is tried: machines differ and drawing a policy takes a while, so that no time is measured."""
    phases = [Phase.explicit, Phase.generate] if _FAST else list(Phase)
    return settings(
        max_examples=max(1, round(examples * _SCALE)),
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=phases,
        verbosity=Verbosity.quiet if _FAST else Verbosity.normal,
        database=None if _FAST else settings.default.database,  # type: ignore[union-attr]
        derandomize=_FAST or settings.default.derandomize,  # type: ignore[union-attr]
    )


@define
class Law:
    """One law of `timers.md`, section 7.

    number      which one
    check       asserts it for one example
    strategies  of the arguments of `check`
    quick, long how many examples the two profiles try
    """

    number: int
    check: Callable[..., None]
    strategies: tuple[st.SearchStrategy[Any], ...]
    quick: int
    long: int

    def run(self, examples: int, counted: Callable[[], None] = lambda: None) -> None:
        """Try so many examples; `counted` is called for each that is tried."""

        def tried(arguments: tuple[Any, ...]) -> None:
            counted()
            self.check(*arguments)

        profile(examples)(given(st.tuples(*self.strategies))(tried))()


LAWS: list[Law] = []


def law(
    number: int, *strategies: st.SearchStrategy[Any], quick: int = 40, long: int = 1000
) -> Callable[[Callable[..., None]], Callable[[], None]]:
    """Make a test of a law."""

    def made(check: Callable[..., None]) -> Callable[[], None]:
        LAWS.append(Law(number, check, strategies, quick, long))
        return profile(quick)(given(*strategies)(check))

    return made
