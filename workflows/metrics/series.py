"""Makes series of facts: what happened within each period, or what stands at the end of each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from workflows.metrics.periods import Period
from workflows.metrics.types import Cell, Member, Series


def flow(key: str, label: str, meaning: str, periods: Sequence[Period], members: Iterable[Member]) -> Series:
    """What happened, by the period it happened in; what lies before the first is left out."""
    found: dict[str, list[Member]] = {period.key: [] for period in periods}
    starts = [period.start for period in periods]
    for member in sorted(members, key=_order):
        place = bisect_right(starts, member.at)
        if place:
            found[periods[place - 1].key].append(member)
    return Series(key, label, meaning, tuple(Cell(key, each, tuple(of)) for each, of in found.items()))


def stock(
    key: str,
    label: str,
    meaning: str,
    periods: Sequence[Period],
    as_of: datetime,
    standing: Callable[[datetime], Iterable[Member]],
) -> Series:
    """What stands at the end of each period; of the one that is not over, at the time of the figures."""
    cells = tuple(
        Cell(key, period.key, tuple(sorted(standing(close_of(period, as_of)), key=_order)))
        for period in periods
    )
    return Series(key, label, meaning, cells, is_stock=True)


def close_of(period: Period, as_of: datetime) -> datetime:
    """The last moment of a period, or the time of the figures where that comes first."""
    return min(period.end - timedelta(microseconds=1), as_of)


def _order(member: Member) -> tuple[datetime, str, str]:
    return member.at, member.risk_id, member.case_id or ""
