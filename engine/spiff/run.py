"""Running a case for one command: restore, apply, go on to the next wait, and say what came of it.

Pure but for the operations called: nothing is stored here. The write phase stores the `Outcome`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from SpiffWorkflow.task import Task as SpiffTask
from SpiffWorkflow.util.task import TaskState

from engine.errors import ElementFailed, EngineError
from engine.spiff.case import ROOT, Case, OperationCaller, Trace, Trouble
from engine.spiff.compile import Compiled
from engine.spiff.loops import ParallelInstances, SequentialInstances
from engine.spiff.state import dump, restore
from engine.spiff.timing import add_duration, due_time, is_iso_duration
from engine.spiff.tree import base_id, scope_of
from engine.spiff.waiting import (
    blind_groups,
    guard_blind_answers,
    waiting_subscriptions,
    waiting_tasks,
    waiting_timers,
)
from engine.spiff.workflow import CaseWorkflow
from engine.types import Element


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A user task that waits, as the projection will store it."""

    id: str
    element: Element
    round: int
    seat: str | None
    due_at: datetime | None
    remind_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenTimer:
    """A timer that waits. The same event may wait again later, under another due time."""

    id: str
    element_id: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class OpenSubscription:
    """A message or signal that is waited for."""

    id: str
    element_id: str
    kind: str
    name: str
    correlation: str


@dataclass(slots=True)
class Outcome:
    """What a command made of a case."""

    state: bytes
    completed: bool
    trace: Trace
    cancelled: bool = False
    opened: list[OpenTask] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    timers: list[OpenTimer] = field(default_factory=list)
    """Timers waiting now that did not wait before."""
    timers_gone: list[str] = field(default_factory=list)
    subscriptions: list[OpenSubscription] = field(default_factory=list)
    """Messages and signals waited for now that were not before."""
    subscriptions_gone: list[str] = field(default_factory=list)
    revealed: list[str] = field(default_factory=list)
    """Blind groups of which no task is open any more."""
    round: int = 1
    """The round of the task that was completed."""


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
    case = Case(compiled.elements, compiled.flows, around.now, around.call, around.rounds, around.forced)
    if answers is not None:
        case.scopes[ROOT][compiled.start.id] = dict(answers)
        case.enter(compiled.start.id)
    workflow = CaseWorkflow(compiled.spec, dict(compiled.subprocess_specs), case)
    guard_blind_answers(workflow)
    return _finish(workflow, _Before({}, {}, {}, frozenset()))


class Running:
    """A case restored for one command: read its data, then apply one step."""

    def __init__(self, compiled: Compiled, state: bytes, around: Surroundings) -> None:
        self._pending: dict[str, Mapping[str, Any]] = {}
        case = Case(
            compiled.elements,
            compiled.flows,
            around.now,
            around.call,
            self._rounds(around.rounds),
            around.forced,
        )
        self._workflow = restore(compiled, state, case)
        guard_blind_answers(self._workflow)
        tasks = waiting_tasks(self._workflow)
        self._before = _Before(
            tasks,
            waiting_timers(self._workflow),
            waiting_subscriptions(self._workflow),
            blind_groups(self._workflow, tasks),
        )

    def data(self, task_id: str | None = None) -> dict[str, Any]:
        """The case's data as a task sees it (or the process, without one); blind answers left out."""
        task = self._before.tasks.get(task_id) if task_id else None
        if task is None:
            return self._workflow.case.names(ROOT, {})
        return self._workflow.case.names(scope_of(task), task.data)

    def complete(self, task_id: str, answers: Mapping[str, Any]) -> Outcome:
        """Complete a user task with checked answers, and go on.

        Raises:
            ElementFailed: where the task does not wait in this state.
        """
        task = self._before.tasks.get(task_id)
        if task is None:
            raise ElementFailed("The task does not wait any more.")
        case, element_id = self._workflow.case, base_id(task.task_spec.name)
        scope = case.scopes[scope_of(task)]
        self._pending[element_id] = answers
        if "index" in task.internal_data:
            seat = task.internal_data.get("item")
            kept = {**answers, "seat": seat} if isinstance(seat, str) else dict(answers)
            scope.setdefault(element_id, []).append(kept)
        else:
            scope[element_id] = dict(answers)
        completed_round = _round_of(task)
        task.run()
        if "index" not in task.internal_data:
            self._workflow.record(task)
        outcome = _finish(self._workflow, self._before)
        outcome.withdrawn = [key for key in outcome.withdrawn if key != task_id]
        outcome.round = completed_round
        return outcome

    def fire(self, timer_id: str) -> Outcome:
        """Fire a due timer, and go on.

        Raises:
            ElementFailed: where the timer does not wait in this state.
        """
        task = self._before.timers.get(timer_id)
        if task is None:
            raise ElementFailed("The timer does not wait any more.")
        task.task_spec.event_definition.fire(task)
        return _finish(self._workflow, self._before)

    def receive(self, subscription_id: str, payload: Mapping[str, Any]) -> Outcome:
        """Hand a message or signal to the event that waits for it, and go on.

        Raises:
            ElementFailed: where the event does not wait in this state.
        """
        task = self._before.subscriptions.get(subscription_id)
        if task is None:
            raise ElementFailed("The event does not wait any more.")
        task.task_spec.event_definition.fire(task, payload)
        return _finish(self._workflow, self._before)

    def moved(self, *, restart_timers: bool) -> Outcome:
        """Predict anew what was taken over from another version, and go on."""
        for workflow in (self._workflow, *self._workflow.subprocesses.values()):
            workflow._predict()
        if restart_timers:
            for task in self._before.timers.values():
                task.internal_data.pop("due", None)
                task.task_spec.event_definition.update_task(task)
        return _finish(self._workflow, self._before)

    def cancel(self) -> Outcome:
        """End the case without an outcome: everything that waits is withdrawn."""
        self._workflow.cancel()
        outcome = _finish(self._workflow, self._before)
        outcome.cancelled = True
        outcome.revealed = []  # a position whose counterpart never came stays sealed
        return outcome

    def retry(self) -> Outcome:
        """Try again what failed: elements left STARTED, timers without a due time."""
        for task in list(self._workflow.all_tasks()):
            if task.state == TaskState.STARTED and _was_left_undone(task):
                if task.internal_data.get("unentered"):
                    task.task_spec._update(task)
                else:
                    task._set_state(TaskState.READY)
            elif task.state == TaskState.WAITING and hasattr(task.task_spec, "event_definition"):
                task.task_spec.event_definition.update_task(task)
        return _finish(self._workflow, self._before)

    def _rounds(self, earlier: Callable[[str], Sequence[Any]]) -> Callable[[str], Sequence[Any]]:
        """All rounds of an element's answers: those stored, then the one this command brings."""

        def rounds(element_id: str) -> list[Any]:
            now = [dict(self._pending[element_id])] if element_id in self._pending else []
            return [*earlier(element_id), *now]

        return rounds


@dataclass(frozen=True, slots=True)
class _Before:
    """What waited before the command."""

    tasks: Mapping[str, SpiffTask]
    timers: Mapping[str, SpiffTask]
    subscriptions: Mapping[str, SpiffTask]
    blind: frozenset[str]


def _finish(workflow: CaseWorkflow, before: _Before) -> Outcome:
    case = workflow.case
    try:
        workflow.run_automatic_steps()
    except EngineError as error:
        cause = error if isinstance(error, ElementFailed) else ElementFailed(str(error))
        case.fail(None, cause)
    now_open = waiting_tasks(workflow)
    opened = [_open(case, key, task) for key, task in now_open.items() if key not in before.tasks]
    timers_now = waiting_timers(workflow)
    awaited_now = waiting_subscriptions(workflow)
    blind_now = blind_groups(workflow, now_open)
    state = dump(workflow)
    return Outcome(
        state=state,
        completed=workflow.is_completed(),
        trace=case.trace,
        opened=opened,
        withdrawn=[key for key in before.tasks if key not in now_open],
        timers=[
            OpenTimer(key, base_id(task.task_spec.name), datetime.fromisoformat(task.internal_data["due"]))
            for key, task in timers_now.items()
            if key not in before.timers
        ],
        timers_gone=[key for key in before.timers if key not in timers_now],
        subscriptions=[
            OpenSubscription(key, base_id(task.task_spec.name), **task.internal_data["awaits"])
            for key, task in awaited_now.items()
            if key not in before.subscriptions
        ],
        subscriptions_gone=[key for key in before.subscriptions if key not in awaited_now],
        revealed=sorted(before.blind - blind_now),
    )


def _round_of(task: SpiffTask) -> int:
    holder = task.parent if "index" in task.internal_data else task
    return int(holder.internal_data.get("round", 1))


def _open(case: Case, key: str, task: SpiffTask) -> OpenTask:
    element = case.elements[base_id(task.task_spec.name)]
    if "index" not in task.internal_data:
        task.internal_data["round"] = case.enter(element.id)
    due_at = None
    if element.due:
        try:
            due_at = due_time(case, element.due, scope_of(task), task.data, element.id)
        except ElementFailed as error:
            # The task opens all the same: a due time that cannot be worked out must not keep people from
            # acting.
            case.fail(element.id, error)
    remind_at = None
    if due_at is not None and element.remind and is_iso_duration(element.remind):
        remind_at = max(case.now, due_at - (add_duration(case.now, element.remind) - case.now))
    item = task.internal_data.get("item")
    seat = item if element.performer == "seat" and isinstance(item, str) else None
    return OpenTask(key, element, _round_of(task), seat, due_at, remind_at)


def _was_left_undone(task: SpiffTask) -> bool:
    """STARTED also means a subprocess or a multi-instance whose children are at work: those are not
    retried.
    """
    if task.internal_data.get("unentered"):
        return True
    if task.id in task.workflow.top_workflow.subprocesses:
        return False
    return not isinstance(task.task_spec, (ParallelInstances, SequentialInstances))


__all__ = ["OpenTask", "OpenTimer", "Outcome", "Running", "Surroundings", "Trouble", "start"]
