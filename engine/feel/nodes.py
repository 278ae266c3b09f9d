"""The syntax tree of an expression: plain frozen data, made by the parser, read by the compiler and by
analyses.

`pos` is the offset in the text at which a node begins.
"""

from __future__ import annotations

from dataclasses import dataclass

from .types import FeelType
from .values import Value


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of an expression."""

    pos: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, string, boolean, null or `@"…"` value."""

    value: Value


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable (or, in call position, a function)."""

    name: str


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`first op operand op operand …`, from the left, all of one precedence."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Negate(Node):
    """`-operand`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """`left op right` with one of = != < <= > >=."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """`and` (conjunction) or `or` (disjunction) of all operands."""

    conjunction: bool
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`value between low and high`, both ends included."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`value in test` or `value in (test, …)`."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class OpenRange(Node):
    """`< end`, `>= end`, `= end` or `!= end` standing alone: a unary test, or a range in parentheses."""

    op: str
    end: Node


@dataclass(frozen=True, slots=True)
class RangeOf(Node):
    """`[low..high]` in any of its bracket forms."""

    low: Node
    high: Node
    low_included: bool
    high_included: bool


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`value instance of type`."""

    value: Node
    type: FeelType


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`base.name`."""

    base: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`base[condition]`, where the condition may be a number (an index from 1, or from -1 at the end)."""

    base: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`function(arguments)`; `names` gives the parameter names where they are given, else it is None."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if … then … else if … then … else …` with all its branches side by side."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iteration(Node):
    """`name in domain` or `name in start..end` of a loop."""

    name: str
    domain: Node
    end: Node | None


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for iterations return body`."""

    iterations: tuple[Iteration, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some` or `every` iterations `satisfies` condition."""

    every: bool
    iterations: tuple[Iteration, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class FunctionOf(Node):
    """`function(parameters) body`; `external` ones are refused when they are called."""

    parameters: tuple[tuple[str, FeelType | None], ...]
    body: Node
    external: bool


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    """`[item, …]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    """`{key: value, …}`."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """Unary tests: `-` (no tests, not negated), `test, …` or `not(test, …)`."""

    tests: tuple[Node, ...]
    negated: bool
