"""Date and time functions (DMN 1.3 §10.3.4.6, 1.4 §10.3.4.10): calendar facts, now and today."""

from __future__ import annotations

from decimal import Decimal

from ..arithmetic import date_at
from ..compare import KINDS, equal, sort_key
from ..far import day_number
from ..limits import Run
from ..temporal import AnyDate, AnyDateTime, date_of, show
from ..values import Value
from .registry import builtin

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


def _date(value: AnyDate | AnyDateTime) -> AnyDate:
    return date_of(value) if KINDS[type(value)] == "date and time" else value  # type: ignore[return-value, arg-type]


@builtin("day of year(date: date)", "day of year(date: date and time)")
def day_of_year(run: Run, value: AnyDate | AnyDateTime) -> Value:
    """Which day of its year, from 1."""
    day = _date(value)
    return Decimal(day.toordinal() - day_number(day.year, 1, 1) + 1)


@builtin("day of week(date: date)", "day of week(date: date and time)")
def day_of_week(run: Run, value: AnyDate | AnyDateTime) -> Value:
    """The English name of the day of the week."""
    return _DAYS[(_date(value).toordinal() + 6) % 7]


@builtin("month of year(date: date)", "month of year(date: date and time)")
def month_of_year(run: Run, value: AnyDate | AnyDateTime) -> Value:
    """The English name of the month."""
    return _MONTHS[_date(value).month - 1]


@builtin("week of year(date: date)", "week of year(date: date and time)")
def week_of_year(run: Run, value: AnyDate | AnyDateTime) -> Value:
    """Which week of its year as ISO 8601 counts: week 1 holds the year's first Thursday."""
    number = _date(value).toordinal()
    thursday = number - (number + 6) % 7 + 3
    day = date_at(thursday)
    return None if day is None else Decimal((thursday - day_number(day.year, 1, 1)) // 7 + 1)


@builtin("now()")
def now(run: Run) -> Value:
    """The moment of the evaluation."""
    return run.now()


@builtin("today()")
def today(run: Run) -> Value:
    """The date of the evaluation's moment, in that moment's own offset or zone."""
    return run.now().date()


@builtin("is(value1: Any|null, value2: Any|null)", "is(value1: Any|null)", "is(value2: Any|null)")
def is_(run: Run, value1: Value, value2: Value = None) -> Value:
    """Whether two values are the same element of one type: 12:00Z and 13:00+01:00 are equal, but not the
    same.
    """
    kind = KINDS.get(type(value1))
    if kind != KINDS.get(type(value2)):
        return False
    if kind in ("time", "date and time"):
        return show(value1) == show(value2) and sort_key(value1) == sort_key(value2)
    if kind in ("list", "context", "range", "function"):
        return equal(value1, value2, run) is True
    return bool(value1 == value2)
