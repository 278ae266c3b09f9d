"""The decision tables of a bundle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.dmn import DecisionTable, DmnError, Model
from engine.dmn.model import DecisionElement
from engine.feel import FeelError
from engine.feel.values import Value
from engine.lint.subject import Subject
from engine.spiff.decisions import read_model


def tables(subject: Subject) -> Iterator[tuple[str, Model, DecisionElement, DecisionTable]]:
    """Path, model, decision and table of every decision that is a table; unreadable files are left out."""
    for path in sorted(subject.files):
        if not path.endswith(".dmn"):
            continue
        try:
            model = read_model(subject.files, path)
        except (DmnError, FeelError):
            continue
        for decision in model.decisions:
            if isinstance(decision.logic, DecisionTable):
                yield path, model, decision, decision.logic


def shown(example: Sequence[tuple[str, Value]]) -> str:
    """An example of inputs in words."""
    return ", ".join(f"{label} = {'nothing' if value is None else value}" for label, value in example)
