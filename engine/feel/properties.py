"""What `value.name` reads: a context's entry, or a property of a date, time, duration or range (DMN 1.3
table 65).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from .compare import KINDS
from .limits import Run
from .temporal import AnyDateTime, date_of, offset_of, time_of, zone_name
from .values import NATIVE, Range, Value, lift

_SECOND = timedelta(seconds=1)


def _weekday(value: Value) -> Decimal:
    return Decimal((value.toordinal() + 6) % 7 + 1)


def _whole(read: Callable[[Value], int]) -> Callable[[Value], Value]:
    return lambda value: Decimal(read(value))


def _days_part(part: Callable[[int], int]) -> Callable[[Value], Value]:
    """A field of a days and time duration, which has the duration's sign."""

    def read(value: timedelta) -> Value:
        seconds = abs(value) // _SECOND
        return Decimal(-part(seconds) if value < timedelta(0) else part(seconds))

    return read


def _months_part(part: Callable[[int], int]) -> Callable[[Value], Value]:
    return lambda value: Decimal(-part(-value.months) if value.months < 0 else part(value.months))


def _range_flag(read: Callable[[Range], bool]) -> Callable[[Value], Value]:
    return lambda value: read(value)


_DATE: dict[str, Callable[[Value], Value]] = {
    "year": _whole(lambda value: value.year),
    "month": _whole(lambda value: value.month),
    "day": _whole(lambda value: value.day),
    "weekday": _weekday,
}
_TIME: dict[str, Callable[[Value], Value]] = {
    "hour": _whole(lambda value: value.hour),
    "minute": _whole(lambda value: value.minute),
    "second": _whole(lambda value: value.second),
    "time offset": offset_of,
    "timezone": lambda value: zone_name(value.tzinfo),
}


def _of_moment(
    part: Callable[[AnyDateTime], Value], read: Callable[[Value], Value]
) -> Callable[[Value], Value]:
    return lambda value: read(part(value))


PROPERTIES: dict[str, dict[str, Callable[[Value], Value]]] = {
    "date": _DATE,
    "time": _TIME,
    "date and time": {name: _of_moment(date_of, read) for name, read in _DATE.items()}
    | {name: _of_moment(time_of, read) for name, read in _TIME.items()}
    | {"time offset": offset_of},
    "days and time duration": {
        "days": _days_part(lambda seconds: seconds // 86_400),
        "hours": _days_part(lambda seconds: seconds // 3600 % 24),
        "minutes": _days_part(lambda seconds: seconds // 60 % 60),
        "seconds": _days_part(lambda seconds: seconds % 60),
    },
    "years and months duration": {
        "years": _months_part(lambda months: months // 12),
        "months": _months_part(lambda months: months % 12),
    },
    "range": {
        "start": lambda value: value.low,
        "end": lambda value: value.high,
        "start included": _range_flag(lambda value: value.low_included),
        "end included": _range_flag(lambda value: value.high_included),
    },
}
"""The properties of each kind of value that is no context, by the FEEL type's name."""


def read_path(value: Value, name: str, run: Run) -> Value:
    """`value.name`; of a list, the list of each element's; null where there is no such entry or property."""
    kind = type(value)
    if kind is dict:
        entry = value.get(name)
        return entry if type(entry) in NATIVE else lift(entry, run)
    if kind is list:
        run.spend_list(len(value))
        return [read_path(lift(item, run), name, run) for item in value]
    table = PROPERTIES.get(KINDS.get(kind, ""))
    read = table.get(name) if table else None
    return read(value) if read else None
