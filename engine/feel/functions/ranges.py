"""How points and ranges lie to each other (DMN 1.3 §10.3.4.9, after Allen's interval algebra), and
`range()`.
"""

from __future__ import annotations

from decimal import Decimal

from .. import nodes as n
from ..arithmetic import negate
from ..compare import KINDS, order
from ..errors import FeelSyntaxError
from ..limits import Run
from ..parser import parse_expression
from ..values import Range, Value
from .registry import BUILTINS, builtin

_UNORDERED = ("Null", "boolean", "list", "context", "range", "function")


def _less(left: Value, right: Value) -> bool | None:
    return order("<", left, right)


def _same(left: Value, right: Value) -> bool | None:
    below, above = order("<", left, right), order(">", left, right)
    return None if below is None or above is None else not below and not above


def _all(*parts: bool | None) -> bool | None:
    if False in parts:
        return False
    return None if None in parts else True


def _any(*parts: bool | None) -> bool | None:
    if True in parts:
        return True
    return None if None in parts else False


def _point(value: Value) -> bool:
    return KINDS.get(type(value)) not in _UNORDERED


def _ends(*ranges: Range) -> bool:
    """Whether every range has both its ends."""
    return all(_point(end) for bounds in ranges for end in (bounds.low, bounds.high))


def _before_range(left: Range, right: Range) -> bool | None:
    touching = not left.high_included or not right.low_included
    return _any(_less(left.high, right.low), _all(touching, _same(left.high, right.low)))


def _meets(left: Range, right: Range) -> bool | None:
    return _all(left.high_included, right.low_included, _same(left.high, right.low))


def _starts_before(left: Range, right: Range) -> bool | None:
    earlier = left.low_included and not right.low_included
    return _any(_less(left.low, right.low), _all(earlier, _same(left.low, right.low)))


def _ends_before(left: Range, right: Range) -> bool | None:
    earlier = not left.high_included and right.high_included
    return _any(_less(left.high, right.high), _all(earlier, _same(left.high, right.high)))


def _same_start(left: Range, right: Range) -> bool | None:
    return _all(left.low_included == right.low_included, _same(left.low, right.low))


def _same_end(left: Range, right: Range) -> bool | None:
    return _all(left.high_included == right.high_included, _same(left.high, right.high))


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _within(point: Value, bounds: Range) -> bool | None:
    return _all(
        order(">=" if bounds.low_included else ">", point, bounds.low),
        order("<=" if bounds.high_included else "<", point, bounds.high),
    )


def _disjoint(left: Range, right: Range) -> bool | None:
    return _any(_before_range(left, right), _before_range(right, left))


@builtin(
    "before(point1: Any, point2: Any)",
    "before(point: Any, range: Any)",
    "before(range: Any, point: Any)",
    "before(range1: Any, range2: Any)",
)
def before(run: Run, left: Value, right: Value) -> Value:
    """Whether the first lies wholly before the second; each may be a point or a range."""
    if type(left) is Range and type(right) is Range:
        return _before_range(left, right) if _ends(left, right) else None
    if type(left) is Range:
        return _any(_less(left.high, right), _all(not left.high_included, _same(left.high, right)))
    if type(right) is Range:
        return _any(_less(left, right.low), _all(not right.low_included, _same(left, right.low)))
    return _less(left, right)


@builtin(
    "after(point1: Any, point2: Any)",
    "after(point: Any, range: Any)",
    "after(range: Any, point: Any)",
    "after(range1: Any, range2: Any)",
)
def after(run: Run, left: Value, right: Value) -> Value:
    """Whether the first lies wholly after the second; each may be a point or a range."""
    return before(run, right, left)


@builtin("meets(range1: range, range2: range)")
def meets(run: Run, left: Range, right: Range) -> Value:
    """Whether the first ends with the very point with which the second starts."""
    return _meets(left, right) if _ends(left, right) else None


@builtin("met by(range1: range, range2: range)")
def met_by(run: Run, left: Range, right: Range) -> Value:
    """Whether the first starts with the very point with which the second ends."""
    return meets(run, right, left)


@builtin("overlaps(range1: range, range2: range)")
def overlaps(run: Run, left: Range, right: Range) -> Value:
    """Whether the two have a point in common."""
    return _not(_disjoint(left, right)) if _ends(left, right) else None


@builtin("overlaps before(range1: range, range2: range)")
def overlaps_before(run: Run, left: Range, right: Range) -> Value:
    """Whether the first starts before the second, and ends within it."""
    if not _ends(left, right):
        return None
    return _all(_starts_before(left, right), _not(_disjoint(left, right)), _not(_ends_before(right, left)))


@builtin("overlaps after(range1: range, range2: range)")
def overlaps_after(run: Run, left: Range, right: Range) -> Value:
    """Whether the first starts within the second, and ends after it."""
    if not _ends(left, right):
        return None
    return _all(_not(_starts_before(left, right)), _not(_disjoint(left, right)), _ends_before(right, left))


@builtin("finishes(point: Any, range: range)", "finishes(range1: range, range2: range)")
def finishes(run: Run, left: Value, right: Range) -> Value:
    """Whether the first, a point or a range, is the end of the second."""
    if type(left) is not Range:
        return _all(right.high_included, _same(left, right.high))
    return _all(_same_end(left, right), _not(_starts_before(left, right))) if _ends(left, right) else None


@builtin("finished by(range: range, point: Any)", "finished by(range1: range, range2: range)")
def finished_by(run: Run, left: Range, right: Value) -> Value:
    """Whether the second, a point or a range, is the end of the first."""
    return finishes(run, right, left)


@builtin("includes(range: range, point: Any)", "includes(range1: range, range2: range)")
def includes(run: Run, left: Range, right: Value) -> Value:
    """Whether all of the second, a point or a range, lies in the first."""
    if type(right) is not Range:
        return _within(right, left) if _ends(left) else None
    return (
        _all(_not(_starts_before(right, left)), _not(_ends_before(left, right)))
        if _ends(left, right)
        else None
    )


@builtin("during(point: Any, range: range)", "during(range1: range, range2: range)")
def during(run: Run, left: Value, right: Range) -> Value:
    """Whether all of the first, a point or a range, lies in the second."""
    return includes(run, right, left)


@builtin("starts(point: Any, range: range)", "starts(range1: range, range2: range)")
def starts(run: Run, left: Value, right: Range) -> Value:
    """Whether the first, a point or a range, is the beginning of the second."""
    if type(left) is not Range:
        return _all(right.low_included, _same(left, right.low))
    return _all(_same_start(left, right), _not(_ends_before(right, left))) if _ends(left, right) else None


@builtin("started by(range: range, point: Any)", "started by(range1: range, range2: range)")
def started_by(run: Run, left: Range, right: Value) -> Value:
    """Whether the second, a point or a range, is the beginning of the first."""
    return starts(run, right, left)


@builtin("coincides(point1: Any, point2: Any)", "coincides(range1: range, range2: range)")
def coincides(run: Run, left: Value, right: Value) -> Value:
    """Whether two points, or two ranges, are the same."""
    if type(left) is Range and type(right) is Range:
        return _all(_same_start(left, right), _same_end(left, right)) if _ends(left, right) else None
    return _same(left, right)


_LITERAL_FUNCTIONS = ("date", "time", "date and time", "duration")


@builtin("range(from: string)")
def range_(run: Run, text: str) -> Value:
    """The range written in a string, with literals (or `date("…")` and the like) at both ends; else null."""
    run.spend(len(text))
    try:
        tree = parse_expression(text)
    except FeelSyntaxError:
        return None
    if not isinstance(tree, n.RangeOf):
        return None
    low, high = _literal(tree.low, run), _literal(tree.high, run)
    if low is None or high is None or order("<=", low, high) is not True:
        return None
    return Range(low, high, tree.low_included, tree.high_included)


def _literal(node: n.Node, run: Run) -> Value:
    """The value of an end that is written out; None for anything else."""
    if isinstance(node, n.Literal):
        return node.value
    if (
        isinstance(node, n.Negate)
        and isinstance(node.operand, n.Literal)
        and type(node.operand.value) is Decimal
    ):
        return negate(node.operand.value)
    if not isinstance(node, n.Call) or not isinstance(node.function, n.Name) or node.names:
        return None
    arguments = [part.value for part in node.arguments if isinstance(part, n.Literal)]
    if node.function.name not in _LITERAL_FUNCTIONS or len(arguments) != len(node.arguments):
        return None
    return BUILTINS[node.function.name].bind(len(arguments), None)(run, arguments)
