"""Equality and order of values (DMN 1.3 §10.3.2.7 and table 53): true, false, or null where they cannot
be compared.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from .errors import FeelLimitError
from .far import FarDate, FarDateTime
from .limits import MAX_DATA_DEPTH, Run
from .temporal import AnyDateTime, date_of, offset_of, time_of
from .values import Function, Range, Value, YearsMonthsDuration, lift

KINDS: dict[type, str] = {
    type(None): "Null",
    bool: "boolean",
    Decimal: "number",
    str: "string",
    date: "date",
    FarDate: "date",
    time: "time",
    datetime: "date and time",
    FarDateTime: "date and time",
    timedelta: "days and time duration",
    YearsMonthsDuration: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    Function: "function",
}
"""The FEEL type's name of each Python type of a value."""

_SIMPLE = frozenset((Decimal, str, bool, timedelta, YearsMonthsDuration, FarDate))
_ORDER: dict[str, Callable[[Value, Value], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def equal(left: Value, right: Value, run: Run, depth: int = 0) -> bool | None:
    """Whether two values are equal; None where their types differ (null is equal to null alone)."""
    kind = type(left)
    if kind is type(right) and kind in _SIMPLE:
        return bool(left == right)
    if left is None or right is None:
        return left is right
    name = KINDS.get(kind)
    if name is None or name != KINDS.get(type(right)):
        return None
    if name == "list":
        return _equal_lists(left, right, run, depth)
    if name == "context":
        return _equal_contexts(left, right, run, depth)
    if name in ("time", "date and time"):
        return _moments(operator.eq, left, right)
    if name == "range":
        return _equal_ranges(left, right, run, depth)
    return bool(left == right)


def order(op: str, left: Value, right: Value) -> bool | None:
    """`left op right` for one of < <= > >=; None where the two have no order."""
    name = KINDS.get(type(left))
    if name is None or name != KINDS.get(type(right)):
        return None
    compare = _ORDER[op]
    if name in ("number", "string", "days and time duration"):
        return compare(left, right)
    if name == "date":
        return compare(left.toordinal(), right.toordinal())
    if name in ("time", "date and time"):
        return _moments(compare, left, right)
    if name == "years and months duration":
        return compare(left.months, right.months)
    return None


def sort_key(moment: time | AnyDateTime) -> tuple[bool, int]:
    """Whether the moment has an offset, and its place on the time line in milliseconds (shifted to UTC
    if it has).

    Moments are compared to the millisecond, whatever further digits their text had.
    """
    zoned, place = time_line(moment)
    return zoned, place // 1000


def time_line(moment: time | AnyDateTime) -> tuple[bool, int]:
    """As `sort_key`, in microseconds."""
    if isinstance(moment, datetime) and moment.tzinfo is UTC:
        return True, _micros(moment.time()) + moment.toordinal() * 86_400_000_000
    offset = offset_of(moment)
    if isinstance(moment, time):
        place = _micros(moment)
    else:
        place = _micros(time_of(moment)) + date_of(moment).toordinal() * 86_400_000_000
    if offset is None:
        return False, place
    return True, place - offset // timedelta(microseconds=1)


def _micros(clock: time) -> int:
    return ((clock.hour * 60 + clock.minute) * 60 + clock.second) * 1_000_000 + clock.microsecond


def _moments(compare: Callable[[Value, Value], bool], left: time, right: time) -> bool | None:
    left_zoned, left_place = sort_key(left)
    right_zoned, right_place = sort_key(right)
    if left_zoned != right_zoned:
        return None
    return compare(left_place, right_place)


def _deeper(run: Run, depth: int, size: int) -> int:
    run.spend(1 + size)
    if depth >= MAX_DATA_DEPTH:
        raise FeelLimitError(f"Lists and contexts are nested more than {MAX_DATA_DEPTH} levels deep")
    return depth + 1


def _equal_lists(left: list[Value], right: list[Value], run: Run, depth: int) -> bool | None:
    if len(left) != len(right):
        return False
    depth = _deeper(run, depth, len(left))
    return all(
        equal(lift(a, run), lift(b, run), run, depth) is True for a, b in zip(left, right, strict=True)
    )


def _equal_contexts(left: dict[str, Value], right: dict[str, Value], run: Run, depth: int) -> bool | None:
    if left.keys() != right.keys():
        return False
    depth = _deeper(run, depth, len(left))
    return all(equal(lift(left[key], run), lift(right[key], run), run, depth) is True for key in left)


def _equal_ranges(left: Range, right: Range, run: Run, depth: int) -> bool | None:
    if (left.low_included, left.high_included) != (right.low_included, right.high_included):
        return False
    if left.comparison != right.comparison:
        return False
    depth = _deeper(run, depth, 2)
    return equal(left.low, right.low, run, depth) is True and equal(left.high, right.high, run, depth) is True


def contains(bounds: Range, value: Value, run: Run) -> bool | None:
    """Whether `value` lies in the range; None where it cannot be compared with the ends."""
    if bounds.comparison == "=":
        return equal(value, bounds.low, run)
    if bounds.comparison == "!=":
        same = equal(value, bounds.low, run)
        return None if same is None else not same
    if not bounds.comparison and (bounds.low is None or bounds.high is None):
        return None
    low: bool | None = True
    high: bool | None = True
    if bounds.low is not None:
        low = order(">=" if bounds.low_included else ">", value, bounds.low)
    if bounds.high is not None:
        high = order("<=" if bounds.high_included else "<", value, bounds.high)
    if low is False or high is False:
        return False
    if low is None or high is None or (bounds.low is None and bounds.high is None):
        return None
    return True


def matches_test(value: Value, test: Value, run: Run) -> bool | None:
    """Whether `value in test` holds: equal to it, or in the list or the range that it is (table 54)."""
    if type(test) is Range:
        if type(value) is Range:
            return equal(value, test, run)
        return contains(test, value, run)
    if type(test) is list:
        if type(value) is list and equal(value, test, run) is True:
            return True
        run.spend(len(test))
        return _any(value, test, run)
    return equal(value, test, run)


def _any(value: Value, tests: list[Value], run: Run) -> bool | None:
    unknown = False
    for test in tests:
        found = contains(test, value, run) if type(test) is Range else equal(value, test, run)
        if found:
            return True
        unknown = unknown or found is None
    return False if not unknown or tests else None
