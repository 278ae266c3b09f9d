"""Conditions of other tools as FEEL: what is simple is translated, what is not is left to a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel import evaluate
from engine.feel.translate import translate


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("${approved}", "approved"),
        ("#{approved}", "approved"),
        ("${approved == true && amount > 1000}", "approved = true and amount > 1000"),
        ("${!approved || amount le 5.5}", "not(approved) or amount <= 5.5"),
        ("${decision eq 'exempt'}", 'decision = "exempt"'),
        ("x == 1 and y", "x = 1 and y"),
        ("a && b", "a and b"),
        ("!x", "not(x)"),
        ("not (a or b) and c", "not(a or b) and c"),
        ("(a or b) and c", "(a or b) and c"),
        ("x in ['a', 'b']", 'x in ("a", "b")'),
        ("x not in ('a',)", 'not(x in ("a"))'),
        ("1 < x <= 5", "1 < x and x <= 5"),
        ("a['b']['c'] != 'd'", 'a.b.c != "d"'),
        ("x is None", "x = null"),
        ("x is not None", "x != null"),
        ("(a + b) * 2 >= -c", "(a + b) * 2 >= -c"),
        ('"it\'s" == \'say \\"no\\"\'', '"it\'s" = "say \\"no\\""'),
        ("True", "true"),
    ],
)
def test_a_simple_condition_is_translated(given_text: str, expected: str) -> None:
    assert translate(given_text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "${}",
        "${execution.getVariable('x')}",
        "${empty x}",
        "${a}${b}",
        "${a ? b : c}",
        "len(x) > 2",
        "__import__('os')",
        "lambda: 1",
        "a = 1",
        "x if y else z",
        "[v for v in x]",
        "f'{x}'",
        "x[0] == 1",
        "x in y",
        "x ** 2 > 1",
        "some == 1",
        "a; b",
        "a == ",
        "'never ends",
        "(" * 500 + "a" + ")" * 500,
        "!" * 500 + "a",
        "a" * 3000,
    ],
)
def test_anything_else_is_left_to_a_person(text: str) -> None:
    assert translate(text) is None


PYTHON = st.recursive(
    st.sampled_from(["x", "y", "b", "1", "2", "c['d']"]),
    lambda inner: st.builds(
        "({} {} {})".format, inner, st.sampled_from(["==", "!=", "<", ">=", "+", "*", "-"]), inner
    ),
    max_leaves=6,
)


@given(left=PYTHON, right=PYTHON, op=st.sampled_from(["==", "<", ">="]))
def test_what_is_translated_means_the_same_over_numbers(left: str, right: str, op: str) -> None:
    text = f"{left} {op} {right}"
    data: dict[str, Any] = {"x": 3, "y": -1, "b": 0, "c": {"d": 7}}
    run: Callable[..., Any] = eval
    made = translate(text)
    assert made is not None
    if not any(sign in f"{left}{right}" for sign in ("=", "<", ">")):  # numbers alone
        assert evaluate(made, data) == run(text, {"__builtins__": {}}, data)
