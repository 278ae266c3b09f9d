"""What goes in and what comes out: Python's values, taken over lazily, and given back plain."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType

import pytest

from engine.feel import (
    FeelDataError,
    FeelLimitError,
    Range,
    YearsMonthsDuration,
    compile_expression,
    compile_unary_tests,
    evaluate,
)


class Choice(enum.StrEnum):
    EXEMPT = "exempt"


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        Decimal("1.50"),
        "text",
        date(2026, 3, 1),
        time(9, 30),
        datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
        timedelta(days=3),
        YearsMonthsDuration(14),
        [Decimal(1), "a", [None]],
        {"a": {"b": [True]}},
        Range(Decimal(1), Decimal(5)),
    ],
)
def test_a_value_goes_through_unchanged(value: object) -> None:
    found = evaluate("x", {"x": value})
    assert found == value
    assert type(found) is type(value)


def test_whole_numbers_come_back_as_decimals_however_deep() -> None:
    found = evaluate("x", {"x": {"a": [1, {"b": 2}], "c": (3, 4), "d": MappingProxyType({"e": 5})}})
    assert found == {"a": [1, {"b": 2}], "c": [3, 4], "d": {"e": 5}}
    assert isinstance(found["a"][1]["b"], Decimal)
    assert isinstance(found["d"]["e"], Decimal)


def test_an_enums_member_is_its_text() -> None:
    found = evaluate('x = "exempt"', {"x": Choice.EXEMPT})
    assert found is True
    assert type(evaluate("x", {"x": Choice.EXEMPT})) is str


@pytest.mark.parametrize(
    "expression", ["x", "x + 1", "y.z", "y", "l[1]", "count(l)", "for i in l return i", "y.w[1]"]
)
def test_a_binary_float_is_refused_where_it_is_read(expression: str) -> None:
    with pytest.raises(FeelDataError, match="floating-point"):
        evaluate(expression, {"x": 0.5, "y": {"z": 0.5, "w": [0.5]}, "l": [0.5]})


def test_data_that_is_not_read_is_not_looked_at() -> None:
    assert evaluate("a", {"a": 1, "b": 0.5, "c": object()}) == 1


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", 1j, Decimal("NaN"), Decimal("Infinity")])
def test_other_kinds_are_refused(value: object) -> None:
    with pytest.raises(FeelDataError):
        evaluate("x = 1 or x", {"x": value})


def test_keys_must_be_texts() -> None:
    with pytest.raises(FeelDataError, match="keys are texts"):
        evaluate("x", {"x": {1: 2}})


def test_a_mapping_of_any_kind_is_a_context() -> None:
    class Answers(Mapping[str, object]):
        def __getitem__(self, key: str) -> object:
            return {"days": 30}[key]

        def __iter__(self):  # type: ignore[no-untyped-def]
            return iter(["days"])

        def __len__(self) -> int:
            return 1

    assert compile_expression("days").evaluate(Answers()) == 30
    assert compile_expression("a.days").evaluate({"a": Answers()}) == 30
    assert compile_unary_tests("days").matches(30, Answers()) is True


def test_the_data_itself_is_never_changed() -> None:
    data = {"l": [1, 2], "c": {"a": [3]}}
    evaluate('context put(c, "a", append(l, 9))', data)
    evaluate("for x in l return x + 1", data)
    assert data == {"l": [1, 2], "c": {"a": [3]}}
    result = evaluate("c", data)
    result["a"].append(4)
    assert data["c"] == {"a": [3]}


def test_now_is_pinned_for_the_evaluation() -> None:
    moment = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert evaluate("[now(), today(), now() = now()]", {}, now=moment) == [moment, date(2026, 3, 1), True]
    assert evaluate("now() = now()", {}) is True


def test_dates_beyond_pythons_years_are_values() -> None:
    assert evaluate('string(date("-2021-01-01") + @"P1D")', {}) == "-2021-01-02"
    assert evaluate('date("10000-01-01") > date("9999-12-31")', {}) is True
    assert evaluate('date("9999-12-31") + @"P1D" = date("10000-01-01")', {}) is True


def test_a_number_too_long_for_the_language_is_refused() -> None:
    with pytest.raises(FeelLimitError, match="digits"):
        evaluate("x", {"x": 10**10_000})
    with pytest.raises(FeelLimitError, match="digits"):
        evaluate("x + 1", {"x": Decimal("1e7000")})


def test_data_nested_too_deep_is_refused() -> None:
    deep: object = 1
    for _ in range(500):
        deep = [deep]
    with pytest.raises(FeelLimitError, match="deep"):
        evaluate("x", {"x": deep})


def test_context_of_a_run_is_not_shared_between_threads() -> None:
    expression = compile_expression("sum(for i in 1..n return i)")
    assert [expression.evaluate({"n": n}) for n in (3, 4, 3)] == [6, 10, 6]
