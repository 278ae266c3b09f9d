"""The decision tables of a bundle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.dmn import DecisionTable, DmnError, Model
from engine.dmn.model import DecisionElement
from engine.feel import FeelError
from engine.feel.values import Value
from engine.lint.subject import Subject

MOST_RULES = 1_000
"""Rules of a table that are looked through for gaps and contradictions."""


def tables(subject: Subject) -> Iterator[tuple[str, Model, DecisionElement, DecisionTable]]:
    """Path, model, decision and table of every decision that is a table.

    Unreadable files and tables that are too large are left out: `decision-sound` names them.
    """
    for path in sorted(subject.files):
        if not path.endswith(".dmn"):
            continue
        try:
            model = subject.model(path)
        except (DmnError, FeelError):
            continue
        for decision in model.decisions:
            if isinstance(decision.logic, DecisionTable) and len(decision.logic.rules) <= MOST_RULES:
                yield path, model, decision, decision.logic


def shown(example: Sequence[tuple[str, Value]]) -> str:
    """An example of inputs in words."""
    return ", ".join(f"{label} = {'nothing' if value is None else value}" for label, value in example)
