"""What a command made of a case: what opened, what is gone, what went wrong; for the write phase."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from SpiffWorkflow.task import Task as SpiffTask
from SpiffWorkflow.util.task import TaskState

from engine.errors import ElementFailed
from engine.spiff.alike import OpenTasks
from engine.spiff.case import Case, Trace
from engine.spiff.loops import ParallelInstances, SequentialInstances
from engine.spiff.timing import add_duration, due_time, is_iso_duration
from engine.spiff.tree import base_id, element_of, scope_of
from engine.spiff.waiting import blind_groups, what_waits
from engine.spiff.workflow import CaseWorkflow
from engine.types import Element

AGAIN = "again"
"""What a retry notes at a task whose due time is to be worked out again."""


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
    rescheduled: list[OpenTask] = field(default_factory=list)
    """Tasks open before and after, whose due time could be worked out only now."""
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
class Before:
    """What waited before the command."""

    tasks: OpenTasks
    timers: Mapping[str, SpiffTask]
    subscriptions: Mapping[str, SpiffTask]
    blind: frozenset[str]


def waiting_now(workflow: CaseWorkflow) -> Before:
    """What waits in a case that was just restored."""
    now = what_waits(workflow)
    blind = blind_groups(workflow, now.tasks)
    return Before(now.tasks, now.timers, now.subscriptions, blind)


def outcome_of(workflow: CaseWorkflow, before: Before, store: Callable[[CaseWorkflow], bytes]) -> Outcome:
    """Compare what waits now with what waited before the command, and store the state."""
    case = workflow.case
    now = what_waits(workflow)
    now_open, timers_now, awaited_now = now.tasks, now.timers, now.subscriptions
    opened = [_open(case, key, now_open[key]) for key in now_open if key not in before.tasks]
    rescheduled = [
        _as_open(case, key, task)
        for key, task in now_open.made()
        if key in before.tasks and task.internal_data.get("undue") == AGAIN
    ]
    blind_now = blind_groups(workflow, now_open)
    if not (now_open or timers_now or awaited_now):
        _note_dead_end(workflow)
    state = store(workflow)
    return Outcome(
        state=state,
        completed=workflow.is_completed(),
        trace=case.trace,
        opened=opened,
        rescheduled=[each for each in rescheduled if each.due_at is not None],
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


def round_of(task: SpiffTask) -> int:
    """The round of a task, from 1; a multi-instance's is that of all of its instances."""
    holder = task.parent if "index" in task.internal_data else task
    return int(holder.internal_data.get("round", 1))


def _open(case: Case, key: str, task: SpiffTask) -> OpenTask:
    element = case.elements[base_id(task.task_spec.name)]
    if "index" not in task.internal_data:
        task.internal_data["round"] = case.enter(element.id)
    return _as_open(case, key, task)


def _as_open(case: Case, key: str, task: SpiffTask) -> OpenTask:
    """The task with its due time, worked out now."""
    element = case.elements[base_id(task.task_spec.name)]
    due_at = None
    task.internal_data.pop("undue", None)
    if element.due:
        try:
            due_at = due_time(case, element.due, scope_of(task), task.data, element.id)
        except ElementFailed as error:
            # The task opens all the same: a due time that cannot be worked out must not keep people from
            # acting. A retry works it out again.
            task.internal_data["undue"] = "failed"
            case.fail(element.id, error)
    remind_at = None
    if due_at is not None and element.remind and is_iso_duration(element.remind):
        remind_at = max(case.now, due_at - (add_duration(case.now, element.remind) - case.now))
    item = task.internal_data.get("item")
    seat = item if element.performer == "seat" and isinstance(item, str) else None
    return OpenTask(key, element, round_of(task), seat, due_at, remind_at)


def was_left_undone(task: SpiffTask) -> bool:
    """Whether a STARTED task failed. A subprocess or a multi-instance whose parts are at work did not."""
    if task.internal_data.get("unentered"):
        return True
    subprocess = task.workflow.top_workflow.subprocesses.get(task.id)
    if subprocess is not None:
        return bool(subprocess.completed)
    if isinstance(task.task_spec, (ParallelInstances, SequentialInstances)):
        parts = task.task_spec._instances(task)
        at_work = any(part.state & TaskState.NOT_FINISHED_MASK for part in parts)
        return not at_work and not task.internal_data.get("remaining")
    return True


def _note_dead_end(workflow: CaseWorkflow) -> None:
    """An incident where a case has not ended and yet waits for nothing and nobody."""
    case = workflow.case
    if case.trace.troubles or workflow.is_completed():
        return
    stopped = [task for task in workflow.all_tasks() if task.state & (TaskState.WAITING | TaskState.STARTED)]
    if any(task.state == TaskState.STARTED and was_left_undone(task) for task in stopped):
        return  # its incident is open
    if any("event_definition" in vars(task.task_spec) for task in stopped):
        return
    joins = [element_of(task.task_spec.name) for task in stopped if task.state == TaskState.WAITING]
    case.fail(
        joins[0] if joins else None,
        ElementFailed(
            "The case cannot go on: it waits for a flow by which nothing can come any more. "
            "The diagram lets only some of the flows into this element happen."
        ),
    )
