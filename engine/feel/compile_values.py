"""Compiling values and the ways into them: literals, names, lists, contexts, paths and filters."""

from __future__ import annotations

from decimal import Decimal

from . import nodes as n
from .compiler import Compiler, compiles
from .conform import as_index
from .errors import FeelLimitError
from .functions import BUILTINS
from .properties import read_path
from .scope import ITEM, Code, Frame, Scope, inside_filter, is_bound, loader
from .values import NATIVE, Value, lift


@compiles(n.Literal)
def _literal(c: Compiler, node: n.Literal, frame: Frame) -> Code:
    value = node.value
    return lambda s: value


@compiles(n.Name)
def _name(c: Compiler, node: n.Name, frame: Frame) -> Code:
    if not is_bound(frame, node.name):
        (c.possible if inside_filter(frame) else c.names).add(node.name)
    builtin = BUILTINS.get(node.name)
    return loader(frame, node.name, builtin.as_value() if builtin else None)


@compiles(n.ListOf)
def _list(c: Compiler, node: n.ListOf, frame: Frame) -> Code:
    items = tuple(c.compile(item, frame) for item in node.items)
    return lambda s: [item(s) for item in items]


@compiles(n.ContextOf)
def _context(c: Compiler, node: n.ContextOf, frame: Frame) -> Code:
    known: frozenset[str] = frozenset()
    entries = []
    for key, value in node.entries:
        # A function may call itself by its entry's name; any other entry's own name means the one outside.
        own = known | {key} if isinstance(value, n.FunctionOf) else known
        entries.append((key, c.compile(value, Frame(own, frame))))
        known |= {key}
    if len(known) < len(entries):  # one name twice: no context
        return lambda s: None
    code = tuple(entries)

    def build(s: Scope) -> Value:
        variables: dict[str, Value] = {}
        inner = Scope(variables, s, s.run)
        for key, value in code:
            variables[key] = value(inner)
        return variables

    return build


@compiles(n.Path)
def _path(c: Compiler, node: n.Path, frame: Frame) -> Code:
    base = c.compile(node.base, frame)
    name = node.name

    def read(s: Scope) -> Value:
        value = base(s)
        if type(value) is dict:
            entry = value.get(name)
            return entry if type(entry) in NATIVE else lift(entry, s.run)
        return read_path(value, name, s.run)

    return read


@compiles(n.Filter)
def _filter(c: Compiler, node: n.Filter, frame: Frame) -> Code:
    base = c.compile(node.base, frame)
    inner = Frame(None, Frame(frozenset({ITEM}), frame))
    condition, cost = c.measured(node.condition, inner)
    text, pos = c.text, node.condition.pos

    def matching(s: Scope) -> Value:
        found = base(s)
        items = found if type(found) is list else [] if found is None else [found]
        run = s.run
        try:
            run.spend(len(items) * (cost + 1))
        except FeelLimitError as error:
            error.locate(text, pos)
            raise
        kept = []
        holder: dict[str, Value] = {}
        middle = Scope(holder, s, run)
        level = Scope(holder, middle, run)
        for item in items or (None,):
            item = item if type(item) in NATIVE else lift(item, run)
            # A scope of its own for each element: a function made in the condition may outlive it.
            middle = Scope({ITEM: item}, s, run)
            level = Scope(item if type(item) is dict else {}, middle, run)
            verdict = condition(level)
            if verdict is True:
                kept.append(item)
            elif type(verdict) is Decimal:
                return _at(items, verdict)
        return kept if items else []

    return matching


def _at(items: list[Value], index: Decimal) -> Value:
    """The element at an index from 1, or from -1 backwards; null where there is none."""
    place = as_index(index)
    if place is None or place == 0 or abs(place) > len(items):
        return None
    return lift(items[place - 1] if place > 0 else items[place])
