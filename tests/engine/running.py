"""Runs cases without a database: the state as bytes between two acts, or alive in memory all along."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from engine.ports import OperationResult
from engine.spiff import run
from engine.spiff.case import Trouble
from engine.spiff.compile import Compiled, compile_bundle
from engine.spiff.moving import CANNOT, assess, move
from engine.testing import START
from engine.types import Bundle
from tests.engine.drawing import Drawing
from tests.engine.recording import keep_alive


def compiled(drawing: Drawing) -> Compiled:
    """A diagram ready to run."""
    return compile_bundle(Bundle("drawn", drawing.files()), "p")


class Run:
    """A case of a diagram. `alive` keeps it in memory: it is never stored, restored or folded."""

    def __init__(self, version: Compiled, *, alive: bool = False, **answers: Any) -> None:
        self._version, self._alive = version, alive
        self._patch = pytest.MonkeyPatch()
        self._restore, self._dump = run.restore, run.dump
        if alive:
            keep_alive(self._patch)
            self._restore, self._dump = run.restore, run.dump
            self._patch.undo()
        self.rounds: dict[str, list[Any]] = {}
        self.around = run.Surroundings(START, self._call, lambda key: self.rounds.get(key, []))
        self.tasks: list[run.OpenTask] = []
        self.timers: list[run.OpenTimer] = []
        self.completed: Counter[str] = Counter()
        self.trace: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
        self.troubles: list[Trouble] = []
        self.ended = False
        self.state = b""
        with self._mode():
            self._note(run.start(version, self.around, answers))

    @property
    def open(self) -> list[str]:
        return sorted(task.element.id for task in self.tasks)

    @property
    def waiting(self) -> list[str]:
        return sorted(timer.element_id for timer in self.timers)

    def complete(self, key: str, **answers: Any) -> None:
        """Complete the first open task of an element."""
        task = next(task for task in self.tasks if task.element.id == key)
        self.tasks.remove(task)
        with self._mode():
            self._note(self._running().complete(task.id, answers))
        self.rounds.setdefault(key, []).append(answers)

    def fire(self, key: str) -> None:
        """Fire the first waiting timer of an element."""
        timer = next(timer for timer in self.timers if timer.element_id == key)
        self.around = replace(self.around, now=max(self.around.now, timer.due_at))
        with self._mode():
            self._note(self._running().fire(timer.id))

    def retry(self) -> None:
        """Try again what failed."""
        self.troubles.clear()
        with self._mode():
            self._note(self._running().retry())

    def move(self, version: Compiled) -> None:
        """Move to another version that can take over the case as it stands."""
        assert assess(self._version, version, self.state).kind != CANNOT
        outcome = move(version, self.state, self.around, restart_timers=False)
        assert (outcome.opened, outcome.withdrawn, outcome.timers, outcome.timers_gone) == ([], [], [], [])
        self._version = version
        self._note(outcome)

    def data(self) -> Mapping[str, Any]:
        """The case's data."""
        with self._mode():
            return self._running().data()

    def _running(self) -> run.Running:
        return run.Running(self._version, self.state, self.around)

    @staticmethod
    def _call(name: str, parameters: Mapping[str, Any], key: str, data: Mapping[str, Any]) -> OperationResult:
        return OperationResult(dict(parameters))

    @contextmanager
    def _mode(self) -> Iterator[None]:
        before = run.restore, run.dump
        run.restore, run.dump = self._restore, self._dump
        try:
            yield
        finally:
            run.restore, run.dump = before

    def _note(self, outcome: run.Outcome) -> None:
        self.state = outcome.state
        self.ended = outcome.completed
        self.tasks = [task for task in self.tasks if task.id not in outcome.withdrawn] + outcome.opened
        self.timers = [timer for timer in self.timers if timer.id not in outcome.timers_gone] + outcome.timers
        self.completed.update(outcome.trace.elements)
        self.trace.append((tuple(outcome.trace.elements), tuple(outcome.trace.flows)))
        self.troubles += outcome.trace.troubles
