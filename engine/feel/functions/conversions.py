"""Conversion functions (DMN 1.3 §10.3.4.1) and `not` (§10.3.4.2)."""

from __future__ import annotations

import decimal
import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from ..conform import as_index
from ..far import FarDate
from ..formatting import text_of
from ..limits import Run
from ..temporal import (
    AnyDate,
    AnyDateTime,
    date_of,
    join,
    make_date,
    named_zone,
    offset_zone,
    parse_date,
    parse_date_time,
    parse_duration,
    parse_time,
    time_of,
)
from ..values import NUMBERS, Value, YearsMonthsDuration
from .registry import builtin

_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


@builtin("not(negand: Any|null)")
def not_(run: Run, value: Value) -> Value:
    """The opposite of a boolean; null for anything else."""
    return not value if type(value) is bool else None


@builtin("date(from: string)")
def date_from_text(run: Run, text: str) -> Value:
    """The date written in ISO 8601."""
    return parse_date(text)


@builtin("date(from: date)")
def date_from_date(run: Run, day: AnyDate) -> Value:
    """The date itself."""
    return day


@builtin("date(from: date and time)")
def date_from_moment(run: Run, moment: AnyDateTime) -> Value:
    """The date part."""
    return date_of(moment)


@builtin("date(year: number, month: number, day: number)")
def date_from_parts(run: Run, year: Decimal, month: Decimal, day: Decimal) -> Value:
    """The date of a year, month and day; null where there is none."""
    parts = [as_index(part) for part in (year, month, day)]
    return None if None in parts else make_date(*parts)  # type: ignore[arg-type]  # none is None here


@builtin("time(from: string)")
def time_from_text(run: Run, text: str) -> Value:
    """The time written in ISO 8601."""
    return parse_time(text)


@builtin("time(from: time)")
def time_from_time(run: Run, clock: time) -> Value:
    """The time itself."""
    return clock


@builtin("time(from: date and time)")
def time_from_moment(run: Run, moment: AnyDateTime) -> Value:
    """The time part, with its offset or zone."""
    return time_of(moment)


@builtin("time(from: date)")
def time_from_date(run: Run, day: AnyDate) -> Value:
    """Midnight UTC."""
    return time(tzinfo=UTC)


@builtin("time(hour: number, minute: number, second: number, [offset: days and time duration|null])")
def time_from_parts(
    run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None
) -> Value:
    """The time of an hour, minute and second (which may have a fraction), with an offset from UTC if
    given.
    """
    whole_hour, whole_minute = as_index(hour), as_index(minute)
    zone = None if offset is None else offset_zone(offset)
    if (
        whole_hour is None
        or whole_minute is None
        or not 0 <= second < 60
        or (offset is not None and zone is None)
    ):
        return None
    micros = int((second % 1) * 1_000_000)
    if not (0 <= whole_hour < 24 and 0 <= whole_minute < 60):
        return None
    return time(whole_hour, whole_minute, int(second), micros, tzinfo=zone)


@builtin("date and time(from: string)")
def moment_from_text(run: Run, text: str) -> Value:
    """The date and time written in ISO 8601; of a date alone, its midnight."""
    return parse_date_time(text)


@builtin("date and time(date: date, time: time)")
def moment_from_date(run: Run, day: AnyDate, clock: time) -> Value:
    """A date and a time joined."""
    return join(day, clock)


@builtin("date and time(date: date and time, time: time)")
def moment_from_moment(run: Run, moment: AnyDateTime, clock: time) -> Value:
    """The date part of a date and time joined with a time."""
    return join(date_of(moment), clock)


@builtin("date and time(date: date and time, timezone: string)")
def moment_in_zone(run: Run, moment: AnyDateTime, timezone: str) -> Value:
    """The same moment on the clocks of another time zone."""
    zone = named_zone(timezone)
    if zone is None or not isinstance(moment, datetime) or moment.tzinfo is None:
        return None
    try:
        return moment.astimezone(zone)
    except OverflowError:  # in the first or the last hours of the years that Python's dates know
        return None


@builtin("duration(from: string)")
def duration(run: Run, text: str) -> Value:
    """The duration of either kind written in ISO 8601."""
    return parse_duration(text)


@builtin("duration(from: days and time duration)", "duration(from: years and months duration)")
def duration_from_duration(run: Run, length: Value) -> Value:
    """The duration itself."""
    return length


@builtin(
    "years and months duration(from: date, to: date)",
    "years and months duration(from: date and time, to: date and time)",
    "years and months duration(from: date, to: date and time)",
    "years and months duration(from: date and time, to: date)",
)
def years_and_months_duration(run: Run, start: Value, end: Value) -> Value:
    """The whole months between two dates; negative if the second is earlier."""
    first, last = (value if type(value) in (date, FarDate) else date_of(value) for value in (start, end))
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return YearsMonthsDuration(months)


@builtin(
    "number(from: string, [grouping separator: string|null], [decimal separator: string|null])",
)
def number(run: Run, text: str, grouping: str | None = None, point: str | None = None) -> Value:
    """The number written in a string, with a grouping separator (space, comma, period) and a decimal one."""
    if grouping not in (None, " ", ",", ".") or point not in (None, ".", ","):
        return None
    if grouping is not None and grouping == point:
        return None
    if grouping:
        text = text.replace(grouping, "")
    if point:
        text = text.replace(point, ".")
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return NUMBERS.create_decimal(text)
    except decimal.DecimalException:
        return None


@builtin("number(from: number)")
def number_from_number(run: Run, value: Decimal) -> Value:
    """The number itself."""
    return value


@builtin("string(from: Any|null)")
def string(run: Run, value: Value) -> Value:
    """The value as text; null for null."""
    return None if value is None else text_of(value, run)
