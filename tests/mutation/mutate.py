"""Would the laws notice? The stream evaluator is broken in many small ways, and the laws are asked each time.

Takes:  `mutants.MUTANTS`.
Gives:  a table of what each of laws and conformance cases noticed; exit code 1 where fewer than 29 of 30 are noticed by
        the laws, or where an old text no longer stands just once in its file.
Never:  touches the checkout: a copy of it is broken, in a temporary directory.

    python tests/mutation/mutate.py                 all, one after the other (about ten seconds each)
    python tests/mutation/mutate.py --jobs 2
    python tests/mutation/mutate.py 3 17 40         some, by their number
    python tests/mutation/mutate.py --quick         asks only the laws that are nearest to each
    python tests/mutation/mutate.py --cases         asks the conformance cases, too
    python tests/mutation/mutate.py --list
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

from attrs import frozen

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
NEEDED = (29, 30)
MINUTES = 10  # a mutant may not end; that is noticed, too
_TESTS = ("strategies", "spanish", "properties", "conformance", "clock")
PARTS = ("sladsl", "grammar", "stdlib", *(f"tests/{part}" for part in _TESTS))
# those that notice most stand first: the tests stop at the first failure
_ENGINE = "tests/properties/test_engine_laws.py"
_AGREE = (f"{_ENGINE}::test_the_evaluators_agree", "tests/properties/test_focused_laws.py")
_ARRIVAL = (
    "tests/properties/test_focused_laws.py::test_what_comes_too_late_is_refused_and_nothing_else",
    f"{_ENGINE}::test_an_event_that_comes_again_changes_nothing",
    f"{_ENGINE}::test_order_of_arrival_and_advances_change_nothing",
)
_TIME = (f"{_ENGINE}::test_what_is_certain_is_told_at_once", f"{_ENGINE}::test_cuts_with_restarts_change_nothing")
_NEAREST = {"events/order.py": _ARRIVAL, "evaluate/stream/machine.py": (*_TIME, *_AGREE)}  # by file; else _AGREE
_EVERY = ("tests/clock/test_clock_laws.py", "tests/properties")
# The columnar evaluator is another one, and takes a minute to compile in a new place.
_COMMAND = ("-m", "pytest", "-x", "-q", "--no-header", "-p", "no:cacheprovider", "-k", "not columnar and not columns")
_COMMAND += ("--ignore=tests/properties/test_laws_are_shown.py",)  # it looks for tests that no copy holds
_FAILED = re.compile(r"^(?:FAILED|ERROR) \S*?/?([\w.]+\.py)(?:::(\S+))?", re.MULTILINE)

if __name__ == "__main__":
    sys.path.insert(0, str(HERE))

from mutants import MUTANTS, Mutant  # noqa: E402


@frozen
class Noticed:
    """What noticed a mutant: the test that failed first, or "" where none did; None where nobody asked."""

    number: int
    mutant: Mutant
    laws: str
    cases: str | None


def applies(mutant: Mutant) -> str:
    """What is in the way of a mutant; "" where nothing is."""
    times = (ROOT / "sladsl" / mutant.file).read_text(encoding="utf-8").count(mutant.old)
    return "" if times == 1 else f"its old text stands {times} times in sladsl/{mutant.file}: {mutant.old!r}"


@contextmanager
def copied() -> Iterator[Path]:
    """A copy of all that the laws need."""
    with tempfile.TemporaryDirectory(prefix="sladsl-mutants-") as folder:
        copy = Path(folder)
        for part in PARTS:
            shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__", "_shipped"))
        shutil.copy(ROOT / "pyproject.toml", copy)
        yield copy


def first_failure(copy: Path, tests: Sequence[str]) -> str:
    """The first test that fails in a copy; "" where all pass."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(copy),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "SLADSL_LAWS_FAST": "1",
        "SLADSL_LAWS_SCALE": os.environ.get("SLADSL_LAWS_SCALE", "3"),
    }
    command = [sys.executable, *_COMMAND, *tests]
    try:
        done = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, text=True, check=False, timeout=60 * MINUTES
        )
    except subprocess.TimeoutExpired:
        return "it does not end"
    if done.returncode == 0:
        return ""
    found = _FAILED.search(done.stdout)
    if found is None:
        raise RuntimeError(f"the tests did not run:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return (found[2] or found[1]).removeprefix("test_")


def asked(mutant: Mutant, quick: bool) -> tuple[tuple[str, ...], ...]:
    """The laws that are asked of a mutant, one portion after the other: the nearest first, and unless `quick` all.

    Each portion is a run of its own, for pytest has an order of its own for what is named twice.
    """
    nearest = _NEAREST.get(mutant.file, _AGREE)
    if quick:
        return (nearest,)
    others = tuple(test for test in (*_AGREE, *_ARRIVAL, *_TIME) if test not in nearest)
    return nearest, others, _EVERY


def tried(copy: Path, number: int, mutant: Mutant, quick: bool, cases: bool) -> Noticed:
    """Break a copy, ask, and mend it."""
    path = copy / "sladsl" / mutant.file
    sound = path.read_text(encoding="utf-8")
    path.write_text(sound.replace(mutant.old, mutant.new), encoding="utf-8")
    try:
        laws = next((found for tests in asked(mutant, quick) if (found := first_failure(copy, tests))), "")
        return Noticed(number, mutant, laws, first_failure(copy, ["tests/conformance"]) if cases else None)
    finally:
        path.write_text(sound, encoding="utf-8")


def try_all(numbers: Sequence[int], jobs: int = 1, quick: bool = False, cases: bool = False) -> Iterator[Noticed]:
    """Every mutant of these numbers, in their order.

    Args:
        quick: only the laws that are nearest to each are asked.
        cases: the conformance cases are asked as well.

    Raises RuntimeError where the tests fail before anything is broken.
    """
    copies: SimpleQueue[Path] = SimpleQueue()

    def one(number: int) -> Noticed:
        copy = copies.get()
        try:
            return tried(copy, number, MUTANTS[number], quick, cases)
        finally:
            copies.put(copy)

    with copied() as first:
        for tests in (_AGREE if quick else _EVERY, *(["tests/conformance"],) * cases):
            if failed := first_failure(first, tests):
                raise RuntimeError(f"{failed} fails though nothing is broken")
        with tempfile.TemporaryDirectory(prefix="sladsl-mutants-") as more, ThreadPoolExecutor(jobs) as workers:
            copies.put(first)
            for job in range(1, jobs):
                copies.put(Path(shutil.copytree(first, Path(more) / str(job))))
            yield from workers.map(one, numbers)


def enough(noticed: int, tried: int) -> bool:
    """Whether so many noticed are at least 29 of 30."""
    return noticed * NEEDED[1] >= tried * NEEDED[0]


def main() -> int:
    """The command line."""
    import argparse

    parser = argparse.ArgumentParser(description="break the stream evaluator, and see whether the laws notice")
    parser.add_argument("numbers", nargs="*", type=int, help="some mutants; default: all")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="ask only the laws that are nearest to each")
    parser.add_argument("--cases", action="store_true", help="ask the conformance cases as well")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    wrong = [f"{number}: {problem}" for number, mutant in enumerate(MUTANTS) if (problem := applies(mutant))]
    if wrong:
        print("\n".join(wrong))
        return 1
    if options.list:
        for number, mutant in enumerate(MUTANTS):
            print(f"{number:3}  {mutant.file.removeprefix('evaluate/'):20} {mutant.breaks}")
        return 0
    numbers = options.numbers or range(len(MUTANTS))
    noticed = 0
    for result in try_all(numbers, options.jobs, options.quick, options.cases):
        noticed += bool(result.laws)
        print(f"{result.number:3}  {result.mutant.file.removeprefix('evaluate/'):20} {result.mutant.breaks}")
        told = [f"laws: {result.laws or 'NOTICE NOTHING'}"]
        if result.cases is not None:
            told.append(f"cases: {result.cases or 'notice nothing'}")
        print(f"     {';  '.join(told)}", flush=True)
    print(f"\n{noticed} of {len(numbers)} noticed by the laws")
    return 0 if enough(noticed, len(numbers)) else 1


if __name__ == "__main__":
    sys.exit(main())
