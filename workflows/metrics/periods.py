"""Months and quarters, in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from workflows.wording import MONTHS


class Step(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"

    @property
    def months(self) -> int:
        """Calendar months in it."""
        return 1 if self is Step.MONTH else 3


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` until just before `end`."""

    key: str
    """`2026-03`, `2026-Q1`."""
    label: str
    """ "March 2026", "1st quarter 2026"."""
    short: str
    """ "Mar", "Q1"."""
    start: datetime
    end: datetime
    is_open: bool
    """True for the one that is not over at the time of the figures."""


_ORDINALS = ("1st", "2nd", "3rd", "4th")


def periods(began: datetime, as_of: datetime, step: Step, count: int) -> tuple[Period, ...]:
    """The last periods up to that of `as_of`, oldest first: `count` of them, fewer where the record is
    younger."""
    last, first = _number(as_of, step), _number(min(began, as_of), step)
    return tuple(_period(number, as_of, step) for number in range(max(first, last - count + 1), last + 1))


def _number(at: datetime, step: Step) -> int:
    return (at.year * 12 + at.month - 1) // step.months


def _begins(number: int, step: Step) -> datetime:
    year, month = divmod(number * step.months, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC)


def _period(number: int, as_of: datetime, step: Step) -> Period:
    start, end = _begins(number, step), _begins(number + 1, step)
    if step is Step.MONTH:
        name = MONTHS[start.month - 1]
        key, label, short = f"{start:%Y-%m}", f"{name} {start.year}", name[:3]
    else:
        quarter = start.month // 3
        key, short = f"{start.year}-Q{quarter + 1}", f"Q{quarter + 1}"
        label = f"{_ORDINALS[quarter]} quarter {start.year}"
    return Period(key, label, short, start, end, end > as_of)


def end_of(key: str) -> datetime | None:
    """The moment at which the month `2026-03` or the quarter `2026-Q1` ends; None for any other key."""
    year, dash, rest = key.partition("-")
    if not (dash and len(year) == 4 and year.isascii() and year.isdigit() and 1900 <= int(year) <= 9000):
        return None
    if rest in ("Q1", "Q2", "Q3", "Q4"):
        return _begins(int(year) * 4 + int(rest[1]), Step.QUARTER)
    if len(rest) == 2 and rest.isascii() and rest.isdigit() and 1 <= int(rest) <= 12:
        return _begins(int(year) * 12 + int(rest), Step.MONTH)
    return None
