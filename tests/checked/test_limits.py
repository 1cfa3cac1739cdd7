"""Nothing that can be written makes the checker hang or run out of anything."""

import time

import pytest
from told import checked

MANY = 2000


def deep(sign: str) -> str:
    return "x = " + f"(a = 1 {sign} (" * 50 + "b = 2" + "))" * 50


POLICIES = {
    "clauses": "\n".join(
        f'state {i} = score >= {i}\nlabel {i}: sales contacts lead within {i % 50 + 1}h of state {i}, when r = "r{i}"'
        for i in range(MANY)
    ),
    "levels by value": "\n".join(f'customer "C{i}"\n    first: s t within {i % 50 + 1}h of x' for i in range(MANY)),
    "levels by range": "\n".join(f"for n > {i} and n <= {i + 1}\n    first: s t within 2h of x" for i in range(MANY)),
    "levels that all overlap": "\n".join(f"for a{i} = 1\n    first: s t within 2h of x" for i in range(300)),
    "a chain of definitions": "d0 = q > 1\n" + "\n".join(f"d{i + 1} = d{i} and a{i} = yes" for i in range(MANY)),
    "a chain of other names": "d0 = q\n" + "\n".join(f"d{i + 1} = d{i}" for i in range(MANY)),
    "a chain of clauses": "\n".join(f"l{i}: s t within 1h of breach of l{i + 1}" for i in range(MANY)),
    "a circle of clauses": "\n".join(f"l{i}: s t within 1h of breach of l{(i + 1) % MANY}" for i in range(MANY)),
    "a circle of definitions": "\n".join(f"d{i} = d{(i + 1) % MANY} and a = 1" for i in range(MANY)),
    "unknown names": "\n".join(f"name {i} = a = 1\nl{i}: s t within 1h of x, when nmae {i}" for i in range(MANY)),
    "numbers that grow": "n0 = 3\n" + "\n".join(f"n{i + 1} = n{i} * n{i}" for i in range(200)),
    "a long phrase": "a: s " + "word " * MANY + "within 1h of x",
    "a long list": "x = a in (" + ", ".join(f'"{i}"' for i in range(MANY)) + ")\na: s t within 1h of x",
    "many cases": "x = " + " and ".join(f"(a{i} = 1 or b{i} = 2)" for i in range(200)) + "\na: s t within 1h of x",
    "deep conditions": deep("or"),
    "deep negations": "x = " + "not " * 70 + "a = 1\na: s t within 1h of x",
}


@pytest.mark.parametrize("name", POLICIES)
def test_it_ends_soon(name: str) -> None:
    start = time.process_time()
    result = checked(POLICIES[name])
    took = time.process_time() - start
    assert took < 20, f"{name} took {took:.1f} s"
    assert result.program is not None or any(found.is_error for found in result.diagnostics)


def test_definitions_can_stand_on_one_another_only_so_high() -> None:
    codes = [found.code for found in checked(POLICIES["a chain of definitions"]).diagnostics]
    assert set(codes) == {"SLA0109"}
    assert len(codes) < MANY / 100
