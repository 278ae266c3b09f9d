"""Ranges as sequences: what a loop over `1..5` or `[@"2026-01-01"..@"2026-01-31"]` runs through."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from .arithmetic import date_at
from .errors import FeelLimitError
from .far import FarDate
from .limits import MAX_LIST, Run
from .values import Range, Value


def span(bounds: Value, run: Run) -> list[Value] | None:
    """The whole numbers or days of a range, or of a pair from the first to the second (downwards too).

    None where it cannot be counted through, such as a range that runs backwards; raises FeelLimitError where
    it is too long.
    """
    if type(bounds) is Range:
        if bounds.comparison:
            return None
        low, high, skip_low, skip_high = (
            bounds.low, bounds.high, not bounds.low_included, not bounds.high_included,
        )  # fmt: skip
    elif type(bounds) is tuple:
        (low, high), skip_low, skip_high = bounds, False, False
    else:
        return None
    if type(low) is Decimal and type(high) is Decimal:
        if low != low.to_integral_value() or high != high.to_integral_value():
            return None
        if type(bounds) is Range and low > high:
            return None
        return [Decimal(number) for number in _numbers(int(low), int(high), skip_low, skip_high, run)]
    days = (date, FarDate)
    if type(low) in days and type(high) in days:
        if type(bounds) is Range and low.toordinal() > high.toordinal():
            return None
        return [date_at(day) for day in _numbers(low.toordinal(), high.toordinal(), skip_low, skip_high, run)]
    return None


def _numbers(low: int, high: int, skip_low: bool, skip_high: bool, run: Run) -> range:
    if abs(high - low) >= MAX_LIST:
        raise FeelLimitError(f"A range would have more than {MAX_LIST:,} elements")
    step = 1 if high >= low else -1
    numbers = range(low + skip_low * step, high + step - skip_high * step, step)
    run.spend(len(numbers))
    return numbers
