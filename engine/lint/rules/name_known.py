"""An expression names only what the policy gives."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from engine.diagrams.xml import BPMN
from engine.feel import FeelError, compile_expression
from engine.lint.expressions import expressions
from engine.lint.subject import Fault, Rule, Subject

SUFFIXES = ("_rounds", "_tally")


def check(subject: Subject) -> Iterator[Fault]:
    """Names that no element gives: their value would always be missing."""
    given = {node.id for document in subject.documents for node in document.nodes} | {"item"}
    for node in subject.nodes:
        for item in node.xml.iter(f"{{{BPMN}}}inputDataItem"):
            given.add(item.get("id", ""))
    for place in expressions(subject):
        try:
            names = compile_expression(place.text).names
        except FeelError:
            continue
        for name in sorted(names):
            base = next((name.removesuffix(s) for s in SUFFIXES if name.endswith(s)), name)
            if name in given or base in given:
                continue
            near = get_close_matches(base, sorted(given), 1)
            advice = f"Did you mean “{near[0]}”?" if near else "Answers stand under the id of their task."
            yield Fault(
                place.at,
                f"{place.at} asks for “{name}” in “{place.text[:200]}”, and no element has that id. {advice}",
            )


RULE = Rule("name-known", check)
