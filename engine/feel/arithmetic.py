"""Arithmetic on numbers, strings, dates and durations (DMN 1.3 §10.3.2.8, tables 56 to 64); null where
undefined.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from .compare import KINDS, time_line
from .errors import FeelLimitError
from .far import MAX_YEAR, FarDate, days_in_month, from_day_number
from .limits import MAX_EXPONENT, Run
from .temporal import AnyDate, AnyDateTime, date_of, join, make_date, time_of
from .values import NUMBERS, Value, YearsMonthsDuration

_ADD = NUMBERS.add
_SUBTRACT = NUMBERS.subtract
_MULTIPLY = NUMBERS.multiply
_DIVIDE = NUMBERS.divide
_POWER = NUMBERS.power
_MICROSECOND = timedelta(microseconds=1)
_DAY = 86_400_000_000
_DATE, _TIME, _MOMENT = "date", "time", "date and time"
_DAYS, _MONTHS = "days and time duration", "years and months duration"


def _numbers(compute: Callable[[Decimal, Decimal], Decimal], left: Decimal, right: Decimal) -> Decimal | None:
    try:
        return compute(left, right)
    except decimal.Overflow as error:
        raise FeelLimitError(f"A number would have more than {MAX_EXPONENT:,} digits") from error
    except decimal.DecimalException:  # division by zero, zero to the power of zero, root of a negative number
        return None


def add(left: Value, right: Value, run: Run) -> Value:
    """`left + right`: numbers, strings joined, a date or time later by a duration, the sum of two
    durations.
    """
    if type(left) is Decimal and type(right) is Decimal:
        return _numbers(_ADD, left, right)
    if type(left) is str and type(right) is str:
        run.spend_string(len(left) + len(right))
        return left + right
    kinds = KINDS.get(type(left)), KINDS.get(type(right))
    if kinds[0] in (_DAYS, _MONTHS) and kinds[1] not in (_DAYS, _MONTHS):
        left, right, kinds = right, left, (kinds[1], kinds[0])
    if kinds[1] == _DAYS:
        return _shift(left, kinds[0], right)
    if kinds[1] == _MONTHS:
        return _shift_months(left, kinds[0], right.months)
    return None


def subtract(left: Value, right: Value, run: Run) -> Value:
    """`left - right`: numbers, a date or time earlier by a duration, the time between two, durations."""
    if type(left) is Decimal and type(right) is Decimal:
        return _numbers(_SUBTRACT, left, right)
    kinds = KINDS.get(type(left)), KINDS.get(type(right))
    if kinds[1] == _DAYS:
        return _shift(left, kinds[0], -right)
    if kinds[1] == _MONTHS:
        return _shift_months(left, kinds[0], -right.months)
    if kinds == (_TIME, _TIME) or (kinds[0] in (_DATE, _MOMENT) and kinds[1] in (_DATE, _MOMENT)):
        return _between(left, right)
    return None


def multiply(left: Value, right: Value, run: Run) -> Value:
    """`left * right`: two numbers, or a duration and a number."""
    if type(left) is Decimal and type(right) is Decimal:
        return _numbers(_MULTIPLY, left, right)
    if type(left) is Decimal:
        left, right = right, left
    if type(right) is not Decimal:
        return None
    if type(left) is timedelta:
        return _days(_numbers(_MULTIPLY, Decimal(left // _MICROSECOND), right))
    if type(left) is YearsMonthsDuration:
        return _months(_numbers(_MULTIPLY, Decimal(left.months), right))
    return None


def divide(left: Value, right: Value, run: Run) -> Value:
    """`left / right`: two numbers, a duration by a number, or two durations of one kind; null for a zero
    divisor.
    """
    if type(left) is Decimal and type(right) is Decimal:
        return _numbers(_DIVIDE, left, right)
    if type(left) is timedelta:
        micros = Decimal(left // _MICROSECOND)
        if type(right) is timedelta:
            return _numbers(_DIVIDE, micros, Decimal(right // _MICROSECOND))
        if type(right) is Decimal:
            return _days(_numbers(_DIVIDE, micros, right))
    if type(left) is YearsMonthsDuration:
        if type(right) is YearsMonthsDuration:
            return _numbers(_DIVIDE, Decimal(left.months), Decimal(right.months))
        if type(right) is Decimal:
            return _months(_numbers(_DIVIDE, Decimal(left.months), right))
    return None


def power(left: Value, right: Value, run: Run) -> Value:
    """`left ** right` of two numbers."""
    if type(left) is Decimal and type(right) is Decimal:
        run.spend(10 if right == right.to_integral_value() else 200)  # a root takes two series
        return _numbers(_POWER, left, right)
    return None


def negate(value: Value) -> Value:
    """`-value` of a number or a duration."""
    if type(value) is Decimal:
        return value.copy_negate() if value else Decimal(0)
    if type(value) is timedelta:
        return -value
    if type(value) is YearsMonthsDuration:
        return YearsMonthsDuration(-value.months)
    return None


OPERATORS: dict[str, Callable[[Value, Value, Run], Value]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
}


def _days(micros: Decimal | None) -> timedelta | None:
    if micros is None:
        return None
    if abs(micros) >= Decimal(999_999_999) * _DAY:
        raise FeelLimitError("A duration would be longer than 999,999,999 days")
    return timedelta(microseconds=int(micros))


def _months(months: Decimal | None) -> YearsMonthsDuration | None:
    if months is None:
        return None
    return make_months(int(months)) if abs(months) < Decimal(10) ** 15 else make_months(10**15)


def make_months(months: int) -> YearsMonthsDuration:
    """A duration of that many months; raises FeelLimitError beyond what a date can be moved by."""
    if abs(months) > MAX_YEAR * 24:
        raise FeelLimitError(f"A duration would be longer than {MAX_YEAR * 2:,} years")
    return YearsMonthsDuration(months)


def _shift(value: Value, kind: str | None, by: timedelta) -> Value:
    """A date, time, date and time or duration moved by days and time."""
    if kind == _DAYS:
        try:
            return value + by
        except OverflowError as error:
            raise FeelLimitError("A duration would be longer than 999,999,999 days") from error
    if kind == _DATE:
        # A date counts as midnight; what is left of the duration's day is dropped with the time.
        return date_at((value.toordinal() * _DAY + by // _MICROSECOND) // _DAY)
    if kind == _TIME:
        place = (_place(value) + by // _MICROSECOND) % _DAY
        return _clock(place).replace(tzinfo=value.tzinfo)
    if kind == _MOMENT:
        return shift_moment(value, by)
    return None


def shift_moment(value: AnyDateTime, by: timedelta) -> AnyDateTime | None:
    """A date and time moved by days and time on its own clock's face, its offset or zone kept."""
    clock = time_of(value)
    days, place = divmod(date_of(value).toordinal() * _DAY + _place(clock) + by // _MICROSECOND, _DAY)
    day = date_at(days)
    return None if day is None else join(day, _clock(place).replace(tzinfo=clock.tzinfo))


def date_at(number: int) -> AnyDate | None:
    """The date of a day's number; None outside the years that FEEL knows."""
    if 1 <= number <= 3_652_059:
        return date.fromordinal(number)
    year, month, day = from_day_number(number)
    return FarDate(year, month, day) if abs(year) <= MAX_YEAR else None


def _shift_months(value: Value, kind: str | None, months: int) -> Value:
    """A date, date and time or duration moved by months; a day the month lacks becomes the month's last."""
    if kind == _MONTHS:
        return make_months(value.months + months)
    if kind == _DATE:
        year, month = divmod(value.year * 12 + value.month - 1 + months, 12)
        return make_date(year, month + 1, min(value.day, days_in_month(year, month + 1)))
    if kind == _MOMENT:
        day = _shift_months(date_of(value), _DATE, months)
        return None if day is None else join(day, time_of(value))
    return None


def _between(left: Value, right: Value) -> timedelta | None:
    """The time from `right` to `left`; a date counts as its midnight in UTC. None if only one has an
    offset.
    """
    zoned, places = [], []
    for value in (left, right):
        if isinstance(value, FarDate) or type(value) is date:
            value = join(value, time(tzinfo=UTC))
        has_zone, place = time_line(value)
        zoned.append(has_zone)
        places.append(place)
    if zoned[0] != zoned[1]:
        return None
    try:
        return timedelta(microseconds=places[0] - places[1])
    except OverflowError as error:
        raise FeelLimitError("A duration would be longer than 999,999,999 days") from error


def _place(clock: time) -> int:
    return ((clock.hour * 60 + clock.minute) * 60 + clock.second) * 1_000_000 + clock.microsecond


def _clock(place: int) -> time:
    seconds, micros = divmod(place, 1_000_000)
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60, micros)


def midnight(day: AnyDate) -> AnyDateTime:
    """A date as a date and time, which DMN takes at midnight UTC."""
    return (
        datetime(day.year, day.month, day.day, tzinfo=UTC)
        if isinstance(day, date)
        else join(day, time(tzinfo=UTC))
    )
