"""From syntax tree to closures: each node becomes one Python function of a `Scope`, compiled once, run
many times.

Nothing here calls `eval` or reads an attribute named by an expression: a path is a look-up in a context's
own dict or in the fixed table of a temporal value's properties.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from . import nodes as n
from .scope import ROOT, Code, Frame

Node = TypeVar("Node", bound=n.Node)
CompileNode = Callable[["Compiler", Node, Frame], Code]

_TABLE: dict[type[n.Node], Callable[[Compiler, n.Node, Frame], Code]] = {}


def compiles(kind: type[Node]) -> Callable[[CompileNode[Node]], CompileNode[Node]]:
    """Register a function as the one that compiles nodes of `kind`."""

    def register(function: CompileNode[Node]) -> CompileNode[Node]:
        _TABLE[kind] = function  # type: ignore[assignment]  # keyed by the node's own type, which mypy cannot relate
        return function

    return register


class Compiler:
    """Compiles one tree; afterwards knows the names it takes from outside and how many nodes it has.

    Attributes: `text` for errors' places; `functions` the names that the model declares as functions and
    that stand before the built-in ones; `names` the free variables; `possible` those that an element of a
    filtered list may hold instead; `warnings` sentences on calls that never have a value; `nodes` how many
    nodes were compiled so far, which is what one pass over the tree costs.
    """

    def __init__(self, text: str, functions: frozenset[str] = frozenset()) -> None:
        self.text = text
        self.functions = functions
        self.names: set[str] = set()
        self.possible: set[str] = set()
        self.warnings: list[str] = []
        self.nodes = 0

    def compile(self, node: n.Node, frame: Frame = ROOT) -> Code:
        """The code of a node whose surroundings are `frame`."""
        self.nodes += 1
        return _TABLE[type(node)](self, node, frame)

    def measured(self, node: n.Node, frame: Frame) -> tuple[Code, int]:
        """The code of a node that is run repeatedly, and how many steps each run counts for."""
        before = self.nodes
        code = self.compile(node, frame)
        return code, self.nodes - before
