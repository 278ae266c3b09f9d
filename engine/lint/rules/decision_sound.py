"""A table of the bundle can be read, and its expressions are FEEL over what it is given."""

from __future__ import annotations

from collections.abc import Iterator

from engine.dmn import DecisionTable, DmnError, Model
from engine.dmn import check as check_model
from engine.lint.subject import Fault, Rule, Subject
from engine.lint.tables import MOST_RULES


def check(subject: Subject) -> Iterator[Fault]:
    """What is wrong with each table without any data."""
    for path in sorted(subject.files):
        if not path.endswith(".dmn"):
            continue
        try:
            model = subject.model(path)
        except DmnError as error:
            yield Fault(path, f"{path} cannot be used: {str(error).rstrip('.')}. Mend the file.")
            continue
        too_large = list(_too_large(path, model))
        yield from too_large
        for problem in check_model(model) if not too_large else ():
            yield Fault(
                path,
                f"“{problem.element}” in {path} could not be decided: {problem.sentence.rstrip('.')}.",
                element_id=problem.element,
            )


def _too_large(path: str, model: Model) -> Iterator[Fault]:
    for decision in model.decisions:
        rules = len(decision.logic.rules) if isinstance(decision.logic, DecisionTable) else 0
        if rules > MOST_RULES:
            yield Fault(
                path,
                f"“{decision.name}” in {path} has {rules:,} rules; at most {MOST_RULES:,} can be looked "
                "through for gaps and contradictions. Split it into tables that it then asks.",
                element_id=decision.id,
            )


RULE = Rule("decision-sound", check)
