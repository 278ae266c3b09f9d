"""Compiling operators: arithmetic, comparisons, three-valued logic, `between`, `in`, `instance of`,
unary tests.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal

from . import nodes as n
from .arithmetic import OPERATORS, negate
from .compare import equal, matches_test, order
from .compiler import Compiler, compiles
from .conform import conforms
from .errors import FeelLimitError
from .scope import Code, Frame, Scope
from .values import Range, Value

_ORDERS: dict[str, Callable[[Value, Value], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@compiles(n.Arithmetic)
def _arithmetic(c: Compiler, node: n.Arithmetic, frame: Frame) -> Code:
    first = c.compile(node.first, frame)
    text = c.text
    rest = tuple((OPERATORS[op], c.compile(operand, frame), operand.pos) for op, operand in node.rest)
    c.nodes += len(rest)
    if len(rest) == 1:
        compute, second, pos = rest[0]

        def one(s: Scope) -> Value:
            left = first(s)
            right = second(s)
            try:
                return compute(left, right, s.run)
            except FeelLimitError as error:
                error.locate(text, pos)
                raise

        return one

    def chain(s: Scope) -> Value:
        value = first(s)
        for compute, operand, pos in rest:
            right = operand(s)
            try:
                value = compute(value, right, s.run)
            except FeelLimitError as error:
                error.locate(text, pos)
                raise
        return value

    return chain


@compiles(n.Negate)
def _negate(c: Compiler, node: n.Negate, frame: Frame) -> Code:
    operand = c.compile(node.operand, frame)
    return lambda s: negate(operand(s))


@compiles(n.Compare)
def _compare(c: Compiler, node: n.Compare, frame: Frame) -> Code:
    left = c.compile(node.left, frame)
    right = c.compile(node.right, frame)
    if node.op in _ORDERS:
        return _order(node.op, left, right, node.right)
    if node.op == "=":
        return _equals(left, right, node.right)

    def differs(s: Scope) -> Value:
        same = equal(left(s), right(s), s.run)
        return None if same is None else not same

    return differs


def _order(op: str, left: Code, right: Code, right_node: n.Node) -> Code:
    compare = _ORDERS[op]
    if isinstance(right_node, n.Literal) and type(right_node.value) is Decimal:
        bound = right_node.value

        def against_number(s: Scope) -> Value:
            value = left(s)
            return compare(value, bound) if type(value) is Decimal else order(op, value, bound)

        return against_number

    def ordered(s: Scope) -> Value:
        return order(op, left(s), right(s))

    return ordered


def _equals(left: Code, right: Code, right_node: n.Node) -> Code:
    if isinstance(right_node, n.Literal) and type(right_node.value) in (str, bool):
        wanted = right_node.value
        kind = type(wanted)

        def against_literal(s: Scope) -> Value:
            value = left(s)
            if type(value) is kind:
                return value == wanted
            return False if value is None else equal(value, wanted, s.run)

        return against_literal

    def equals(s: Scope) -> Value:
        return equal(left(s), right(s), s.run)

    return equals


@compiles(n.Logic)
def _logic(c: Compiler, node: n.Logic, frame: Frame) -> Code:
    operands = tuple(c.compile(operand, frame) for operand in node.operands)
    decisive = not node.conjunction  # what settles it: a false for `and`, a true for `or`
    if len(operands) == 2:
        first, second = operands

        def two(s: Scope) -> Value:
            left = first(s)
            if left is decisive:
                return decisive
            right = second(s)
            if right is decisive:
                return decisive
            return (not decisive) if left is right is (not decisive) else None

        return two

    def many(s: Scope) -> Value:
        result: bool | None = not decisive
        for operand in operands:
            value = operand(s)
            if value is decisive:
                return decisive
            if value is decisive or value is not (not decisive):
                result = None
        return result

    return many


@compiles(n.Between)
def _between(c: Compiler, node: n.Between, frame: Frame) -> Code:
    value, low, high = (c.compile(part, frame) for part in (node.value, node.low, node.high))

    def between(s: Scope) -> Value:
        found = value(s)
        above = order(">=", found, low(s))
        below = order("<=", found, high(s))
        if above is False or below is False:
            return False
        return None if above is None or below is None else True

    return between


@compiles(n.In)
def _in(c: Compiler, node: n.In, frame: Frame) -> Code:
    value = c.compile(node.value, frame)
    tests = tuple(c.compile(test, frame) for test in node.tests)

    def is_in(s: Scope) -> Value:
        found = value(s)
        result: bool | None = False
        for test in tests:
            matched = matches_test(found, test(s), s.run)
            if matched:
                return True
            if matched is None:
                result = None
        return result

    return is_in


@compiles(n.OpenRange)
def _open_range(c: Compiler, node: n.OpenRange, frame: Frame) -> Code:
    end = c.compile(node.end, frame)
    op = node.op
    included = op in ("<=", ">=")
    if op in ("<", "<="):
        return lambda s: Range(None, end(s), False, included, op)
    if op in (">", ">="):
        return lambda s: Range(end(s), None, included, False, op)

    def point(s: Scope) -> Value:
        value = end(s)
        return Range(value, value, True, True, op)

    return point


@compiles(n.RangeOf)
def _range(c: Compiler, node: n.RangeOf, frame: Frame) -> Code:
    low, high = c.compile(node.low, frame), c.compile(node.high, frame)
    low_included, high_included = node.low_included, node.high_included
    return lambda s: Range(low(s), high(s), low_included, high_included)


@compiles(n.InstanceOf)
def _instance_of(c: Compiler, node: n.InstanceOf, frame: Frame) -> Code:
    value = c.compile(node.value, frame)
    kind = node.type
    return lambda s: conforms(value(s), kind, s.run)
