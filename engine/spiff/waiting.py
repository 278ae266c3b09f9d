"""What a case waits for: people, timers, messages and signals; and whose answers are still blind."""

from __future__ import annotations

from collections.abc import Mapping

from SpiffWorkflow.task import Task as SpiffTask
from SpiffWorkflow.util.task import TaskState

from engine.spiff.tree import base_id
from engine.spiff.workflow import CaseWorkflow


def waiting_tasks(workflow: CaseWorkflow) -> dict[str, SpiffTask]:
    """User tasks that wait for somebody, by id."""
    return {
        task.id.hex: task
        for task in workflow.all_tasks()
        if task.state == TaskState.READY and task.task_spec.manual
    }


def waiting_timers(workflow: CaseWorkflow) -> dict[str, SpiffTask]:
    """Timers that wait, by id: the task's and its due time's, since a cycle waits again under another."""
    return {
        f"{task.id.hex}@{task.internal_data['due']}": task
        for task in workflow.all_tasks()
        if task.state == TaskState.WAITING and task.internal_data.get("due")
    }


def waiting_subscriptions(workflow: CaseWorkflow) -> dict[str, SpiffTask]:
    """Messages and signals waited for, by the waiting task's id."""
    return {
        task.id.hex: task
        for task in workflow.all_tasks()
        if task.state == TaskState.WAITING and task.internal_data.get("awaits")
    }


def blind_groups(workflow: CaseWorkflow, tasks: Mapping[str, SpiffTask]) -> frozenset[str]:
    """Blind groups of which a task is open."""
    elements = (workflow.case.elements.get(base_id(task.task_spec.name)) for task in tasks.values())
    return frozenset(element.blind for element in elements if element is not None and element.blind)


def guard_blind_answers(workflow: CaseWorkflow) -> None:
    """Hide blind answers from every expression for as long as a task of their group is open."""
    members: dict[str, list[str]] = {}
    for element in workflow.case.elements.values():
        if element.blind:
            members.setdefault(element.blind, []).append(element.id)
    if members:
        workflow.case.sealed = lambda: frozenset(
            name for group in blind_groups(workflow, waiting_tasks(workflow)) for name in members[group]
        )
