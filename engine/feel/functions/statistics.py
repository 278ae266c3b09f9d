"""Totals, averages and truths of lists (DMN 1.3 §10.3.4.4): sum, mean, min, max, median, stddev, mode,
all, any.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from ..arithmetic import add, divide, multiply, subtract
from ..compare import KINDS, order
from ..limits import Run
from ..values import NUMBERS, Value, lift
from .registry import builtin


def _numbers(items: list[Value], run: Run) -> list[Decimal] | None:
    """The elements, all of them numbers; else None."""
    run.spend(len(items))
    found = [lift(item, run) for item in items]
    return found if all(type(item) is Decimal for item in found) else None


@builtin("sum(list: list)", "sum(list: Any...)")
def sum_(run: Run, items: list[Value]) -> Value:
    """The sum of numbers; null of none."""
    numbers = _numbers(items, run)
    if not numbers:
        return None
    total = numbers[0]
    for number in numbers[1:]:
        total = add(total, number, run)
    return total


@builtin("product(list: list)", "product(list: Any...)")
def product(run: Run, items: list[Value]) -> Value:
    """The product of numbers; null of none."""
    numbers = _numbers(items, run)
    if not numbers:
        return None
    total = numbers[0]
    for number in numbers[1:]:
        total = multiply(total, number, run)
    return total


@builtin("mean(list: list)", "mean(list: Any...)")
def mean(run: Run, items: list[Value]) -> Value:
    """The arithmetic mean of numbers; null of none."""
    numbers = _numbers(items, run)
    return divide(sum_(run, numbers), Decimal(len(numbers)), run) if numbers else None


@builtin("median(list: list)", "median(list: Any...)")
def median(run: Run, items: list[Value]) -> Value:
    """The middle number, or the mean of the two in the middle; null of none."""
    numbers = _numbers(items, run)
    if not numbers:
        return None
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return divide(add(ordered[middle - 1], ordered[middle], run), Decimal(2), run)


@builtin("stddev(list: list)", "stddev(list: Any...)")
def stddev(run: Run, items: list[Value]) -> Value:
    """The standard deviation of a sample of numbers; null of fewer than two."""
    numbers = _numbers(items, run)
    if not numbers or len(numbers) < 2:
        return None
    average = divide(sum_(run, numbers), Decimal(len(numbers)), run)
    distances = [subtract(number, average, run) for number in numbers]
    squares = [multiply(distance, distance, run) for distance in distances]
    return NUMBERS.sqrt(divide(sum_(run, squares), Decimal(len(numbers) - 1), run))


@builtin("mode(list: list)", "mode(list: Any...)")
def mode(run: Run, items: list[Value]) -> Value:
    """The numbers that occur most often, in ascending order; an empty list of none."""
    numbers = _numbers(items, run)
    if numbers is None:
        return None
    counted = Counter(numbers)
    most = max(counted.values(), default=0)
    return sorted(number for number, times in counted.items() if times == most)


def _extreme(op: str, items: list[Value], run: Run) -> Value:
    if not items:
        return None
    run.spend(len(items))
    best = lift(items[0], run)
    if KINDS.get(type(best)) in ("Null", "boolean", "list", "context", "range", "function"):
        return None
    for item in items[1:]:
        value = lift(item, run)
        ahead = order(op, value, best)
        if ahead is None:
            return None
        if ahead:
            best = value
    return best


@builtin("min(list: list)", "min(list: Any...)")
def min_(run: Run, items: list[Value]) -> Value:
    """The smallest of comparable values; null of none."""
    return _extreme("<", items, run)


@builtin("max(list: list)", "max(list: Any...)")
def max_(run: Run, items: list[Value]) -> Value:
    """The largest of comparable values; null of none."""
    return _extreme(">", items, run)


def _truth(items: list[Value], decisive: bool, run: Run) -> bool | None:
    run.spend(len(items))
    result: bool | None = not decisive
    for item in items:
        if type(item) is bool and item == decisive:
            return decisive
        if type(item) is not bool:
            result = None
    return result


@builtin("all(list: list)", "all(list: Any...)")
def all_(run: Run, items: list[Value]) -> Value:
    """False if an element is false, else true if all are true, else null; true of none."""
    return _truth(items, False, run)


@builtin("any(list: list)", "any(list: Any...)")
def any_(run: Run, items: list[Value]) -> Value:
    """True if an element is true, else false if all are false, else null; false of none."""
    return _truth(items, True, run)
