"""Dates outside the years 1 to 9999, which Python's own dates cannot hold (DMN allows nine digits and a
sign).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

MAX_YEAR = 999_999_999


def is_leap(year: int) -> bool:
    """Whether `year` of the proleptic Gregorian calendar (year 0 exists) is a leap year."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """How many days the month (1 to 12) has."""
    if month == 2:
        return 29 if is_leap(year) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def day_number(year: int, month: int, day: int) -> int:
    """Days since 0001-01-01, which is day 1, as `date.toordinal` counts; for any year."""
    shifted = year - (month <= 2)
    era, year_of_era = divmod(shifted, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 305


def from_day_number(number: int) -> tuple[int, int, int]:
    """Year, month and day of a day counted as `day_number` counts."""
    era, day_of_era = divmod(number + 305, 146_097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * shifted_month + 2) // 5 + 1
    month = shifted_month + 3 if shifted_month < 10 else shifted_month - 9
    return year_of_era + era * 400 + (month <= 2), month, day


@dataclass(frozen=True, slots=True)
class FarDate:
    """A date whose year is below 1 or above 9999."""

    year: int
    month: int
    day: int

    def toordinal(self) -> int:
        """The day's number, as `date.toordinal` counts."""
        return day_number(self.year, self.month, self.day)

    def isoformat(self) -> str:
        """The date as ISO 8601 writes it, with a sign before years below 0."""
        return f"{'-' if self.year < 0 else ''}{abs(self.year):04}-{self.month:02}-{self.day:02}"


@dataclass(frozen=True, slots=True)
class FarDateTime:
    """A date and time whose year is below 1 or above 9999; `clock` is the time with its offset or zone,
    if any.
    """

    day: FarDate
    clock: time
