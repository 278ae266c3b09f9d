"""What a case waits for: people, timers, messages and signals; and whose answers are still blind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from SpiffWorkflow.task import Task as SpiffTask
from SpiffWorkflow.util.task import TaskState

from engine.spiff.alike import Alike, OpenTasks, standing
from engine.spiff.tree import base_id, key_of
from engine.spiff.workflow import CaseWorkflow
from engine.types import Element


@dataclass(frozen=True, slots=True)
class Waiting:
    """Everything a case waits for at one moment."""

    tasks: OpenTasks = field(default_factory=OpenTasks)
    """User tasks that wait for somebody, by id."""
    timers: dict[str, SpiffTask] = field(default_factory=dict)
    """Timers, by id: the task's and its due time's, since a cycle waits again under another."""
    subscriptions: dict[str, SpiffTask] = field(default_factory=dict)
    """Messages and signals, by the waiting task's id."""


def what_waits(workflow: CaseWorkflow) -> Waiting:
    """Everything the case waits for now, found in one pass."""
    found = Waiting()
    ready, waiting, started = TaskState.READY, TaskState.WAITING, TaskState.STARTED
    tasks, row = found.tasks, None
    for task in workflow.all_standing():
        if task is row:
            continue
        state = task._state
        if type(task) is Alike:
            row = task
            tasks.update(dict.fromkeys(row.unmade(), row))
        elif state == ready:
            if task.task_spec.manual:
                tasks[key_of(task)] = task
        elif state in (waiting, started):  # a vote that closes when it is due is under way
            if task.internal_data.get("due"):
                found.timers[f"{key_of(task)}@{task.internal_data['due']}"] = task
            if task.internal_data.get("awaits"):
                found.subscriptions[key_of(task)] = task
    return found


def blind_groups(workflow: CaseWorkflow, tasks: OpenTasks) -> frozenset[str]:
    """Blind groups that one of these tasks belongs to."""
    groups = _groups(workflow.case.elements)
    if not groups:
        return frozenset()
    names = {base_id(spec.name) for spec in {task.task_spec for task in standing(tasks)}}
    return frozenset(groups[name] for name in names if name in groups)


def guard_blind_answers(workflow: CaseWorkflow) -> None:
    """Hide blind answers from every expression for as long as a task of their group is open."""
    groups = _groups(workflow.case.elements)
    if not groups:
        return

    def sealed() -> frozenset[str]:
        ready = TaskState.READY
        specs = {task.task_spec for task in workflow.all_standing() if task._state == ready}
        names = {base_id(spec.name) for spec in specs if spec.manual}
        shut = {groups[name] for name in names if name in groups}
        return frozenset(name for name, group in groups.items() if group in shut)

    workflow.case.sealed = sealed


_known: dict[int, tuple[Mapping[str, Element], dict[str, str]]] = {}


def _groups(elements: Mapping[str, Element]) -> dict[str, str]:
    """Ids of a version's elements with blind answers, each with its group; worked out once a version."""
    known = _known.get(id(elements))
    if known is None or known[0] is not elements:
        found = {element.id: element.blind for element in elements.values() if element.blind}
        known = _known[id(elements)] = (elements, found)
    return known[1]
