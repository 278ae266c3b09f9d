"""FEEL's values as Python values, and the taking over of Python data from outside.

    null None · boolean bool · number Decimal · string str · date date · time time · date and time datetime
    days and time duration timedelta · years and months duration YearsMonthsDuration · range Range
    list list · context dict · function Function

Dates outside the years 1 to 9999 are `FarDate` and `FarDateTime` (module far). Numbers follow decimal128.
Data from outside is taken over lazily: a context's entries when they are read, a list when it is first used.
"""

from __future__ import annotations

import decimal
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .errors import FeelDataError, FeelLimitError
from .far import FarDate, FarDateTime
from .limits import MAX_DATA_DEPTH, MAX_DIGITS, MAX_EXPONENT, MAX_LIST, MAX_STRING, Run

if TYPE_CHECKING:
    from .types import FeelType

Value = Any
"""A FEEL value. The language is dynamically typed, so its values are too; every reader checks what it got."""

NUMBERS = decimal.Context(
    prec=MAX_DIGITS,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-MAX_EXPONENT + 1,
    Emax=MAX_EXPONENT,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)
"""The arithmetic of decimal128. Never the thread's own context, whose precision others may change."""


@dataclass(frozen=True, slots=True)
class YearsMonthsDuration:
    """A duration of whole months; `months` may be negative. `P1Y2M` is 14 months."""

    months: int

    def __str__(self) -> str:
        """The duration as ISO 8601 writes it."""
        sign = "-" if self.months < 0 else ""
        years, months = divmod(abs(self.months), 12)
        if not years and not months:
            return "P0M"
        return f"{sign}P{f'{years}Y' if years else ''}{f'{months}M' if months else ''}"


@dataclass(frozen=True, slots=True)
class Range:
    """The values between `low` and `high`.

    `comparison` keeps the operator of a range written as a comparison: of `>= 5`, which has no upper end,
    and of `!= 5`, which is no range proper but is used wherever a unary test is.
    """

    low: Value
    high: Value
    low_included: bool = True
    high_included: bool = True
    comparison: str | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """A function value. `call(run, arguments)` takes positional arguments, already matched to `parameters`.

    `parameters` is None for a built-in function, which matches named arguments itself through `call_named`.
    """

    name: str
    parameters: tuple[tuple[str, FeelType | None], ...] | None
    call: Callable[[Run, list[Value]], Value]
    call_named: Callable[[Run, dict[str, Value]], Value] | None = None
    result: FeelType | None = None


NATIVE = frozenset(
    {
        type(None),
        bool,
        str,
        date,
        time,
        datetime,
        timedelta,
        YearsMonthsDuration,
        dict,
        Range,
        Function,
        FarDate,
        FarDateTime,
    }
)
"""Types whose values need no taking over (a context's entries are taken over when they are read)."""


def lift(value: Value, run: Run | None = None) -> Value:
    """Take a Python value over as a FEEL value.

    ints become Decimals; lists are copied only where an element needs taking over. Raises FeelDataError for
    floats and other unknown kinds, FeelLimitError for what is too large.
    """
    kind = type(value)
    if kind in NATIVE:
        return value
    if kind is Decimal:
        return value if value.is_finite() and value.adjusted() <= MAX_EXPONENT else _refuse(value)
    if kind is list:
        return _lift_list(value, run, 0)
    return _lift_other(value, run, 0)


def _refuse(value: Decimal) -> Value:
    if value.is_finite():
        raise FeelLimitError(f"A number has more than {MAX_EXPONENT:,} digits")
    raise FeelDataError(f"A value is “{value}”, which is no number")


def _lift_other(value: Value, run: Run | None, depth: int) -> Value:
    if isinstance(value, int):
        if value.bit_length() > 4 * MAX_EXPONENT:
            raise FeelLimitError(f"A number has more than {MAX_EXPONENT:,} digits")
        return Decimal(value)
    if isinstance(value, float):
        raise FeelDataError(
            "A value is a binary floating-point number, which cannot hold decimal amounts exactly; "
            "give a whole number, a Decimal or a text instead"
        )
    if isinstance(value, list | tuple):
        return _lift_list(value, run, depth)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, str):
        return str.__str__(value)  # an enum's member, for example
    if isinstance(value, Decimal):
        return lift(Decimal(value))
    if isinstance(value, datetime):
        return datetime.combine(date(value.year, value.month, value.day), value.timetz())
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    raise FeelDataError(f"A value is of the Python type “{type(value).__name__}”, which FEEL does not know")


def _lift_list(items: list[Value] | tuple[Value, ...], run: Run | None, depth: int) -> list[Value]:
    if run is not None:
        if run.lifted is None:
            run.lifted = {}
        known = run.lifted.get(id(items))
        if known is not None:
            return known[1]
    if depth > MAX_DATA_DEPTH:
        raise FeelLimitError(f"Lists are nested more than {MAX_DATA_DEPTH} levels deep")
    if len(items) > MAX_LIST:
        raise FeelLimitError(f"A list has {len(items):,} elements; the limit is {MAX_LIST:,}")
    result = [
        item
        if type(item) in NATIVE
        else _lift_list(item, run, depth + 1)
        if type(item) is list
        else lift(item, run)
        if type(item) is Decimal
        else _lift_other(item, run, depth + 1)
        for item in items
    ]
    if type(items) is list and all(map(operator.is_, result, items)):
        result = items
    if run is not None and run.lifted is not None:
        # The entry keeps both lists alive, so that the id stays theirs during the run.
        run.lifted[id(items)] = (items, result)
    return result


def outward(value: Value, run: Run | None = None) -> Value:
    """A result as plain Python data all through: contexts and lists inside it taken over too.

    Raises FeelDataError and FeelLimitError as `lift` does.
    """
    kind = type(value)
    if kind is dict or kind is list:
        return _outward(value, run or Run(), 0)
    return value


def _outward(value: Value, run: Run, depth: int) -> Value:
    if depth > MAX_DATA_DEPTH:
        raise FeelLimitError(f"Lists and contexts are nested more than {MAX_DATA_DEPTH} levels deep")
    if type(value) is not list and type(value) is not dict:
        value = lift(value, run)
    if type(value) is list:
        run.spend(len(value))
        return [_outward(item, run, depth + 1) for item in value]
    if type(value) is dict:
        run.spend(len(value))
        for key in value:
            if not isinstance(key, str):
                raise FeelDataError(
                    f"A context's key is of the Python type “{type(key).__name__}”; keys are texts"
                )
        return {key: _outward(item, run, depth + 1) for key, item in value.items()}
    return value


def check_text(text: str) -> str:
    """The same text; raises FeelLimitError where it is longer than a string may be."""
    if len(text) > MAX_STRING:
        raise FeelLimitError(f"A text would have {len(text):,} characters; the limit is {MAX_STRING:,}")
    return text
