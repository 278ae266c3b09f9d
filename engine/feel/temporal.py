"""Dates, times and durations from text and back to text (ISO 8601 as XML Schema and DMN 1.3 §10.3.2.3
narrow it).

Seconds are kept to the microsecond; further digits are cut off.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from .far import MAX_YEAR, FarDate, FarDateTime, days_in_month, from_day_number
from .values import Value, YearsMonthsDuration

AnyDate = date | FarDate
AnyDateTime = datetime | FarDateTime

_DATE = r"(?P<year>-?(?:[1-9]\d{4,8}|\d{4}))-(?P<month>\d\d)-(?P<day>\d\d)"
_TIME = (
    r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d+))?"
    r"(?:(?P<utc>[Zz])|(?P<offset>[+-]\d\d:\d\d(?::\d\d)?)|@(?P<zone>[A-Za-z][\w+-]*(?:/[\w+-]+)*))?"
)
_DATE_TEXT = re.compile(_DATE, re.ASCII)
_TIME_TEXT = re.compile(_TIME, re.ASCII)
_DATE_TIME_TEXT = re.compile(f"{_DATE}(?:T{_TIME})?", re.ASCII)
_MONTHS = re.compile(r"(-)?P(?=\d)(?:(\d{1,12})Y)?(?:(\d{1,12})M)?", re.ASCII)
_DAYS = re.compile(
    r"(-)?P(?=\d|T\d)(?:(\d{1,12})D)?(?:T(?=\d)(?:(\d{1,15})H)?(?:(\d{1,15})M)?(?:(\d{1,15})(?:\.(\d*))?S)?)?",
    re.ASCII,
)


def make_date(year: int, month: int, day: int) -> AnyDate | None:
    """The date, or None where there is no such day."""
    if not (-MAX_YEAR <= year <= MAX_YEAR and 1 <= month <= 12 and 1 <= day <= days_in_month(year, month)):
        return None
    return date(year, month, day) if 1 <= year <= 9999 else FarDate(year, month, day)


def join(day: AnyDate, clock: time) -> AnyDateTime:
    """The date and time of a date and a time, with the time's offset or zone."""
    return FarDateTime(day, clock) if isinstance(day, FarDate) else datetime.combine(day, clock)


def date_of(moment: AnyDateTime) -> AnyDate:
    """The date part."""
    return moment.day if isinstance(moment, FarDateTime) else moment.date()


def time_of(moment: AnyDateTime) -> time:
    """The time part, with the offset or zone."""
    return moment.clock if isinstance(moment, FarDateTime) else moment.timetz()


def parse_date(text: str) -> AnyDate | None:
    """A date from `YYYY-MM-DD` (a sign and up to nine digits of year allowed); None where it is none."""
    match = _DATE_TEXT.fullmatch(text)
    return make_date(int(match["year"]), int(match["month"]), int(match["day"])) if match else None


def parse_time(text: str) -> time | None:
    """A time from `hh:mm:ss[.fff][Z|±hh:mm[:ss]|@Zone/Id]`, a leading T allowed; None where it is none."""
    match = _TIME_TEXT.fullmatch(text.removeprefix("T"))
    return _clock(match) if match else None


def parse_date_time(text: str) -> AnyDateTime | None:
    """A date and time from `<date>T<time>`, or from a date alone (midnight); None where it is none."""
    match = _DATE_TIME_TEXT.fullmatch(text)
    if not match:
        return None
    day = make_date(int(match["year"]), int(match["month"]), int(match["day"]))
    ends_day = match["hour"] == "24"
    clock = time() if match["hour"] is None else _clock(match, hour=0 if ends_day else None)
    if day is None or clock is None or not ends_day:
        return None if day is None or clock is None else join(day, clock)
    if clock.replace(tzinfo=None) != time():
        return None
    following = make_date(*from_day_number(day.toordinal() + 1))  # 24:00:00 is the next day's beginning
    return None if following is None else join(following, clock)


def parse_duration(text: str) -> timedelta | YearsMonthsDuration | None:
    """A duration of either kind from ISO 8601; None where it is none."""
    match = _MONTHS.fullmatch(text)
    if match and (match[2] or match[3]):
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        if months > 24 * MAX_YEAR:
            return None
        return YearsMonthsDuration(-months if match[1] else months)
    match = _DAYS.fullmatch(text)
    if not match:
        return None
    fraction = ((match[6] or "") + "000000")[:6]
    try:
        length = timedelta(
            days=int(match[2] or 0),
            hours=int(match[3] or 0),
            minutes=int(match[4] or 0),
            seconds=int(match[5] or 0),
            microseconds=int(fraction),
        )
        return -length if match[1] else length
    except OverflowError:
        return None


def parse_at_literal(text: str) -> Value:
    """The value of `@"text"`: a date, time, date and time or duration; None where it is none of them."""
    for read in (parse_date, parse_time, parse_date_time, parse_duration):
        value = read(text)
        if value is not None:
            return value
    return None


def offset_zone(length: timedelta) -> tzinfo | None:
    """A fixed offset from UTC, or None where it is larger than 18 hours."""
    if abs(length) > timedelta(hours=18):
        return None
    return timezone(length) if length else UTC


@lru_cache(maxsize=1024)
def named_zone(name: str) -> ZoneInfo | None:
    """The time zone of that name in the IANA database, or None."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # unknown, or no name of a zone at all
        return None


def zone_name(zone: tzinfo | None) -> str | None:
    """The IANA name of a zone; None for a fixed offset."""
    return zone.key if isinstance(zone, ZoneInfo) else None


def offset_of(value: time | AnyDateTime) -> timedelta | None:
    """The offset from UTC; for a time in a named zone, the zone's standard offset. None without either."""
    if isinstance(value, datetime):
        return value.utcoffset()
    clock = value.clock if isinstance(value, FarDateTime) else value
    zone = clock.tzinfo
    if isinstance(zone, ZoneInfo):
        # A time alone has no date to choose between summer and winter by: January of the epoch decides.
        return datetime(1970, 1, 1, clock.hour, clock.minute, tzinfo=zone).utcoffset()
    return clock.utcoffset()


def show(value: Value) -> str:
    """The text of a date, time, date and time or duration, as `string()` gives it."""
    if isinstance(value, datetime):
        return f"{value.date().isoformat()}T{_show_time(value.timetz())}"
    if isinstance(value, FarDateTime):
        return f"{value.day.isoformat()}T{_show_time(value.clock)}"
    if isinstance(value, date | FarDate):
        return value.isoformat()
    if isinstance(value, time):
        return _show_time(value)
    if isinstance(value, timedelta):
        return _show_days(value)
    return str(value)


def _clock(match: re.Match[str], hour: int | None = None) -> time | None:
    zone: tzinfo | None = None
    if match["utc"]:
        zone = UTC
    elif match["offset"]:
        parts = [int(part) for part in match["offset"][1:].split(":")]
        length = timedelta(hours=parts[0], minutes=parts[1], seconds=parts[2] if len(parts) > 2 else 0)
        zone = offset_zone(-length if match["offset"][0] == "-" else length)
    elif match["zone"]:
        zone = named_zone(match["zone"])
    if zone is None and (match["offset"] or match["zone"]):
        return None
    micro = int(((match["fraction"] or "") + "000000")[:6])
    try:
        at = int(match["hour"]) if hour is None else hour
        return time(at, int(match["minute"]), int(match["second"]), micro, tzinfo=zone)
    except ValueError:
        return None


def _show_time(value: time) -> str:
    text = f"{value.hour:02}:{value.minute:02}:{value.second:02}"
    if value.microsecond:
        text += f".{value.microsecond:06}".rstrip("0")
    name = zone_name(value.tzinfo)
    if name:
        return f"{text}@{name}"
    offset = value.utcoffset()
    if offset is None:
        return text
    return text + (show_offset(offset) if offset else "Z")


def show_offset(offset: timedelta) -> str:
    """An offset from UTC as `±hh:mm[:ss]`."""
    seconds = int(abs(offset).total_seconds())
    text = f"{'-' if offset < timedelta(0) else '+'}{seconds // 3600:02}:{seconds // 60 % 60:02}"
    return f"{text}:{seconds % 60:02}" if seconds % 60 else text


def _show_days(value: timedelta) -> str:
    if not value:
        return "PT0S"
    sign, value = ("-", -value) if value < timedelta(0) else ("", value)
    hours, rest = divmod(value.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{value.microseconds:06}".rstrip("0") if value.microseconds else ""
    clock = f"{f'{hours}H' if hours else ''}{f'{minutes}M' if minutes else ''}"
    if seconds or fraction:
        clock += f"{seconds}{fraction}S"
    return f"{sign}P{f'{value.days}D' if value.days else ''}{f'T{clock}' if clock else ''}"
