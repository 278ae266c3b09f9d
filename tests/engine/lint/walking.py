"""Walks a case through a diagram without a database; its state goes through bytes between any two acts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.ports import OperationResult
from engine.spiff import run
from engine.spiff.compile import compile_bundle
from engine.testing import START
from engine.types import Bundle


class Walk:
    """A case of a diagram, begun."""

    def __init__(self, data: bytes, *, answers: Mapping[str, Any] | None = None, **files: bytes) -> None:
        bundle = Bundle("walked", {"p.bpmn": data, **{k.replace("_", "."): v for k, v in files.items()}})
        self.version = compile_bundle(bundle, "p")
        self.around = run.Surroundings(START, self._call, lambda _: ())
        self.tasks: list[run.OpenTask] = []
        self.timers: list[run.OpenTimer] = []
        self.elements: list[str] = []
        self.flows: list[str] = []
        self.causes: list[str] = []
        self._note(run.start(self.version, self.around, answers))

    @staticmethod
    def _call(name: str, parameters: Mapping[str, Any], key: str, data: Mapping[str, Any]) -> OperationResult:
        return OperationResult(dict(parameters))

    @property
    def open(self) -> list[str]:
        """Ids of the open tasks, in the order of their ids."""
        return sorted(task.element.id for task in self.tasks)

    def do(self, key: str, **answers: Any) -> Walk:
        """Complete the first open task of this element."""
        task = next(task for task in self.tasks if task.element.id == key)
        self.tasks.remove(task)
        self._note(run.Running(self.version, self.state, self.around).complete(task.id, answers))
        return self

    def fire(self, key: str) -> Walk:
        """Let the timer of this element happen."""
        due = next(timer for timer in self.timers if timer.element_id == key)
        self._note(run.Running(self.version, self.state, self.around).fire(due.id))
        return self

    def data(self) -> dict[str, Any]:
        """The case's data."""
        return run.Running(self.version, self.state, self.around).data()

    def _note(self, outcome: run.Outcome) -> None:
        self.state, self.ended, self.outcome = outcome.state, outcome.completed, outcome.trace.outcome
        self.tasks = [task for task in self.tasks if task.id not in outcome.withdrawn] + outcome.opened
        self.timers = [each for each in self.timers if each.id not in outcome.timers_gone] + outcome.timers
        self.elements += outcome.trace.elements
        self.flows += outcome.trace.flows
        self.causes += [trouble.cause for trouble in outcome.trace.troubles]
