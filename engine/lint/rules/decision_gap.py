"""A decision table has an answer for every input, or a person knows that it has not."""

from __future__ import annotations

from collections.abc import Iterator

from engine.dmn import DmnLimitError, gaps
from engine.lint.subject import Fault, Rule, Subject
from engine.lint.tables import shown, tables
from engine.lint.types import Severity


def check(subject: Subject) -> Iterator[Fault]:
    """Inputs that no rule matches, with an example each."""
    for path, model, decision, table in tables(subject):
        try:
            found = gaps(table, model)
        except DmnLimitError:
            yield Fault(
                path,
                f"“{decision.name}” in {path} has so many combinations of inputs that it cannot be looked "
                "through for gaps. Split it into tables that it then asks.",
                element_id=decision.id,
            )
            continue
        for gap in found:
            yield Fault(
                path,
                f"No rule of “{decision.name}” in {path} matches {shown(gap.example)}: the decision would "
                "be empty. Add a rule, or a last one for all else.",
                Severity.WARNING,
                element_id=decision.id,
            )


RULE = Rule("decision-gap", check)
