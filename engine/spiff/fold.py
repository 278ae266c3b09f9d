"""Folding completed history out of a task tree, so that a case may go round for years.

SpiffWorkflow keeps every task a case ever ran, walks them all, and stops counting at depth 1000. What
happened is in the journal and the answers; the tree need only hold what can still matter:

* unfinished tasks;
* finished ones where unfinished branches fork, so that each keeps its own parent;
* for a join that waits, the tasks by which it counts the branches that have already arrived;
* for a boundary join still to come, the split it will look for among its ancestors.

Everything else is taken out, and its one living child moves up into its place.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState


def fold(workflow: Any) -> int:
    """Take finished tasks that can no longer matter out of the tree.

    Returns:
        How many were taken out.
    """
    if workflow.completed:
        return 0
    kept_specs, kept_splits = _needed(workflow)
    order: list[Task] = []
    pending = [workflow.task_tree]
    while pending:
        task = pending.pop()
        order.append(task)
        pending.extend(task.children)
    removed = 0
    alive: dict[Any, bool] = {}
    for task in reversed(order):  # children before parents
        unfinished = not task.state & TaskState.FINISHED_MASK
        needed = unfinished or task.task_spec.name in kept_specs or _feeds(task, kept_specs)
        living = [child for child in task.children if alive[child.id]]
        alive[task.id] = needed or bool(living)
        for child in [c for c in task.children if not alive[c.id]]:
            removed += _drop(workflow, child)
        if task.parent is None or needed or task.task_spec.name in kept_splits or len(living) != 1:
            continue
        _splice(workflow, task, living[0])
        removed += 1
    if workflow.last_task is not None and workflow.last_task.id not in workflow.tasks:
        workflow.last_task = workflow.task_tree
    return removed


def _needed(workflow: Any) -> tuple[set[str], set[str]]:
    """Specs of joins that wait, and of splits that boundary joins of unfinished elements will look for."""
    joins: set[str] = set()
    splits: set[str] = set()
    for task in workflow.tasks.values():
        if task.state & TaskState.FINISHED_MASK or task.state & TaskState.PREDICTED_MASK:
            continue
        following = (task.task_spec, *task.task_spec.outputs)
        splits.update(spec.split_task for spec in following if isinstance(spec, BoundaryEventJoin))
        if isinstance(task.task_spec, UnstructuredJoin) and task.task_spec is not workflow.spec.end:
            joins.add(task.task_spec.name)
    return joins, splits


def _feeds(task: Task, joins: set[str]) -> bool:
    """Whether the task is the parent by which a waiting join counts a branch that arrived."""
    return any(child.task_spec.name in joins for child in task.children)


def _splice(workflow: Any, task: Task, child: Task) -> None:
    """Put the child into its parent's place."""
    parent = task.parent
    parent._children[parent._children.index(task.id)] = child.id
    child._parent = parent.id
    del workflow.tasks[task.id]


def _drop(workflow: Any, task: Task) -> int:
    """Take out a finished subtree."""
    parent = task.parent
    parent._children.remove(task.id)
    count = 0
    pending = [task]
    while pending:
        gone = pending.pop()
        pending.extend(gone.children)
        del workflow.tasks[gone.id]
        workflow.top_workflow.subprocesses.pop(gone.id, None)
        count += 1
    return count
