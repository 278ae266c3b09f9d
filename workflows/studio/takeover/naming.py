"""Expressions of other tools in FEEL, with their variables named as Parley names answers: by the step."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

from lxml import etree

from engine.feel import FeelError, compile_expression, nodes
from engine.feel.translate import translate
from workflows.studio.takeover.diagrams import Diagram
from workflows.studio.takeover.questions import key_of
from workflows.studio.takeover.survey import Survey

MOST_CHOICES = 12
_FEEL, _JUEL = re.compile(r"\s*=(?!=)"), re.compile(r"\s*[$#]\{")
_PLAIN = (
    nodes.Arithmetic,
    nodes.Between,
    nodes.Compare,
    nodes.In,
    nodes.ListOf,
    nodes.Literal,
    nodes.Logic,
    nodes.Name,
    nodes.Negate,
    nodes.OpenRange,
    nodes.Path,
    nodes.RangeOf,
)
"""Parts of an expression in which a name is a variable, and nothing gives names of its own."""


@dataclass(frozen=True, slots=True)
class Translated:
    """An expression in FEEL."""

    texts: tuple[str, ...]
    """What it may be: several where several steps ask for the same."""
    unknown: tuple[str, ...]
    """Variables that no form, table or message of the files gives."""
    steps: tuple[str, ...]
    """Ids, as they are in the file, of the elements it then names."""
    changed: bool
    """Whether it differs from what the file says."""


def in_feel(survey: Survey, diagram: Diagram, node: etree._Element, text: str) -> Translated | None:
    """An expression at an element in FEEL; None where that cannot be told. Nothing is ever evaluated."""
    feel = _as_feel(text)
    if feel is None:
        return None
    try:
        expression = compile_expression(feel)
    except FeelError:
        return None
    places = sorted(_variables(expression.tree))
    process = diagram.process_of(node)
    given = {name: _givers(survey, diagram, process, name) for _, name in places}
    plain = _is_plain(expression.tree)
    unknown = tuple(name for name in sorted(given) if not given[name])
    if not plain and any(each != [(name, name)] for name, each in given.items()):
        return None
    names = [name for name in sorted(given) if given[name]]
    if math.prod(len(given[name]) for name in names) > MOST_CHOICES:
        return None
    several = itertools.product(*(given[name] for name in names))
    texts, steps = [], []
    for chosen in several:
        by_name = dict(zip(names, chosen, strict=True))
        texts.append(_renamed(feel, places, {name: each[0] for name, each in by_name.items()}))
        steps += [step for _, step in by_name.values()]
    same = text.strip()[1:].strip() if _FEEL.match(text) else text.strip()
    return Translated(tuple(dict.fromkeys(texts)), unknown, tuple(dict.fromkeys(steps)), texts != [same])


def _as_feel(text: str) -> str | None:
    source = text.strip()
    if _FEEL.match(source):
        return source[1:].strip()
    if not _JUEL.match(source):
        try:
            compile_expression(source)
        except FeelError:
            return translate(source)
        return source
    return translate(source)


def _givers(
    survey: Survey, diagram: Diagram, process: etree._Element | None, name: str
) -> list[tuple[str, str]]:
    """What a variable is in Parley, and the element that gives it, for each that may be meant."""
    found: list[tuple[str, str]] = []
    for known in dict.fromkeys((name, key_of(name))):
        found = found or list(survey.variables.get((diagram.path, process, known), []))
    found += [(key, key) for key in survey.results.get((diagram.path, name), ())]
    own = diagram.by_id(name)
    if not found and own is not None and diagram.process_of(own) is process and own is not process:
        found.append((name, name))
    return found


def _variables(tree: object) -> Iterator[tuple[int, str]]:
    """Where each variable stands in the text, and its name."""
    for node in _parts(tree):
        if isinstance(node, nodes.Name):
            yield node.pos, node.name


def _is_plain(tree: object) -> bool:
    return all(
        isinstance(node, _PLAIN) or (isinstance(node, nodes.Call) and _is_not(node)) for node in _parts(tree)
    )


def _is_not(call: nodes.Call) -> bool:
    return isinstance(call.function, nodes.Name) and call.function.name == "not" and call.names is None


def _parts(tree: object) -> Iterator[nodes.Node]:
    """All nodes of a syntax tree but the names of functions."""
    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, tuple):
            pending.extend(node)
        elif isinstance(node, nodes.Node) and is_dataclass(node):
            yield node
            left_out = {"function"} if isinstance(node, nodes.Call) else set()
            pending.extend(getattr(node, each.name) for each in fields(node) if each.name not in left_out)


def _renamed(text: str, places: list[tuple[int, str]], names: dict[str, str]) -> str:
    parts, at = [], 0
    for pos, name in places:
        if name in names and text.startswith(name, pos):
            parts += [text[at:pos], names[name]]
            at = pos + len(name)
    return "".join((*parts, text[at:]))
