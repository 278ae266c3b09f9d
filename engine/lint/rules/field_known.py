"""An expression asks a task only for fields that its form has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from difflib import get_close_matches

from engine.feel import FeelError, compile_expression, nodes
from engine.lint.expressions import expressions
from engine.lint.subject import Fault, Rule, Subject, called_process
from engine.lint.types import Severity

TALLY = frozenset({"outcome", "reason", "seated", "recused", "voted", "counts"})
"""What a vote's tally holds (`engine.spiff.voting`)."""


def check(subject: Subject) -> Iterator[Fault]:
    """Fields that no form has: their value would always be missing."""
    known = _fields(subject)
    calls = _called(subject)
    for call, elements in calls.items():
        known[call] = frozenset(elements)
        for element in elements & known.keys():
            known[f"{call}.{element}"] = known[element]
    for place in expressions(subject):
        try:
            tree = compile_expression(place.text).tree
        except FeelError:
            continue
        for base, field in sorted(set(_asked(tree))):
            given = known.get(base)
            if given is None or field in given:
                continue
            near = get_close_matches(field, sorted(given), 1)
            advice = f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(sorted(given))}."
            what = (
                f"what “{base}” calls has no such element"
                if base in calls
                else (f"the form of “{base}” has no such field")
            )
            yield Fault(
                place.at,
                f"{place.at} asks for “{base}.{field}”, and {what}. {advice}",
                Severity.WARNING,
            )


def _fields(subject: Subject) -> dict[str, frozenset[str]]:
    """Id of each element with a form to the fields its answers may have."""
    found: dict[str, frozenset[str]] = {}
    for node in subject.nodes:
        keys = (subject.known.form_fields or {}).get(node.own("form") or "")
        if not keys or not node.id:
            continue
        several = {"seat"} if node.parts("multiInstanceLoopCharacteristics") else set()
        found[node.id] = frozenset({key.partition(".")[0] for key in keys} | several)
        if several:
            found[f"{node.id}_tally"] = TALLY
        else:
            found[f"{node.id}_rounds"] = found[node.id]
    return found


def _called(subject: Subject) -> dict[str, frozenset[str]]:
    """Id of each call activity to what its result holds: the elements of the process it calls."""
    within: dict[str, set[str]] = {}
    for node in subject.nodes:
        if node.id:
            names = within.setdefault((node.container.process or node.container).id, set())
            names.add(node.id)
            if node.parts("multiInstanceLoopCharacteristics"):
                names.add(f"{node.id}_tally")
    return {
        node.id: frozenset(within[called_process(node)])
        for node in subject.of("callActivity")
        if called_process(node) in within
    }


def _asked(tree: object) -> Iterator[tuple[str, str]]:
    """Names and the fields asked of them: `a.x`, `a[…].x` of a list, and `a.x` and `a.x.y` of `a.x.y`."""
    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, nodes.Path):
            base = node.base
            while isinstance(base, nodes.Filter):
                base = base.base
            if isinstance(base, nodes.Name):
                yield base.name, node.name
            elif isinstance(base, nodes.Path) and isinstance(base.base, nodes.Name):
                yield f"{base.base.name}.{base.name}", node.name
        if isinstance(node, tuple):
            pending.extend(node)
        elif isinstance(node, nodes.Node) and is_dataclass(node):
            pending.extend(getattr(node, field.name) for field in fields(node))


RULE = Rule("field-known", check)
