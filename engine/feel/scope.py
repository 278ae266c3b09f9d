"""Scopes at run time, and how a name is found in them, which is settled when an expression is compiled.

A `Frame` is what the compiler knows of a scope. Names bound by the expression itself (loop variables,
parameters, earlier entries of a context) are known then; what an element of a filtered list holds, and what
the data outside holds, is only known at run time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .limits import Run
from .values import NATIVE, Value, lift

ITEM = "item"
"""The element that a filter's condition is tried on."""


class Scope:
    """Variables at run time: those of this level, the level around it, and the evaluation they belong to."""

    __slots__ = ("run", "up", "vars")

    def __init__(self, variables: dict[str, Value], up: Scope | None, run: Run) -> None:
        self.vars = variables
        self.up: Any = up  # None at the root alone, which no compiled code goes above
        self.run = run


Code = Callable[[Scope], Value]
"""A compiled expression."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What is known of a scope at compile time: its names; None where any name may be in it at run time."""

    names: frozenset[str] | None
    up: Frame | None = None


ROOT = Frame(None)
"""The data of the case or the decision."""


def is_bound(frame: Frame | None, name: str) -> bool:
    """Whether the expression itself binds the name."""
    while frame is not None:
        if frame.names is not None and name in frame.names:
            return True
        frame = frame.up
    return False


def inside_filter(frame: Frame | None) -> bool:
    """Whether a filter's element may hold further names."""
    while frame is not None and frame.up is not None:
        if frame.names is None:
            return True
        frame = frame.up
    return False


def loader(frame: Frame, name: str, otherwise: Value = None) -> Code:
    """Code that reads the variable `name`; gives `otherwise` where no scope has it."""
    levels: list[int] = []
    depth = 0
    at: Frame | None = frame
    while at is not None:
        if at.names is None:
            levels.append(depth)
        elif name in at.names:
            levels.append(depth)
            break
        depth += 1
        at = at.up
    if len(levels) == 1:
        return _one_level(levels[0], name, otherwise)
    return _several_levels(tuple(levels), name, otherwise)


def _one_level(depth: int, name: str, otherwise: Value) -> Code:
    if depth == 0:

        def here(s: Scope) -> Value:
            value = s.vars.get(name, otherwise)
            return value if type(value) in NATIVE else lift(value, s.run)

        return here
    if depth == 1:

        def above(s: Scope) -> Value:
            value = s.up.vars.get(name, otherwise)
            return value if type(value) in NATIVE else lift(value, s.run)

        return above

    def far_above(s: Scope) -> Value:
        scope = s
        for _ in range(depth):
            scope = scope.up
        value = scope.vars.get(name, otherwise)
        return value if type(value) in NATIVE else lift(value, s.run)

    return far_above


def _several_levels(levels: tuple[int, ...], name: str, otherwise: Value) -> Code:
    def search(s: Scope) -> Value:
        depth = 0
        scope = s
        for level in levels:
            while depth < level:
                scope = scope.up
                depth += 1
            if name in scope.vars:
                value = scope.vars[name]
                return value if type(value) in NATIVE else lift(value, s.run)
        return otherwise

    return search
