"""Figures: every number with the very cases behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from workflows.metrics.periods import Period, Step

WHOLE = "all"
"""Key of all periods shown, taken together."""


@dataclass(frozen=True, slots=True)
class Member:
    """One case behind a number."""

    risk_id: str
    at: datetime
    """When it happened, or since when it is so."""
    case_id: str | None = None
    note: str = ""
    """What happened, for those who may read every case."""
    span: timedelta | None = None
    """How long, where the number is about time."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A number: how many cases, or how many days they make together."""

    key: str
    """Of its series: `escalated-committee`."""
    period: str
    """Of its period, or `all`."""
    members: tuple[Member, ...] = ()

    @property
    def count(self) -> int:
        """How many cases."""
        return len(self.members)

    @property
    def days(self) -> float:
        """Days of all cases together, to a tenth."""
        return round(
            sum((one.span or timedelta() for one in self.members), timedelta()) / timedelta(days=1), 1
        )

    @property
    def median_days(self) -> float | None:
        """Days of the case in the middle, to a tenth; None where there is none."""
        spans = [one.span / timedelta(days=1) for one in self.members if one.span is not None]
        return round(median(spans), 1) if spans else None


@dataclass(frozen=True, slots=True)
class Series:
    """One number over time, period by period."""

    key: str
    label: str
    meaning: str
    """What is counted, as a sentence."""
    cells: tuple[Cell, ...]
    """One a period, oldest first."""
    is_stock: bool = False
    """True for what stands at the end of each period; else it is what happened within it."""

    @property
    def last(self) -> Cell:
        """The newest period's number."""
        return self.cells[-1]

    @property
    def whole(self) -> Cell:
        """All periods together; for a stock, the newest one."""
        if self.is_stock:
            return self.last
        return Cell(self.key, WHOLE, tuple(one for cell in self.cells for one in cell.members))


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning in words, and the number that it comes from."""

    key: str
    sentence: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, both with their cases."""

    part: Cell
    whole: Cell

    @property
    def percent(self) -> int | None:
        """Whole percent, half up; None of nothing."""
        if not self.whole.count:
            return None
        return (200 * self.part.count + self.whole.count) // (2 * self.whole.count)


@dataclass(frozen=True, slots=True)
class Figures:
    """All measures, as the record stood at `as_of`."""

    as_of: datetime
    step: Step
    periods: tuple[Period, ...]
    series: Mapping[str, Series]
    """By key."""
    shares: Mapping[str, Share] = field(default_factory=dict)
    """By key: `settled-well`, `escalated`, `changed`."""
    warnings: tuple[Warned, ...] = ()

    def cell(self, key: str, period: str) -> Cell | None:
        """The number under these keys; None where there is none."""
        share, _, side = key.rpartition(".")
        if share in self.shares and period == WHOLE:
            return {"part": self.shares[share].part, "whole": self.shares[share].whole}.get(side)
        series = self.series.get(key)
        if series is None:
            return None
        if period == WHOLE:
            return series.whole
        return next((cell for cell in series.cells if cell.period == period), None)


@dataclass(frozen=True, slots=True)
class CaseBehind:
    """A case behind a number, as a page lists it."""

    risk_id: str
    risk_title: str
    at: datetime
    case_id: str | None
    """None where there is no case, or the reader may not read it."""
    note: str
    days: float | None


@dataclass(frozen=True, slots=True)
class CasesPage:
    """The cases behind one number."""

    key: str
    label: str
    meaning: str
    period: str
    """In words: "March 2026", "12 months to 31 March 2026"."""
    as_of: datetime
    rows: tuple[CaseBehind, ...]
    """Of this page, newest first."""
    total: int
    page: int
    pages: int
    days: float | None
    """Of all of them together, where the number is about time."""
    withheld: int = 0
    """How many are confidential, and counted without being shown to this reader."""
