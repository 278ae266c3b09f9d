"""A table's column as a finite number of segments, in each of which every condition of the column is
constant.

Where conditions compare the input with constants only, the constants part its values into segments: below the
smallest, each constant itself, what lies between two, above the largest; for texts, each one named and all
others.
One example of a segment then stands for all of it, so the conditions need only be tried on the examples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.feel import nodes as n
from engine.feel.compare import KINDS, order
from engine.feel.compiler import Compiler
from engine.feel.errors import FeelError
from engine.feel.expression import UnaryTests
from engine.feel.formatting import literal_of
from engine.feel.limits import Run
from engine.feel.scope import Scope
from engine.feel.values import Value, YearsMonthsDuration

INPUT = "?"
_CONSTANT_FUNCTIONS = frozenset(("date", "time", "date and time", "duration"))
_ORDERED = frozenset(
    ("number", "date", "time", "date and time", "days and time duration", "years and months duration")
)
_OTHER_TEXT = "any other text"


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a column's values: an example of it, and the part as a unary test that a person can read.

    In a column with an order, `low` and `high` are the ends as FEEL literals (None where it has no end; the
    same for a single value), so that neighbours can be read as one.
    """

    example: Value
    text: str
    low: str | None = None
    high: str | None = None

    @property
    def ordered(self) -> bool:
        """Whether the segment has a place among others."""
        return self.low is not None or self.high is not None

    @property
    def point(self) -> bool:
        """Whether the segment is one value."""
        return self.low is not None and self.low == self.high


ANYTHING = Segment(None, "-")
"""All of a column of which nothing is asked."""


class NotConstantError(Exception):
    """A condition uses variables or computes, so it cannot be told without data when it holds."""


def constants(tests: n.Tests) -> list[Value]:
    """The constants that the tests compare the input with; raises NotConstantError where they do
    anything else.
    """
    found: list[Value] = []
    pending: list[n.Node] = list(tests.tests)
    while pending:
        node = pending.pop()
        if _is_constant(node):
            found.append(_value(node))
        elif isinstance(node, n.Name) and node.name == INPUT:
            found += [True, False]  # the input itself decides
        else:
            pending += _parts(node)
    return found


def _parts(node: n.Node) -> tuple[n.Node, ...]:
    """What of a condition is to be looked at further; raises NotConstantError where it is more than
    comparisons.
    """
    match node:
        case n.OpenRange(end=end) if _is_constant(end):
            return (end,)
        case n.RangeOf(low=low, high=high) if _is_constant(low) and _is_constant(high):
            return (low, high)
        case n.ListOf(items=items):
            return items
        case n.Logic(operands=operands) if all(_decides(part) for part in operands):
            return operands
        case n.Compare(left=left, right=right):
            if _is_input(left) and _is_constant(right):
                return (right,)
            if _is_input(right) and _is_constant(left):
                return (left,)
        case n.Between(value=value, low=low, high=high):
            if _is_input(value) and _is_constant(low) and _is_constant(high):
                return (low, high)
        case n.In(value=value, tests=tests) if _is_input(value):
            return tests
        case n.Call(function=n.Name(name="not"), arguments=(argument,), names=None) if _decides(argument):
            return (argument,)
    raise NotConstantError


def _decides(node: n.Node) -> bool:
    """Whether the node is itself a comparison of the input, so that it may stand in `and`, `or` and `not`."""
    return isinstance(node, n.Compare | n.Between | n.In | n.Logic) or (
        isinstance(node, n.Call) and isinstance(node.function, n.Name) and node.function.name == "not"
    )


def _is_input(node: n.Node) -> bool:
    return isinstance(node, n.Name) and node.name == INPUT


def _is_constant(node: n.Node) -> bool:
    if isinstance(node, n.Negate):
        return isinstance(node.operand, n.Literal)
    if isinstance(node, n.Call):
        named = isinstance(node.function, n.Name) and node.function.name in _CONSTANT_FUNCTIONS
        return named and all(_is_constant(argument) for argument in node.arguments)
    return isinstance(node, n.Literal)


def _value(node: n.Node) -> Value:
    if isinstance(node, n.Literal):
        return node.value
    try:
        return Compiler("").compile(node)(Scope({}, None, Run()))
    except FeelError as error:
        raise NotConstantError from error


def segments(points: list[Value], kind: str | None, allowed: UnaryTests | None) -> tuple[Segment, ...]:
    """The segments of a column whose conditions name these constants, within its allowed values.

    `kind` is the column's type where it is declared. Raises NotConstantError where the constants are of
    several kinds or of one that has no order and is no text.
    """
    kinds = {KINDS[type(point)] for point in points} - {"Null"}
    if kind == "boolean" or kinds == {"boolean"}:
        kinds = {"boolean"}
    if len(kinds) > 1:
        raise NotConstantError
    found: list[Segment] = []
    if kinds:
        (only,) = kinds
        if only == "boolean":
            found = [Segment(True, "true"), Segment(False, "false")]
        elif only == "string":
            found = list(_texts({point for point in points if point is not None}))
        elif only in _ORDERED:
            found = list(_stretches([point for point in points if point is not None]))
        else:
            raise NotConstantError
    if None in points:
        found.append(Segment(None, "null"))
    if allowed is not None:
        run = Run()
        found = [part for part in found if part.example is None or allowed.run(part.example, {}, run) is True]
    return tuple(found)


def _texts(named: set[str]) -> Iterator[Segment]:
    for text in sorted(named):
        yield Segment(text, literal_of(text))
    other = _OTHER_TEXT
    while other in named:
        other += "!"
    yield Segment(other, f"not({', '.join(literal_of(text) for text in sorted(named))})")


def _stretches(points: list[Value]) -> Iterator[Segment]:
    """The points in ascending order, and what lies before, between and after them, where anything does."""
    ordered: list[Value] = []
    for point in sorted(points, key=_place):
        if not ordered or order("<", ordered[-1], point):
            ordered.append(point)
    step = _STEPS[KINDS[type(ordered[0])]]
    below = step(ordered[0], -1)
    if below is not None:
        first = literal_of(ordered[0])
        yield Segment(below, f"< {first}", None, first)
    for low, high in zip(ordered, [*ordered[1:], None], strict=True):
        start = literal_of(low)
        yield Segment(low, start, start, start)
        if high is None:
            break
        between = _between(low, high, step)
        if between is not None:
            end = literal_of(high)
            yield Segment(between, f"({start}..{end})", start, end)
    above = step(ordered[-1], 1)
    if above is not None:
        last = literal_of(ordered[-1])
        yield Segment(above, f"> {last}", last, None)


def _place(point: Value) -> Value:
    if isinstance(point, YearsMonthsDuration):
        return point.months
    if isinstance(point, datetime | time):
        if point.tzinfo is not None:
            raise NotConstantError  # no example is of every zone
        return point
    return point


def _between(low: Value, high: Value, step: Callable[[Value, int], Value]) -> Value:
    """A value between two: the next round one, or the middle; None where there is none."""
    following = step(low, 1)
    if following is not None and order("<", following, high):
        return following
    if type(low) is Decimal:
        return (low + high) / 2
    if type(low) in (datetime, timedelta):
        middle = low + (high - low) / 2
        return middle if low < middle < high else None
    return None


def _next_number(point: Decimal, direction: int) -> Decimal:
    floor = point.to_integral_value(rounding="ROUND_FLOOR" if direction > 0 else "ROUND_CEILING")
    return floor + direction


def _next_day(point: Value, direction: int) -> Value:
    try:
        return point + timedelta(days=direction)
    except (OverflowError, TypeError):  # beyond the years that examples are given of
        return None


def _next_minute(point: time, direction: int) -> time | None:
    moved = datetime.combine(date(2000, 1, 2), point) + timedelta(minutes=direction)
    return moved.time() if moved.date() == date(2000, 1, 2) else None


_STEPS: dict[str, Callable[[Value, int], Value]] = {
    "number": _next_number,
    "date": _next_day,
    "date and time": _next_day,
    "days and time duration": _next_day,
    "time": _next_minute,
    "years and months duration": lambda point, direction: YearsMonthsDuration(point.months + direction),
}


def text_of(parts: tuple[Segment, ...], mask: int) -> str:
    """Those of the segments that the bits of `mask` name, as unary tests, neighbours of an ordered
    column joined.
    """
    texts: list[str] = []
    place = 0
    while place < len(parts):
        if not mask >> place & 1:
            place += 1
            continue
        last = place
        while (
            parts[place].ordered
            and last + 1 < len(parts)
            and mask >> last + 1 & 1
            and parts[last + 1].ordered
        ):
            last += 1
        texts.append(_joined(parts[place], parts[last]))
        place = last + 1
    return ", ".join(texts)


def _joined(first: Segment, last: Segment) -> str:
    if first is last:
        return first.text
    if first.low is None and last.high is None:
        return "-"
    if first.low is None:
        return f"{'<=' if last.point else '<'} {last.high}"
    if last.high is None:
        return f"{'>=' if first.point else '>'} {first.low}"
    return f"{'[' if first.point else '('}{first.low}..{last.high}{']' if last.point else ')'}"
