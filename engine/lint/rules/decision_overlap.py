"""No two rules of a decision table contradict each other."""

from __future__ import annotations

from collections.abc import Iterator

from engine.dmn import overlaps
from engine.lint.subject import Fault, Rule, Subject
from engine.lint.tables import shown, tables


def check(subject: Subject) -> Iterator[Fault]:
    """Overlaps that the table's hit policy does not allow, with an example each."""
    for path, model, decision, table in tables(subject):
        for overlap in overlaps(table, model):
            if overlap.conflict:
                first, second = overlap.rules
                yield Fault(
                    path,
                    f"Rules {first} and {second} of “{decision.name}” in {path} both match "
                    f"{shown(overlap.example)}, which the table's hit policy does not allow: a case would "
                    "stop there. Narrow one of them.",
                    element_id=decision.id,
                )


RULE = Rule("decision-overlap", check)
