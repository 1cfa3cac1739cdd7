"""The loop that feeds odd inputs, and remembers what went wrong.

Takes:  targets: how an input is drawn from a random generator, and what is done with it.
Gives:  `fuzz`: how many inputs were tried, and each kind of failure once, with the number that draws its input again.
Never:  stops at a failure, or lets one input take all the time: each has a limit of its own.

    python tests/fuzz/fuzzing.py                          all targets, 20,000 inputs
    python tests/fuzz/fuzzing.py --inputs 1000000 --target parse --target check
    python tests/fuzz/fuzzing.py --replay parse:1:4711    draws this input again, shows it, and tries it

An input is named by its target, seed and number, and by nothing else: so a run can be cut into portions, and a failure
comes again whatever ran before it.
"""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

from attrs import define, field, frozen

HERE = Path(__file__).parent
LIMIT_SECONDS = 10.0  # of computing, for one input; the slowest sound ones take a tenth of a second
PATIENCE = 30  # times that, on the wall, before an input that computes nothing counts as stuck
MOST_KINDS = 50


class Stuck(BaseException):
    """An input has used up its time. No `except Exception` on the way may take it for an answer."""


@frozen
class Target:
    """One way in.

    name     of the target
    draw     makes an input
    attempt  does with it what a user would; raises where something comes out that must not
    share    of a million inputs, how many are its own
    """

    name: str
    draw: Callable[[Random], Any]
    attempt: Callable[[Any], None]
    share: int


@define
class Failure:
    """One kind of failure: where the first of its kind came from, and how often it came."""

    where: str
    number: int
    told: str
    shown: str
    times: int = 1


@define
class Report:
    """What came of a run."""

    target: str
    seed: int
    inputs: int = 0
    seconds: float = 0.0
    slowest: tuple[float, int] = (0.0, -1)
    failures: dict[str, Failure] = field(factory=dict)

    def __str__(self) -> str:
        slow = f"slowest {self.slowest[0]:.2f} s (number {self.slowest[1]})"
        lines = [f"{self.target:10} {self.inputs:9,} inputs  {self.seconds:7.1f} s  {slow}"]
        for failure in self.failures.values():
            lines.append(f"  {failure.times} times, first as {self.target}:{self.seed}:{failure.number}")
            lines += [f"    {line}" for line in [*failure.told.rstrip().splitlines()[-8:], failure.shown[:2000]]]
        return "\n".join(lines)


def draw(target: Target, seed: int, number: int) -> Any:
    """The input of this number."""
    return target.draw(Random(f"{target.name}:{seed}:{number}"))


def fuzz(target: Target, seed: int, numbers: range, seconds: float = LIMIT_SECONDS) -> Report:
    """Try the inputs of these numbers."""
    report = Report(target.name, seed)
    began = time.perf_counter()
    with _watched():
        for number in numbers:
            input = draw(target, seed, number)
            since = time.perf_counter()
            try:
                _limit(seconds)
                try:
                    target.attempt(input)
                finally:
                    _limit(0)
            except (Exception, Stuck) as error:
                _remember(report, number, input, error)
            took = time.perf_counter() - since
            if took > report.slowest[0]:
                report.slowest = (took, number)
            report.inputs += 1
            if len(report.failures) >= MOST_KINDS:
                break
    report.seconds = time.perf_counter() - began
    return report


def _remember(report: Report, number: int, input: Any, error: BaseException) -> None:
    frames = traceback.extract_tb(error.__traceback__)
    inner = [frame for frame in frames if f"{os.sep}sladsl{os.sep}" in frame.filename and "fuzz" not in frame.filename]
    last = (inner or frames)[-1]
    where = f"{type(error).__name__} {Path(last.filename).name}:{last.lineno}"
    known = report.failures.get(where)
    if known is not None:
        known.times += 1
        return
    told = "".join(traceback.format_exception(error, limit=-6))
    report.failures[where] = Failure(where, number, told, _shown(input))


def _shown(input: Any) -> str:
    try:
        return repr(input)
    except ValueError:  # so many digits are not written
        return "it cannot be shown: draw it by its number"


def _limit(seconds: float) -> None:
    # Computing is measured, for others work on this machine, too; the wall only catches what waits for ever.
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, seconds * PATIENCE)


@contextmanager
def _watched() -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Stuck

    before = {sign: signal.signal(sign, stop) for sign in (signal.SIGPROF, signal.SIGALRM)}
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def main() -> int:
    """The command line."""
    import argparse

    from targets import TARGETS

    parser = argparse.ArgumentParser(description="feed odd inputs to every way in")
    parser.add_argument("--target", action="append", choices=[target.name for target in TARGETS])
    parser.add_argument("--inputs", type=int, default=20_000, help="as if all targets were asked for")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--since", type=int, default=0, metavar="NUMBER", help="leave the numbers before out")
    parser.add_argument("--replay", metavar="TARGET:SEED:NUMBER")
    asked = parser.parse_args()
    if asked.replay:
        name, seed, number = asked.replay.split(":")
        target = next(target for target in TARGETS if target.name == name)
        input = draw(target, int(seed), int(number))
        print(input if isinstance(input, str) else repr(input))
        target.attempt(input)
        return 0
    found = 0
    for target in TARGETS:
        if not asked.target or target.name in asked.target:
            last = asked.since + max(1, target.share * asked.inputs // 1_000_000)
            report = fuzz(target, asked.seed, range(asked.since, last))
            print(report, flush=True)
            found += len(report.failures)
    return 1 if found else 0


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    sys.exit(main())
