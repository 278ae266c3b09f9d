"""Running a case for one command: restore, apply, go on to the next wait, and say what came of it.

Pure but for the operations called: nothing is stored here. The write phase stores the `Outcome`.

What was submitted is kept whatever happens behind it. An element that fails in a way nobody foresaw is left
undone, with an incident, and the command is computed again without it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from SpiffWorkflow.task import Task as SpiffTask
from SpiffWorkflow.util.task import TaskState
from sqlalchemy.exc import DBAPIError

from engine.errors import Collision, EngineError
from engine.spiff.alike import OpenTasks
from engine.spiff.case import ROOT, Case, OperationCaller, Trouble, fault
from engine.spiff.compile import Compiled
from engine.spiff.loops import Instances
from engine.spiff.outcome import (
    AGAIN,
    Before,
    OpenSubscription,
    OpenTask,
    OpenTimer,
    Outcome,
    outcome_of,
    round_of,
    waiting_now,
    was_left_undone,
)
from engine.spiff.state import dump, restore
from engine.spiff.tree import base_id, scope_of
from engine.spiff.waiting import guard_blind_answers
from engine.spiff.workflow import CaseWorkflow

log = logging.getLogger("parley.engine")

_UNDER_WAY = (TaskState.WAITING, TaskState.STARTED)

Step = Callable[[CaseWorkflow, Before], None]
"""What a command does to a restored case before it runs on by itself."""

Made = Callable[[Mapping[str, str]], tuple[CaseWorkflow, Before]]
"""A case ready for a step, with the causes for which elements are made to fail."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a run needs besides the state: the pinned time, operations, earlier rounds, forced failures."""

    now: datetime
    call: OperationCaller
    rounds: Callable[[str], Sequence[Any]]
    forced: Mapping[str, str] = field(default_factory=dict)
    """Element id to the cause for which its effects were refused: the element fails with it."""


def start(compiled: Compiled, around: Surroundings, answers: Mapping[str, Any] | None) -> Outcome:
    """Start a case: the start event's answers stand under its id."""

    def made(forced: Mapping[str, str]) -> tuple[CaseWorkflow, Before]:
        case = Case(compiled.elements, compiled.flows, around.now, around.call, around.rounds, forced)
        if answers is not None:
            case.scopes[ROOT][compiled.start.id] = dict(answers)
            case.enter(compiled.start.id)
        workflow = CaseWorkflow(compiled.spec, dict(compiled.subprocess_specs), case)
        guard_blind_answers(workflow)
        return workflow, Before(OpenTasks(), {}, {}, frozenset())

    return _carry_out(made, lambda workflow, before: None, around.forced)


class Running:
    """A case restored for one command: read its data, then apply one step."""

    def __init__(self, compiled: Compiled, state: bytes, around: Surroundings) -> None:
        self._pending: dict[str, Mapping[str, Any]] = {}
        self._compiled, self._state, self._around = compiled, state, around
        self._workflow, self._before = self._restored(around.forced)
        self._is_fresh = True

    def data(self, task_id: str | None = None) -> dict[str, Any]:
        """The case's data as a task sees it (or the process, without one); blind answers left out."""
        task = self._before.tasks.get(task_id) if task_id else None
        if task is None:
            return self._workflow.case.names(ROOT, {})
        return self._workflow.case.names(scope_of(task), task.data)

    def complete(self, task_id: str, answers: Mapping[str, Any]) -> Outcome:
        """Complete a user task with checked answers, and go on.

        Raises:
            Collision: where the task does not wait in this state.
        """
        waiting = self._before.tasks.get(task_id)
        if waiting is None:
            raise Collision(task_id=task_id)
        completed_round = round_of(waiting)
        element_id = base_id(waiting.task_spec.name)
        self._pending[element_id] = answers

        def step(workflow: CaseWorkflow, before: Before) -> None:
            task = before.tasks[task_id]
            scope = workflow.case.scopes[scope_of(task)]
            if "index" in task.internal_data:
                seat = task.internal_data.get("item")
                kept = {**answers, "seat": seat} if isinstance(seat, str) else dict(answers)
                scope.setdefault(element_id, []).append(kept)
            else:
                scope[element_id] = dict(answers)
            _complete(workflow, task)

        outcome = self._carry_out(step)
        outcome.withdrawn = [key for key in outcome.withdrawn if key != task_id]
        outcome.round = completed_round
        return outcome

    def fire(self, timer_id: str) -> Outcome:
        """Fire a due timer, and go on.

        Raises:
            Collision: where the timer does not wait in this state.
        """
        if timer_id not in self._before.timers:
            raise Collision()
        return self._carry_out(lambda workflow, before: _fire(workflow, before.timers[timer_id]))

    def receive(self, subscription_id: str, payload: Mapping[str, Any]) -> Outcome:
        """Hand a message or signal to the event that waits for it, and go on.

        Raises:
            Collision: where the event does not wait in this state.
        """
        if subscription_id not in self._before.subscriptions:
            raise Collision()

        return self._carry_out(
            lambda workflow, before: _receive(workflow, before.subscriptions[subscription_id], payload)
        )

    def moved(self, *, restart_timers: bool) -> Outcome:
        """Predict anew what was taken over from another version, and go on."""

        def step(workflow: CaseWorkflow, before: Before) -> None:
            for each in (workflow, *workflow.subprocesses.values()):
                each._predict()
            for task in workflow.all_tasks():
                if task.state == TaskState.STARTED and isinstance(task.task_spec, Instances):
                    task.task_spec.take_over(task)
            if restart_timers:
                for task in before.timers.values():
                    task.internal_data.pop("due", None)
                    _timed(task).update_task(task)

        return self._carry_out(step)

    def cancel(self) -> Outcome:
        """End the case without an outcome: everything that waits is withdrawn."""
        outcome = self._carry_out(lambda workflow, before: _cancel(workflow))
        outcome.cancelled = True
        outcome.revealed = []  # a position whose counterpart never came stays sealed
        return outcome

    def retry(self) -> Outcome:
        """Try again what failed: elements left STARTED, timers and tasks without a due time, timers not
        fired.
        """

        def step(workflow: CaseWorkflow, before: Before) -> None:
            for task in list(workflow.all_tasks()):
                if task.state == TaskState.STARTED and was_left_undone(task):
                    _try_again(workflow, task)
                elif task.state == TaskState.READY and "undue" in task.internal_data:
                    task.internal_data["undue"] = AGAIN
                elif task.state in _UNDER_WAY and "unfired" in task.internal_data:
                    task.internal_data["due"] = task.internal_data.pop("unfired")
                    _fire(workflow, task)
                elif task.state == TaskState.STARTED and task.internal_data.get("due", "") is None:
                    _timed(task).update_task(task)
                elif task.state == TaskState.WAITING and "unreceived" in task.internal_data:
                    _receive(workflow, task, task.internal_data.pop("unreceived"))
                elif task.state == TaskState.WAITING and hasattr(task.task_spec, "event_definition"):
                    task.internal_data.pop("failed", None)
                    task.task_spec.event_definition.update_task(task)

        return self._carry_out(step)

    def _carry_out(self, step: Step) -> Outcome:
        def made(forced: Mapping[str, str]) -> tuple[CaseWorkflow, Before]:
            if not self._is_fresh:
                self._workflow, self._before = self._restored(forced)
            self._is_fresh = False
            return self._workflow, self._before

        return _carry_out(made, step, self._around.forced)

    def _restored(self, forced: Mapping[str, str]) -> tuple[CaseWorkflow, Before]:
        compiled, around = self._compiled, self._around
        case = Case(
            compiled.elements,
            compiled.flows,
            around.now,
            around.call,
            lambda element_id: self._rounds(element_id),
            forced,
        )
        workflow = restore(compiled, self._state, case)
        guard_blind_answers(workflow)
        return workflow, waiting_now(workflow)

    def _rounds(self, element_id: str) -> list[Any]:
        """All rounds of an element's answers: those stored, then the one this command brings."""
        now = [dict(self._pending[element_id])] if element_id in self._pending else []
        return [*self._around.rounds(element_id), *now]


def _carry_out(made: Made, step: Step, forced: Mapping[str, str]) -> Outcome:
    causes = dict(forced)
    while True:
        workflow, before = made(causes)
        try:
            step(workflow, before)
            workflow.run_automatic_steps()
            return outcome_of(workflow, before, dump)
        except (Collision, DBAPIError):
            raise
        # Whatever the library or an operation stumbles over: a submission must not be lost by it.
        except Exception as error:
            element_id = workflow.case.at
            if element_id is None or element_id in causes:
                raise
            if not isinstance(error, EngineError):
                log.exception("the element %s failed unexpectedly", element_id)
            causes[element_id] = str(error) if isinstance(error, EngineError) else fault(error)


def _complete(workflow: CaseWorkflow, task: SpiffTask) -> None:
    """Complete a user task whose answers are in the case's data; left undone where it is made to fail."""
    if not workflow.begins(task):
        task.internal_data["answered"] = True
        return
    task.internal_data.pop("answered", None)
    task.run()
    if "index" not in task.internal_data:
        workflow.record(task)


def _timed(task: SpiffTask) -> Any:
    """What knows when a task's time is up: its timer event, or the vote itself that closes when it is due."""
    return getattr(task.task_spec, "event_definition", task.task_spec)


def _fire(workflow: CaseWorkflow, task: SpiffTask) -> None:
    if workflow.begins(task, task.state):
        _timed(task).fire(task)
    else:
        task.internal_data["unfired"] = task.internal_data.pop("due")


def _receive(workflow: CaseWorkflow, task: SpiffTask, payload: Mapping[str, Any]) -> None:
    if workflow.begins(task, TaskState.WAITING):
        task.task_spec.event_definition.fire(task, payload)
    else:
        # It was handed over: a retry takes it up, and no second one is waited for.
        task.internal_data.pop("awaits", None)
        task.internal_data["unreceived"] = dict(payload)


def _cancel(workflow: CaseWorkflow) -> None:
    workflow.cancel()


def _try_again(workflow: CaseWorkflow, task: SpiffTask) -> None:
    if task.internal_data.get("unentered"):
        task.task_spec._update(task)
    elif task.internal_data.get("answered"):
        _complete(workflow, task)
    else:
        task._set_state(TaskState.READY)


__all__ = [
    "OpenSubscription",
    "OpenTask",
    "OpenTimer",
    "Outcome",
    "Running",
    "Surroundings",
    "Trouble",
    "dump",
    "restore",
    "start",
]
